/*
 * A server's address as people write it.
 */
#ifndef CLIENT_ADDRESS_H
#define CLIENT_ADDRESS_H

#include "base/buf.h"
#include "base/status.h"
#include "client/distribution.h"

#define DEFAULT_PORT 11211

/* What its address says of how a server is talked to. */
enum address_scheme {
	ADDRESS_ANY, /* nothing: as the options say */
	ADDRESS_TLS, /* tls:// */
	ADDRESS_UDP, /* udp:// */
};

struct address {
	enum address_scheme scheme;
	char *host;      /* a name or a numeric address without brackets; NULL for a unix socket */
	char *path;      /* the path of a unix socket; NULL otherwise */
	unsigned port;   /* 0 for a unix socket */
	unsigned weight; /* 1 unless given; 0 keeps the server out of the key space */
	char *label;     /* how it is shown: "host:port", "tls://[::1]:11211", "/path" */
};

/*
 * Reads host, host:port, host:port:weight, [v6]:port:weight, tls:// or udp:// before these, /path,
 * unix:/path, and python-memcached's inet:host:port and inet6:[addr]:port. On false ERROR says what
 * is wrong and OUT is untouched. A unix socket takes no weight here: its path may hold colons.
 */
bool address_parse(struct slice text, struct address *out, struct error *error);
/* As a distribution sees it; borrowed from A. */
struct distribution_server address_server(const struct address *a);
/* With strings of its own. */
struct address address_copy(const struct address *a);
void address_release(struct address *a);

#endif
