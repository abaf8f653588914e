/*
 * What stands out of the slab classes of a server: a table of rules, each with the source that it
 * comes from, evaluated on the numbers of one look (view/stats/slabs.h). Counters run since the
 * server's start, or since stats reset.
 */
#ifndef VIEW_STATS_SLAB_RULES_H
#define VIEW_STATS_SLAB_RULES_H

#include "base/buf.h"
#include "view/stats/slabs.h"
#include "view/style.h"

#define SLAB_RULES 5

struct slab_finding {
	const char *rule;      /* its name, for programs */
	enum paint level;      /* PAINT_BAD or PAINT_NOTICE */
	bool marks[SLABS_MAX]; /* of the classes, by their place: it is about this one */
	struct buf evidence;   /* "class 5 has evicted 1,234 items while class 12 has ..." */
	struct buf advice;     /* "slabs automove 1 lets ..." */
};

/* The rules by their number, worst first: the name, and where it comes from. */
const char *slab_rule_name(size_t rule);
const char *slab_rule_source(size_t rule);

/* Whether S, sorted, shows what the rule is about; then F is filled, and the caller releases it. */
bool slab_find(const struct slabs *s, size_t rule, struct slab_finding *f);
void slab_finding_release(struct slab_finding *f);

#endif
