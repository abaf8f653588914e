/*
 * All addresses of a name, each a server of its own: dns://name:port, as people have it where a
 * name stands for a cluster.
 */
#ifndef CLIENT_ADDRESSES_H
#define CLIENT_ADDRESSES_H

#include "client/address.h"
#include "client/options.h"

/* What stands before a name whose addresses are all meant. */
#define ADDRESSES_SCHEME "dns://"

/*
 * Looks up the host of NAME, as address_parse has read it, for options->connect_timeout_ms at the
 * most. Puts its addresses into *OUT, an array that the caller frees after releasing what is in it,
 * and returns their number: in numbers, with the port and the weight of NAME, IPv4 before IPv6,
 * each once and in the order of their bytes, so that the same set is the same list; 0 of a name
 * that is not known, or not in time.
 */
size_t addresses_of(const struct address *name, const struct client_options *options,
                    struct address **out);

#endif
