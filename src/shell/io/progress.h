/*
 * What is long and can report how far it came: a line on the terminal says so, drawn over and over
 * and gone at the end, and Ctrl-C cancels it, also where otherwise it would end mcsh.
 */
#ifndef SHELL_IO_PROGRESS_H
#define SHELL_IO_PROGRESS_H

#include "shell/io/interrupt.h"
#include "shell/session.h"

struct progress {
	struct session *session;
	struct interrupt_scope scope;
	int wake_fd; /* the session's own */
	bool shown;  /* there is a terminal to show it on */
	int64_t start;
	int64_t due; /* not drawn before */
};

/* Begins. The line is shown where the session prints for a terminal and standard error is one. */
void progress_begin(struct progress *p, struct session *s);
/* Takes the line away, and leaves Ctrl-C to the session; where it came and would have ended mcsh,
 * that is left now. */
void progress_finish(struct progress *p);

/* Draws TEXT, which is ASCII, cut to the terminal's width, in the place of what was drawn. */
void progress_draw(struct progress *p, struct slice text);

/* For something of a known size: a bar, the share, ITEMS (of TOTAL_ITEMS, unless 0), BYTES, the
 * rate and the time left. DONE of WHOLE is the share; WHOLE 0: not known. Drawn ten times a second
 * at the most, however often it is called. */
void progress_items(struct progress *p, uint64_t items, uint64_t total_items, uint64_t bytes,
                    uint64_t done, uint64_t whole);

/* Takes the line away, before something else is written. */
void progress_clear(struct progress *p);
/* The same of whichever line the terminal of S shows, if it shows one. */
void progress_wipe(struct session *s);

#endif
