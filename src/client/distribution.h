/*
 * Which server holds a key. Every client family answers in its own way; each algorithm is one file
 * of client/distribution/ under this interface. Pure: a function of the server list and the key.
 * What distribution_new has built is never written to again, so that any number of threads may
 * pick from it at once.
 */
#ifndef CLIENT_DISTRIBUTION_H
#define CLIENT_DISTRIBUTION_H

#include "base/buf.h"
#include "client/distribution/setups.h"

#include <stdint.h>

/* A server as a distribution sees it. Borrowed while a distribution is being built. */
struct distribution_server {
	const char *host; /* "127.0.0.1", "::1", "cache1.example", or a unix socket's path */
	unsigned port;    /* 0 for a unix socket */
	unsigned weight;  /* 1 unless given; 0 means never used, where the client allows that */
	const char *name; /* a name of its own (twemproxy's configuration), mostly NULL */
};

/* What an algorithm has built of a server list. */
struct distribution;
/* "No server": the list is empty or all its weights are 0, or no further place is left to try. */
#define DISTRIBUTION_NONE SIZE_MAX

/* No set-up tries more places than this for one key. */
#define DISTRIBUTION_TRIES 20

/* Never fails; a list of COUNT 0 is allowed. SETUP must outlive the result (those of
 * distribution_setups do), SERVERS need not. The caller frees. */
struct distribution *distribution_new(const struct distribution_setup *setup,
                                      const struct distribution_server *servers, size_t count);
void distribution_free(struct distribution *d);

/* The server for KEY when it is asked for the ATTEMPTth time: 0 first, and one more for each
 * server that turned out to be dead. Returns the server's index in the list, or DISTRIBUTION_NONE.
 *
 * Attempts above 0 are the client's own where its rule is known: python-memcached, pecl memcache
 * and dalli hash again, and so may name the same server twice; pymemcache goes on to the server
 * that scores next. Elsewhere they visit each server once: on a ring, the next point of another
 * server; otherwise, the next server of the list that has a weight. */
size_t distribution_pick(const struct distribution *d, struct slice key, unsigned attempt);

/* Adds why: "hash 17204 (CRC-32, bits 16 to 30), modulo 3 buckets: 2", for the first attempt. */
void distribution_explain(const struct distribution *d, struct slice key, struct buf *out);

/* python-memcached allows a hash of the caller's own in a key's place: (hash, key). The server of
 * that hash under the set-up, for the set-ups that take a hash modulo something; DISTRIBUTION_NONE
 * for the others. */
size_t distribution_pick_hash(const struct distribution *d, uint32_t hash, unsigned attempt);

#endif
