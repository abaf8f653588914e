/*
 * The answer to stats, kept while it comes and then laid out for eyes: the general counters in
 * groups with what they mean, per-class and per-connection counters as a table, the rest aligned.
 */
#ifndef VIEW_STATS_STATS_H
#define VIEW_STATS_STATS_H

#include "view/view.h"

enum stat_unit {
	UNIT_TEXT,    /* as it is */
	UNIT_COUNT,   /* 1,234,567 */
	UNIT_BYTES,   /* 1.5 MiB */
	UNIT_SECONDS, /* 3 d 4 h */
	UNIT_USEC,    /* 0.084 ms */
	UNIT_UNIX,    /* a Unix time; its date is a remark */
	UNIT_YES_NO,  /* 0 or 1 */
};

enum stat_group {
	STATS_SERVER,
	STATS_CONNECTIONS,
	STATS_COMMANDS,
	STATS_MEMORY,
	STATS_ITEMS,
	STATS_SLABS,
	STATS_LRU,
	STATS_EXTSTORE,
	STATS_LOG,
	STATS_OTHER,
	STATS_COUNT,
	STATS_SETTINGS = STATS_COUNT, /* stats settings: names of their own */
	STATS_CLASS,                  /* stats items, slabs, conns: counters of one class */
};

/* What is known about a counter of memcached (doc/protocol.txt, and what servers send). */
struct stat_field {
	const char *name;
	enum stat_group group;
	enum stat_unit unit;
	const char *meaning; /* a few words, or NULL */
};

extern const struct stat_field stat_fields[];
extern const size_t stat_field_count;
extern const char *const stat_group_names[STATS_COUNT];

/* By name, among the settings, the class counters (STATS_SETTINGS, STATS_CLASS) or all others
 * (STATS_OTHER). NULL when the name is not known. */
const struct stat_field *stat_field_find(struct slice name, enum stat_group group);

/* One counter of an answer; borrowed from the view's arena. */
struct stat {
	struct slice name;
	struct slice value;
	bool shown;
};

/* How healthy the counter or the ratio of that name is, among the COUNT counters of an answer:
 * PAINT_GOOD, PAINT_NOTICE or PAINT_BAD, and then *REASON says why, where there is more to say than
 * its name does; PAINT_NONE where no threshold is known. */
enum paint stats_health(const struct stat *stats, size_t count, struct slice name,
                        const char **reason);
/* The same of one counter alone. */
enum paint stats_health_of(struct slice name, struct slice value);
/* The I-th name that has a threshold; NULL after the last. */
const char *stats_health_name(size_t i);

/* What follows from two or three counters, of which there are so many; their names. */
#define STATS_RATIOS 6

/* Adds the I-th and returns its name; NULL where a counter is missing. */
const char *stats_ratio(struct stat *stats, size_t count, size_t i, struct buf *out);

/* Adds a line for each counter that is not well, with the reason, after BEFORE ("10.0.0.1:11211 ",
 * or nothing); FIRST adds the heading before the first. True when there was one. */
bool stats_add_health(struct buf *out, const struct style *style, const struct stat *stats,
                      size_t count, const char *before, bool first);

/* Whether several servers answer and their counters are shown side by side, when the last one has
 * answered: stats_keep_shared keeps each, stats_show_shared shows them. */
bool stats_are_shared(const struct view *v);
void stats_keep_shared(struct view *v, const struct reply *reply);
void stats_show_shared(struct view *v);

/* Keeps a STAT reply in the view's arena. */
void stats_keep(struct view *v, const struct reply *reply);
/* Shows what was kept. */
void stats_show(struct view *v);

/* The value as UNIT has it, or escaped as it is when it is no number of that unit. True when the
 * text says less than the value did (a rounded size, a date). */
bool stat_add_value(struct buf *out, struct slice value, enum stat_unit unit);

/* Shows counters named "N:field" and "items:N:field" as a table with a row for each N, marks them
 * as shown, and returns true; false when there are none, or too many kinds of fields. */
bool stats_show_table(struct view *v, struct stat *stats, size_t count);

#endif
