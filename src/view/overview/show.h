/*
 * A cache in figures, in the session's format:
 *
 *   pretty           a page: what it is, the figures, charts, tables, and the findings at the end
 *   plain, raw, wire the columns of csv with tabs between
 *   csv              section,name,value,items,bytes,text: a line a figure, a class of a
 *                    distribution (its border), a prefix, an item, a finding
 *   json             one object (show_json.c), which .report --since reads (past.h)
 *   html             a page by itself (show_html.c), not a format of the session
 */
#ifndef VIEW_OVERVIEW_SHOW_H
#define VIEW_OVERVIEW_SHOW_H

#include "view/overview/findings.h"
#include "view/overview/past.h"
#include "view/style.h"

/* What there is to show. */
struct overview_page {
	const struct overview *overview; /* ended */
	const struct findings *findings;
	const struct overview_past *past; /* NULL: it is compared with nothing */
};

void overview_show(struct buf *out, const struct style *style, const struct overview_page *p);

/* The parts of it, each in a file of its own. */
void overview_show_pretty(struct buf *out, const struct style *style,
                          const struct overview_page *p);
void overview_show_json(struct buf *out, const struct overview_page *p);
void overview_show_html(struct buf *out, const struct overview_page *p);

#endif
