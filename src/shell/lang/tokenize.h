/*
 * From a line to words. Blanks separate; '...' is literal; "..." and bare words know the escapes
 * \n \r \t \0 \e \\ \" \' \xHH; pieces that touch are one word. quote_add (base/quote.h) is the
 * inverse. Bytes are bytes: a word may hold NUL and anything else.
 */
#ifndef SHELL_LANG_TOKENIZE_H
#define SHELL_LANG_TOKENIZE_H

#include "base/buf.h"
#include "base/status.h"

/* The most words that a line may have. */
#define WORDS_MAX 1000000

struct word {
	struct slice text; /* borrowed from the line, or, of a quoted word, from the arena */
	size_t start, end; /* where it stands in the line */
	bool quoted;       /* any part of it was quoted or escaped */
};

/* What is to become of a command's output. */
enum sink {
	SINK_NONE,
	SINK_PIPE,   /* | the rest of the line, for the system's shell */
	SINK_FILE,   /* > file */
	SINK_APPEND, /* >> file */
};

struct words {
	struct word *list;
	size_t count, cap;
	struct buf arena; /* what quoted words mean */
	enum sink sink;
	struct slice target; /* the file, or the shell's command line; from the arena or the line */
};

enum tokenize_result {
	TOKENIZE_OK,
	TOKENIZE_OPEN, /* a quote is open, or a backslash ends the line: more lines belong to it */
	TOKENIZE_BAD,  /* ERROR says what and where */
};

/* Splits LINE (it may hold line feeds, where a command spans lines) into W, which was zeroed or
 * filled by a call before. With TOKENIZE_OPEN and TOKENIZE_BAD the words before the trouble are
 * there. A comment or a blank line has no words. */
enum tokenize_result tokenize(struct slice line, struct words *w, struct error *error);

/* Whether LINE is a comment and nothing else. */
static inline bool line_is_comment(struct slice line)
{
	return slice_starts(slice_trim(line), SLICE("#"));
}

void words_release(struct words *w);

/* Whether a command that arrives line by line goes on: zeroed at its start, then asked with all
 * that has come of it, which is looked at once. True while a quote is open or a backslash ends the
 * line. */
struct open_state {
	size_t pos;         /* what is before it has been looked at */
	size_t word;        /* where the word at pos began */
	char quote;         /* the quote that is open, or NUL */
	bool in_word, over; /* over: the rest is a comment, or the system shell's */
};

bool tokenize_open(struct open_state *state, struct slice text);

#endif
