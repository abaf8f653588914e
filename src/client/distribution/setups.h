/*
 * The table of ways in which clients place keys.
 */
#ifndef CLIENT_DISTRIBUTION_SETUPS_H
#define CLIENT_DISTRIBUTION_SETUPS_H

#include "base/slice.h"
#include "client/hash.h"

/* How an algorithm builds and picks; see client/distribution/algorithm.h. */
struct distribution_algorithm;

/* One way of some client to place keys: an algorithm with its hash and its naming rule. */
struct distribution_setup {
	const char *name;    /* "python-memcached", "ketama", ... as --distribution takes it */
	const char *clients; /* who places keys in this way: under 60 characters, for a table */
	const struct distribution_algorithm *algorithm;
	enum hash_kind hash; /* of the key; the algorithms that leave no choice ignore it */
	unsigned variant;    /* the algorithm's own parameter: see its file */
};

/* Every set-up; the one to use by default comes first. */
extern const struct distribution_setup distribution_setups[];
extern const size_t distribution_setup_count;

/* By name; NULL when there is none. */
const struct distribution_setup *distribution_find(struct slice name);

#endif
