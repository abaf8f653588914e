/*
 * What .purge and .touch would do, and what they did.
 *
 *   pretty           a sentence; of what would be done, keys that are meant, a line each
 *   plain, raw, wire name, tab, value, a line each: dry_run, items, bytes, looked_at, changed,
 * gone, refused, unknown, unsent, seconds, and "sample" with a key, ten at the most json one object
 * with all of them, the keys in "samples" csv              a header and a row, without the keys
 *
 * Of what would be done the seconds are an estimate.
 */
#ifndef VIEW_SWEEP_H
#define VIEW_SWEEP_H

#include "base/buf.h"
#include "base/status.h"
#include "view/style.h"

#include <stdint.h>

struct sweep_report {
	const char *command;
	const char *verb, *done; /* "delete", "deleted" */
	enum status status;
	bool dry_run;
	uint64_t items, bytes; /* meant, or changed; bytes as servers count sizes */
	uint64_t looked_at;
	uint64_t changed, gone, refused, unknown, unsent;
	int64_t ns;
	const struct slice *samples;
	size_t sample_count;
};

void sweep_add(struct buf *out, const struct style *style, const struct sweep_report *r);

/* "12 items, 1.2 KiB, of 3,456 looked at": in a sentence, for eyes. */
void sweep_add_items(struct buf *out, const struct sweep_report *r);

#endif
