/*
 * Heavy hitters: which keys of an endless stream come most often, in bounded memory. This is Space
 * Saving (Metwally, Agrawal, El Abbadi: Efficient Computation of Frequent and Top-k Elements in
 * Data Streams, 2005): there are CAPACITY counters; a key without one takes over the smallest, and
 * begins at its count, which is then the most by which the new count can be too high.
 *
 *	count - error  <=  what was added for the key  <=  count
 *
 * and a key that has no counter was not added more often than hitters_floor. While no counter was
 * taken over all counts are exact.
 */
#ifndef BASE_HITTERS_H
#define BASE_HITTERS_H

#include "base/slice.h"

#include <stdint.h>

/* Further numbers of a key, for the caller: zero when it gets a counter. */
#define HITTER_TALLIES 6

struct hitter {
	uint64_t count, error;
	uint64_t tallies[HITTER_TALLIES];
	struct slice key; /* borrowed until it is taken over */
};

struct hitters;

/* CAPACITY is from 1 to a million; keys that are longer than KEY_MAX bytes are cut to that. */
struct hitters *hitters_new(size_t capacity, size_t key_max);
void hitters_free(struct hitters *h);

/* Adds N to KEY's count, and returns its counter, valid until the next call. */
struct hitter *hitters_add(struct hitters *h, struct slice key, uint64_t n);

/* The counters, MOST of them at the most, into OUT, largest count first, equal ones by their keys;
 * returns how many. They are valid until hitters_add. */
size_t hitters_top(const struct hitters *h, const struct hitter **out, size_t most);

/* Counters in use, and the most that was added for any key without a counter: 0 while every key has
 * one. */
size_t hitters_used(const struct hitters *h);
uint64_t hitters_floor(const struct hitters *h);

#endif
