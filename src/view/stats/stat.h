/*
 * A counter of an answer, its value for eyes, and what follows from several counters.
 */
#ifndef VIEW_STATS_STAT_H
#define VIEW_STATS_STAT_H

#include "base/buf.h"
#include "view/stats/fields.h"

/* One counter of an answer; borrowed from the view's arena. */
struct stat {
	struct slice name;
	struct slice value;
	bool shown;
};

/* The number that the counter NAME has, among the COUNT counters of an answer; false without one.
 */
bool stat_number(const struct stat *stats, size_t count, const char *name, uint64_t *out);

/* The value as UNIT has it, or escaped as it is when it is not a number of that unit. True when the
 * text says less than the value did (a rounded size, a date). */
bool stat_add_value(struct buf *out, struct slice value, enum stat_unit unit);

/* What follows from two or three counters, of which there are so many; their names. */
#define STATS_RATIOS 6

/* Adds the I-th and returns its name; NULL where a counter is missing. */
const char *stats_ratio(const struct stat *stats, size_t count, size_t i, struct buf *out);

/* How the I-th is computed, in words. */
const char *stats_ratio_formula(size_t i);

#endif
