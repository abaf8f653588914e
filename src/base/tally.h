/*
 * Counts of lengths of time, for percentiles of any number of them in bounded memory. A bucket is
 * at most 1/128 as wide as what it counts (below 128 ns it counts one value alone), so that what is
 * read back is within 0.4 % of what was added. This is the log-linear scheme of HdrHistogram.
 */
#ifndef BASE_TALLY_H
#define BASE_TALLY_H

#include <stddef.h>
#include <stdint.h>

/* Buckets to each doubling, as a power of two, and the bits of the largest value told apart: what
 * is longer than 2^44 ns, nearly five hours, is counted with the longest. */
#define TALLY_STEP_BITS  7
#define TALLY_VALUE_BITS 44
#define TALLY_BUCKETS    ((TALLY_VALUE_BITS - TALLY_STEP_BITS + 1) << TALLY_STEP_BITS)

/* Zeroed, it is empty. */
struct tally {
	uint64_t counts[TALLY_BUCKETS];
	uint64_t count;
	int64_t min, max; /* exact; both 0 while count is 0 */
};

/* Below 0 counts as 0. */
void tally_add(struct tally *t, int64_t ns);

/* Adds all of FROM to INTO. */
void tally_merge(struct tally *into, const struct tally *from);

/* The smallest value that PER_MILLE (0 to 1000) of them do not exceed, by nearest rank; 0 gives the
 * smallest, 1000 the largest, both exact. 0 while it is empty. */
int64_t tally_at(const struct tally *t, unsigned per_mille);

/* What stands for the values of a bucket: its middle, but no less than the smallest and no more
 * than the largest value that was added. */
int64_t tally_value(const struct tally *t, size_t bucket);

#endif
