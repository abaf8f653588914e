/*
 * How a command ended, and the words for what went wrong.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "base/slice.h"

/* The exit statuses of mcsh, in the order in which one outweighs another: of several commands the
 * highest counts. doc/mcsh.1, EXIT STATUS, is the contract. */
enum status {
	STATUS_OK = 0,
	STATUS_NEGATIVE = 1, /* a miss, NOT_FOUND, NOT_STORED, EXISTS */
	STATUS_USAGE = 2,    /* malformed; nothing was sent for it */
	STATUS_SERVER = 3,   /* the server answered with an error */
	STATUS_LOST = 4,     /* no connection, a timeout, or an unexpected answer */
	STATUS_ASSERT = 5,   /* an assertion did not hold */
};

static inline enum status status_max(enum status a, enum status b)
{
	return a > b ? a : b;
}

/* One word for scripts and JSON: "ok", "negative", "usage", "server", "lost", "assert". */
const char *status_name(enum status status);

/* An error in two halves: what went wrong, and what to do about it. Text that does not fit is cut
 * at a character's border. */
struct error {
	char what[400];
	char hint[400];
};

/* Fills both halves; HINT may be NULL. In both, controls and bytes that are not UTF-8 become '?',
 * so that no byte from outside drives a terminal this way. Returns false, for `return`. */
bool error_set(struct error *e, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Replaces the hint by a formatted one. */
void error_hint(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds MORE to the hint, after a semicolon where there is one. */
void error_hint_also(struct error *e, const char *more);

static inline void error_clear(struct error *e)
{
	e->what[0] = e->hint[0] = '\0';
}

#endif
