/*
 * What stands out of a cache in figures (overview.h): a table of rules, each with the source that
 * it comes from. A rule says nothing where its figures are not known, or too small to say anything;
 * one about the keys takes all of them, and says nothing of a part (overview.scope).
 * Counters run since the servers' start, or since stats reset.
 */
#ifndef VIEW_OVERVIEW_FINDINGS_H
#define VIEW_OVERVIEW_FINDINGS_H

#include "view/overview/overview.h"
#include "view/style.h"

struct overview_finding {
	const char *rule, *source;
	enum paint level;   /* PAINT_BAD or PAINT_NOTICE */
	const char *server; /* one of several that it is about; NULL: all of them */
	struct buf evidence;
	struct buf advice; /* what to do */
};

/* Zeroed, it is empty. */
struct findings {
	struct overview_finding *list; /* worst first */
	size_t count, cap;
};

/* O has been ended. Adds what every rule finds, those of slab classes (view/stats/slab_rules.h)
 * too.
 */
void findings_find(struct findings *f, const struct overview *o);
void findings_release(struct findings *f);

/* Whether RULE is about the keys: without all of them nothing is known of it. */
bool finding_takes_keys(const char *rule);

/* The rules that are left out because O is of no keys, or of a part of them, with SEPARATOR
 * between; nothing where it is of all. */
void findings_add_left_out(struct buf *out, const struct overview *o, const char *separator);

/* Whether there is one of RULE. */
bool findings_have(const struct findings *f, const char *rule);

/* "bad", "notice" */
const char *finding_level(const struct overview_finding *f);

#endif
