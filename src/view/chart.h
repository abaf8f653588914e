/*
 * Charts for eyes, in columns of a terminal: a bar, a sparkline, a histogram. Where the style has
 * utf8 they are drawn in eighths of a character (U+2581 to U+258F), else in ASCII. The paint says
 * what a chart means, as it does of text (view/style.h). For programs there are the numbers
 * themselves: view/figures.h writes a histogram of times into JSON.
 */
#ifndef VIEW_CHART_H
#define VIEW_CHART_H

#include "base/buf.h"
#include "base/histogram.h"
#include "view/style.h"

/* Draws PART as a share of WHOLE, which takes WIDTH columns: blocks, or # without UTF-8. A PART
 * above 0 is never invisible, one above WHOLE fills the width; nothing is drawn where PART or WHOLE
 * is 0, negative or not a number. Returns the columns taken: the caller pads what follows. */
size_t chart_add_bar(struct buf *out, const struct style *style, enum paint paint, double part,
                     double whole, size_t width);

/* Draws the last WIDTH of the COUNT VALUES, oldest first, in WIDTH columns, with blanks before them
 * when there are fewer. The height of each is its share of the largest that is drawn: one of eight,
 * or one of " .:-=+*#" without UTF-8. 0 is the lowest mark; a value that is negative or not a
 * number stands for one that is not known, and is a blank. */
void chart_add_sparkline(struct buf *out, const struct style *style, enum paint paint,
                         const double *values, size_t count, size_t width);

/* A line of a histogram. */
struct chart_row {
	struct slice label; /* safe to print; borrowed for the call */
	uint64_t count;     /* what the bar is as long as */
	struct slice text;  /* instead of the count, which is written as 1,234; empty: the count */
	enum paint paint;   /* of the bar */
};

/* Draws COUNT rows, a line each, in style->columns: two blanks, label and count to the right of
 * their columns, and the bar, the longest of which takes what is left, four columns at the least. A
 * label is cut at half of style->columns. */
void chart_add_rows(struct buf *out, const struct style *style, const struct chart_row *rows,
                    size_t count);

#define CHART_BUCKETS 12

/* Times in few buckets whose borders are round numbers on a logarithmic scale. A bucket reaches
 * from its border, in nanoseconds, up to the next one's; the last one is open. */
struct chart_times {
	int64_t from[CHART_BUCKETS];
	uint64_t counts[CHART_BUCKETS];
	size_t used;
};

/* Puts TIMES into the finest buckets of which CHART_BUCKETS suffice; without times none is used. */
void chart_times_of(struct chart_times *c, const struct histogram *times);

/* Draws TIMES by chart_times_of and chart_add_rows: "0.120 ms+  1,234  ####". */
void chart_add_times(struct buf *out, const struct style *style, const struct histogram *times);

#endif
