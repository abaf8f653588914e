/*
 * Gets of one key to one server, as one line of keys: memcached 1.6.18 writes once for each line of
 * gets, however many keys are on it. Each command still has its own answer: a value by its key, or
 * a miss once the line has ended.
 *
 * A change of another key may be sent before a line that is being filled: it does not change what
 * the gets on it find. A change of one of its keys, and all else, is sent after it. So that get and
 * gets by turns do not end each other's lines each has one.
 */
#ifndef SHELL_FLOW_BATCH_H
#define SHELL_FLOW_BATCH_H

#include "shell/flow/order.h"

/* The most keys on a line. */
#define BATCH_KEYS 100

struct batch;

/* Lines that are being filled, one of each verb a server, and memory of those that were. */
struct batches {
	struct batch *(*open)[LANES]; /* NULL: none */
	size_t servers;
	size_t open_count;
	struct batch *idle;
	struct gather spare; /* memory for a batch's values that came early: few need it at once */
};

/* Adds SLOT, a get or gets that goes on the wire as REQUEST, to the line for its server, and notes
 * its lane. Where that is full all lines for the server are queued, one that is filled more slowly
 * too: it holds up what comes after its gets. */
void batch_add(struct batches *b, struct client *client, struct slot *slot,
               const struct request *request);

/* Queues the lines for SERVER, unless REQUEST may be sent before them. */
void batch_send_before(struct batches *b, struct client *client, size_t server,
                       const struct request *request);

/* Queues all lines. */
void batch_send_all(struct batches *b, struct client *client);

void batches_release(struct batches *b);

#endif
