/*
 * The name under which a client hashes a server. Two clients that agree on everything else place
 * keys apart when one writes the port and the other does not.
 */
#ifndef CLIENT_DISTRIBUTION_NAME_H
#define CLIENT_DISTRIBUTION_NAME_H

#include "base/buf.h"
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

#endif
