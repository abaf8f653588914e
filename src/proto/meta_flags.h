/*
 * The flags of the meta commands (memcached's doc/protocol.txt, "Meta Commands", as of 1.6.45): one
 * table, which checks, completion, hints, help, explanations and the views of answers read. A
 * command is its two letters, "mg".
 */
#ifndef PROTO_META_FLAGS_H
#define PROTO_META_FLAGS_H

#include "base/status.h"

#include <stdint.h>

/* What follows the letter, without a blank. */
enum meta_token {
	META_TOKEN_NONE,
	META_TOKEN_NUMBER,  /* unsigned, 64 bits */
	META_TOKEN_FLAGS,   /* unsigned, 32 bits: client flags */
	META_TOKEN_SECONDS, /* signed, 32 bits: an exptime as the server reads it */
	META_TOKEN_TEXT,    /* up to META_OPAQUE_BYTES bytes */
	META_TOKEN_MODE,    /* one letter of those that meta_mode_meaning knows */
};

/* The longest text: protocol.txt says 32, and counts the letter. */
#define META_OPAQUE_BYTES 31

/* The words of a line that every server with meta commands takes, the command and its key among
 * them; and that those from 1.6.META_WORDS_SINCE on take. */
#define META_WORDS       19
#define META_WORDS_MOST  20
#define META_WORDS_SINCE 40

/* A letter has a row for each meaning. */
struct meta_flag {
	char letter;
	const char
	    *commands; /* that take it, with blanks between; "": it stands in answers alone */
	enum meta_token token;
	const char *asks;    /* what it asks for, a phrase; NULL: nothing */
	const char *answers; /* what it is in an answer, a phrase; NULL: it stands in none */
	const char *name;    /* of the member and the column that an answer's has; or NULL */
	unsigned since;      /* the memcached 1.6.N that brought it; 0: as old as the command */
	char partner;        /* the flag without which it changes nothing, or 0 */
};

/* Ended by a row without a letter. */
extern const struct meta_flag meta_flags[];

/* The row of LETTER in a request of COMMAND, and in an answer; NULL: there is none. */
const struct meta_flag *meta_flag_find(struct slice command, char letter);
const struct meta_flag *meta_flag_answered(char letter);

/* What stands for the token where the flag is described: "N", "SECONDS"; "": it has none. */
const char *meta_token_name(enum meta_token token);

/* The meaning as a phrase; NULL: the documentation has no such flag. IN_ANSWER: it stands in an
 * answer, whose command may be empty. */
const char *meta_flag_meaning(struct slice command, char letter, bool in_answer);

/* What the mode after M means to ms and ma; NULL: neither has it. */
const char *meta_mode_meaning(struct slice command, char mode);

/* The codes that answer COMMAND, with blanks between; empty for an unknown one. */
struct slice meta_answers(struct slice command);

/*
 * Whether FLAGS, COUNT words as they are typed, can stand after COMMAND and OTHERS further words: a
 * letter that it takes, once, and a token that can be read. On false ERROR says what is wrong and
 * what to write.
 */
bool meta_flags_check(struct slice command, const struct slice *flags, size_t count, size_t others,
                      struct error *error);

/* The least N of a memcached 1.6.N that knows all of FLAGS, which were checked; 0: all of them.
 * *WHY is the word that asks for it, or empty: it is their number. */
unsigned meta_flags_since(struct slice command, const struct slice *flags, size_t count,
                          size_t others, struct slice *why);

#endif
