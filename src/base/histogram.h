/*
 * Counts of lengths of time, for percentiles of any number of them in bounded memory. A bucket is
 * at most 1/128 as wide as what it counts (below 128 ns it counts one value alone), so that what is
 * read back is within 0.4 % of what was added. This is the log-linear scheme of HdrHistogram.
 */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

/* Buckets to each doubling, as a power of two, and the bits of the largest value distinguished:
 * what is longer than 2^44 ns, nearly five hours, is counted with the longest. */
#define HISTOGRAM_STEP_BITS  7
#define HISTOGRAM_VALUE_BITS 44
#define HISTOGRAM_BUCKETS    ((HISTOGRAM_VALUE_BITS - HISTOGRAM_STEP_BITS + 1) << HISTOGRAM_STEP_BITS)

/* Zeroed, it is empty. */
struct histogram {
	uint64_t counts[HISTOGRAM_BUCKETS];
	uint64_t count;
	int64_t min, max; /* exact; both 0 while count is 0 */
};

/* Below 0 counts as 0. */
void histogram_add(struct histogram *h, int64_t ns);

/* Adds all of FROM to INTO. */
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The smallest value that PER_MILLE (0 to 1000) of them do not exceed, by nearest rank; 0 gives the
 * smallest, 1000 the largest; the smallest and the largest are exact. 0 while it is empty. */
int64_t histogram_at(const struct histogram *h, unsigned per_mille);

/* What stands for the values of a bucket: its middle, but no less than the smallest and no more
 * than the largest value that was added. */
int64_t histogram_value(const struct histogram *h, size_t bucket);

#endif
