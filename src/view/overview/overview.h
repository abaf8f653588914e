/*
 * A cache in figures, for .report: what its servers count, and what is in their lists of keys, item
 * by item, in bounded memory. Nothing here asks or prints; findings.h judges it, and the other
 * files of this folder show it.
 *
 *	overview_init, then of each server overview_take_stat and slabs_take of the answers to
 *	stats, stats slabs, stats items and stats settings, overview_item of each item;
 *	overview_end, then it is complete
 */
#ifndef VIEW_OVERVIEW_OVERVIEW_H
#define VIEW_OVERVIEW_OVERVIEW_H

#include "base/hitters.h"
#include "proto/crawled.h"
#include "view/stats/slabs.h"

/* Counters of `stats`; what they mean is in view/stats/stat.c. */
enum overview_counter {
	COUNT_UPTIME,
	COUNT_CONNECTIONS,
	COUNT_MAX_CONNECTIONS,
	COUNT_REJECTED,
	COUNT_LISTEN_DISABLED,
	COUNT_GETS,
	COUNT_HITS,
	COUNT_MISSES,
	COUNT_GET_EXPIRED,
	COUNT_GET_FLUSHED,
	COUNT_SETS,
	COUNT_BYTES,
	COUNT_LIMIT,
	COUNT_ITEMS,
	COUNT_TOTAL_ITEMS,
	COUNT_EVICTIONS,
	COUNT_EVICTED_UNFETCHED,
	COUNT_EXPIRED_UNFETCHED,
	COUNT_RECLAIMED,
	COUNT_TOO_LARGE,
	COUNT_NO_MEMORY,
	COUNT_MALLOC_FAILS,
	COUNT_READ_BUF_OOM,
	COUNT_RESPONSE_OOM,
	COUNT_BYTES_READ,
	COUNT_BYTES_WRITTEN,
	OVERVIEW_COUNTERS,
};

/* Its name in stats. */
const char *overview_counter_name(enum overview_counter counter);
/* Whether it only grows while a server runs, so that a difference of two looks says something. */
bool overview_counter_grows(enum overview_counter counter);

struct overview_counts {
	uint64_t n[OVERVIEW_COUNTERS]; /* 0: not known */
	uint64_t known;                /* a bit each */
};

static inline bool overview_knows(const struct overview_counts *c, enum overview_counter counter)
{
	return c->known >> counter & 1;
}

struct overview_share {
	uint64_t items, bytes; /* as servers count: header, key and value */
};

struct overview_server {
	const char *label;
	bool answered;
	char version[40];
	struct overview_counts counts;
	struct slabs slabs;
	struct overview_share listed;
};

/* A class reaches from its border up to the next one's; the last one is open. */
#define OVERVIEW_SIZES 16 /* bytes, doubling from 64 */
#define OVERVIEW_TTLS  9  /* seconds; the last one: never */
#define OVERVIEW_AGES  8  /* seconds since the last bump */

extern const uint64_t overview_size_borders[OVERVIEW_SIZES];
extern const uint64_t overview_ttl_borders[OVERVIEW_TTLS - 1];
extern const uint64_t overview_age_borders[OVERVIEW_AGES];

/* What was stored later had no fair chance to be read. */
#define OVERVIEW_IGNORED 600

#define OVERVIEW_LARGEST  10
#define OVERVIEW_PREFIXES 10
/* Counters of prefixes; where there are more, the small ones are estimated (base/hitters.h). */
#define OVERVIEW_PREFIX_COUNTERS 4096

struct overview_large {
	char key[250];
	size_t key_len, server;
	uint64_t size;
	int64_t ttl; /* seconds; -1: never */
};

struct overview_prefix {
	struct slice name;     /* borrowed; "<n>:" where it was a number; empty: no separator */
	uint64_t bytes, error; /* too high by at most that */
	struct overview_share all;
	uint64_t unread, ignored, forever; /* bytes */
};

struct overview {
	int64_t time; /* Unix time of the look, set by the caller */
	struct overview_server *servers;
	size_t count;
	struct overview_counts sum; /* of those that answered; of COUNT_UPTIME the least */

	bool listed; /* the lists of keys were read, set by the caller: WHOLE, to their end */
	bool whole;
	/* What chose the items, as it was typed, set by the caller: of a part of the keys. Empty:
	 * all of them were to be counted. */
	struct slice scope;
	struct slice below; /* they all begin with it: prefixes differ after that */
	uint64_t looked_at; /* items that were listed, whether they were chosen or not */
	struct overview_share all, unread, forever, misplaced;
	struct overview_share ignored; /* unread, and stored OVERVIEW_IGNORED seconds ago or more */
	struct overview_share sizes[OVERVIEW_SIZES], ttls[OVERVIEW_TTLS], ages[OVERVIEW_AGES];
	unsigned known;                                  /* CRAWLED_... of every item */
	struct overview_large largest[OVERVIEW_LARGEST]; /* largest first */
	size_t large;
	struct overview_prefix prefixes[OVERVIEW_PREFIXES]; /* by bytes, most first */
	size_t prefix_count;
	uint64_t prefix_floor; /* a prefix that is not listed has at most so many bytes, if not 0 */

	struct hitters *hitters; /* its own */
	struct buf name;
};

/* COUNT servers of LABELS, which are borrowed. */
void overview_init(struct overview *o, const char *const *labels, size_t count);
void overview_release(struct overview *o);

/* A counter of SERVER's `stats`. */
void overview_take_stat(struct overview *o, size_t server, struct slice name, struct slice value);

/* An item of SERVER; MISPLACED: the distribution names another server for its key. */
void overview_item(struct overview *o, size_t server, const struct crawled *item, bool misplaced);

void overview_end(struct overview *o);

/* Whether O says something of all keys, and not of a part of them alone. */
bool overview_has_all_keys(const struct overview *o);

/* The hit ratio in thousandths: gets that found something. False without a get. */
bool overview_hit_ratio(const struct overview_counts *c, unsigned *per_mille);

#endif
