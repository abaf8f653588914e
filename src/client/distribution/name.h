/*
 * The name under which a client hashes a server. Two clients that agree on everything else place
 * keys apart when one writes the port and the other does not.
 */
#ifndef CLIENT_DISTRIBUTION_NAME_H
#define CLIENT_DISTRIBUTION_NAME_H

#include "base/buf.h"
#include "base/slice.h"
#include "client/distribution.h"

enum name_style {
	NAME_FULL,         /* host:port; of a unix socket, its path */
	NAME_LIBMEMCACHED, /* host:port, or host when the port is 11211; path:0 */
	NAME_TWEMPROXY,    /* the server's own name when it has one, else as libmemcached */
	NAME_SLASH,        /* /host:port; /path:0 */
	NAME_PECL,         /* host:port; unix://path:0 */
};

void name_add(struct buf *out, enum name_style style, const struct distribution_server *server);

typedef int name_compare_fn(const char *, const char *);

/* The indexes of the servers in the order of their NAME_FULL names under COMPARE; those of one
 * name stay in the order of the list. The caller frees. */
size_t *name_order(const struct distribution_server *servers, size_t count,
                   name_compare_fn *compare);

/* The texts that clients hash in place of a key when its server failed: space for a key and what a
 * retry adds to it. */
#define RETRY_MAX 300

/* BEFORE, KEY and AFTER in one. A key above the 250 bytes that memcached carries may be cut. */
struct slice retry_text(char space[static RETRY_MAX], struct slice before, struct slice key,
                        struct slice after);

/* What pecl memcache hashes after ATTEMPT servers (1 and up) have failed: "key-0", "key-1", ... */
struct slice retry_text_pecl(char space[static RETRY_MAX], struct slice key, unsigned attempt);

#endif
