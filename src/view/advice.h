/*
 * What a server's error means and what to do about it: one table of the words that memcached is
 * known to answer (its proto_text.c, versions 1.4 to 1.6.45), matched by their beginning.
 */
#ifndef VIEW_ADVICE_H
#define VIEW_ADVICE_H

#include "proto/reply.h"
#include "proto/request.h"

/* A sentence fit to stand behind "mcsh: set foo: SERVER_ERROR object too large for cache: ". Never
 * NULL: words that the table does not know get a general one. */
const char *advice_for(const struct request *request, const struct reply *reply);

#endif
