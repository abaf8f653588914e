/*
 * Jump hashing of XXH64, as the memcached clients of Cortex, Loki, Mimir and Thanos do it. A bucket
 * is a number, so servers can only be added and taken away at the end; those clients put them in
 * natural order (cache2 before cache10) first. Weights play no part.
 */
#include "base/ieee.h"
#include "base/xalloc.h"
#include "client/distribution/algorithm.h"
#include "client/distribution/name.h"

#include <stdlib.h>

struct jump {
	struct distribution base;
	size_t order[]; /* of each bucket, the server */
};

static struct distribution *jump_build(const struct distribution_setup *setup,
                                       const struct distribution_server *servers, size_t count)
{
	(void)setup;
	struct jump *jump = xmalloc(sizeof(*jump) + count * sizeof(jump->order[0]));
	size_t *order = name_order(servers, count, strverscmp);
	for (size_t i = 0; i < count; i++)
		jump->order[i] = order[i];
	free(order);
	return &jump->base;
}

uint32_t jump_bucket(uint64_t hash, uint32_t buckets)
{
	uint64_t bucket = 0, next = 0;
	while (next < buckets) {
		bucket = next;
		hash = hash * 2862933555777941757u + 1;
		struct ieee step = ieee_divide(ieee_of(UINT64_C(1) << 31, IEEE_DOUBLE),
		                               ieee_of((hash >> 33) + 1, IEEE_DOUBLE), IEEE_DOUBLE);
		next = ieee_whole(ieee_times(step, (uint32_t)bucket + 1, IEEE_DOUBLE));
	}
	return (uint32_t)bucket;
}

static size_t jump_pick(const struct distribution *d, struct slice key, unsigned attempt)
{
	const struct jump *jump = (const struct jump *)d;
	if (attempt >= d->count)
		return DISTRIBUTION_NONE;
	size_t bucket = jump_bucket(hash_xxh64(key), (uint32_t)d->count);
	return jump->order[(bucket + attempt) % d->count];
}

static void jump_explain(const struct distribution *d, struct slice key, struct buf *out)
{
	uint64_t hash = hash_xxh64(key);
	buf_addf(out, "hash %llu (XXH64), which jumps to bucket %lu of %zu",
	         (unsigned long long)hash, (unsigned long)jump_bucket(hash, (uint32_t)d->count),
	         d->count);
}

const struct distribution_algorithm jump_algorithm = {
    .build = jump_build,
    .explain = jump_explain,
    .pick = jump_pick,
};
