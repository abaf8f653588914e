/*
 * An earlier report, as .report --format json has written it, to compare a later one with.
 */
#ifndef VIEW_OVERVIEW_PAST_H
#define VIEW_OVERVIEW_PAST_H

#include "base/status.h"
#include "view/overview/findings.h"

#define PAST_FINDINGS 64

struct overview_past {
	int64_t time; /* Unix time */
	struct overview_counts sum;
	bool listed;
	bool scoped; /* of a part of the keys */
	struct overview_share all, unread, forever;
	char findings[PAST_FINDINGS][32]; /* the rules' names; FINDINGS of them */
	size_t findings_count;
};

/* Reads TEXT, a report's object. False: ERROR says what is wrong with it. */
bool overview_past_read(struct overview_past *past, struct slice text, struct error *error);

/* Seconds between the two. */
int64_t overview_past_span(const struct overview_past *past, const struct overview *now);

/* A counter's rise since then. False where one of them does not know it, or where the servers have
 * been started since (or their counters reset). */
bool overview_past_rise(const struct overview_past *past, const struct overview *now,
                        enum overview_counter counter, uint64_t *rise);

/* Whether the servers' counters were reset in between. */
bool overview_past_restarted(const struct overview_past *past, const struct overview *now);

/* Whether a finding of RULE was not there then. False where that is not known, since the report
 * was not of all keys. */
bool overview_past_lacked(const struct overview_past *past, const char *rule);

/* The I-th of the findings then that are not among FOUND of NOW, and could be; NULL after the last.
 */
const char *overview_past_gone(const struct overview_past *past, const struct overview *now,
                               const struct findings *found, size_t i);

#endif
