#include "view/hot/hot.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/chart.h"
#include "view/rows.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

#include <stdio.h>
#include <stdlib.h>

const char *const hot_by_names[3] = {"key", "prefix", "client"};

static double per_second(const struct hot *h, uint64_t n)
{
	return h->elapsed > 0 ? (double)n * 1e9 / (double)h->elapsed : 0;
}

static uint64_t all(const struct hot *h)
{
	return h->totals.misses + (h->misses ? 0 : h->totals.hits + h->totals.stores);
}

/* The mean size of a value, rounded. */
static uint64_t mean(const struct hot_row *r)
{
	return (r->bytes + r->sized / 2) / r->sized;
}

static void add_json(struct buf *out, const struct hot *h)
{
	json_open(out, '{');
	json_string_member(out, "command", h->command);
	json_string_member(out, "by", hot_by_names[h->by]);
	json_string_member(out, "counted", h->misses ? "misses" : "gets and stores");
	json_name(out, "seconds");
	buf_addf(out, "%.3f", (double)h->elapsed / 1e9);
	json_u64_member(out, "hits", h->totals.hits);
	json_u64_member(out, "misses", h->totals.misses);
	json_u64_member(out, "stores", h->totals.stores);
	json_u64_member(out, "not_counted", h->missing);
	json_u64_member(out, "names", h->names);
	json_u64_member(out, "error_max", h->floor);
	if (h->cpu >= 0) {
		json_name(out, "server_cpu");
		buf_addf(out, "%.3f", h->cpu);
	}
	json_open_member(out, "rows", '[');
	for (size_t i = 0; i < h->count; i++) {
		const struct hot_row *r = &h->rows[i];
		json_open(out, '{');
		if (h->servers)
			json_string_member(out, "server", h->servers[r->server]);
		json_bytes_member(out, hot_by_names[h->by], "encoding", r->name);
		json_u64_member(out, "count", r->count);
		json_u64_member(out, "error", r->error);
		json_u64_member(out, "hits", r->hits);
		json_u64_member(out, "misses", r->misses);
		json_u64_member(out, "stores", r->stores);
		json_name(out, "per_second");
		buf_addf(out, "%.1f", per_second(h, r->count));
		if (r->sized > 0)
			json_u64_member(out, "bytes", mean(r));
		buf_add_char(out, '}');
	}
	buf_add_str(out, "]}\n");
}

/* The columns: the name where programs look for it, and where its length moves nothing. */
enum {
	NAME,
	COUNT,
	ERROR,
	HITS,
	FOUND,
	MISSES,
	STORES,
	RATE,
	SHARE,
	BAR,
	BYTES,
	LAST,
	COLUMNS,
};

/* Of the bar, in columns of the terminal: where fewer are left there is none. */
#define BAR_MIN 4
#define BAR_MAX 40

/* A row's cells, but for the name; what pretty has instead. */
struct cells {
	struct short_text fields[COLUMNS], eyes[COLUMNS];
	struct buf bar;
};

static void write_count(struct cells *c, size_t column, uint64_t n)
{
	c->fields[column] = digits_text(n);
	c->eyes[column] = grouped_text(n);
}

static void write_row(struct cells *c, const struct hot *h, const struct hot_row *r)
{
	struct short_text *rate = &c->fields[RATE];
	write_count(c, COUNT, r->count);
	write_count(c, ERROR, r->error);
	write_count(c, HITS, r->hits);
	if (r->hits + r->misses > 0)
		c->eyes[FOUND] = percent_text(r->hits, r->hits + r->misses);
	write_count(c, MISSES, r->misses);
	write_count(c, STORES, r->stores);
	write_count(c, RATE, (uint64_t)(per_second(h, r->count) + 0.5));
	snprintf(rate->s, sizeof(rate->s), "%.1f", per_second(h, r->count));
	c->eyes[SHARE] = percent_text(r->count, all(h));
	if (r->sized > 0) {
		c->fields[BYTES] = digits_text(mean(r));
		c->eyes[BYTES] = size_text(mean(r));
	}
}

static void set_columns(struct row_column columns[COLUMNS], const struct hot *h,
                        const struct cells *cells)
{
	static const struct {
		const char *name, *heading;
		bool misses; /* it is shown where misses alone are counted */
	} all_columns[COLUMNS] = {
	    [COUNT] = {"count", "count", true},
	    [ERROR] = {"error", "error", true},
	    [HITS] = {"hits", NULL, false},
	    [FOUND] = {NULL, "found", false},
	    [MISSES] = {"misses", NULL, false},
	    [STORES] = {"stores", "stores", false},
	    [RATE] = {"per_second", "per s", true},
	    [SHARE] = {NULL, "share", true},
	    [BAR] = {NULL, NULL, true},
	    [BYTES] = {"bytes", "size", false},
	};
	for (size_t i = COUNT; i < LAST; i++) {
		bool shown = !h->misses || all_columns[i].misses;
		columns[i] = (struct row_column){all_columns[i].name,
		                                 shown ? all_columns[i].heading : NULL, 0, true,
		                                 i == COUNT ? PAINT_NUMBER : PAINT_NONE};
		size_t width = columns[i].heading ? strlen(columns[i].heading) : 0;
		for (size_t row = 0; row < h->count; row++) {
			size_t more = strlen(cells[row].eyes[i].s);
			width = more > width ? more : width;
		}
		columns[i].width = (unsigned)width;
	}
	if (h->misses) {
		columns[COUNT].heading = "misses";
		columns[COUNT].width = columns[COUNT].width > 6 ? columns[COUNT].width : 6;
	}
	if (h->floor == 0)
		columns[ERROR].heading = NULL;
	columns[NAME] = (struct row_column){hot_by_names[h->by], NULL, 0, false, PAINT_NONE};
	columns[LAST] = (struct row_column){NULL, hot_by_names[h->by], 0, false, PAINT_KEY};
}

