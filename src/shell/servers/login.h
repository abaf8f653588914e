/*
 * Who logs in, and where the password comes from: MCSH_PASSWORD, a file, or the terminal. What
 * holds one is wiped when it is done with, and no core is dumped meanwhile.
 */
#ifndef SHELL_SERVERS_LOGIN_H
#define SHELL_SERVERS_LOGIN_H

#include "base/buf.h"
#include "base/status.h"

struct session;

/* Moves MCSH_PASSWORD out of the environment, which children inherit and ps shows, to PASSWORD. */
void login_take_environment(struct buf *password);

/* What --user and --password-file ask for; either may be NULL. GIVEN is what was in MCSH_PASSWORD,
 * and is wiped; the file goes before it. Without both it is asked for at the terminal. Errors are
 * reported: STATUS_USAGE. */
enum status login_start(struct session *s, const char *user, const char *password_file,
                        struct buf *given);

/* Asks for the password of USER at the terminal, and appends it to PASSWORD. Where there is none,
 * HINT and WHAT are the error. Errors are reported: STATUS_USAGE. */
enum status login_ask(struct session *s, struct slice user, struct buf *password, const char *hint,
                      const char *what);

/* Logs in with USER and PASSWORD on every connection that is opened from now on; those that there
 * are, are closed. False: no login can look so, ERROR says why, and nothing has changed. */
bool login_set(struct session *s, struct slice user, struct slice password, struct error *error);

/* Whether LINE, the command that was carried out last, has a password in it, or may have one: a set
 * that a server which wants a login took for one. It is written to no file. */
bool login_is_in(const struct session *s, struct slice line);

#endif
