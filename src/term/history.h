/*
 * The history: what was typed, newest first, and the file that keeps it between sessions.
 *
 * The file is UTF-8 text, one entry a line, oldest first; inside an entry a backslash is written
 * \\ and a line feed \n. It has mode 0600 (a wider one is narrowed) and its missing parent
 * directories are made with mode 0700. Every entry is appended at once under flock(2), so several
 * sessions can share the file and a kill loses nothing. Lines that are not of this format are
 * skipped; a file with such lines is never rewritten unless it has outgrown HISTORY_FILE_MAX.
 */
#ifndef TERM_HISTORY_H
#define TERM_HISTORY_H

#include "base/slice.h"
#include "base/status.h"

/* The ceilings: bytes of one entry, entries in memory, bytes of the file that are looked at. What
 * is older than the last two allow is dropped. */
#define HISTORY_ENTRY_MAX   ((size_t)64 << 10)
#define HISTORY_ENTRIES_MAX ((size_t)10000)
#define HISTORY_FILE_MAX    ((size_t)16 << 20)
/* So many lines of the file may be repeated or too old before loading it rewrites it. */
#define HISTORY_SLACK ((size_t)100)

struct history;

/* Loads PATH, which is copied; with NULL, "" or /dev/null all stays in memory. Never fails: when
 * the file cannot be read or written, WARNING says so (else it is cleared) and entries stay in
 * memory only. */
struct history *history_new(const char *path, struct error *warning);
void history_free(struct history *h);

/* Adds ENTRY as the newest and drops an older equal one; unless SECRET it goes to the file too. An
 * entry that is empty, begins with a blank, holds a NUL or is longer than HISTORY_ENTRY_MAX is kept
 * nowhere. False when the file could not be written: WARNING says why, and it is said once; from
 * then on entries stay in memory. */
bool history_add(struct history *h, struct slice entry, bool secret, struct error *warning);

size_t history_count(const struct history *h);
/* The entry BACK steps ago, 0 being the newest; BACK is below history_count. Borrowed until the
 * next history_add. */
struct slice history_get(const struct history *h, size_t back);

/* The nearest entry, BACK or older (newer when NEWER), that contains PATTERN; false when there is
 * none. *AT is where in the entry the pattern begins (its last occurrence). */
bool history_find(const struct history *h, struct slice pattern, size_t back, bool newer,
                  size_t *found, size_t *at);

#endif
