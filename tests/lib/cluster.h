/*
 * Servers and keys made up for the tests of key placement.
 */
#ifndef TESTS_LIB_CLUSTER_H
#define TESTS_LIB_CLUSTER_H

#include "client/distribution.h"

#define CLUSTER_MAX      12
#define CLUSTER_KEYS     10000
#define CLUSTER_KEY_ROOM 32

/* cache1.example:11211, cache2.example:11211, ... with weight 1; COUNT is at most CLUSTER_MAX. */
void cluster_servers(struct distribution_server *servers, size_t count);

/* The key of that number, in ROOM. */
struct slice cluster_key(char room[static CLUSTER_KEY_ROOM], size_t number);

/* distribution_new by the set-up's name; an unknown one ends the running test as failed. */
struct distribution *cluster_build(const char *setup, const struct distribution_server *servers,
                                   size_t count);

/* How many of the keys 0 to CLUSTER_KEYS - 1 each of the COUNT servers holds; a key that none holds
 * ends the running test as failed. */
void cluster_count(const struct distribution *d, size_t *counts, size_t count);

#endif
