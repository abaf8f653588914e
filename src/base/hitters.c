#include "base/hitters.h"

#include "base/xalloc.h"

#include <stdlib.h>

#define NONE UINT32_MAX

/* A counter, its place in the heap, and the next one of its bucket in the index. */
struct counter {
	struct hitter hitter;
	uint64_t hash;
	uint32_t place, next;
};

struct hitters {
	struct counter *counters;
	char *keys; /* key_max bytes for each counter */
	size_t key_max;
	uint32_t capacity, used;
	uint32_t *heap; /* of counters: none is smaller than the one at half its place */
	uint32_t *index, mask;
	bool taken_over;
};

struct hitters *hitters_new(size_t capacity, size_t key_max)
{
	struct hitters *h = xcalloc(1, sizeof(*h));
	uint32_t buckets = 1;
	while (buckets < 2 * capacity)
		buckets *= 2;
	h->capacity = (uint32_t)capacity;
	h->key_max = key_max;
	h->mask = buckets - 1;
	h->counters = xcalloc(capacity, sizeof(*h->counters));
	h->keys = xcalloc(capacity, key_max);
	h->heap = xcalloc(capacity, sizeof(*h->heap));
	h->index = xcalloc(buckets, sizeof(*h->index));
	memset(h->index, 0xff, buckets * sizeof(*h->index));
	return h;
}

void hitters_free(struct hitters *h)
{
	if (!h)
		return;
	free(h->counters);
	free(h->keys);
	free(h->heap);
	free(h->index);
	free(h);
}

/* FNV-1a, and its high bits folded into the low ones, which choose the bucket. */
static uint64_t hash_of(struct slice key)
{
	uint64_t hash = 0xcbf29ce484222325;
	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ (unsigned char)key.data[i]) * 0x100000001b3;
	return hash ^ hash >> 32;
}

static uint32_t *bucket(struct hitters *h, uint64_t hash)
{
	return &h->index[hash & h->mask];
}

static uint32_t find(struct hitters *h, struct slice key, uint64_t hash)
{
	uint32_t i = *bucket(h, hash);
	while (i != NONE &&
	       (h->counters[i].hash != hash || !slice_eq(h->counters[i].hitter.key, key)))
		i = h->counters[i].next;
	return i;
}

static void forget(struct hitters *h, uint32_t i)
{
	uint32_t *at = bucket(h, h->counters[i].hash);
	while (*at != i)
		at = &h->counters[*at].next;
	*at = h->counters[i].next;
}

static uint64_t count_at(const struct hitters *h, uint32_t place)
{
	return h->counters[h->heap[place]].hitter.count;
}

static void put(struct hitters *h, uint32_t place, uint32_t i)
{
	h->heap[place] = i;
	h->counters[i].place = place;
}

static void sink(struct hitters *h, uint32_t place)
{
	uint32_t i = h->heap[place];
	for (uint32_t child; (child = 2 * place + 1) < h->used; place = child) {
		if (child + 1 < h->used && count_at(h, child + 1) < count_at(h, child))
			child++;
		if (count_at(h, child) >= h->counters[i].hitter.count)
			break;
		put(h, place, h->heap[child]);
	}
	put(h, place, i);
}

static void rise(struct hitters *h, uint32_t place)
{
	uint32_t i = h->heap[place];
	for (; place > 0 && count_at(h, (place - 1) / 2) > h->counters[i].hitter.count;
	     place = (place - 1) / 2)
		put(h, place, h->heap[(place - 1) / 2]);
	put(h, place, i);
}

/* A counter for KEY, which has none: a new one, or the smallest. */
static uint32_t take(struct hitters *h, struct slice key, uint64_t hash)
{
	uint32_t i = h->used;
	uint64_t floor = 0;
	if (i == h->capacity) {
		i = h->heap[0];
		floor = h->counters[i].hitter.count;
		h->taken_over = true;
		forget(h, i);
	} else {
		h->used++;
		put(h, i, i);
		rise(h, i);
	}
	struct counter *c = &h->counters[i];
	char *own = h->keys + i * h->key_max;
	if (key.len > 0)
		memcpy(own, key.data, key.len);
	c->hitter = (struct hitter){.count = floor, .error = floor, .key = slice_of(own, key.len)};
	c->hash = hash;
	c->next = *bucket(h, hash);
	*bucket(h, hash) = i;
	return i;
}

struct hitter *hitters_add(struct hitters *h, struct slice key, uint64_t n)
{
	if (key.len > h->key_max)
		key.len = h->key_max;
	uint64_t hash = hash_of(key);
	uint32_t i = find(h, key, hash);
	if (i == NONE)
		i = take(h, key, hash);
	h->counters[i].hitter.count += n;
	sink(h, h->counters[i].place);
	return &h->counters[i].hitter;
}

static int compare(const void *a, const void *b)
{
	const struct hitter *x = *(const struct hitter *const *)a;
	const struct hitter *y = *(const struct hitter *const *)b;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return slice_compare(x->key, y->key);
}

size_t hitters_top(const struct hitters *h, const struct hitter **out, size_t most)
{
	const struct hitter **all = xcalloc(h->used + 1, sizeof(*all));
	size_t count = h->used < most ? h->used : most;
	for (uint32_t i = 0; i < h->used; i++)
		all[i] = &h->counters[i].hitter;
	qsort(all, h->used, sizeof(*all), compare);
	memcpy(out, all, count * sizeof(*out));
	free(all);
	return count;
}

size_t hitters_used(const struct hitters *h)
{
	return h->used;
}

uint64_t hitters_floor(const struct hitters *h)
{
	return h->taken_over ? count_at(h, 0) : 0;
}
