/*
 * A question to the servers and what is shown of the answer.
 */
#ifndef SHELL_FLOW_EXCHANGE_H
#define SHELL_FLOW_EXCHANGE_H

#include "shell/session.h"

struct ask {
	const char *command;           /* under what name the answer is shown */
	const struct request *request; /* with the keys as they were typed */
	struct target target;
	struct slice prefix; /* put before every key on the wire, and not shown */
	bool keyed;          /* each value is shown with its key, one alone too */
};

/* Asks and shows the answer; what went wrong is told. Returns how it counts. */
enum status exchange(struct session *s, const struct ask *ask);

/* Tells that the server answered REPLY, an error, to REQUEST, named COMMAND; AT is the server's
 * label or NULL. */
enum status exchange_tell(struct session *s, const char *command, const struct request *request,
                          const char *at, const struct reply *reply);

/* KEYS with PREFIX before each: slices into ARENA, in an array that the caller frees. */
struct slice *exchange_prefixed(struct slice prefix, const struct slice *keys, size_t count,
                                struct buf *arena);

#endif
