#include "base/tally.h"

#define STEPS (UINT64_C(1) << TALLY_STEP_BITS)

static size_t bucket_of(uint64_t value)
{
	if (value < STEPS)
		return (size_t)value;
	unsigned top = 63 - (unsigned)__builtin_clzll(value);
	if (top >= TALLY_VALUE_BITS)
		return TALLY_BUCKETS - 1;
	unsigned shift = top - TALLY_STEP_BITS;
	return (size_t)((shift + 1) * STEPS + (value >> shift) - STEPS);
}

void tally_add(struct tally *t, int64_t ns)
{
	ns = ns > 0 ? ns : 0;
	if (t->count == 0 || ns < t->min)
		t->min = ns;
	if (ns > t->max)
		t->max = ns;
	t->counts[bucket_of((uint64_t)ns)]++;
	t->count++;
}

void tally_merge(struct tally *into, const struct tally *from)
{
	if (from->count == 0)
		return;
	if (into->count == 0 || from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	for (size_t i = 0; i < TALLY_BUCKETS; i++)
		into->counts[i] += from->counts[i];
	into->count += from->count;
}

int64_t tally_value(const struct tally *t, size_t bucket)
{
	uint64_t value = bucket;
	if (bucket >= STEPS) {
		unsigned shift = (unsigned)(bucket / STEPS) - 1;
		value = ((STEPS + bucket % STEPS) << shift) + ((UINT64_C(1) << shift) >> 1);
	}
	if (value < (uint64_t)t->min)
		return t->min;
	return value > (uint64_t)t->max ? t->max : (int64_t)value;
}

int64_t tally_at(const struct tally *t, unsigned per_mille)
{
	if (t->count == 0 || per_mille == 0)
		return t->min;
	if (per_mille >= 1000)
		return t->max;
	/* Split, so that no count overflows. */
	uint64_t rank = t->count / 1000 * per_mille + (t->count % 1000 * per_mille + 999) / 1000;
	uint64_t seen = 0;
	for (size_t i = 0; i < TALLY_BUCKETS; i++) {
		seen += t->counts[i];
		if (seen >= rank)
			return tally_value(t, i);
	}
	return t->max;
}
