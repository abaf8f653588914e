/*
 * A counter of an answer, its value for eyes, and what follows from several counters.
 */
#ifndef VIEW_STATS_STAT_H
#define VIEW_STATS_STAT_H

#include "base/buf.h"
#include "base/slice.h"
#include "view/text/time.h"

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

/* The number that the counter NAME has, among the COUNT counters of an answer; false without one.
 */
bool stat_number(const struct stat *stats, size_t count, const char *name, uint64_t *out);

/* The value as UNIT has it, or escaped as it is when it is not a number of that unit. True when the
 * text says less than the value did (a rounded size, a date). */
bool stat_add_value(struct buf *out, struct slice value, enum stat_unit unit);
/* The same of a number. */
struct short_text stat_text(uint64_t n, enum stat_unit unit);

/* What follows from two or three counters, of which there are so many; their names. */
#define STATS_RATIOS 6

/* Adds the I-th and returns its name; NULL where a counter is missing. */
const char *stats_ratio(const struct stat *stats, size_t count, size_t i, struct buf *out);

/* The same as a number, PERCENT or a rate a second; false where it is not known. */
bool stats_ratio_value(const struct stat *stats, size_t count, size_t i, double *value,
                       bool *percent);

const char *stats_ratio_name(size_t i);
/* How the I-th is computed, in words. */
const char *stats_ratio_formula(size_t i);

/* RATE a second of what has UNIT: "1,234", "12.3", "1.20", "5.6 KiB". */
struct short_text stat_rate_text(double rate, enum stat_unit unit);

#endif
