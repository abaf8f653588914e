/*
 * A session that only reads: whatever changes anything on a server is refused before it is sent.
 */
#ifndef SHELL_READONLY_H
#define SHELL_READONLY_H

#include "shell/lang/args.h"
#include "shell/session.h"

/* In a session that is read-only: whether the command of ARGS may be carried out as far as its row
 * says. On false ERROR says why not, and who has said so. RUNS: it is its function's own, and not a
 * request that is built. */
bool readonly_allows(const struct session *s, const struct args *args, bool runs,
                     struct error *error);

/* The same of what a command has built. */
bool readonly_allows_request(const struct session *s, const struct args *args,
                             const struct request *request, struct error *error);

/* Whether the setting may be taken off. */
bool readonly_may_end(const struct session *s, struct error *error);

#endif
