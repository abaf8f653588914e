/*
 * Which server holds a key. Every client family answers in its own way; each algorithm is one file
 * of client/distribution/ behind this interface. Pure: a function of the server list and the key.
 */
#ifndef CLIENT_DISTRIBUTION_H
#define CLIENT_DISTRIBUTION_H

#include "base/slice.h"

#include <stdint.h>

/* A server as a distribution sees it. Borrowed while a ring is being built. */
struct distribution_server {
	const char *host; /* "127.0.0.1", "cache1.example", or the path of a unix socket */
	unsigned port;	  /* 0 for a unix socket */
	unsigned weight;  /* 1 unless given; 0 means never used, where the client allows that */
	const char *name; /* a name of its own (twemproxy's configuration), mostly NULL */
};

/* What an algorithm has built of a server list. */
struct distribution;

/* One way of some client to place keys: an algorithm with its hash and its naming rule. */
struct distribution_setup {
	const char *name;    /* "python-memcached", "ketama", ... as --distribution takes it */
	const char *clients; /* who places keys in this way, for the manual and for .where */
	struct distribution *(*build)(const struct distribution_setup *setup,
				      const struct distribution_server *servers, size_t count);
	/* The server for KEY when it is asked for the ATTEMPTth time (0 first; more after dead
	 * servers). Returns the index of a server, or DISTRIBUTION_NONE when there is no further
	 * place to try. */
	size_t (*pick)(const struct distribution *d, struct slice key, unsigned attempt);
	unsigned hash; /* the algorithm's own parameters: see its file */
	unsigned variant;
};

#define DISTRIBUTION_NONE SIZE_MAX

/* Every set-up; the one to use unless told otherwise comes first. */
extern const struct distribution_setup distribution_setups[];
extern const size_t distribution_setup_count;

/* By name; NULL when there is none. */
const struct distribution_setup *distribution_find(struct slice name);

struct distribution *distribution_new(const struct distribution_setup *setup,
				      const struct distribution_server *servers, size_t count);
void distribution_free(struct distribution *d);
size_t distribution_pick(const struct distribution *d, struct slice key, unsigned attempt);

/* python-memcached allows a hash of the caller's own in a key's place: (hash, key). The server of
 * that hash under the set-up, for the set-ups that take a hash modulo something; DISTRIBUTION_NONE
 * for the others. */
size_t distribution_pick_hash(const struct distribution *d, uint32_t hash, unsigned attempt);

#endif
