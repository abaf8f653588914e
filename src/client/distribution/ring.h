/*
 * A ring: points on the circle of 32-bit numbers, each belonging to a server. Built once: ring_new,
 * ring_add for each point, ring_sort; looked up by binary search from then on.
 */
#ifndef CLIENT_DISTRIBUTION_RING_H
#define CLIENT_DISTRIBUTION_RING_H

#include "client/distribution/algorithm.h"

struct ring_point {
	uint32_t value;
	uint32_t server; /* index in the server list */
};

struct ring {
	struct distribution base;
	size_t len;
	struct ring_point points[]; /* after ring_sort, by value, then by server */
};

/* An empty ring with space for SPACE points. */
struct ring *ring_new(size_t space);
void ring_add(struct ring *ring, uint32_t value, size_t server);
void ring_sort(struct ring *ring);

/* The position of the first point at or after VALUE; past the last point, 0. The ring is not
 * empty. */
size_t ring_at_or_after(const struct ring *ring, uint32_t value);
/* The position of the last point at or before VALUE; before the first point, the last. */
size_t ring_at_or_before(const struct ring *ring, uint32_t value);

/* The server met as number ATTEMPT (from 0, below DISTRIBUTION_TRIES), each counted once, on the
 * way up from position START; DISTRIBUTION_NONE when the ring has fewer servers. */
size_t ring_walk(const struct ring *ring, size_t start, unsigned attempt);

#endif
