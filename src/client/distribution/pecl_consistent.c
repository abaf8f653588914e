/*
 * pecl memcache's consistent strategy: a ring of 160 points a weight, looked at from 1024 equally
 * spaced places; the key's hash chooses one of these. Only the lowest point of each stretch
 * between two places is ever seen, so only that is kept.
 */
#include "base/xalloc.h"
#include "client/distribution/algorithm.h"
#include "client/distribution/name.h"

#include <stdlib.h>

#define POINTS_PER_WEIGHT 160
#define BUCKETS           1024u
#define STRETCH           (UINT32_MAX / BUCKETS)

#define NOBODY UINT32_MAX

struct pecl {
	struct distribution base;
	uint32_t buckets[BUCKETS]; /* a server's index, or NOBODY */
};

/* The lowest point of each stretch and whose it is. */
struct lowest {
	uint32_t values[BUCKETS];
	uint32_t servers[BUCKETS];
};

static void add_server(struct lowest *lowest, enum hash_kind hash, struct buf *name,
                       const struct distribution_server *server, size_t index)
{
	buf_clear(name);
	name_add(name, NAME_PECL, server);
	buf_add_char(name, '-');
	size_t stem = name->len;
	uint64_t points = (uint64_t)server->weight * POINTS_PER_WEIGHT;
	for (uint64_t i = 0; i < points; i++) {
		buf_cut(name, stem);
		buf_add_u64(name, i);
		uint32_t value = hash_key(hash, buf_slice(name));
		/* The last stretch is longer than the others by the remainder. */
		uint32_t at = value / STRETCH < BUCKETS ? value / STRETCH : BUCKETS - 1;
		if (lowest->servers[at] == NOBODY || value < lowest->values[at]) {
			lowest->values[at] = value;
			lowest->servers[at] = (uint32_t)index;
		}
	}
}

static struct distribution *pecl_build(const struct distribution_setup *setup,
                                       const struct distribution_server *servers, size_t count)
{
	struct lowest *lowest = xmalloc(sizeof(*lowest));
	for (size_t i = 0; i < BUCKETS; i++)
		lowest->servers[i] = NOBODY;
	struct buf name = BUF_INIT;
	for (size_t i = 0; i < count; i++)
		add_server(lowest, setup->hash, &name, &servers[i], i);
	buf_release(&name);

	/* A place whose stretch is empty sees the next point, round the ring: down the stretches
	 * twice, for those at the end to learn what the first one holds. */
	struct pecl *pecl = xmalloc(sizeof(*pecl));
	uint32_t next = NOBODY;
	for (size_t i = 2 * BUCKETS; i-- > 0;) {
		size_t at = i % BUCKETS;
		if (lowest->servers[at] != NOBODY)
			next = lowest->servers[at];
		pecl->buckets[at] = next;
	}
	free(lowest);
	return &pecl->base;
}

static size_t pecl_pick(const struct distribution *d, struct slice key, unsigned attempt)
{
	const struct pecl *pecl = (const struct pecl *)d;
	char space[RETRY_MAX];
	if (attempt > 0)
		key = retry_text_pecl(space, key, attempt);
	uint32_t server = pecl->buckets[hash_key(d->setup->hash, key) % BUCKETS];
	return server == NOBODY ? DISTRIBUTION_NONE : server;
}

static void pecl_explain(const struct distribution *d, struct slice key, struct buf *out)
{
	uint32_t hash = hash_key(d->setup->hash, key);
	buf_addf(out, "hash %lu (%s), modulo the %u places of the ring: %lu", (unsigned long)hash,
	         hash_name(d->setup->hash), BUCKETS, (unsigned long)(hash % BUCKETS));
}

const struct distribution_algorithm pecl_consistent_algorithm = {
    .build = pecl_build,
    .explain = pecl_explain,
    .pick = pecl_pick,
};
