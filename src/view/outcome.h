/*
 * The outcome of many single requests made by one command (set_multi, delete_multi): which keys
 * succeeded, and which did not and why.
 *   pretty   "2 stored, 1 failed", and a line for each key that failed
 *   plain    a line for each key that failed: key, tab, the server's word or what went wrong; raw
 *            and wire the same; nothing when none failed
 *   csv      key,reply with a header, for the keys that failed
 *   json     {"command":...,"keys":[...],"status":...,"done":N,"failed":[{"key":...,"reply":...}],
 *            "time_us":{"total":...}}
 */
#ifndef VIEW_OUTCOME_H
#define VIEW_OUTCOME_H

#include "base/buf.h"
#include "proto/reply.h"
#include "view/style.h"

struct outcome {
	const char *command;
	const char *done_word; /* "stored", "deleted" */
	const char
	    *absent_word; /* of replies that are neither: "not there"; NULL: there are none */
	const struct slice *keys;  /* as they were typed */
	const struct slice *words; /* of each key: empty when done, else what the server said */
	const bool *absent;        /* of each key: neither done nor failed; NULL: none is */
	size_t count;
	enum status status;
	int64_t total_ns;
};

void outcome_add(struct buf *out, const struct style *style, const struct outcome *o);

#endif
