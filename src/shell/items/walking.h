/*
 * A walk under way (shell/items/walk.h): what its two ways share, shell/items/walk_lists.h and
 * shell/items/walk_names.h.
 */
#ifndef SHELL_ITEMS_WALKING_H
#define SHELL_ITEMS_WALKING_H

#include "shell/flow/ask.h"
#include "shell/io/progress.h"
#include "shell/items/walk.h"

/* Without anything new on the screen for so long, the progress is shown. */
#define WALK_QUIET_NS ((int64_t)500 * 1000 * 1000)

struct walking {
	struct session *s;
	const struct walk_plan *plan;
	struct walk_end *end;
	struct slice own_prefix; /* of .set key_prefix */
	struct progress progress;
	uint64_t
	    stored; /* items that were ever stored on these servers, before; 0: it is not known */
	bool gave;  /* something was handed over since walk_show */
	struct failure *failures; /* reported when no server waits any longer */
	size_t failed, failed_cap;
};

/* Whether ITEM of SERVER, whose key begins with OWN_PREFIX, passes FILTER without it. */
bool walk_lets_pass(const struct session *s, const struct keyfilter *filter,
                    struct slice own_prefix, size_t server, const struct crawled *item);
/* Whether ITEM of SERVER, its key as it is there, is one that is asked for. */
bool walk_passes(const struct walking *w, size_t server, const struct crawled *item);
void walk_hand_over(struct walking *w, size_t server, const struct crawled *item);
void walk_hand_over_line(struct walking *w, size_t server, struct slice line);

/* Whether the output takes no more now. */
bool walk_is_full(const struct walking *w);
/* At the end of a round: the output writes what it can, or the progress is shown, LOOKED_AT items
 * of EXPECTED (0: not known). NOW is clock_now(). */
void walk_show(struct walking *w, uint64_t looked_at, uint64_t expected, int64_t now);

/* Adds a failure; the caller fills in what is not set. */
struct failure *walk_fail(struct walking *w);

#endif
