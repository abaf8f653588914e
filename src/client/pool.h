/*
 * Clients for any number of threads. A thread borrows a client for the time of one call, has its
 * sockets to itself that long, and gives it back. There are never more than `max` clients, and so
 * never more than `max` connections to each server; a client is made when it is first needed, and
 * its connections stay open. They belong to no thread: that threads come and go opens and closes
 * nothing.
 *
 * Who asks first is served first: a client that is given back goes straight to the thread that has
 * waited longest, and nobody overtakes. A connection that the server has closed in the meantime is
 * opened again when its client is next used (client/conn.h), without a word.
 *
 * Every function may be called by any thread at any time, but for pool_new, pool_settle and
 * pool_free. One lock guards the lists; it is not held while a client is made or talks to a server.
 *
 * What all clients of a pool share: the options, which every thread reads at each use without a
 * lock, so that they must not be changed while a thread uses the pool; and what the options name:
 * the trace function is called by several threads at once (NULL it, or have it take a lock), and
 * when wake_fd becomes readable every running call is cancelled. A distribution's set-up is
 * constant.
 */
#ifndef CLIENT_POOL_H
#define CLIENT_POOL_H

#include "client/client.h"

struct pool;

/*
 * A pool of at most MAX clients (1 or more) of the servers of LIKE, which is not needed any more
 * then. OPTIONS is borrowed for the pool's life. No connection is opened.
 */
struct pool *pool_new(const struct client_options *options, const struct client *like, size_t max);

/*
 * What client_settle does, for all clients that were given back; none may be in use. Their fences
 * are under way together, and are given up together a second after the call. False when a client is
 * in doubt; ERROR says why, of the first. Call it before pool_free when requests wanted no answer:
 * a closed connection may take with it what the server has not read yet.
 */
bool pool_settle(struct pool *pool, struct error *error);

/* Closes every connection, without a fence. It waits for nobody: every client must have been given
 * back, and no thread may be in a call. NULL is fine. */
void pool_free(struct pool *pool);

/*
 * Takes a client, waiting for its turn until DEADLINE (base/deadline.h) if all are in use. On false
 * the time was up first, and ERROR says so. *OUT is the caller's alone until pool_return. Do not
 * borrow twice in a thread: of threads that each hold one and wait for another none goes on.
 */
bool pool_borrow(struct pool *pool, int64_t deadline, struct client **out, struct error *error);

/* Gives CLIENT back. All that was submitted to it has been run. */
void pool_return(struct pool *pool, struct client *client);

enum pool_result {
	POOL_ANSWERED,    /* the handler has received the last reply, which may be REPLY_LOST */
	POOL_REFUSED,     /* nothing was sent and nothing received; the error says why */
	POOL_INTERRUPTED, /* cancelled by wake_fd; the handler has received REPLY_LOST */
};

/*
 * One call: borrows a client, submits REQUEST to SERVER (an index, or SERVER_BY_KEY), runs it, and
 * gives the client back. By key, the values of several keys are asked of each key's own server, and
 * FN receives what client_get_many says (client/many.h); else it receives one answer. FN receives
 * the replies in this thread, before this returns; it must not use the pool. Waiting for a client
 * may take as long as options->timeout_ms, and the command as long again. ERROR is filled with
 * POOL_REFUSED only.
 */
enum pool_result pool_call(struct pool *pool, const struct request *request, size_t server,
                           reply_fn *fn, void *ctx, struct error *error);

size_t pool_server_count(const struct pool *pool);

/* How many threads wait for a client right now. */
size_t pool_waiting(struct pool *pool);

#endif
