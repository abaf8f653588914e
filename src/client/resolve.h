/*
 * From a host name to socket addresses without making the caller wait: a name that is not numeric
 * is looked up by a thread of its own, because getaddrinfo(3) keeps to no deadline. The caller
 * polls a descriptor next to its sockets and may be cancelled at any time. "localhost" is found
 * where no file names it, and no name server is asked for it where there is no /etc/hosts.
 */
#ifndef CLIENT_RESOLVE_H
#define CLIENT_RESOLVE_H

#include "base/status.h"

#include <netdb.h>

struct resolver;

/* Begins to look up HOST (numeric or a name) for a TCP connection to PORT. NULL when no thread can
 * be had; ERROR says so. */
struct resolver *resolver_new(const char *host, unsigned port, struct error *error);

/* Readable once the answer is there; -1 when it is there already. */
int resolver_fd(const struct resolver *r);

/* The answer, owned by the resolver, or NULL with ERROR filled when the name is not known. Call it
 * once resolver_fd is readable or -1. */
const struct addrinfo *resolver_result(struct resolver *r, struct error *error);

/* Gives up or is done; a look-up under way ends by itself later. NULL is fine. */
void resolver_free(struct resolver *r);

#endif
