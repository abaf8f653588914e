/*
 * Times in buckets, drawn; for the files of view/ that show measurements.
 */
#ifndef VIEW_SAMPLES_H
#define VIEW_SAMPLES_H

#include "base/buf.h"
#include "view/style.h"

/* Nanoseconds, ascending. There is at least one. */
struct samples {
	const int64_t *values;
	const uint64_t *counts; /* how often each of them was measured; NULL: once */
	size_t used;
};

#define SAMPLE_BUCKETS 12

/* A bucket reaches from its border up to the next one's; the last one is open. */
struct sample_buckets {
	int64_t from[SAMPLE_BUCKETS];
	uint64_t counts[SAMPLE_BUCKETS];
	size_t used;
	uint64_t most; /* the largest count */
};

/* Puts SAMPLES into buckets whose borders are round numbers on a logarithmic scale: the finest
 * scale for which SAMPLE_BUCKETS suffice. */
void samples_bucket(struct sample_buckets *b, const struct samples *samples);

/* "median 0.013 ms", for eyes, after COLUMN columns of a line that is broken between these; at the
 * first column after two blanks. Returns the columns then taken. */
size_t samples_add_rank(struct buf *out, const struct style *style, const char *name, int64_t ns,
                        size_t column);

/* The same as a histogram for eyes, a line a bucket, in style->columns. */
void samples_draw(struct buf *out, const struct style *style, const struct samples *samples);

/* Microseconds with three decimals, "84.210"; below 0 counts as 0. */
void samples_add_usec(struct buf *out, int64_t ns);

#endif
