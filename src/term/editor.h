/*
 * The line editor: libedit with a narrow interface. Only the files src/term/editor*.c know libedit,
 * by term/editor_private.h. Lines are UTF-8 bytes here, whatever the library works with inside.
 *
 * While a line is read the editor owns the terminal and these signals: SIGWINCH redraws, SIGINT
 * cancels the line, SIGTSTP and SIGCONT stop and redraw, SIGHUP, SIGTERM and SIGQUIT give the
 * terminal back and then do what the program had chosen for them; when that returns, the read ends
 * with EDITOR_END. Outside of editor_read the program's own handlers, mask and terminal modes are
 * in force. Output goes to standard output, or to standard error when only that is a terminal; the
 * caller flushes its own streams before it reads.
 */
#ifndef TERM_EDITOR_H
#define TERM_EDITOR_H

#include "base/buf.h"
#include "base/status.h"
#include "shell/lang/complete.h"

struct editor;

struct editor_hooks {
	void *ctx;
	/* Adds the prompt, without escape sequences; CONTINUATION is set for the further lines of a
	 * command with an open quote. True: it is a warning, and red where there are colours. */
	bool (*prompt)(void *ctx, bool continuation, struct buf *out);
	/* Adds the hint to show at the right of LINE, or nothing. */
	void (*hint)(void *ctx, struct slice line, struct buf *out);
	void (*complete)(void *ctx, struct slice line, size_t cursor, struct candidates *out);
};

/* Whether prompt and hint are coloured. */
bool editor_has_colour(const struct editor *e);

enum editor_result {
	EDITOR_LINE,      /* a line was typed; without its line end */
	EDITOR_CANCELLED, /* Ctrl-C: forget what was typed, begin again */
	EDITOR_END,       /* Ctrl-D on an empty line, or the terminal is gone */
};

/* Sets the locale (LC_CTYPE; C.UTF-8 when the user's is not UTF-8), reads ~/.editrc (or $EDITRC),
 * loads the history of HISTORY_PATH (NULL: nothing is written). COLOR says whether prompt and hint
 * may be coloured; on a dumb terminal neither colour nor hint is shown. HOOKS is borrowed. NULL
 * when lines cannot be edited here (no terminal, TERM=dumb or none, or the user's editrc or
 * TERM=emacs turned editing off): ERROR says why, and plain reading is what is left. */
struct editor *editor_new(const struct editor_hooks *hooks, const char *history_path, bool color,
                          struct error *error);
void editor_free(struct editor *e);

/* Something to report to the user that did not stop the editor, such as a history file that cannot
 * be written; NULL when there is nothing new. Each warning is returned once, and stays valid until
 * the next call of editor_warning. Ask after editor_new and after editor_remember. */
const struct error *editor_warning(struct editor *e);

/* Reads one line into LINE, which is cleared first. When it returns, the cursor is at the beginning
 * of a row, whatever the result is, and no hint is left on the screen. A LINE recalled from the
 * history may span several lines, with line feeds inside. Bytes that are not UTF-8, typed or
 * pasted, arrive as the four characters \xHH, which the tokenizer reads as that byte. Of a paste
 * that spans lines each line comes out by itself.
 */
enum editor_result editor_read(struct editor *e, bool continuation, struct buf *line);

/* Whether more of what the line that was read last came with is there, or comes within MS
 * milliseconds: of a paste, in brackets or not. */
bool editor_pasting(struct editor *e, int ms);

/* Forgets what was typed or pasted and not read yet. */
void editor_drop_input(struct editor *e);

/* Adds ENTRY (it may span lines) to the history, in memory and, unless SECRET, at once in the file;
 * an older equal entry is dropped. An entry that begins with a blank is kept nowhere. */
void editor_remember(struct editor *e, struct slice entry, bool secret);

#endif
