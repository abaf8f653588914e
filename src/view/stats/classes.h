/*
 * The counters of classes and of connections (stats items, slabs, conns), a row each.
 */
#ifndef VIEW_STATS_CLASSES_H
#define VIEW_STATS_CLASSES_H

#include "view/stats/stat.h"
#include "view/view.h"

/* What the numbers of `stats WORDS` are of: class, fd or page; NULL when its counters have none. */
const char *stats_rows_of(struct slice words);

/* More kinds of fields than any answer has; one that has more is not a table. */
#define STATS_FIELDS_MAX 64

/* Splits "items:3:number" or "3:number" into the row's number and the field; false for other names.
 */
bool stats_split(struct slice name, uint64_t *row, struct slice *field);

/* Shows counters named "N:field" and "items:N:field" as a table with a row for each N, marks them
 * as shown, and returns true; false when there are none, or too many kinds of fields. */
bool stats_show_table(struct view *v, struct stat *stats, size_t count);

#endif
