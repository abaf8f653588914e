/*
 * The line editor: libedit behind a small door. term/editor.c is the only file that knows libedit.
 * Lines are UTF-8 bytes here, whatever the library works with inside.
 */
#ifndef TERM_EDITOR_H
#define TERM_EDITOR_H

#include "base/buf.h"
#include "base/status.h"
#include "shell/complete.h"

struct editor;

struct editor_hooks {
	void *ctx;
	/* Adds the prompt, without escape sequences; CONTINUATION is set for the further lines of a
	 * command with an open quote. */
	void (*prompt)(void *ctx, bool continuation, struct buf *out);
	/* Adds the hint to show at the right of LINE, or nothing. */
	void (*hint)(void *ctx, struct slice line, struct buf *out);
	void (*complete)(void *ctx, struct slice line, size_t cursor, struct candidates *out);
};

enum editor_result {
	EDITOR_LINE,	  /* a line was typed; without its line end */
	EDITOR_CANCELLED, /* Ctrl-C: forget what was typed, begin anew */
	EDITOR_END,	  /* Ctrl-D on an empty line, or the terminal is gone */
};

/* Sets the locale, reads ~/.editrc (or $EDITRC), loads the history of HISTORY_PATH (NULL: none is
 * kept). COLOR says whether prompt and hint may be coloured. HOOKS is borrowed. NULL when the
 * terminal cannot be used; ERROR says why. */
struct editor *editor_new(const struct editor_hooks *hooks, const char *history_path, bool color,
			  struct error *error);
void editor_free(struct editor *e);

/* Reads one line into LINE, which is cleared first. */
enum editor_result editor_read(struct editor *e, bool continuation, struct buf *line);

/* Adds ENTRY (it may span lines) to the history, in memory and, unless SECRET, at once in the file;
 * an older equal entry is dropped. An entry that begins with a blank is kept nowhere. */
void editor_remember(struct editor *e, struct slice entry, bool secret);

#endif
