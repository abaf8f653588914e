/*
 * Dalli's ring: points from SHA-1, and a key belongs to the server of the last point at or below
 * the CRC-32 of the key. After a failure Dalli hashes the key again with a number before it.
 */
#include "base/digest.h"
#include "base/number.h"
#include "client/distribution/name.h"
#include "client/distribution/ring.h"

#define POINTS_PER_SERVER ((uint64_t)160)

static struct distribution *dalli_build(const struct distribution_setup *setup,
                                        const struct distribution_server *servers, size_t count)
{
	(void)setup;
	uint64_t total = 0;
	for (size_t i = 0; i < count; i++)
		total += servers[i].weight;

	/* The shares are rounded down, so that together they do not pass the whole. */
	struct ring *ring = ring_new((size_t)POINTS_PER_SERVER * count);
	struct buf name = BUF_INIT;
	for (size_t i = 0; i < count && total > 0; i++) {
		uint64_t points = POINTS_PER_SERVER * count * servers[i].weight / total;
		buf_clear(&name);
		name_add(&name, NAME_FULL, &servers[i]);
		buf_add_char(&name, ':');
		size_t stem = name.len;
		for (uint64_t j = 0; j < points; j++) {
			uint8_t digest[DIGEST_SHA1_SIZE];
			buf_cut(&name, stem);
			buf_add_u64(&name, j);
			digest_sha1(buf_slice(&name), digest);
			ring_add(ring,
			         (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 |
			             (uint32_t)digest[2] << 8 | digest[3],
			         i);
		}
	}
	buf_release(&name);
	ring_sort(ring);
	return &ring->base;
}

static size_t dalli_pick(const struct distribution *d, struct slice key, unsigned attempt)
{
	const struct ring *ring = (const struct ring *)d;
	if (ring->len == 0)
		return DISTRIBUTION_NONE;
	char digits[NUMBER_DIGITS], space[RETRY_MAX];
	if (attempt > 0)
		key = retry_text(space, number_u64(digits, attempt - 1), key, SLICE(""));
	return ring->points[ring_at_or_before(ring, hash_key(HASH_CRC32, key))].server;
}

static void dalli_explain(const struct distribution *d, struct slice key, struct buf *out)
{
	const struct ring *ring = (const struct ring *)d;
	uint32_t hash = hash_key(HASH_CRC32, key);
	buf_addf(out, "hash %lu (%s)", (unsigned long)hash, hash_name(HASH_CRC32));
	if (ring->len > 0)
		buf_addf(out, "; of the ring's %zu points the last before it is %lu", ring->len,
		         (unsigned long)ring->points[ring_at_or_before(ring, hash)].value);
}

const struct distribution_algorithm dalli_algorithm = {
    .build = dalli_build,
    .explain = dalli_explain,
    .pick = dalli_pick,
};
