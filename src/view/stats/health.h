/*
 * When a counter is worth a look, and why. Colours in stats come from here alone.
 */
#ifndef VIEW_STATS_HEALTH_H
#define VIEW_STATS_HEALTH_H

#include "view/stats/stat.h"
#include "view/style.h"

/* How healthy the counter or the ratio of that name is, among the COUNT counters of an answer:
 * PAINT_GOOD, PAINT_NOTICE or PAINT_BAD, and then *REASON says why, where there is more to say than
 * its name does; PAINT_NONE where no threshold is known. */
enum paint stats_health(const struct stat *stats, size_t count, struct slice name,
                        const char **reason);
/* The same of one counter alone. */
enum paint stats_health_of(struct slice name, struct slice value);

/* Adds a heading, after a blank line unless it stands FIRST, and a line for each counter that is
 * not well, with the reason; nothing where there is none. */
bool stats_add_health(struct buf *out, const struct style *style, const struct stat *stats,
                      size_t count, bool first);

/* One of several servers. */
struct health_of {
	const char *server; /* what it is called */
	const struct stat *stats;
	size_t count;
};

/* Adds a line for each counter that is not well on some of the SERVERS, with their names. True when
 * there was one. */
bool stats_add_health_of(struct buf *out, const struct style *style, const struct health_of *list,
                         size_t servers);

#endif
