/*
 * The slab classes of a server as numbers: `stats slabs`, `stats items` and what `stats settings`
 * says of them, joined by the class. A class holds the items of one range of sizes in chunks of
 * one size; its memory comes in pages (doc/protocol.txt of memcached, "Slab statistics" and "Item
 * statistics").
 */
#ifndef VIEW_STATS_SLABS_H
#define VIEW_STATS_SLABS_H

#include "base/slice.h"

#include <stdint.h>

/* The most classes that are kept; memcached has 63. Further ones are counted in `cut`. */
#define SLABS_MAX 256

/* A counter that the server did not send is 0. */
struct slab_class {
	uint64_t id;
	uint64_t chunk_size, chunks_per_page, pages, free_chunks;
	uint64_t items; /* linked ones; a large item counts once, however many chunks it takes */
	uint64_t requested; /* bytes of these items: header, key, value */
	uint64_t age;       /* seconds since the oldest item of the tail was last used */
	uint64_t evicted, evicted_unfetched, evicted_time, reclaimed, outofmemory;
};

/* Zeroed, it is empty. */
struct slabs {
	struct slab_class *classes; /* by id, once slabs_sort was called */
	size_t count, cap, cut;
	bool never_moves;  /* slab_reassign is off: pages stay in their class */
	bool never_evicts; /* -M */
	bool automove_known;
	uint64_t automove;
	char factor[16]; /* growth_factor as it was sent; empty: not known */
};

void slabs_release(struct slabs *s);

/* Takes a counter of one of the three answers, in any order; others are passed over. */
void slabs_take(struct slabs *s, struct slice name, struct slice value);
void slabs_sort(struct slabs *s);

/* The bytes of the chunks of a page. */
static inline uint64_t slab_page_size(const struct slab_class *c)
{
	return c->chunk_size * c->chunks_per_page;
}

/* What the items of C do not use of their chunks, in bytes. False where that is not known: large
 * items span chunks, of other classes too, and a server before 1.4.0 counts no bytes. */
bool slab_wasted(const struct slab_class *c, uint64_t *wasted);

#endif
