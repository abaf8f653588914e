/*
 * A text in a file, for the user's editor: $VISUAL, else $EDITOR, else vi. The file is the user's
 * alone (mode 0600), in a directory that is so, too (0700), below $XDG_RUNTIME_DIR, $TMPDIR or
 * /tmp. A line feed is added to the text, which editors want at the end of a file, and taken off
 * again.
 */
#ifndef SHELL_IO_DRAFT_H
#define SHELL_IO_DRAFT_H

#include "base/buf.h"
#include "base/status.h"
#include "shell/session.h"

struct draft {
	char *dir, *path; /* NULL: there is none */
};

/* Makes the file, named after NAME, with SUFFIX (".json"), which editors go by; with READONLY not
 * writable. False: ERROR says why not, and there is nothing to be dropped. */
bool draft_make(struct draft *d, struct slice name, const char *suffix, struct slice text,
                bool readonly, struct error *error);

/* Runs the editor on it and waits for its end. False: it could not be run, or failed; ERROR says
 * so. */
bool draft_edit(struct draft *d, struct session *s, struct error *error);

/* Adds to OUT what is in the file now, MAX bytes at the most. */
bool draft_read(const struct draft *d, size_t max, struct buf *out, struct error *error);

/* Writes BYTES, as they are, into another file beside it, whose PATH is added. False: it cannot be
 * written. */
bool draft_keep(const struct draft *d, struct slice bytes, struct buf *path);

/* Removes the file and its directory. */
void draft_drop(struct draft *d);
/* Forgets them: the file stays where it is. */
void draft_release(struct draft *d);

#endif
