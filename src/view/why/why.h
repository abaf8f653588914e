/*
 * Why a key is not there: the causes that can be, the likeliest first, each with its evidence.
 *
 *   pretty   the causes, and below them those that are ruled out
 *   plain    likelihood, cause, evidence and what to do, tabs between, a line each
 *   json {"command":".why","key":"foo","found":false,"server":"...","rows":[{"likelihood":...}]}
 *   csv      the same columns under a header line
 *
 * Each cause is a rule of a table (why.c), in the order in which they stand where they are equally
 * likely. Where the counters come from: memcached's doc/protocol.txt, "General-purpose statistics",
 * "Item statistics"; `oldest` of stats settings is when the last flush_all was, on the server's
 * clock, which runs 60 s ahead of its uptime.
 */
#ifndef VIEW_WHY_WHY_H
#define VIEW_WHY_WHY_H

#include "view/style.h"
#include "view/why/facts.h"

enum why_likelihood {
	WHY_CERTAIN,
	WHY_LIKELY,
	WHY_POSSIBLE,
	WHY_UNLIKELY,
	WHY_RULED_OUT,
	WHY_NOT_ASKED, /* nothing is known about it: it is left out */
};

/* What a rule finds. */
struct why_finding {
	const char *cause; /* "elsewhere" */
	enum why_likelihood likelihood;
	struct buf evidence, todo;
};

/* How many rules there are: the most findings. */
#define WHY_RULES 12

/* Fills FINDINGS, in their order; returns their number. why_release frees them. */
size_t why_find(const struct why_facts *f, struct why_finding findings[WHY_RULES]);
void why_release(struct why_finding *findings, size_t count);

/* All of it. */
void why_add(struct buf *out, const struct style *style, const struct why_facts *f);

#endif