static struct slice name_for_eyes(const struct hot_row *r)
{
	return r->name.len > 0 ? r->name : SLICE("(no prefix)");
}

/* The columns that are left beside the others of ROWS: none where the longest name takes them. */
static unsigned bar_width(const struct rows *rows, const struct row_column columns[COLUMNS],
                          const struct hot *h)
{
	struct buf text = BUF_INIT;
	size_t name = 0, used = rows->label_width > 0 ? rows->label_width + ROWS_GAP : 0;
	for (size_t i = 0; i < LAST; i++)
		used += columns[i].heading ? columns[i].width + ROWS_GAP : 0;
	for (size_t i = 0; i < h->count; i++) {
		buf_clear(&text);
		escape_add_field(&text, name_for_eyes(&h->rows[i]));
		utf8_widen(&name, buf_slice(&text));
	}
	buf_release(&text);
	used += name + ROWS_GAP;
	if (rows->style->columns < used + BAR_MIN)
		return 0;
	return rows->style->columns - used < BAR_MAX ? (unsigned)(rows->style->columns - used)
	                                             : BAR_MAX;
}

/* Of each row, as long as its count: that of the first fills WIDTH. */
static void add_bars(struct cells *cells, const struct style *style, const struct hot *h,
                     unsigned width)
{
	struct style plain = *style;
	plain.color = false; /* the column's paint is its colour */
	for (size_t i = 0; i < h->count; i++)
		chart_add_bar(&cells[i].bar, &plain, PAINT_NONE, (double)h->rows[i].count,
		              (double)h->rows[0].count, width);
}

static void add_rows(struct buf *out, const struct style *style, const struct hot *h)
{
	struct row_column columns[COLUMNS];
	struct slice fields[COLUMNS] = {{0}}, eyes[COLUMNS] = {{0}};
	struct cells *cells = xcalloc(h->count, sizeof(*cells));
	struct rows rows;
	for (size_t i = 0; i < h->count; i++)
		write_row(&cells[i], h, &h->rows[i]);
	set_columns(columns, h, cells);
	rows_init(&rows, style, out, h->command, columns, COLUMNS);
	for (size_t i = 0; h->servers && i < h->count; i++)
		rows_label(&rows, h->servers[h->rows[i].server]);
	unsigned bar = bar_width(&rows, columns, h);
	if (bar > 0) {
		columns[BAR] = (struct row_column){NULL, " ", bar, false, PAINT_NUMBER};
		add_bars(cells, style, h, bar);
	}
	for (size_t i = 0; i < h->count; i++) {
		const struct hot_row *r = &h->rows[i];
		for (size_t k = COUNT; k < LAST; k++) {
			fields[k] = slice_str(cells[i].fields[k].s);
			eyes[k] = slice_str(cells[i].eyes[k].s);
		}
		fields[NAME] = r->name;
		eyes[LAST] = name_for_eyes(r);
		eyes[BAR] = buf_slice(&cells[i].bar);
		rows_add(&rows, h->servers ? h->servers[r->server] : "", fields, eyes);
		buf_release(&cells[i].bar);
	}
	rows_release(&rows);
	free(cells);
}

static void add_totals(struct buf *text, const struct hot *h)
{
	uint64_t gets = h->totals.hits + h->totals.misses;
	buf_addf(text, "(%s%s%s, %s a second", count_text(gets, " get and ", " gets and ").s,
	         count_text(h->totals.stores, " store in ", " stores in ").s,
	         time_text(h->elapsed).s,
	         grouped_text((uint64_t)(per_second(h, gets + h->totals.stores) + 0.5)).s);
	if (gets > 0) {
		buf_addf(text, "; found: %s", percent_text(h->totals.hits, gets).s);
	}
	if (h->cpu >= 0)
		buf_addf(text, "; meanwhile the server%s used %.0f %% of a core",
		         h->several ? "s" : "", h->cpu * 100);
	buf_add_char(text, ')');
}

static void add_pretty(struct buf *out, const struct style *style, const struct hot *h)
{
	struct buf text = BUF_INIT;
	if (h->count > 0) {
		add_rows(out, style, h);
	} else {
		buf_add_str(&text, h->misses ? "(every key that was asked for was found)"
		                             : "(nobody asked for a key)");
		wrap_add_painted(out, style, PAINT_MISS, buf_slice(&text), 0);
	}
	buf_clear(&text);
	add_totals(&text, h);
	wrap_add_painted(out, style, PAINT_DIM, buf_slice(&text), 0);
	buf_clear(&text);
	if (h->floor > 0) {
		buf_addf(&text, "(%s: a count may be too high by at most %s)",
		         h->by == HOT_KEY ? "more keys than counters" : "more names than counters",
		         grouped_text(h->floor).s);
		wrap_add_painted(out, style, PAINT_DIM, buf_slice(&text), 0);
	}
	buf_release(&text);
}

void hot_show(struct buf *out, const struct style *style, const struct hot *h)
{
	if (style->format == FORMAT_PRETTY)
		add_pretty(out, style, h);
	else if (style->format == FORMAT_JSON)
		add_json(out, h);
	else
		add_rows(out, style, h);
}
