/*
 * What a server knows of an item besides its key, as the meta commands show it: `me`, which looks
 * at the item and leaves no trace, and `mg ... u`, which counts as a get and moves nothing
 * (doc/protocol.txt of memcached, "Meta Debug" and "Meta Get").
 */
#ifndef PROTO_ITEM_STATE_H
#define PROTO_ITEM_STATE_H

#include "proto/reply.h"
#include "proto/request.h"

struct item_state {
	bool there;
	int64_t ttl;     /* seconds left; -1: it never expires */
	uint64_t bumped; /* seconds since it was last moved up in its LRU, once a minute at most:
	                  * the most that it can have been idle */
	bool fetched;    /* it was read since it was stored */
	uint64_t cas;    /* 0 where the server keeps none (-C) */
	unsigned class;  /* slab class */
	uint64_t size;   /* bytes of memory: header, key and value */

	bool has_value; /* what follows is known: it was read, too */
	uint64_t flags;
	bool stale; /* marked so (md I) */
	bool token; /* reading it took the right to fetch it again */
};

/* What mg is asked for an item_state. */
#define ITEM_STATE_FLAGS SLICE("v f t c u")

/* Takes the answer to `me`, REPLY_ME or REPLY_EN. False: it is none of these. */
bool item_state_describe(struct item_state *item, const struct reply *reply);

/* Takes the answer to REQUEST, `mg` with ITEM_STATE_FLAGS: REPLY_VA, whose value is the item's, or
 * REPLY_EN. False: it is none of these. */
bool item_state_read(struct item_state *item, const struct request *request,
                     const struct reply *reply);

/* The seconds left by the `exp` of me: "-100" of 1.6.18 is what is "100" since 1.6.24; "-1", and
 * what is not a number, is never (-1). */
int64_t item_seconds_left(struct slice exp);

/* The exptime for a request that shall give an item TTL seconds from NOW, a Unix time: 0 never, see
 * EXPTIME_RELATIVE_MAX. */
int64_t item_exptime(int64_t ttl, int64_t now);

#endif
