/*
 * Two texts, line by line: what is only in the one, what only in the other, and how that is shown.
 * The lines in common are as many as can be (E. Myers, "An O(ND) difference algorithm", 1986); two
 * texts that differ in more than DIFF_MOST lines are shown as one replaced by the other.
 */
#ifndef VIEW_DIFF_H
#define VIEW_DIFF_H

#include "base/buf.h"

#define DIFF_MOST 1000

struct lines {
	struct slice *list;
	size_t count, cap;
};

/* Adds the lines of TEXT, without their line feeds; they are borrowed from it. A line feed at its
 * end begins no further line. */
void lines_add(struct lines *l, struct slice text);
/* Adds one line, which is borrowed. */
void lines_add_one(struct lines *l, struct slice line);
void lines_release(struct lines *l);

struct diff_row {
	char sign; /* ' ' in both, '-' in the first only, '+' in the second only */
	struct slice text;
};

struct diff {
	struct diff_row *rows;
	size_t count;
	size_t changed; /* rows whose sign is not ' ' */
};

/* Fills D, which is zeroed. Its texts are borrowed from A and B. */
void diff_make(struct diff *d, const struct lines *a, const struct lines *b);
void diff_release(struct diff *d);

/* The changes with three lines around them, under @@ lines as `diff -u` has them. Bytes that could
 * drive a terminal are escaped. */
void diff_add_unified(struct buf *out, const struct diff *d, bool color);

/* The changes alone, "- line" and "+ line", at most MOST of them; then how many more there are. */
void diff_add_short(struct buf *out, const struct diff *d, size_t most, bool color);

#endif
