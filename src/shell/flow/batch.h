/*
 * Gets of one key to one server, as one line of keys: memcached 1.6.18 writes once for each line of
 * gets, however many keys are on it. Each command still has its own answer: a value by its key, or
 * a miss once the line has ended.
 *
 * A change of another key may be sent before the line that is being filled: it does not change what
 * the gets on it find. A change of one of its keys, and all else, is sent after it.
 */
#ifndef SHELL_FLOW_BATCH_H
#define SHELL_FLOW_BATCH_H

#include "shell/flow/order.h"

/* The most keys on a line. */
#define BATCH_KEYS 100

struct batch;

/* Lines that are being filled, one a server, and memory of those that were. */
struct batches {
	struct batch **open; /* NULL: none */
	size_t servers;
	size_t open_count;
	struct batch *idle;
	struct gather spare; /* memory for a batch's values that came early: few need it at once */
};

/* Adds SLOT, whose key goes on the wire as KEY, to the line for its server. False when it does not
 * fit there (the line is full, or of another VERB): send that one before. */
bool batch_add(struct batches *b, struct slot *slot, enum verb verb, struct slice key);

/* Whether a line for SERVER is being filled. */
static inline bool batch_is_open(const struct batches *b, size_t server)
{
	return server < b->servers && b->open[server];
}

/* Whether REQUEST may be sent to SERVER before the line that is being filled for it. */
bool batch_can_pass(const struct batches *b, size_t server, const struct request *request);

/* Queues the line for SERVER, and those for all servers. */
void batch_send(struct batches *b, struct client *client, size_t server);
void batch_send_all(struct batches *b, struct client *client);

void batches_release(struct batches *b);

#endif
