#include "view/stats/outliers.h"

#include "base/xalloc.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* Of VALUES, which are put in order. */
static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return count % 2 > 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

size_t outliers_mark(const double *values, size_t count, double least, bool *marks)
{
	double *sorted = xcalloc(count + 1, sizeof(*sorted));
	size_t known = 0, marked = 0;
	for (size_t i = 0; i < count; i++) {
		marks[i] = false;
		if (!isnan(values[i]))
			sorted[known++] = values[i];
	}
	if (known >= OUTLIERS_FROM) {
		double middle = median(sorted, known);
		for (size_t i = 0; i < known; i++)
			sorted[i] = fabs(sorted[i] - middle);
		double usual = median(sorted, known);
		for (size_t i = 0; i < count; i++) {
			double distance = fabs(values[i] - middle);
			marks[i] = distance > least && distance > fabs(middle) / 2 &&
			           distance > 5 * usual;
			marked += marks[i];
		}
	}
	free(sorted);
	return marked;
}
