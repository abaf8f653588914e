/*
 * The answer to stats, kept while it comes and then laid out for eyes: the general counters in
 * groups with what they mean, per-class and per-connection counters as a table, the rest aligned.
 */
#ifndef VIEW_STATS_STATS_H
#define VIEW_STATS_STATS_H

#include "view/view.h"

/* Shows what stats_keep_shared (view/stats/servers.h) has kept of one server, and forgets it. */
void stats_show(struct view *v);

#endif
