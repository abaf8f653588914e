/*
 * The counters of several servers: kept until the last one has answered, and shown side by side.
 */
#ifndef VIEW_STATS_SERVERS_H
#define VIEW_STATS_SERVERS_H

#include "view/stats/sample.h"
#include "view/stats/stat.h"
#include "view/view.h"

/* Keeps a STAT reply in view.shared, until the answer has ended, or those of all servers have. */
void stats_keep_shared(struct view *v, const struct reply *reply);

/* Whether several servers answer and their counters are shown side by side, when the last one has
 * answered: by stats_show_shared. */
bool stats_are_shared(const struct view *v);
void stats_show_shared(struct view *v);

/* Takes the next counter that was kept off REST, what is left of view.shared, with the server that
 * sent it, the PART-th; false at the end. */
bool stats_next_shared(struct slice *rest, struct stat *stat, size_t *part, const char **server);

/* One server's counters. */
struct stats_column {
	const char *server; /* NULL: it sent none */
	size_t number;      /* as .servers counts */
	struct stat *stats;
	size_t count, cap;
	size_t width; /* in the table */
	/* What the counters are of (interval_stats): then there is a column of what all of them
	 * make a second, and servers are compared by that. NULL: since the server's start. */
	const struct interval *interval;
};

/* Shows COUNT columns side by side: reasons for what is not well, ratios and counters, with those
 * marked that are far from what most servers have (view/stats/outliers.h); or, of SETTINGS, the
 * settings alone. COLUMNS are put in order: those without a server last. */
void stats_show_columns(struct buf *out, const struct style *style, struct stats_column *columns,
                        size_t count, bool settings);

#endif
