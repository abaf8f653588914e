/*
 * What servers show, without being changed, about a key that is not there: each server's answer,
 * the counters of the one that should have it, and of all keys that are listed those that are near
 * and those that are like it. view/why/why.h draws the conclusions.
 */
#ifndef VIEW_WHY_FACTS_H
#define VIEW_WHY_FACTS_H

#include "base/buf.h"
#include "proto/crawled.h"
#include "proto/item_state.h"
#include "view/stats/sample.h"

/* A server has 63 slab classes, numbered from 1. */
#define WHY_CLASSES 64

/* The near keys that are kept: those with the fewest edits. */
#define WHY_NEARS 5

struct why_server {
	const char *label;
	enum {
		WHY_UNKNOWN, /* it did not answer */
		WHY_ABSENT,
		WHY_PRESENT,
	} presence;
};

/* Of `stats items`. */
struct why_class {
	uint64_t items;
	uint64_t evicted;
	uint64_t age;           /* seconds since the oldest of its tail was used */
	uint64_t out_of_memory; /* stores that found no memory */
};

struct why_near {
	struct buf key;
	size_t server;
	unsigned edits; /* 0: it has another prefix, or digits with zeros before them */
};

struct why_facts {
	struct slice key;                 /* as it goes on the wire */
	struct slice shown;               /* as it was typed */
	const struct why_server *servers; /* all of them */
	size_t count, own;                /* and the one that is asked for the key */
	size_t home;                      /* the one that it belongs to, which may be down */
	struct item_state item;           /* there: what it holds under the key */
	int64_t now;                      /* the Unix time at which it was asked */

	struct sample stats, settings; /* of the own server */
	struct why_class classes[WHY_CLASSES];

	bool listed;        /* all servers have listed all their keys */
	uint64_t looked_at; /* keys that were listed */
	struct why_near nears[WHY_NEARS];
	size_t near_count;
	uint64_t alike;    /* listed on the own server: the same but for the digits, or, of a key
	                    * without digits, with the same beginning up to the last separator */
	uint64_t expiring; /* of these, with a time to live */
	int64_t ttl_most;  /* the longest of these, seconds */
	uint64_t alike_by_class[WHY_CLASSES];
};

/* Zeroed but for what is known; KEY, SHOWN and SERVERS are borrowed. */
void why_facts_release(struct why_facts *f);

/* A line of `stats items`: "items:1:evicted 12". */
void why_facts_item_stat(struct why_facts *f, struct slice name, struct slice value);

/* A key that SERVER lists. */
void why_facts_listed(struct why_facts *f, size_t server, const struct crawled *item);

/* A key that was named before, where servers cannot list theirs. */
void why_facts_named(struct why_facts *f, struct slice key, size_t server);

/* What `alike` counts: "user:<n>:profile", "user:*". */
void why_facts_add_shape(const struct why_facts *f, struct buf *out);

#endif
