/*
 * The counters of several servers, side by side.
 */
#ifndef VIEW_STATS_SERVERS_H
#define VIEW_STATS_SERVERS_H

#include "view/view.h"

/* Whether several servers answer and their counters are shown side by side, when the last one has
 * answered: stats_keep_shared keeps each, stats_show_shared shows them. */
bool stats_are_shared(const struct view *v);
void stats_keep_shared(struct view *v, const struct reply *reply);
void stats_show_shared(struct view *v);

#endif
