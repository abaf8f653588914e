/*
 * What went wrong, on standard error: "mcsh: FILE:LINE: what went wrong: what to do about it".
 * Reporting prints and nothing else: whoever reports while answers are still to come puts the
 * barrier before it (shell/flow/window.h).
 */
#ifndef SHELL_REPORT_H
#define SHELL_REPORT_H

#include "shell/session.h"

/* Reports ERROR with the place of the command in its script, where there is one, and returns
 * STATUS, so that a command can end with it. */
enum status report_error(struct session *s, enum status status, const struct error *error);
enum status report_errorf(struct session *s, enum status status, const char *hint,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same of KEY, quoted where it has to be: "KEY <what>". */
enum status report_key(struct session *s, enum status status, const char *hint, struct slice key,
                       const char *what);

/* Ends the answer to a line that was no command with ERROR, and counts STATUS_USAGE, which it
 * returns. */
enum status report_refused(struct session *s, const struct error *error);

/* Where Ctrl-C has just cancelled a command, the next output begins on a line of its own. */
void report_new_line(struct session *s);

/* Counts the STATUS of a command that has ended, for the session and for the scripts that it is
 * from. */
void report_status(struct session *s, enum status status, bool asserts);

#endif
