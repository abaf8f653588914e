#include "client/distribution/ring.h"
#include "base/xalloc.h"

#include <stdlib.h>

struct ring *ring_new(size_t space)
{
	struct ring *ring = xmalloc(sizeof(*ring) + space * sizeof(ring->points[0]));
	ring->len = 0;
	return ring;
}

void ring_add(struct ring *ring, uint32_t value, size_t server)
{
	ring->points[ring->len++] = (struct ring_point){value, (uint32_t)server};
}

static int compare_points(const void *left, const void *right)
{
	const struct ring_point *a = left, *b = right;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return (a->server > b->server) - (a->server < b->server);
}

void ring_sort(struct ring *ring)
{
	qsort(ring->points, ring->len, sizeof(ring->points[0]), compare_points);
}

/* The number of points below VALUE. */
static size_t points_below(const struct ring *ring, uint64_t value)
{
	size_t low = 0, high = ring->len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ring->points[middle].value < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t ring_at_or_after(const struct ring *ring, uint32_t value)
{
	size_t below = points_below(ring, value);
	return below < ring->len ? below : 0;
}

size_t ring_at_or_before(const struct ring *ring, uint32_t value)
{
	size_t not_above = points_below(ring, (uint64_t)value + 1);
	return (not_above > 0 ? not_above : ring->len) - 1;
}

size_t ring_walk(const struct ring *ring, size_t start, unsigned attempt)
{
	uint32_t met[DISTRIBUTION_TRIES];
	unsigned count = 0;
	for (size_t step = 0; step < ring->len; step++) {
		size_t at = start + step < ring->len ? start + step : start + step - ring->len;
		uint32_t server = ring->points[at].server;
		unsigned i = 0;
		while (i < count && met[i] != server)
			i++;
		if (i < count)
			continue;
		if (count == attempt)
			return server;
		met[count++] = server;
	}
	return DISTRIBUTION_NONE;
}
