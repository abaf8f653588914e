/*
 * An item as lru_crawler metadump lists it (crawler.c of memcached):
 *
 *   key=foo exp=-1 la=1795374908 cas=2 fetch=no cls=1 size=66 flags=0
 *
 * cls and size since 1.5, flags since 1.6.24. What a server does not say is 0, and its bit is not
 * in `known`.
 */
#ifndef PROTO_CRAWLED_H
#define PROTO_CRAWLED_H

#include "base/buf.h"

#include <stdint.h>

/* Which members are known. */
enum {
	CRAWLED_EXPTIME = 1,
	CRAWLED_BUMPED = 2,
	CRAWLED_CAS = 4,
	CRAWLED_FETCHED = 8,
	CRAWLED_CLASS = 16,
	CRAWLED_SIZE = 32,
	CRAWLED_FLAGS = 64,
};

struct crawled {
	struct slice key; /* its bytes */
	int64_t now;      /* the server's clock when it was listed: a Unix time, as those below */
	int64_t exptime;  /* 0: never */
	int64_t bumped; /* when its LRU moved it up the last time, at the earliest: servers do that
	                 * once a minute at the most */
	uint64_t cas;   /* 0 with -C */
	uint64_t size;  /* bytes as the server counts: header, key and value */
	uint64_t flags; /* the client's */
	unsigned cls;   /* slab class */
	unsigned known; /* CRAWLED_... */
	bool fetched;   /* it was read since it was stored */
};

/*
 * Reads LINE, without its line end, into ITEM, all but `now`. KEY is memory for a key that has to
 * be decoded; item->key is borrowed from it or from LINE. TERSE: only the key and exptime are
 * wanted. False when LINE is not such an item: no key, or one over 250 bytes, or no time.
 */
bool crawled_read(struct slice line, bool terse, struct crawled *item, struct buf *key);

/* Seconds until ITEM expires, 0 when that is past; -1: it never does. */
static inline int64_t crawled_ttl(const struct crawled *item)
{
	if (item->exptime == 0)
		return -1;
	return item->exptime > item->now ? item->exptime - item->now : 0;
}

/* Seconds since the last bump that its server has noted: it may have been used since. */
static inline int64_t crawled_unbumped(const struct crawled *item)
{
	return item->now > item->bumped ? item->now - item->bumped : 0;
}

#endif
