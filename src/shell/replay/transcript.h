/*
 * Transcripts: sessions as text that people read and that can be played again (mcsh --verify).
 *
 *	# mcsh transcript 1 format=pretty
 *
 *	# Comments explain what is going on.
 *	mcsh> set poem "roses are red
 *	...> violets are blue"
 *	STORED
 *	mcsh> version
 *	memcached <any>
 *
 * A line that begins with '#' is a comment; the first one may hold settings. "mcsh> " begins a
 * command, "...> " goes on with it. All other lines are what the command before them shows, results
 * and errors. Blank lines before a command, a comment and the end are layout.
 *
 * In a line of output <any> stands for any bytes, and alone on its line for any number of lines.
 * After a line can stand, each with a blank before it, in this order:
 *	(re)     the line is a POSIX extended regular expression, which matches it from end to end
 *	(esc)    the line is written with the escapes of base/quote.h, and nothing in it is special
 *	(no-eol) no line feed is after it; the last line of an output only
 * The writer uses (esc) for what would else be read as something else.
 */
#ifndef SHELL_REPLAY_TRANSCRIPT_H
#define SHELL_REPLAY_TRANSCRIPT_H

#include "base/buf.h"
#include "base/status.h"
#include "view/diff.h"

/* The first line of a file, up to its settings. */
#define TRANSCRIPT_HEADER "# mcsh transcript 1"

/* The longest file that is read. */
#define TRANSCRIPT_MAX ((size_t)64 << 20)

struct step {
	struct slice command;      /* its lines joined by line feeds; borrowed from the arena */
	size_t line, body, end;    /* in the file's lines: the command, what is after it, its end */
	size_t outputs, outputs_n; /* its lines of output: a part of transcript.outputs */
};

struct transcript {
	struct lines lines;    /* of the text, which is borrowed */
	struct lines outputs;  /* those of them that are output */
	struct slice settings; /* what follows TRANSCRIPT_HEADER */
	struct step *steps;
	size_t count, cap;
	struct buf arena;
};

/* Reads TEXT into T, which is zeroed. On false ERROR names the line. */
bool transcript_read(struct transcript *t, struct slice text, struct error *error);
void transcript_release(struct transcript *t);

/* The lines of output of a step, step->outputs_n of them. */
static inline const struct slice *transcript_outputs(const struct transcript *t,
                                                     const struct step *step)
{
	return step->outputs_n > 0 ? t->outputs.list + step->outputs : NULL;
}

/* Adds a command's lines, each after its prompt. */
void transcript_add_command(struct buf *out, struct slice command);

/* Adds OUTPUT, what a command has shown, as lines that are read back as the same. CUT: there was
 * more of it, for which <any> stands. */
void transcript_add_output(struct buf *out, struct slice output, bool cut);

/* A line of output, read. */
struct output_line {
	struct slice text;         /* without its suffixes, and without escapes if it had them */
	bool regex, escaped, open; /* (re), (esc), (no-eol) */
};

/* Adds to ARENA what an escaped line means; other texts are borrowed from LINE. */
struct output_line output_line_read(struct slice line, struct buf *arena);

#endif
