/*
 * The figures of a report for eyes, one by one: in pretty each is a line, in html a card.
 */
#ifndef VIEW_OVERVIEW_LINES_H
#define VIEW_OVERVIEW_LINES_H

#include "view/overview/show.h"

struct overview_line {
	const char *name;
	struct slice value;   /* "12.5 MiB" */
	struct slice more;    /* " of 64 MiB (19.5 %), then 3 MiB"; begins with a blank or comma */
	uint64_t part, whole; /* of the bar; whole 0: it has none */
	enum paint paint;     /* of the bar */
};

/* Shows a line, which is borrowed for the call. */
typedef void overview_line_fn(void *ctx, const struct overview_line *line);

/* What the servers count: memory, hits, connections, ... */
void overview_each_figure(const struct overview_page *p, overview_line_fn *show, void *ctx);

/* How much was listed, and what share of it was never read, never expires, is misplaced. */
void overview_each_share(const struct overview_page *p, overview_line_fn *show, void *ctx);

#endif
