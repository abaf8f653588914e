/*
 * Who is asked for most, for eyes and programs:
 *
 *   pretty           a table, what it is of, and what is not known
 *   plain, raw, wire a line a name, tabs between: server (of several), name, count, error, hits,
 *                    misses, stores, per_second, bytes (of a value, the mean; empty: not known)
 *   csv              the same with a header
 *   json             one object with the totals, and a row a name in "rows"
 */
#ifndef VIEW_HOT_HOT_H
#define VIEW_HOT_HOT_H

#include "view/hot/hot_counts.h"
#include "view/style.h"

struct hot {
	const char *command; /* the typed word */
	enum hot_by by;
	bool misses;
	const char *const *servers; /* their labels, by hot_row.server; NULL: there is one */
	const struct hot_row *rows;
	size_t count;
	struct hot_totals totals;
	size_t names; /* that were counted: at least so many where FLOOR is not 0 */
	uint64_t floor;
	uint64_t missing; /* events that are not in the counts: at least so many */
	int64_t elapsed;  /* nanoseconds */
	bool several;     /* servers are watched */
	double cpu;       /* of a core, that the servers used meanwhile; below 0: not known */
};

void hot_show(struct buf *out, const struct style *style, const struct hot *h);

/* "key", "prefix", "client" */
extern const char *const hot_by_names[3];

#endif
