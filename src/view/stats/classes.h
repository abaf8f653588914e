/*
 * The counters of classes and of connections (stats items, slabs, conns), a row each.
 */
#ifndef VIEW_STATS_CLASSES_H
#define VIEW_STATS_CLASSES_H

#include "view/stats/stat.h"
#include "view/view.h"

/* Shows counters named "N:field" and "items:N:field" as a table with a row for each N, marks them
 * as shown, and returns true; false when there are none, or too many kinds of fields. */
bool stats_show_table(struct view *v, struct stat *stats, size_t count);

#endif
