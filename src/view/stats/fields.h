/*
 * What is known about the counters of memcached.
 */
#ifndef VIEW_STATS_FIELDS_H
#define VIEW_STATS_FIELDS_H

#include "base/slice.h"

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

#endif
