/*
 * What .purge and .touch would do, and what they did.
 *
 *   pretty           a sentence; of what would be done, keys that are meant, a line each
 *   plain, raw, wire name, tab, value, a line each: dry_run, items, bytes, looked_at,
 *                    changed, gone, refused, unknown, unsent, seconds, and "sample" with a
 *                    key, ten at the most
 *   json             one object with all of them, the keys in "samples"
 *   csv              a header and a row, without the keys
 *
 * Of what would be done the seconds are an estimate.
 */
#ifndef VIEW_KEYS_SWEEP_H
#define VIEW_KEYS_SWEEP_H

#include "base/buf.h"
#include "base/status.h"
#include "view/style.h"

#include <stdint.h>

/* What became of the items. */
struct sweep_counts {
	uint64_t done, bytes; /* changed, or meant; their sizes as servers count */
	uint64_t changed;     /* stored by another since they were listed, and left as they are */
	uint64_t gone;        /* were not there any more */
	uint64_t refused;     /* answered with an error */
	uint64_t unknown;     /* sent, and no answer came */
	uint64_t unsent;      /* left, since it broke off */
	int64_t elapsed;      /* nanoseconds; of what is meant, about */
};

struct sweep_report {
	const char *command;
	const char *verb, *done; /* "delete", "deleted" */
	enum status status;
	bool dry_run;
	uint64_t looked_at;
	struct sweep_counts counts;
	const struct slice *samples;
	size_t sample_count;
};

void sweep_add(struct buf *out, const struct style *style, const struct sweep_report *r);

#endif
