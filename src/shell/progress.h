/*
 * A line on the terminal that says how far something is, drawn over and over and gone at the end.
 */
#ifndef SHELL_PROGRESS_H
#define SHELL_PROGRESS_H

#include "shell/session.h"

struct progress {
	bool shown;   /* there is a terminal to show it on */
	size_t width; /* columns written */
	size_t most;  /* columns that there are, less one */
	int64_t start;
	int64_t due; /* not drawn before */
};

/* Whether there is anything to show it on: the session prints for a terminal, and standard error
 * is one. */
void progress_init(struct progress *p, const struct session *s);

/* Draws TEXT, which is ASCII, cut to the terminal's width, in the place of what was drawn. */
void progress_draw(struct progress *p, struct slice text);

/* For something of a known size: a bar, the share, ITEMS (of TOTAL_ITEMS, unless 0), BYTES, the
 * rate and the time left. DONE of WHOLE is the share; WHOLE 0: not known. Drawn ten times a second
 * at the most, however often it is called. */
void progress_items(struct progress *p, uint64_t items, uint64_t total_items, uint64_t bytes,
                    uint64_t done, uint64_t whole);

/* Takes the line away. */
void progress_end(struct progress *p);

#endif
