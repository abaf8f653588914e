/* The screen of .top. */
#include "base/deadline.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/chart.h"
#include "view/live/top.h"
#include "view/text/fit.h"
#include "view/text/paint.h"
#include "view/text/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TITLE_WIDTH 19
#define VALUE_WIDTH 11
#define CELL_WIDTH  6
#define LABEL_MAX   24

enum unit {
	RATE,
	BYTES, /* a second */
	PERCENT,
	NUMBER,
};

/* How the figures of view/live/top.c are shown, by their number. */
static const struct look {
	const char *title, *heading; /* HEADING NULL: servers have no column of it */
	enum unit unit;
	bool rare; /* a line of it is left out where it never was above 0, and space is short */
} shown[TOP_FIGURES] = {
    {"gets a second", "gets", RATE, false},    {"sets a second", "sets", RATE, false},
    {"deletes a second", NULL, RATE, true},    {"incr, decr a second", NULL, RATE, true},
    {"touches a second", NULL, RATE, true},    {"of these meta", NULL, RATE, true},
    {"hit ratio", "hit", PERCENT, false},      {"evictions a second", "evict", RATE, false},
    {"received a second", "in", BYTES, false}, {"sent a second", "out", BYTES, false},
    {"connections", "conns", NUMBER, false},   {"items", NULL, NUMBER, false},
    {"memory", "mem", PERCENT, false},
};

/* 1234, 12.3k, 1.2M: at most five columns. */
static void add_short(struct buf *out, double n, double step, const char *units)
{
	if (n >= 1e18) {
		buf_add_str(out, ">1E18");
		return;
	}
	if (n < 9999.5) {
		/* Not floor(): it may need libm, which is not linked. */
		bool fraction = n < 9.95 && n > 0.005 && n != (int)n;
		buf_addf(out, fraction ? "%.1f" : "%.0f", n);
		return;
	}
	size_t unit = 0;
	for (n /= step; n >= step - 0.5; n /= step)
		unit++;
	const char letter = units[unit];
	buf_addf(out, n < 99.95 ? "%.1f%c" : "%.0f%c", n, letter);
}

/* In a server's row. */
static void add_cell_value(struct buf *out, enum unit unit, double value)
{
	if (isnan(value))
		buf_add_char(out, '-');
	else if (unit == PERCENT)
		buf_addf(out, value < 99.95 ? "%.1f%%" : "%.0f%%", value);
	else
		add_short(out, value, unit == BYTES ? 1024 : 1000,
		          unit == BYTES ? "KMGTPE" : "kMGTPE");
}

static void add_value(struct buf *out, enum unit unit, double value)
{
	if (isnan(value))
		buf_add_char(out, '-');
	else if (unit == PERCENT)
		buf_addf(out, "%.1f %%", value);
	else if (unit == BYTES)
		buf_add_str(out, size_text(value < 1e18 ? (uint64_t)value : (uint64_t)1e18).s);
	else if (value < 9.95 && unit == RATE && value > 0)
		buf_addf(out, "%.1f", value);
	else
		buf_add_str(
		    out, grouped_text(value < 1e18 ? (uint64_t)(value + 0.5) : (uint64_t)1e18).s);
}

static const struct top_look *last(const struct top_history *h)
{
	return h->count > 0 ? &h->looks[(h->count - 1) % TOP_LOOKS] : NULL;
}

/* By the thresholds that stats has for these (view/stats/health.h), as far as they fit a moment. */
static enum paint paint_of(size_t figure, double value)
{
	if (figure == (size_t)top_sort_of('h') && value < 50)
		return PAINT_BAD;
	if (figure == (size_t)top_sort_of('h') && value < 80)
		return PAINT_NOTICE;
	return figure == (size_t)top_sort_of('e') && value > 0 ? PAINT_NOTICE : PAINT_NONE;
}

static void add_history(struct buf *out, const struct style *style, const struct top_history *h,
                        size_t figure, size_t width)
{
	double values[TOP_LOOKS];
	size_t count = h->count < TOP_LOOKS ? h->count : TOP_LOOKS;
	for (size_t i = 0; i < count; i++)
		values[i] = top_value(&h->looks[(h->count - count + i) % TOP_LOOKS], figure);
	if (width > TOP_LOOKS)
		width = TOP_LOOKS;
	chart_add_sparkline(out, style, PAINT_NUMBER, values, count, width);
}

static bool ever(const struct top_history *h, size_t figure)
{
	size_t count = h->count < TOP_LOOKS ? h->count : TOP_LOOKS;
	for (size_t i = 0; i < count; i++) {
		if (top_value(&h->looks[i], figure) > 0)
			return true;
	}
	return false;
}

