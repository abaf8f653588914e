/*
 * Where an mcrouter among the servers sends a key.
 */
#ifndef COMMAND_MCROUTER_H
#define COMMAND_MCROUTER_H

#include "shell/session.h"

/* For each server, whether it is an mcrouter by its version. The caller frees. NULL: none is. */
bool *mcrouter_find(struct session *s);

/*
 * For each server the destinations that it names for a get of KEY, with blanks between; empty for
 * those that are not among ROUTERS, do not say, or would have to be asked by a name longer than a
 * key may be. The request, get __mcrouter__.route(get,KEY), is answered by mcrouter itself. The
 * caller releases each and frees.
 */
struct buf *mcrouter_routes(struct session *s, const bool *routers, struct slice key);
void mcrouter_free(const struct session *s, struct buf *routes);

#endif
