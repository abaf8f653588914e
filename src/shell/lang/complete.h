/*
 * What could stand where the cursor is, and what the line being typed still wants. Pure: a
 * function of the line, the command table and what this session has seen; never of the network.
 */
#ifndef SHELL_LANG_COMPLETE_H
#define SHELL_LANG_COMPLETE_H

#include "base/buf.h"
#include "shell/lang/command.h"
#include "shell/lang/keys.h"

/* The candidates for the word at the cursor. Each is the whole word as it is to be typed, quoted
 * where it must be. */
struct candidates {
	size_t start;     /* the word to replace begins at this byte of the line */
	struct buf words; /* each followed by a NUL, sorted, without duplicates */
	struct buf notes; /* what each means, likewise; empty: nothing is said of them */
	size_t count;
};

/* The I-th of some names; NULL after the last. */
typedef const char *names_fn(const void *ctx, size_t i);

/* Where candidates come from. */
struct sources {
	const struct command *const *commands; /* ended by NULL */
	const struct keys *keys;               /* that were seen */
	const void *ctx;                       /* of the functions below */
	names_fn *server;
	names_fn *setting;
	names_fn *cluster; /* "@prod", where servers can be named */
	/* Adds to OUT the values that SETTING takes, with a '|' between them. True: the names of
	 * files are among them. */
	bool (*values)(const void *ctx, struct slice setting, struct buf *out);
};

void candidates_release(struct candidates *c);

/* Fills C for LINE with the cursor at byte CURSOR. C was zeroed or filled by a call before. */
void complete_line(const struct sources *from, struct slice line, size_t cursor,
                   struct candidates *c);

/* Adds to OUT the usage that LINE still lacks, e.g. "KEY VALUE [TIME]" after "set "; nothing when
 * the line is of no known command or wants no more. */
void complete_hint(const struct command *const *commands, struct slice line, struct buf *out);

#endif
