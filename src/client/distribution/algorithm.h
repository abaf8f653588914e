/*
 * The implementations of client/distribution.h. To add an algorithm: a file here with its struct
 * distribution_algorithm, a declaration below, and a row for each set-up in
 * client/distribution/setups.c.
 */
#ifndef CLIENT_DISTRIBUTION_ALGORITHM_H
#define CLIENT_DISTRIBUTION_ALGORITHM_H

#include "client/distribution.h"

/* The head of whatever an algorithm builds. The whole is one block of memory, so that freeing it
 * is the same for all. distribution_new fills in the head. */
struct distribution {
	const struct distribution_setup *setup;
	size_t count; /* servers */
};

struct distribution_algorithm {
	/* A block from xmalloc or its kin that starts with a struct distribution. */
	struct distribution *(*build)(const struct distribution_setup *setup,
	                              const struct distribution_server *servers, size_t count);
	/* As distribution_pick. ATTEMPT is below DISTRIBUTION_TRIES and there is a server. Must
	 * not allocate. */
	size_t (*pick)(const struct distribution *d, struct slice key, unsigned attempt);
	/* As distribution_explain; there is a server. */
	void (*explain)(const struct distribution *d, struct slice key, struct buf *out);
	/* As distribution_pick_hash; NULL where a hash alone decides nothing. */
	size_t (*pick_hash)(const struct distribution *d, uint32_t hash, unsigned attempt);
};

extern const struct distribution_algorithm modulo_algorithm;
extern const struct distribution_algorithm ketama_algorithm;
extern const struct distribution_algorithm pecl_consistent_algorithm;
extern const struct distribution_algorithm rendezvous_algorithm;
extern const struct distribution_algorithm dalli_algorithm;
extern const struct distribution_algorithm jump_algorithm;

/* "A Fast, Minimal Memory, Consistent Hash Algorithm" by John Lamping and Eric Veach
 * (arxiv.org/abs/1406.2294): a bucket from 0 to BUCKETS - 1 for a hash of 64 bits. BUCKETS is at
 * least 1. */
uint32_t jump_bucket(uint64_t hash, uint32_t buckets);

/* Values of a set-up's variant, algorithm by algorithm. */

enum {
	MODULO_WEIGHTED = 1,     /* a server stands in the list as often as its weight says */
	MODULO_RETRY_PYTHON = 2, /* hash again as python-memcached does */
	MODULO_RETRY_PECL = 4,   /* hash again as pecl memcache does */
	MODULO_SORTED = 8,       /* the servers' names decide their order, not the list */
};

enum {
	KETAMA_WEIGHTED,     /* libmemcached's weighted ring */
	KETAMA_PLAIN,        /* libmemcached's ring without weights */
	KETAMA_SPY,          /* libmemcached's attempt at spymemcached's names */
	KETAMA_TWEMPROXY,    /* KETAMA_WEIGHTED with names of the user's own */
	KETAMA_NODE,         /* KETAMA_WEIGHTED, shares counted in double precision */
	KETAMA_SPYMEMCACHED, /* KETAMA_WEIGHTED, every port in its name */
	KETAMA_ENYIM,        /* Enyim's DefaultNodeLocator */
	KETAMA_ENYIM_MD5,    /* Enyim's KetamaNodeLocator */
};

enum {
	RENDEZVOUS_TEXT,  /* keys given to pymemcache as str */
	RENDEZVOUS_BYTES, /* keys given as bytes, up to pymemcache 3.5 */
};

#endif
