/*
 * What a command that ran many times, or on many items, says at its end: named figures.
 *
 *   pretty           a sentence, and where times were measured their percentiles and a chart
 *   plain, raw, wire name, tab, value, a line each
 *   json             one object with all of them
 *   csv              a header and a row
 *
 * Percentiles are by nearest rank, within 0.4 %, in microseconds with three decimals, and are left
 * out while there are no times; seconds have six decimals, rates one.
 */
#ifndef VIEW_SUMMARY_H
#define VIEW_SUMMARY_H

#include "base/buf.h"
#include "base/histogram.h"
#include "base/status.h"
#include "view/style.h"

#include <stdint.h>

/* .repeat: count, then min median p90 p99 max. COMMAND is the typed word, here and below. */
void summary_add_repeat(struct buf *out, const struct style *style, const char *command,
                        const struct histogram *times);

/* .bench: the members in their order, the negative answers only where there are any (in csv
 * always), per_second, then min p50 p90 p99 p999 max; in json the chart, too:
 * "histogram":[{"from":...,"count":...}] */
struct bench_report {
	const char *command;
	unsigned threads;
	unsigned connections; /* allowed to each server */
	uint64_t commands, errors, misses;
	uint64_t not_stored, exists, not_found;
	int64_t elapsed; /* nanoseconds */
	const struct histogram *times;
};

void summary_add_bench(struct buf *out, const struct style *style, const struct bench_report *r);

/* A number of items that went another way. */
struct bulk_count {
	const char *name;   /* for programs; NULL ends a list */
	const char *phrase; /* for eyes, after the number */
	uint64_t n;
};

/* .dump, .load, .undo: items, bytes, the others, seconds; in json and csv command and file before
 * them. */
struct bulk_report {
	const char *command;
	struct slice file; /* empty: there is none */
	enum status status;
	uint64_t items, bytes; /* that went as they should; bytes of keys and values */
	const struct bulk_count *others;
	int64_t elapsed; /* nanoseconds */
};

void summary_add_bulk(struct buf *out, const struct style *style, const struct bulk_report *r);

/* Pretty: a line of the percentiles RANKS of TIMES, which are not empty, and their histogram. */
struct rank;
void summary_add_times(struct buf *out, const struct style *style, const struct histogram *times,
                       const struct rank *ranks);

/*
 * set_multi, delete_multi: which keys succeeded, and which did not and why.
 *   pretty   "2 stored, 1 failed", and a line for each key that failed
 *   plain    a line for each key that failed: key, tab, the server's word or what went wrong; raw
 *            and wire the same; nothing when none failed
 *   csv      key,reply with a header, for the keys that failed
 *   json     {"command":...,"keys":[...],"status":...,"done":N,"failed":[{"key":...,"reply":...}],
 *            "time_us":{"total":...}}
 */
struct outcome {
	const char *command;
	const char *done_word; /* "stored", "deleted" */
	const char
	    *absent_word; /* of replies that are neither: "not there"; NULL: there are none */
	const struct slice *keys;  /* as they were typed */
	const struct slice *words; /* of each key: empty when done, else what the server said */
	const bool *absent;        /* of each key: neither done nor failed; NULL: none is */
	size_t count;
	enum status status;
	int64_t total_ns;
};

void summary_add_outcome(struct buf *out, const struct style *style, const struct outcome *o);

#endif
