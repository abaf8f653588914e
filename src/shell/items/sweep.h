/*
 * One change for each of many items: what .purge and .touch do. First a walk (shell/items/walk.h)
 * gathers the items that a filter lets pass, and nothing is changed; then each of these is changed,
 * on the server that listed it, many of them under way.
 *
 * A delete can be guarded by the item's cas: it is deleted only while that is still the one that
 * was listed, so that nothing is lost that was stored in between. That takes the meta commands or
 * the binary protocol, and a server that keeps cas numbers. touch cannot be guarded: no protocol
 * compares a cas for it, and it leaves the cas as it was.
 */
#ifndef SHELL_ITEMS_SWEEP_H
#define SHELL_ITEMS_SWEEP_H

#include "base/spill.h"
#include "shell/items/walk.h"
#include "view/keys/sweep.h"

/* Keys that are kept to be shown, chosen so that each item has the same chance. */
#define SWEEP_SAMPLES 10

struct sweep_plan {
	const char *command; /* the typed word, for messages */
	const struct keyfilter *filter;
	size_t first, end; /* the servers (execute_servers) */
	enum verb verb;    /* VERB_DELETE, VERB_TOUCH */
	int64_t exptime;   /* of touch */
	bool guarded;      /* of delete */
	uint64_t rate;     /* items a second, at the most; 0: as fast as they go */
};

struct sweep_sample {
	size_t len;
	char key[KEY_MAX_BYTES];
};

/* Memory for the items that are under way. */
struct sweep_batch;

struct sweep {
	struct session *s;
	const struct sweep_plan *plan;
	struct spill items; /* gathered, not changed yet */
	struct walk_end found;
	struct sweep_sample samples[SWEEP_SAMPLES];
	size_t sample_count;
	uint64_t without_cas; /* gathered items of which no cas is known */
	struct error lost;    /* the items cannot be kept: why */
	bool keeps;           /* what is deleted is kept (shell/items/undo.h) */
	struct sweep_batch *batch;
};

/* Gathers. What went wrong has been reported when it does not return STATUS_OK, and nothing should
 * be changed then. PLAN is borrowed until sweep_release, which is due in either case. */
enum status sweep_gather(struct sweep *w, struct session *s, const struct sweep_plan *plan);

/* How long the changes will take, about, in nanoseconds: by the plan's rate, or by a round trip to
 * each server, which is asked for here. */
int64_t sweep_estimate(struct sweep *w);

/* Changes what was gathered, while a line on the terminal says how far it is; Ctrl-C ends it. What
 * went wrong has been reported. */
enum status sweep_apply(struct sweep *w, struct sweep_counts *counts);

void sweep_release(struct sweep *w);

#endif
