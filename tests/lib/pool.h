/*
 * What the tests of the pool share: a server, and pools on it.
 */
#ifndef TESTS_LIB_POOL_H
#define TESTS_LIB_POOL_H

#include "client/pool.h"
#include "lib/server.h"

extern struct server pool_server;

extern const struct client_options pool_options;

/* A pool of the COUNT servers at ADDRESSES. */
struct pool *pool_of(const struct client_options *o, const struct address *addresses, size_t count,
                     size_t max);

struct pool *pool_on_server(size_t max);

/* What one answer said. */
struct answer {
	enum reply_kind last;
	char value[64];
	size_t len;
	const char *wanted; /* a counter of stats */
	uint64_t counter;
};

void pool_on_reply(void *ctx, const struct reply *reply);

uint64_t pool_counter(struct client *observer, const char *name);

/* Stores a value of the caller's own and reads it back. What went wrong, or NULL. */
const char *pool_round_trip(struct pool *pool, size_t number);

int pool_set_up(void **state);

int pool_tear_down(void **state);

#endif
