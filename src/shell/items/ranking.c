#include "shell/items/ranking.h"

#include "base/xalloc.h"

#include <stdlib.h>

bool ranking_named(struct slice word, enum ranking_by *by)
{
	static const char *const names[] = {[RANKING_KEY] = "key",
	                                    [RANKING_SIZE] = "size",
	                                    [RANKING_TTL] = "ttl",
	                                    [RANKING_UNBUMPED] = "unbumped"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (slice_eq_str(word, names[i])) {
			*by = (enum ranking_by)i;
			return true;
		}
	}
	return false;
}

void ranking_init(struct ranking *r, enum ranking_by by, size_t limit, size_t memory)
{
	*r = (struct ranking){.by = by, .limit = limit, .memory = memory};
}

void ranking_release(struct ranking *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->items[i]);
	free(r->items);
	*r = (struct ranking){0};
}

/* Below 0: A comes first. */
static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare(enum ranking_by by, const struct crawled *a, size_t a_server,
                   const struct crawled *b, size_t b_server)
{
	int order = 0;
	if (by == RANKING_SIZE)
		order = compare_numbers(b->size, a->size);
	else if (by == RANKING_TTL) /* as unsigned numbers, -1 is the largest */
		order = compare_numbers((uint64_t)crawled_ttl(a), (uint64_t)crawled_ttl(b));
	else if (by == RANKING_UNBUMPED)
		order =
		    compare_numbers((uint64_t)crawled_unbumped(b), (uint64_t)crawled_unbumped(a));
	if (order == 0)
		order = slice_compare(a->key, b->key);
	return order ? order : compare_numbers(a_server, b_server);
}

static int compare_ranked(const struct ranking *r, const struct ranked *a, const struct ranked *b)
{
	return compare(r->by, &a->item, a->server, &b->item, b->server);
}

static void swap(struct ranking *r, size_t a, size_t b)
{
	struct ranked *one = r->items[a];
	r->items[a] = r->items[b];
	r->items[b] = one;
}

static void sift_up(struct ranking *r, size_t i)
{
	while (i > 0 && compare_ranked(r, r->items[i], r->items[(i - 1) / 2]) > 0) {
		swap(r, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

/* Of the first COUNT. */
static void sift_down(struct ranking *r, size_t i, size_t count)
{
	for (;;) {
		size_t last = i, left = 2 * i + 1;
		for (size_t child = left; child < left + 2 && child < count; child++) {
			if (compare_ranked(r, r->items[child], r->items[last]) > 0)
				last = child;
		}
		if (last == i)
			return;
		swap(r, i, last);
		i = last;
	}
}

/* What one takes with its pointer and what malloc adds. */
static size_t footprint(size_t key_length)
{
	return sizeof(struct ranked) + key_length + sizeof(struct ranked *) + 2 * sizeof(size_t);
}

static void drop_last(struct ranking *r)
{
	struct ranked *last = r->items[0];
	r->used -= footprint(last->item.key.len);
	r->items[0] = r->items[--r->count];
	sift_down(r, 0, r->count);
	free(last);
}

void ranking_add(struct ranking *r, size_t server, const struct crawled *item)
{
	size_t size = footprint(item->key.len);
	bool full = r->count == r->limit, crowded = r->used + size > r->memory;
	if ((full || crowded) && r->count > 0) {
		r->left_out += !full;
		if (compare(r->by, item, server, &r->items[0]->item, r->items[0]->server) > 0)
			return;
		drop_last(r);
		/* One with a short key leaves no space for one with a long key. */
		for (; r->used + size > r->memory && r->count > 0; r->left_out++)
			drop_last(r);
	}
	struct ranked *one = xmalloc(sizeof(*one) + item->key.len);
	one->item = *item;
	one->server = server;
	memcpy(one + 1, item->key.data, item->key.len);
	one->item.key = slice_of((const char *)(one + 1), item->key.len);
	r->items = xgrow(r->items, &r->cap, r->count + 1, sizeof(struct ranked *));
	r->items[r->count++] = one;
	r->used += size;
	sift_up(r, r->count - 1);
}

void ranking_sort(struct ranking *r)
{
	for (size_t n = r->count; n > 1; n--) {
		swap(r, 0, n - 1);
		sift_down(r, 0, n - 1);
	}
}
