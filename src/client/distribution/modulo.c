/*
 * The hash of the key modulo the number of servers, or modulo the sum of their weights when a
 * server fills as many buckets as it weighs. The buckets are not written out: it is enough to know
 * where those of each server end.
 */
#include "base/number.h"
#include "base/xalloc.h"
#include "client/distribution/algorithm.h"
#include "client/distribution/name.h"

#include <stdlib.h>

/* Client._SERVER_RETRIES of python-memcached. */
#define PYTHON_TRIES 10

struct modulo {
	struct distribution base;
	size_t *order;   /* the servers in the order of their buckets; NULL: as they are listed */
	uint64_t ends[]; /* of each server in that order, the number of buckets up to its last */
};

/* twemproxy sorts its servers by the length of their names, then by bytes (string_compare in its
 * nc_string.c). */
static int by_length(const char *a, const char *b)
{
	size_t x = strlen(a), y = strlen(b);
	return x != y ? (x > y) - (x < y) : strcmp(a, b);
}

static struct distribution *modulo_build(const struct distribution_setup *setup,
                                         const struct distribution_server *servers, size_t count)
{
	/* The order has its place after the ends, so that all of it is freed at once. */
	struct modulo *m = xmalloc(sizeof(*m) + count * (sizeof(m->ends[0]) + sizeof(*m->order)));
	uint64_t end = 0;
	m->order = NULL;
	if (setup->variant & MODULO_SORTED) {
		size_t *order = name_order(servers, count, by_length);
		m->order = (size_t *)(void *)(m->ends + count);
		memcpy(m->order, order, count * sizeof(*order));
		free(order);
	}
	for (size_t i = 0; i < count; i++) {
		const struct distribution_server *server = &servers[m->order ? m->order[i] : i];
		end += setup->variant & MODULO_WEIGHTED ? server->weight : 1;
		m->ends[i] = end;
	}
	return &m->base;
}

static bool has_buckets(const struct modulo *m, size_t server)
{
	return m->ends[server] > (server > 0 ? m->ends[server - 1] : 0);
}

/* The server whose bucket is HASH modulo all buckets. */
static size_t server_of(const struct modulo *m, uint32_t hash)
{
	size_t low = 0, high = m->base.count - 1;
	if (m->ends[high] == 0)
		return DISTRIBUTION_NONE;
	uint64_t bucket = hash % m->ends[high];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (m->ends[middle] <= bucket)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The server STEPS places after the one of HASH, round the list; those without buckets do not
 * count. */
static size_t server_after(const struct modulo *m, uint32_t hash, unsigned steps)
{
	size_t first = server_of(m, hash), server = first;
	while (steps > 0 && server != DISTRIBUTION_NONE) {
		server = (server + 1) % m->base.count;
		if (server == first)
			return DISTRIBUTION_NONE;
		if (has_buckets(m, server))
			steps--;
	}
	return server;
}

/* python-memcached hashes, for each new try, the text of the last hash in decimal with the number
 * of the try that failed after it. */
static size_t server_python(const struct modulo *m, uint32_t hash, unsigned attempt)
{
	if (attempt >= PYTHON_TRIES)
		return DISTRIBUTION_NONE;
	for (unsigned failed = 0; failed < attempt; failed++) {
		char hash_digits[NUMBER_DIGITS], try_digits[NUMBER_DIGITS], space[RETRY_MAX];
		struct slice text = retry_text(space, number_u64(hash_digits, hash),
		                               number_u64(try_digits, failed), SLICE(""));
		hash = hash_key(m->base.setup->hash, text);
	}
	return server_of(m, hash);
}

static size_t modulo_pick_hash(const struct distribution *d, uint32_t hash, unsigned attempt)
{
	const struct modulo *m = (const struct modulo *)d;
	size_t place = d->setup->variant & MODULO_RETRY_PYTHON ? server_python(m, hash, attempt)
	                                                       : server_after(m, hash, attempt);
	return m->order && place != DISTRIBUTION_NONE ? m->order[place] : place;
}

static size_t modulo_pick(const struct distribution *d, struct slice key, unsigned attempt)
{
	char space[RETRY_MAX];
	if (attempt > 0 && d->setup->variant & MODULO_RETRY_PECL) {
		key = retry_text_pecl(space, key, attempt);
		attempt = 0;
	}
	return modulo_pick_hash(d, hash_key(d->setup->hash, key), attempt);
}

static void modulo_explain(const struct distribution *d, struct slice key, struct buf *out)
{
	const struct modulo *m = (const struct modulo *)d;
	uint32_t hash = hash_key(d->setup->hash, key);
	uint64_t buckets = m->ends[d->count - 1];
	buf_addf(out, "hash %lu (%s)", (unsigned long)hash, hash_name(d->setup->hash));
	if (buckets > 0)
		buf_addf(out, ", modulo %llu buckets: bucket %llu%s", (unsigned long long)buckets,
		         (unsigned long long)(hash % buckets),
		         m->order ? " of the servers in the order of their names" : "");
}

const struct distribution_algorithm modulo_algorithm = {
    .build = modulo_build,
    .explain = modulo_explain,
    .pick = modulo_pick,
    .pick_hash = modulo_pick_hash,
};