/* "of 1,024", beside a figure that has a limit. */
static void add_limit(struct buf *out, size_t figure, const struct top_look *look)
{
	double limit = NAN;
	if (figure == (size_t)top_sort_of('c'))
		limit = look->sums[TOP_CONNECTIONS_MAX];
	else if (figure == (size_t)top_sort_of('m'))
		limit = look->sums[TOP_MEMORY_MAX];
	if (isnan(limit) || limit <= 0 || limit > 1e18)
		return;
	buf_add_str(out, " of ");
	if (figure == (size_t)top_sort_of('m'))
		buf_add_str(out, size_text((uint64_t)limit).s);
	else
		buf_add_str(out, grouped_text((uint64_t)limit).s);
}

#define LIMIT_WIDTH 12

/* A line a figure: title, value, limit, and how it was. Returns how many lines there are. */
static size_t add_figures(struct buf *out, const struct style *style, const struct top_history *h,
                          bool brief)
{
	const struct top_look *look = last(h);
	struct buf text = BUF_INIT;
	size_t lines = 0;
	size_t used = 2 + TITLE_WIDTH + 1 + VALUE_WIDTH + LIMIT_WIDTH + 2;
	for (size_t i = 0; i < TOP_FIGURES; i++) {
		double value = look ? top_value(look, i) : NAN;
		if (brief && shown[i].rare && !ever(h, i))
			continue;
		buf_addf(out, "  %-*s ", TITLE_WIDTH, shown[i].title);
		buf_clear(&text);
		add_value(&text, shown[i].unit, value);
		buf_add_repeat(out, ' ', text.len < VALUE_WIDTH ? VALUE_WIDTH - text.len : 0);
		paint_slice(out, style->color, paint_of(i, value), NULL, buf_slice(&text));
		buf_clear(&text);
		if (look)
			add_limit(&text, i, look);
		if (style->columns + 2 >= used) {
			fit_painted(out, style, PAINT_DIM, buf_slice(&text), LIMIT_WIDTH,
			            style->columns > used ? FIT_LEFT : FIT_CUT);
		}
		if (style->columns > used) {
			buf_add_str(out, "  ");
			add_history(out, style, h, i, style->columns - used);
		}
		buf_add_char(out, '\n');
		lines++;
	}
	buf_release(&text);
	return lines;
}

/* The servers' places, in the order of the view: what is not known last. */
static size_t *sorted(const struct top_view *v)
{
	size_t *order = xcalloc(v->count + 1, sizeof(*order));
	for (size_t i = 0; i < v->count; i++) {
		size_t at = i;
		double value = NAN;
		const struct top_look *look = last(&v->servers[i].history);
		if (v->sort < TOP_FIGURES && look)
			value = top_value(look, (size_t)v->sort);
		for (; at > 0; at--) {
			const struct top_look *other = last(&v->servers[order[at - 1]].history);
			double than = v->sort < TOP_FIGURES && other
			                  ? top_value(other, (size_t)v->sort)
			                  : NAN;
			bool before =
			    v->sort < TOP_FIGURES
				? !isnan(value) &&
				      (isnan(than) || (v->reverse ? value < than : value > than))
				: v->reverse;
			if (!before)
				break;
			order[at] = order[at - 1];
		}
		order[at] = i;
	}
	return order;
}

static size_t label_width(const struct top_view *v)
{
	size_t width = 6;
	for (size_t i = 0; i < v->count; i++) {
		size_t columns = utf8_columns(slice_str(v->servers[i].label)) + 3;
		width = columns > width ? columns : width;
	}
	return width < LABEL_MAX ? width : LABEL_MAX;
}

/* Whether servers have a column of FIGURE, and the screen has space for it after USED. */
static bool has_column(size_t figure, const struct style *style, size_t *used)
{
	if (!shown[figure].heading || *used + 1 + CELL_WIDTH > style->columns)
		return false;
	*used += 1 + CELL_WIDTH;
	return true;
}

static void add_headings(struct buf *out, const struct style *style, const struct top_view *v,
                         size_t label)
{
	size_t figure = v->sort < TOP_FIGURES ? (size_t)v->sort : 0, used = label;
	paint_on(out, style->color, PAINT_HEADING);
	buf_addf(out, "%-*s", (int)label, v->sort == TOP_FIGURES ? "server*" : "server");
	for (size_t i = 0; i < TOP_FIGURES; i++) {
		char heading[CELL_WIDTH + 2];
		if (!has_column(i, style, &used))
			continue;
		snprintf(heading, sizeof(heading), "%s%s", shown[i].heading,
		         v->sort == (int)i ? "*" : "");
		buf_addf(out, " %*s", CELL_WIDTH, heading);
	}
	if (style->columns > used + 2) {
		buf_add_str(out, "  ");
		fit_add(out, slice_str(shown[figure].heading), style->columns - used - 2, FIT_CUT,
		        style->utf8);
	}
	paint_off(out, style->color, PAINT_HEADING);
	buf_add_char(out, '\n');
}

