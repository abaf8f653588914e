/*
 * Many keys at once: every server gets its share, all of them work at the same time, and none waits
 * for another. What is sent is bounded by what the servers take: both sides' buffers may be full,
 * since answers are read while requests wait.
 */
#ifndef CLIENT_MANY_H
#define CLIENT_MANY_H

#include "client/client.h"

/*
 * Asks for the values of REQUEST's keys (get gets gat gats), each of its own server. FN receives
 *   REPLY_VALUE for each hit, as the servers send them; key_index counts in REQUEST's keys;
 *   the last reply of a share that failed (an error, REPLY_LOST), without timing, if there are
 *     several shares;
 *   at the end one reply with timing: REPLY_END, or, of one share alone, whatever ended it.
 * A server gets its keys in the order of REQUEST, on one line or on several. Returns once all is
 * over; false when nothing could be sent, and ERROR says why.
 */
bool client_get_many(struct client *client, const struct request *request, reply_fn *fn, void *ctx,
                     struct error *error);

/* Work of COUNT requests, each with one key. */
struct many {
	size_t count;
	/* Fills REQUEST (zeroed) as the I-th; called when it can be sent, so that not all have to
	 * be in memory at once. Its key is borrowed until its answer, its value during the call. */
	void (*fill)(void *ctx, size_t i, struct request *request);
	/* Receives the last reply of the I-th request. With a request that could not even be sent:
	 * REPLY_LOST without timing. */
	void (*on_reply)(void *ctx, size_t i, const struct reply *reply);
	/* The key that the I-th goes by. */
	struct slice (*key)(void *ctx, size_t i);
	size_t server; /* where all of them go; SERVER_BY_KEY: each by its key */
	size_t (*place)(void *ctx, size_t i); /* or the server of the I-th; NULL: as above */
	bool by_hash;                         /* or all of them by `hash` */
	uint32_t hash;
	void *ctx;
};

/* Where the I-th goes; the first server for one that goes nowhere, whose submission says so. */
size_t many_server(struct client *client, const struct many *many, size_t i);

/* Sends them all, to each server in order of I, and returns when each has been answered. False when
 * it was cancelled (options->wake_fd); what was not sent by then is reported as lost. */
bool client_do_many(struct client *client, const struct many *many);

#endif
