/*
 * What happened on servers since the last look:
 *
 *   pretty           how long that was; ratios of the interval; what is not well in it; a row for
 *                    each counter that changed, with its rate; several servers side by side
 *   plain, raw, wire seconds, name, now, change, per_second, with tabs between, a line a counter,
 *                    whether it changed or not; of several servers the server first
 *   csv              the same with a header, and always the server
 *   json             {"command":"stats","servers":[{"server":...,"since":"look","reset":false,
 *                    "seconds":32.104,"hit_ratio":97.3,"gets_a_second":1.5,...,
 *                    "stats":{"cmd_get":{"now":9,"change":3,"per_second":0.093},...}},...]}
 *
 * since is look, start (there was no look before) or restart. A ratio that is not known is null.
 */
#ifndef VIEW_STATS_SINCE_H
#define VIEW_STATS_SINCE_H

#include "view/stats/sample.h"
#include "view/style.h"

struct since_of {
	const char *server;       /* NULL: it did not answer, and has been reported */
	struct interval interval; /* the caller's to release */
};

void since_show(struct buf *out, const struct style *style, const struct since_of *list,
                size_t count);

#endif