static void add_server(struct buf *out, const struct style *style, const struct top_view *v,
                       size_t place, size_t label)
{
	const struct top_server *s = &v->servers[place];
	const struct top_look *look = last(&s->history);
	struct buf text = BUF_INIT;
	size_t figure = v->sort < TOP_FIGURES ? (size_t)v->sort : 0, used = label;
	buf_addf(&text, "%zu ", place + 1);
	escape_add_field(&text, slice_str(s->label));
	fit_add(out, buf_slice(&text), label, FIT_LEFT, style->utf8);
	if (s->problem) {
		buf_clear(&text);
		buf_addf(&text, " %s", s->problem);
		paint_on(out, style->color, PAINT_BAD);
		if (style->columns > label)
			fit_add(out, buf_slice(&text), style->columns - label, FIT_CUT,
			        style->utf8);
		paint_off(out, style->color, PAINT_BAD);
		buf_add_char(out, '\n');
		buf_release(&text);
		return;
	}
	for (size_t i = 0; i < TOP_FIGURES; i++) {
		double value = look ? top_value(look, i) : NAN;
		if (!has_column(i, style, &used))
			continue;
		buf_clear(&text);
		add_cell_value(&text, shown[i].unit, value);
		buf_add_repeat(out, ' ', 1 + (text.len < CELL_WIDTH ? CELL_WIDTH - text.len : 0));
		paint_slice(out, style->color, isnan(value) ? PAINT_DIM : paint_of(i, value), NULL,
		            buf_slice(&text));
	}
	if (style->columns > used + 2) {
		buf_add_str(out, "  ");
		add_history(out, style, &s->history, figure, style->columns - used - 2);
	}
	buf_add_char(out, '\n');
	buf_release(&text);
}

static void add_title(struct buf *out, const struct style *style, const struct top_view *v)
{
	struct buf text = BUF_INIT;
	if (v->count == 1) {
		escape_add_field(&text, slice_str(v->servers[0].label));
		if (v->servers[0].version[0]) {
			buf_add_str(&text, "  ");
			escape_add_field(&text, slice_str(v->servers[0].version));
			buf_addf(&text, ", up %s", span_text(v->servers[0].uptime).s);
		}
	} else {
		size_t down = 0;
		for (size_t i = 0; i < v->count; i++)
			down += v->servers[i].problem != NULL;
		buf_addf(&text, "%zu servers", v->count);
		if (down > 0)
			buf_addf(&text, ", %zu of them down", down);
	}
	if (v->interval % NSEC_PER_SEC == 0)
		buf_addf(&text, ", every %s", span_text((uint64_t)(v->interval / NSEC_PER_SEC)).s);
	else
		buf_addf(&text, ", every %lld ms", (long long)(v->interval / NSEC_PER_MSEC));
	fit_painted(out, style, PAINT_HEADING, buf_slice(&text), style->columns, FIT_CUT);
	buf_add_char(out, '\n');
	buf_release(&text);
}

static void add_dim(struct buf *out, const struct style *style, enum paint paint, const char *text)
{
	fit_painted(out, style, paint, slice_str(text), style->columns, FIT_CUT);
	buf_add_char(out, '\n');
}

static void draw_one(struct buf *out, const struct style *style, const struct top_view *v)
{
	const struct top_server *s = &v->servers[0];
	if (s->problem)
		add_dim(out, style, PAINT_BAD, s->problem);
	else
		buf_add_char(out, '\n');
	add_figures(out, style, &s->history, false);
	buf_add_char(out, '\n');
	add_dim(out, style, PAINT_DIM, "q leaves");
}

static void draw_several(struct buf *out, const struct style *style, unsigned rows,
                         const struct top_view *v)
{
	size_t label = label_width(v), *order = sorted(v);
	size_t lines = add_figures(out, style, v->total, true) + 1;
	/* Below the servers are the keys, above them a blank line and the headings. */
	size_t space = rows > lines + 3 ? rows - lines - 3 : 1;
	size_t drawn = v->count <= space ? v->count : space - 1;
	buf_add_char(out, '\n');
	add_headings(out, style, v, label);
	for (size_t i = 0; i < drawn; i++)
		add_server(out, style, v, order[i], label);
	if (drawn < v->count) {
		struct buf text = BUF_INIT;
		buf_addf(&text, "%zu more, for which there are no rows", v->count - drawn);
		add_dim(out, style, PAINT_DIM, buf_cstr(&text));
		buf_release(&text);
	}
	add_dim(out, style, PAINT_DIM,
	        "q leaves; sort: n number g s h e i o c m by these columns, r turns it round");
	free(order);
}

void top_draw(struct buf *out, const struct style *style, unsigned rows, const struct top_view *v)
{
	struct buf text = BUF_INIT;
	add_title(&text, style, v);
	if (v->count == 1)
		draw_one(&text, style, v);
	else
		draw_several(&text, style, rows, v);
	struct slice rest = buf_slice(&text);
	for (unsigned i = 0; i < rows && rest.len > 0; i++) {
		buf_add_slice(out, slice_take(&rest, '\n'));
		buf_add_char(out, '\n');
	}
	buf_release(&text);
}
