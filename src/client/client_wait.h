/*
 * The loop of a client: what was submitted to it is sent and answered while one of these runs.
 */
#ifndef CLIENT_CLIENT_WAIT_H
#define CLIENT_CLIENT_WAIT_H

#include "client/client.h"

/* Sends and receives, on all servers at once, until every queued request has been answered or
 * lost. Returns false when it was cancelled because options->wake_fd became readable: then the
 * requests without an answer were lost as "interrupted" and their connections closed. */
bool client_run(struct client *client);

/* One round of the same: does what can be done, then waits until something more can. False when
 * there was nothing to wait for, or when it was cancelled. */
bool client_step(struct client *client);
/* The same without waiting. */
bool client_poke(struct client *client);
bool client_busy(const struct client *client);
/* Whether the last step or run was cancelled. */
bool client_given_up(const struct client *client);

/* From a handler or options->live: the rest of the answers is not wanted. The step returns before
 * its next wait, for the reason WHY, which is copied, or, with NULL, as if options->reader_fd had
 * gone. */
void client_give_up(struct client *client, const struct error *why);
/* Whether the last step or run was cancelled for that reason. */
bool client_unread(const struct client *client);

/* From a handler: NS nanoseconds were spent on something else than the servers, such as writing
 * results that are read slowly. They do not count as time in which a server owes an answer, nor
 * does what passes between one step and the next. */
void client_spent(struct client *client, int64_t ns);

#endif
