/*
 * Whether a request changes anything on a server that others could notice: an item, its time to
 * live, the counters, how the server works. That a get moves an item up in its LRU is not counted.
 */
#ifndef PROTO_EFFECT_H
#define PROTO_EFFECT_H

#include "proto/request.h"

/* Whether REQUEST changes anything, or may do so: words that are not known to only read, flags of a
 * meta command likewise, and bytes of the caller's own. */
bool request_changes(const struct request *request);

#endif
