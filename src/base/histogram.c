#include "base/histogram.h"

#define STEPS (UINT64_C(1) << HISTOGRAM_STEP_BITS)

static size_t bucket_of(uint64_t value)
{
	if (value < STEPS)
		return (size_t)value;
	unsigned top = 63 - (unsigned)__builtin_clzll(value);
	if (top >= HISTOGRAM_VALUE_BITS)
		return HISTOGRAM_BUCKETS - 1;
	unsigned shift = top - HISTOGRAM_STEP_BITS;
	return (size_t)((shift + 1) * STEPS + (value >> shift) - STEPS);
}

void histogram_add(struct histogram *h, int64_t ns)
{
	ns = ns > 0 ? ns : 0;
	if (h->count == 0 || ns < h->min)
		h->min = ns;
	if (ns > h->max)
		h->max = ns;
	h->counts[bucket_of((uint64_t)ns)]++;
	h->count++;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	if (from->count == 0)
		return;
	if (into->count == 0 || from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->counts[i] += from->counts[i];
	into->count += from->count;
}

int64_t histogram_value(const struct histogram *h, size_t bucket)
{
	uint64_t value = bucket;
	if (bucket >= STEPS) {
		unsigned shift = (unsigned)(bucket / STEPS) - 1;
		value = ((STEPS + bucket % STEPS) << shift) + ((UINT64_C(1) << shift) >> 1);
	}
	if (value < (uint64_t)h->min)
		return h->min;
	return value > (uint64_t)h->max ? h->max : (int64_t)value;
}

int64_t histogram_at(const struct histogram *h, unsigned per_mille)
{
	if (h->count == 0 || per_mille == 0)
		return h->min;
	if (per_mille >= 1000)
		return h->max;
	/* Split, so that no count overflows. */
	uint64_t rank = h->count / 1000 * per_mille + (h->count % 1000 * per_mille + 999) / 1000;
	if (rank <= 1)
		return h->min;
	if (rank == h->count)
		return h->max;
	uint64_t seen = 0;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->counts[i];
		if (seen >= rank)
			return histogram_value(h, i);
	}
	return h->max;
}
