/*
 * The counters of a server at one moment, kept; and what happened between two of them.
 */
#ifndef VIEW_STATS_SAMPLE_H
#define VIEW_STATS_SAMPLE_H

#include "view/stats/stat.h"

#include <stdint.h>

/* The most counters of a sample, and the longest name or value; memcached has a hundred. What is
 * more or longer is left out. */
#define SAMPLE_STATS_MAX 1024
#define SAMPLE_TEXT_MAX  256

/* Zeroed, it is empty. */
struct sample {
	struct buf text;
	size_t *ends; /* of each name and each value in it */
	size_t count, cap;
	int64_t at; /* on the monotonic clock, in nanoseconds; 0: it is not whole */
};

void sample_clear(struct sample *s);
void sample_release(struct sample *s);

void sample_add(struct sample *s, struct slice name, struct slice value);

/* The I-th; borrowed until the next sample_add. */
struct stat sample_at(const struct sample *s, size_t i);
bool sample_number(const struct sample *s, const char *name, uint64_t *out);

/* A counter of an interval. */
struct change {
	struct slice name;
	uint64_t before, now; /* a counter that fell was reset: before is 0 then */
	bool gauge;           /* it goes up and down; without a sample before it has not changed */
};

enum interval_since {
	SINCE_LOOK,    /* between two samples */
	SINCE_START,   /* there is no sample before: since the server's start, by its uptime */
	SINCE_RESTART, /* the same, because the server was restarted after the first */
};

/* What happened between two samples: the counters with numbers, but for those that say who the
 * server is and how late it is there (pid, time, uptime, pointer_size). */
struct interval {
	enum interval_since since;
	bool reset;     /* a counter fell: stats reset; it counts from 0 */
	double seconds; /* how long it was; 0: not known */
	struct change *changes;
	size_t count;
};

/* From BEFORE, which may be NULL or empty, to AFTER, which is whole. Borrows both. */
void interval_of(struct interval *v, const struct sample *before, const struct sample *after);
void interval_release(struct interval *v);

/* The first of NAME; NULL: the server has none. */
const struct change *interval_find(const struct interval *v, struct slice name);

/* By how much the counter NAME rose; false: the server has none of that name. */
bool interval_rise(const struct interval *v, const char *name, uint64_t *rise);

/* By how much it rose a second. False: of a gauge, of none of that name, and where V is NULL or
 * its length is not known. */
bool interval_rate(const struct interval *v, struct slice name, double *rate);

/* The changes as counters of a server that was started when the interval began: counters from 0,
 * gauges as they are, uptime the interval's seconds with decimals. What is made of counters
 * (ratios, health, a table of several servers) is so made of the interval. The array, whose bytes
 * are in ARENA or borrowed, is the caller's to free; *COUNT is how many these are. */
struct stat *interval_stats(const struct interval *v, struct buf *arena, size_t *count);

#endif
