/*
 * A histogram of times for eyes: few buckets, whose borders are round numbers on a logarithmic
 * scale, drawn as bars.
 */
#ifndef VIEW_TEXT_CHART_H
#define VIEW_TEXT_CHART_H

#include "base/buf.h"
#include "base/histogram.h"
#include "view/style.h"

#define CHART_BUCKETS 12

/* A bucket reaches from its border, in nanoseconds, up to the next one's; the last one is open. */
struct chart {
	int64_t from[CHART_BUCKETS];
	uint64_t counts[CHART_BUCKETS];
	size_t used;
	uint64_t most; /* the largest count */
};

/* Puts TIMES, which are not empty, into the finest buckets of which CHART_BUCKETS suffice. */
void chart_of(struct chart *c, const struct histogram *times);

/* Draws C, a line a bucket, in style->columns. */
void chart_draw(struct buf *out, const struct style *style, const struct chart *c);

#endif
