/*
 * Which of several servers differ from the others.
 */
#ifndef VIEW_STATS_OUTLIERS_H
#define VIEW_STATS_OUTLIERS_H

#include <stdbool.h>
#include <stddef.h>

/* Of fewer servers nobody can say which of them is the odd one. */
#define OUTLIERS_FROM 3

/*
 * Sets MARKS of those of the COUNT VALUES that are far from the median: farther than LEAST, than
 * half of it, and than five times the median of the distances (a robust measure: one or two far
 * ones do not hide themselves). A value that is not a number is not known, and none. Returns how
 * many are marked: 0 where there are fewer than OUTLIERS_FROM.
 */
size_t outliers_mark(const double *values, size_t count, double least, bool *marks);

#endif
