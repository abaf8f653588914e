#include "client/distribution.h"
#include "client/distribution/algorithm.h"

#include <stdlib.h>

struct distribution *distribution_new(const struct distribution_setup *setup,
                                      const struct distribution_server *servers, size_t count)
{
	struct distribution *d = setup->algorithm->build(setup, servers, count);
	d->setup = setup;
	d->count = count;
	return d;
}

void distribution_free(struct distribution *d)
{
	free(d);
}

size_t distribution_pick(const struct distribution *d, struct slice key, unsigned attempt)
{
	if (d->count == 0 || attempt >= DISTRIBUTION_TRIES)
		return DISTRIBUTION_NONE;
	return d->setup->algorithm->pick(d, key, attempt);
}

size_t distribution_pick_hash(const struct distribution *d, uint32_t hash, unsigned attempt)
{
	if (d->count == 0 || attempt >= DISTRIBUTION_TRIES || !d->setup->algorithm->pick_hash)
		return DISTRIBUTION_NONE;
	return d->setup->algorithm->pick_hash(d, hash, attempt);
}

void distribution_explain(const struct distribution *d, struct slice key, struct buf *out)
{
	if (d->count > 0)
		d->setup->algorithm->explain(d, key, out);
}
