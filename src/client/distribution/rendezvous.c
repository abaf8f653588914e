/*
 * Rendezvous hashing as pymemcache's HashClient does it: each server scores MurmurHash3 of
 * "host:port-key", the highest score wins, and a tie goes to the name that sorts last. The score
 * of a name's own part is kept, so that a pick hashes only the key. Weights play no part.
 */
#include "base/utf8.h"
#include "base/xalloc.h"
#include "client/distribution/algorithm.h"
#include "client/distribution/name.h"

#include <stdlib.h>

struct node {
	struct murmur3 stem; /* "host:port-" has been eaten */
	uint32_t rank;       /* place of the name in order; the higher wins a tie */
};

struct rendezvous {
	struct distribution base;
	struct node nodes[];
};

static struct distribution *rendezvous_build(const struct distribution_setup *setup,
                                             const struct distribution_server *servers,
                                             size_t count)
{
	(void)setup;
	struct rendezvous *r = xmalloc(sizeof(*r) + count * sizeof(r->nodes[0]));
	struct buf name = BUF_INIT;
	for (size_t i = 0; i < count; i++) {
		buf_clear(&name);
		name_add(&name, NAME_FULL, &servers[i]);
		buf_add_char(&name, '-');
		r->nodes[i].stem = murmur3_start(0);
		murmur3_add(&r->nodes[i].stem, buf_slice(&name));
	}
	buf_release(&name);

	size_t *order = name_order(servers, count, strcmp);
	for (size_t i = 0; i < count; i++)
		r->nodes[order[i]].rank = (uint32_t)i;
	free(order);
	return &r->base;
}

/* A str key: of each character pymemcache hashes the low byte of its code point. A byte that
 * belongs to no character counts as itself. */
static void add_text(struct murmur3 *m, struct slice key)
{
	while (key.len > 0) {
		uint32_t code;
		size_t len = utf8_decode(key, &code);
		murmur3_add_byte(m, len ? (uint8_t)code : (uint8_t)key.data[0]);
		key = slice_skip(key, len ? len : 1);
	}
}

/* A bytes key: formatted into text, it reads as Python writes a bytes literal. */
static void add_bytes_literal(struct murmur3 *m, struct slice key)
{
	static const char hex[] = "0123456789abcdef", named[] = "\t\n\r\\", letters[] = "tnr\\";
	bool single = key.len > 0 && memchr(key.data, '\'', key.len);
	bool twofold = key.len > 0 && memchr(key.data, '"', key.len);
	char quote = single && !twofold ? '"' : '\'';
	murmur3_add_byte(m, 'b');
	murmur3_add_byte(m, (uint8_t)quote);
	for (size_t i = 0; i < key.len; i++) {
		uint8_t byte = (uint8_t)key.data[i];
		const char *escape = memchr(named, byte, sizeof(named) - 1);
		if (escape || byte == (uint8_t)quote) {
			murmur3_add_byte(m, '\\');
			murmur3_add_byte(m, escape ? (uint8_t)letters[escape - named] : byte);
		} else if (byte < 0x20 || byte > 0x7e) {
			murmur3_add(m, SLICE("\\x"));
			murmur3_add_byte(m, (uint8_t)hex[byte >> 4]);
			murmur3_add_byte(m, (uint8_t)hex[byte & 15]);
		} else {
			murmur3_add_byte(m, byte);
		}
	}
	murmur3_add_byte(m, (uint8_t)quote);
}

/* The score, with the rank below it: no two nodes have the same. */
static uint64_t node_score(const struct node *node, unsigned variant, struct slice key)
{
	struct murmur3 m = node->stem;
	if (variant == RENDEZVOUS_BYTES)
		add_bytes_literal(&m, key);
	else
		add_text(&m, key);
	return (uint64_t)murmur3_end(&m) << 32 | node->rank;
}

/* Each round finds the best node below the one of the round before. A dead server leaves
 * pymemcache's list, so that the next best is where the key goes then. */
static size_t rendezvous_pick(const struct distribution *d, struct slice key, unsigned attempt)
{
	const struct rendezvous *r = (const struct rendezvous *)d;
	uint64_t ceiling = UINT64_MAX;
	size_t winner = DISTRIBUTION_NONE;
	if (attempt >= d->count)
		return DISTRIBUTION_NONE;
	for (unsigned round = 0; round <= attempt; round++) {
		uint64_t best = 0;
		winner = DISTRIBUTION_NONE;
		for (size_t i = 0; i < d->count; i++) {
			uint64_t score = node_score(&r->nodes[i], d->setup->variant, key);
			if (score < ceiling && (winner == DISTRIBUTION_NONE || score > best)) {
				best = score;
				winner = i;
			}
		}
		ceiling = best;
	}
	return winner;
}

static void rendezvous_explain(const struct distribution *d, struct slice key, struct buf *out)
{
	const struct rendezvous *r = (const struct rendezvous *)d;
	size_t best = rendezvous_pick(d, key, 0);
	buf_addf(out,
	         "each of the %zu servers scores MurmurHash3 of its name and the key; the highest, "
	         "%lu, wins",
	         d->count,
	         (unsigned long)(node_score(&r->nodes[best], d->setup->variant, key) >> 32));
}

const struct distribution_algorithm rendezvous_algorithm = {
    .build = rendezvous_build,
    .explain = rendezvous_explain,
    .pick = rendezvous_pick,
};
