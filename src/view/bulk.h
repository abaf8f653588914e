/*
 * What became of many items at once (.dump, .load).
 */
#ifndef VIEW_BULK_H
#define VIEW_BULK_H

#include "base/buf.h"
#include "base/status.h"
#include "view/style.h"

#include <stdint.h>

/* A number of items that went another way. */
struct bulk_count {
	const char *name;   /* for programs; NULL ends a list */
	const char *phrase; /* for eyes, behind the number */
	uint64_t n;
};

struct bulk_report {
	const char *command; /* the typed word, for JSON and CSV */
	struct slice file;
	enum status status;
	uint64_t items, bytes; /* that went as they should; bytes of keys and values */
	const struct bulk_count *others;
	int64_t elapsed; /* nanoseconds */
};

/*
 * Adds REPORT to OUT:
 *   pretty           one line: items, bytes, time, rate, and what of the others is not 0
 *   plain, raw, wire name, tab, value, a line each: items bytes, the others, seconds
 *   json             {"command":...,"file":...,"status":...,"items":...,...}
 *   csv              a header and a row
 */
void bulk_add(struct buf *out, const struct style *style, const struct bulk_report *report);

#endif
