/*
 * A memcached of the test's own, on a unix socket in a directory of its own. It dies with the test,
 * however that ends.
 */
#ifndef TESTS_LIB_SERVER_H
#define TESTS_LIB_SERVER_H

#include "client/address.h"

#include <sys/types.h>

struct server {
	char dir[64];
	char path[80];
	struct address address; /* of path; its strings are the server's */
	pid_t pid;              /* 0 while it does not run */
};

/* Starts memcached and waits until it answers. One that does not within ten seconds ends the
 * running test as failed. */
void server_start(struct server *s);

/* Kills it, which closes its connections, and leaves its place in the file system. */
void server_kill(struct server *s);

/* Starts it in the same place after server_kill; it has forgotten everything. */
void server_restart(struct server *s);

/* Kills it and removes its directory. */
void server_stop(struct server *s);

/* Stops it by SIGSTOP, and returns once each of its threads stands: a thread stops when it is
 * scheduled, not when the signal is sent. SIGCONT lets it go on. */
void server_freeze(const struct server *s);

#endif
