/*
 * The distributions of a cache in figures (overview.h), one like the other, for whoever shows them.
 */
#ifndef VIEW_OVERVIEW_CLASSES_H
#define VIEW_OVERVIEW_CLASSES_H

#include "view/overview/overview.h"
#include "view/text/time.h"

/* A distribution: what it is of, its classes, and how their borders are written. */
enum overview_unit {
	OVERVIEW_BYTES,
	OVERVIEW_SECONDS,
};

struct overview_classes {
	const char *section, *title;          /* for programs, for eyes */
	const struct overview_share *classes; /* COUNT of them */
	const uint64_t *borders; /* BORDERS of them; further classes have none: never */
	size_t count, borders_count;
	enum overview_unit unit;
	bool known; /* the servers say it of every item */
};

#define OVERVIEW_DISTRIBUTIONS 3
struct overview_classes overview_classes_at(const struct overview *o, size_t i);

/* From the FIRST class that has any items to before LAST. False: none has. */
bool overview_classes_range(const struct overview_classes *c, size_t *first, size_t *last);

/* "64 B+", "10 min+"; "never". */
struct short_text overview_border_text(const struct overview_classes *c, size_t class);

#endif
