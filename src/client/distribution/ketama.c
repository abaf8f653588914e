/*
 * Rings after Richard Jones' libketama: every server has points, hashes of its name with a number
 * after it, and a key belongs to the server of the first point at or above its own hash. The
 * clients differ in how they write the name, how many points a server has, and what hashes them.
 */
#include "base/digest.h"
#include "base/ieee.h"
#include "base/xalloc.h"
#include "client/distribution/name.h"
#include "client/distribution/ring.h"

/* Points a server without weights: one hash each. */
#define PLAIN_POINTS 100
/* Names a server of mean weight in the other rings; an MD5 digest makes four points of each. */
#define MD5_NAMES  40
#define MD5_POINTS 4

/* How many names a server has, and what makes points of them. */
enum share {
	SHARE_FLOAT,  /* MD5_NAMES times weight over mean weight, in single precision */
	SHARE_DOUBLE, /* the same in double precision */
	SHARE_EQUAL,  /* MD5_NAMES whatever the weights */
	SHARE_PLAIN,  /* PLAIN_POINTS of the key's hash whatever the weights */
	SHARE_PLAIN_UNTIL_WEIGHTED, /* that, but SHARE_FLOAT once a weight is above 1 */
};

struct rule {
	enum name_style names;
	enum share share;
	unsigned least_weight; /* libmemcached takes weight 0 for 1 */
	bool low_end_last;     /* a key below every point belongs to the last one */
};

static const struct rule rules[] = {
    [KETAMA_WEIGHTED] = {NAME_LIBMEMCACHED, SHARE_FLOAT, 1, false},
    [KETAMA_PLAIN] = {NAME_LIBMEMCACHED, SHARE_PLAIN_UNTIL_WEIGHTED, 1, false},
    [KETAMA_SPY] = {NAME_SLASH, SHARE_PLAIN_UNTIL_WEIGHTED, 1, false},
    [KETAMA_TWEMPROXY] = {NAME_TWEMPROXY, SHARE_FLOAT, 0, false},
    [KETAMA_NODE] = {NAME_LIBMEMCACHED, SHARE_DOUBLE, 0, false},
    [KETAMA_SPYMEMCACHED] = {NAME_FULL, SHARE_FLOAT, 0, false},
    [KETAMA_ENYIM] = {NAME_FULL, SHARE_PLAIN, 0, true},
    [KETAMA_ENYIM_MD5] = {NAME_FULL, SHARE_EQUAL, 0, true},
};

static unsigned weight_of(const struct rule *rule, const struct distribution_server *server)
{
	return server->weight < rule->least_weight ? rule->least_weight : server->weight;
}

static enum share share_of(const struct rule *rule, const struct distribution_server *servers,
                           size_t count)
{
	if (rule->share != SHARE_PLAIN_UNTIL_WEIGHTED)
		return rule->share;
	for (size_t i = 0; i < count; i++)
		if (servers[i].weight > 1)
			return SHARE_FLOAT;
	return SHARE_PLAIN;
}

/* Names of a server that weighs WEIGHT of TOTAL, among COUNT. Each step is rounded as the clients
 * round it: in places a last bit decides whether a server has one name more. libmemcached's factor
 * of 160 / 4 and the 1e-10 that it adds to the result change nothing. */
static size_t name_count(enum share share, unsigned weight, uint64_t total, size_t count)
{
	if (share == SHARE_PLAIN)
		return PLAIN_POINTS;
	if (share == SHARE_EQUAL)
		return MD5_NAMES;
	if (total == 0)
		return 0;
	unsigned precision = share == SHARE_DOUBLE ? IEEE_DOUBLE : IEEE_FLOAT;
	struct ieee names =
	    ieee_divide(ieee_of(weight, precision), ieee_of(total, precision), precision);
	names = ieee_times(names, MD5_NAMES, precision);
	names = ieee_times(names, (uint32_t)count, precision);
	return (size_t)ieee_whole(names);
}

static void add_points(struct ring *ring, enum share share, enum hash_kind hash, struct slice name,
                       size_t server)
{
	if (share == SHARE_PLAIN) {
		ring_add(ring, hash_key(hash, name), server);
		return;
	}
	uint8_t digest[DIGEST_MD5_SIZE];
	digest_md5(name, digest);
	for (const uint8_t *p = digest; p < digest + DIGEST_MD5_SIZE; p += 4) {
		uint32_t low = (uint32_t)p[0] | (uint32_t)p[1] << 8;
		ring_add(ring, low | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24, server);
	}
}

static struct distribution *ketama_build(const struct distribution_setup *setup,
                                         const struct distribution_server *servers, size_t count)
{
	const struct rule *rule = &rules[setup->variant];
	enum share share = share_of(rule, servers, count);
	uint64_t total = 0;
	for (size_t i = 0; i < count; i++)
		total += weight_of(rule, &servers[i]);
	size_t space = 0;
	for (size_t i = 0; i < count; i++)
		space += name_count(share, weight_of(rule, &servers[i]), total, count) * MD5_POINTS;

	struct ring *ring = ring_new(space);
	struct buf name = BUF_INIT;
	for (size_t i = 0; i < count; i++) {
		size_t names = name_count(share, weight_of(rule, &servers[i]), total, count);
		buf_clear(&name);
		name_add(&name, rule->names, &servers[i]);
		buf_add_char(&name, '-');
		size_t stem = name.len;
		for (size_t j = 0; j < names; j++) {
			buf_cut(&name, stem);
			buf_add_u64(&name, j);
			add_points(ring, share, setup->hash, buf_slice(&name), i);
		}
	}
	buf_release(&name);
	ring_sort(ring);
	return &ring->base;
}

/* The point that a key of HASH belongs to. */
static size_t place_of(const struct ring *ring, uint32_t hash)
{
	if (rules[ring->base.setup->variant].low_end_last && hash < ring->points[0].value)
		return ring->len - 1;
	return ring_at_or_after(ring, hash);
}

static size_t ketama_pick(const struct distribution *d, struct slice key, unsigned attempt)
{
	const struct ring *ring = (const struct ring *)d;
	if (ring->len == 0)
		return DISTRIBUTION_NONE;
	return ring_walk(ring, place_of(ring, hash_key(d->setup->hash, key)), attempt);
}

static void ketama_explain(const struct distribution *d, struct slice key, struct buf *out)
{
	const struct ring *ring = (const struct ring *)d;
	uint32_t hash = hash_key(d->setup->hash, key);
	buf_addf(out, "hash %lu (%s)", (unsigned long)hash, hash_name(d->setup->hash));
	if (ring->len > 0)
		buf_addf(out, "; of the ring's %zu points the next is %lu", ring->len,
		         (unsigned long)ring->points[place_of(ring, hash)].value);
}

const struct distribution_algorithm ketama_algorithm = {
    .build = ketama_build,
    .explain = ketama_explain,
    .pick = ketama_pick,
};
