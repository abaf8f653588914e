/*
 * What a load of one command has measured (.bench).
 */
#ifndef VIEW_BENCH_H
#define VIEW_BENCH_H

#include "base/tally.h"
#include "view/style.h"

struct buf;

struct bench_report {
	const char *command; /* the typed word, for JSON and CSV */
	unsigned threads;
	unsigned connections; /* allowed to each server */
	uint64_t commands, errors, misses;
	uint64_t not_stored, exists, not_found; /* shown where there are any; in csv always */
	int64_t elapsed;                        /* nanoseconds */
	const struct tally *times;
};

/*
 * Adds REPORT to OUT:
 *   pretty           a line of totals, one of percentiles, and the histogram of view/samples.h
 *   plain, raw, wire name, tab, value, a line each: threads connections commands errors misses
 *                    seconds per_second, then min p50 p90 p99 p999 max in microseconds; these last
 *                    are missing when nothing was answered
 *   json             {"command":...,"threads":...,...,"unit":"us","min":...,"histogram":[{"from":
 *                    ...,"count":...}]}
 *   csv              a header and a row
 * Percentiles are by nearest rank, within 0.4 %; seconds have six decimals, per_second has one.
 */
void bench_add(struct buf *out, const struct style *style, const struct bench_report *report);

#endif
