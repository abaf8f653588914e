/*
 * The counters of several servers side by side: a line a counter, a column a server, and a total of
 * what can be added up. Servers that do not fit beside each other come in further blocks.
 */
#include "view/stats/servers.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/stats/health.h"
#include "view/stats/outliers.h"
#include "view/text/fit.h"
#include "view/text/paint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A longer name of a server is a number, explained above the columns. */
#define LABEL_MAX 22

/* What stands in view.shared before the bytes of a name and a value. */
struct kept {
	size_t part, name_len, value_len;
	const char *server;
};

struct cell {
	struct buf text;
	enum paint paint;
	double value; /* to compare the servers by; NAN: it is not */
};

/* The columns after those of the servers. */
enum {
	TOTAL,
	RATE, /* a second, of intervals alone */
	SUMS,
};

/* A line; CELLS is NULL for the heading of a group. */
struct row {
	struct slice name;
	struct cell *cells; /* one for each column, and SUMS */
	double least;       /* servers that differ by less are alike; 0: they are not compared */
	bool percent;
};

struct board {
	const struct style *style;
	struct stats_column *columns;
	size_t count; /* of columns, without the total */
	struct row *rows;
	size_t row_count, row_cap;
	size_t name_width, sum_widths[SUMS]; /* 0: not shown */
	double seconds;                      /* of the first interval; 0: there are none */
	bool numbered;                       /* servers are named by numbers */
};

void stats_keep_shared(struct view *v, const struct reply *reply)
{
	struct kept header = {v->question.part, reply->key.len, reply->value.len,
	                      v->question.server};
	/* Whole or not at all; what is too long leaves it marked as full. */
	if (v->shared.max &&
	    sizeof(header) + reply->key.len + reply->value.len > v->shared.max - v->shared.len) {
		v->shared.full = true;
		return;
	}
	buf_add(&v->shared, &header, sizeof(header));
	buf_add_slice(&v->shared, reply->key);
	buf_add_slice(&v->shared, reply->value);
}

bool stats_are_shared(const struct view *v)
{
	struct slice words = slice_trim(v->question.request->text);
	return v->question.label && v->question.request->verb == VERB_STATS &&
	       (words.len == 0 || slice_eq_str(words, "settings"));
}

bool stats_next_shared(struct slice *rest, struct stat *stat, size_t *part, const char **server)
{
	struct kept header;
	if (rest->len == 0)
		return false;
	memcpy(&header, rest->data, sizeof(header));
	*rest = slice_skip(*rest, sizeof(header));
	*stat = (struct stat){.name = slice_of(rest->data, header.name_len),
	                      .value = slice_of(rest->data + header.name_len, header.value_len)};
	*rest = slice_skip(*rest, header.name_len + header.value_len);
	*part = header.part;
	*server = header.server;
	return true;
}

static void read_columns(struct stats_column *columns, struct slice rest)
{
	struct stat stat;
	size_t part;
	const char *server;
	while (stats_next_shared(&rest, &stat, &part, &server)) {
		struct stats_column *c = &columns[part];
		c->server = server;
		c->number = part + 1;
		c->stats = xgrow(c->stats, &c->cap, c->count + 1, sizeof(*c->stats));
		c->stats[c->count++] = stat;
	}
}

static struct stat *find(const struct stats_column *c, struct slice name)
{
	for (size_t i = 0; i < c->count; i++) {
		if (slice_eq(c->stats[i].name, name))
			return &c->stats[i];
	}
	return NULL;
}

static struct row *add_row(struct board *b, struct slice name, bool heading)
{
	b->rows = xgrow(b->rows, &b->row_cap, b->row_count + 1, sizeof(*b->rows));
	struct row *row = &b->rows[b->row_count++];
	*row = (struct row){.name = name};
	if (!heading) {
		row->cells = xcalloc(b->count + SUMS, sizeof(*row->cells));
		for (size_t i = 0; i < b->count + SUMS; i++)
			row->cells[i].value = NAN;
		utf8_widen(&b->name_width, name);
	}
	return row;
}

static bool adds_up(const struct stat_field *field)
{
	return field && field->group != STATS_SETTINGS &&
	       (field->unit == UNIT_COUNT || field->unit == UNIT_BYTES || field->unit == UNIT_USEC);
}

/* Counters that differ by less than this say nothing. */
static double alike(enum stat_unit unit)
{
	return unit == UNIT_COUNT ? 100 : 1e6; /* bytes, microseconds */
}

/* A line for the counter NAME, if a server has it that was not shown. */
static bool add_counter(struct board *b, struct slice name, const struct stat_field *field,
                        const char *heading)
{
	bool any = false, rises = false;
	double rate, rates = 0;
	uint64_t total = 0, n;
	for (size_t i = 0; i < b->count; i++) {
		const struct stat *stat = find(&b->columns[i], name);
		any |= stat && !stat->shown;
	}
	if (!any)
		return false;
	if (heading)
		add_row(b, slice_str(heading), true);
	struct row *row = add_row(b, name, false);
	for (size_t i = 0; i < b->count; i++) {
		struct stat *stat = find(&b->columns[i], name);
		if (!stat)
			continue;
		stat->shown = true;
		stat_add_value(&row->cells[i].text, stat->value, field ? field->unit : UNIT_TEXT);
		const char *reason;
		row->cells[i].paint =
		    field && field->group == STATS_SETTINGS
			? PAINT_NONE
			: stats_health(b->columns[i].stats, b->columns[i].count, name, &reason);
		if (row->cells[i].paint == PAINT_NONE && slice_eq_str(stat->value, "0"))
			row->cells[i].paint = PAINT_DIM;
		if (number_parse_u64(stat->value, &n) == NUMBER_OK) {
			total = n > UINT64_MAX - total ? UINT64_MAX : total + n;
			row->cells[i].value = (double)n;
			if (!interval_rate(b->columns[i].interval, name, &rate))
				continue;
			rises = true;
			rates += rate;
			row->cells[i].value = rate * b->seconds;
		}
	}
	if (adds_up(field)) {
		row->least = alike(field->unit);
		buf_add_str(&row->cells[b->count + TOTAL].text, stat_text(total, field->unit).s);
		if (rises)
			buf_add_str(&row->cells[b->count + RATE].text,
			            stat_rate_text(rates, field->unit).s);
	}
	return true;
}

static void add_counters(struct board *b, bool settings)
{
	bool other = false;
	for (enum stat_group g = 0; !settings && g < STATS_COUNT; g++) {
		bool any = false;
		for (size_t i = 0; i < stat_field_count; i++) {
			if (stat_fields[i].group == g)
				any |= add_counter(b, slice_str(stat_fields[i].name),
				                   &stat_fields[i],
				                   any ? NULL : stat_group_names[g]);
		}
	}
	for (size_t c = 0; c < b->count; c++) {
		for (size_t i = 0; i < b->columns[c].count; i++) {
			struct slice name = b->columns[c].stats[i].name;
			const struct stat_field *field =
			    settings ? stat_field_find(name, STATS_SETTINGS) : NULL;
			other |=
			    add_counter(b, name, field,
			                settings || other ? NULL : stat_group_names[STATS_OTHER]);
		}
	}
}

/* The sums of what the ratios are made of, in DIGITS. */
static size_t add_up(const struct board *b, struct stat *sums, char digits[][NUMBER_DIGITS])
{
	static const char *const names[] = {"get_hits",       "get_misses",       "bytes",
	                                    "limit_maxbytes", "curr_connections", "max_connections",
	                                    "evictions",      "total_items"};
	size_t count = sizeof(names) / sizeof(names[0]);
	for (size_t i = 0; i < count; i++) {
		uint64_t total = 0, n;
		for (size_t c = 0; c < b->count; c++) {
			const struct stat *stat = find(&b->columns[c], slice_str(names[i]));
			if (stat && number_parse_u64(stat->value, &n) == NUMBER_OK)
				total = n > UINT64_MAX - total ? UINT64_MAX : total + n;
		}
		sums[i] = (struct stat){.name = slice_str(names[i]),
		                        .value = number_u64(digits[i], total)};
	}
	return count;
}

/* A rate has no total: its servers have not run for the same time. */
static void add_ratios(struct board *b)
{
	struct stat sums[8];
	char digits[8][NUMBER_DIGITS];
	size_t count = add_up(b, sums, digits);
	const char *reason;
	for (size_t i = 0; i < STATS_RATIOS; i++) {
		struct buf text = BUF_INIT;
		const char *name = NULL;
		for (size_t c = 0; c < b->count && !name; c++)
			name = stats_ratio(b->columns[c].stats, b->columns[c].count, i, &text);
		buf_release(&text);
		if (!name)
			continue;
		if (b->row_count == 0)
			add_row(b, SLICE("Summary"), true);
		struct row *row = add_row(b, slice_str(name), false);
		for (size_t c = 0; c < b->count; c++) {
			const struct stats_column *column = &b->columns[c];
			stats_ratio(column->stats, column->count, i, &row->cells[c].text);
			row->cells[c].paint =
			    stats_health(column->stats, column->count, row->name, &reason);
			stats_ratio_value(column->stats, column->count, i, &row->cells[c].value,
			                  &row->percent);
		}
		row->least = row->percent ? 5 : 10;
		stats_ratio(sums, count, i, &row->cells[b->count + TOTAL].text);
	}
}

static void mark(struct cell *cell)
{
	struct buf marked = BUF_INIT;
	buf_add_char(&marked, '*');
	buf_add_slice(&marked, buf_slice(&cell->text));
	buf_release(&cell->text);
	cell->text = marked;
	if (cell->paint != PAINT_BAD)
		cell->paint = PAINT_NOTICE;
}

/* Marks the cells that are far from most of their row. A percentage may be far from the others by
 * what it leaves: 60 % of hits, where others have 97 %. */
static bool mark_outliers(struct board *b)
{
	double *values = xcalloc(b->count + 1, sizeof(*values));
	bool *marks = xcalloc(2 * b->count + 1, sizeof(*marks)), any = false;
	for (size_t r = 0; r < b->row_count; r++) {
		struct row *row = &b->rows[r];
		if (!row->cells || row->least <= 0)
			continue;
		for (size_t i = 0; i < b->count; i++)
			values[i] = row->cells[i].value;
		outliers_mark(values, b->count, row->least, marks);
		for (size_t i = 0; i < b->count; i++)
			values[i] = 100 - values[i];
		if (row->percent)
			outliers_mark(values, b->count, row->least, marks + b->count);
		for (size_t i = 0; i < b->count; i++) {
			if (!marks[i] && !(row->percent && marks[b->count + i]))
				continue;
			any = true;
			mark(&row->cells[i]);
		}
	}
	free(values);
	free(marks);
	return any;
}

static const char *const sum_headings[SUMS] = {[TOTAL] = "total", [RATE] = "a second"};

static void measure(struct board *b)
{
	for (size_t i = 0; i < b->count + SUMS; i++) {
		size_t width = 0;
		for (size_t r = 0; r < b->row_count; r++) {
			if (!b->rows[r].cells)
				continue;
			utf8_widen(&width, buf_slice(&b->rows[r].cells[i].text));
		}
		if (i < b->count) {
			size_t label = utf8_columns(slice_str(b->columns[i].server));
			b->numbered |= label > LABEL_MAX;
			b->columns[i].width = width;
		} else {
			size_t heading = strlen(sum_headings[i - b->count]);
			bool shown = i == b->count + TOTAL || b->seconds > 0;
			b->sum_widths[i - b->count] = !shown            ? 0
			                              : width > heading ? width
			                                                : heading;
		}
	}
	for (size_t i = 0; i < b->count; i++) {
		size_t label = b->numbered ? 3 : utf8_columns(slice_str(b->columns[i].server));
		if (b->columns[i].width < label)
			b->columns[i].width = label;
	}
}

static void add_cell(struct board *b, struct buf *out, struct slice text, size_t width,
                     enum paint paint)
{
	size_t columns = utf8_columns(text);
	buf_add_repeat(out, ' ', 2 + (columns < width ? width - columns : 0));
	paint_slice(out, b->style->color, paint, NULL, text);
}

static void add_labels(struct board *b, struct buf *out, size_t from, size_t to, bool total)
{
	struct buf label = BUF_INIT;
	buf_add_repeat(out, ' ', 2 + b->name_width);
	for (size_t i = from; i < to; i++) {
		buf_clear(&label);
		if (b->numbered)
			buf_addf(&label, "%zu", b->columns[i].number);
		else
			escape_add_field(&label, slice_str(b->columns[i].server));
		add_cell(b, out, buf_slice(&label), b->columns[i].width, PAINT_HEADING);
	}
	for (size_t i = 0; i < SUMS; i++) {
		if (total && b->sum_widths[i] > 0)
			add_cell(b, out, slice_str(sum_headings[i]), b->sum_widths[i],
			         PAINT_HEADING);
	}
	buf_add_char(out, '\n');
	buf_release(&label);
}

/* The servers FROM up to before TO. */
static void add_block(struct board *b, struct buf *out, size_t from, size_t to, bool total)
{
	add_labels(b, out, from, to, total);
	for (size_t r = 0; r < b->row_count; r++) {
		const struct row *row = &b->rows[r];
		if (!row->cells) {
			buf_add_char(out, '\n');
			paint_slice(out, b->style->color, PAINT_HEADING, NULL, row->name);
			buf_add_char(out, '\n');
			continue;
		}
		size_t begin = out->len;
		buf_add_str(out, "  ");
		size_t name = out->len;
		escape_add_field(out, row->name);
		size_t columns = utf8_columns(slice_of(out->data + name, out->len - name));
		buf_add_repeat(out, ' ', columns < b->name_width ? b->name_width - columns : 0);
		for (size_t i = from; i < to; i++) {
			struct slice text = buf_slice(&row->cells[i].text);
			add_cell(b, out, text.len > 0 ? text : SLICE("-"), b->columns[i].width,
			         text.len > 0 ? row->cells[i].paint : PAINT_DIM);
		}
		for (size_t i = 0; i < SUMS; i++) {
			if (total && b->sum_widths[i] > 0)
				add_cell(b, out, buf_slice(&row->cells[b->count + i].text),
				         b->sum_widths[i], PAINT_NONE);
		}
		fit_trim_end(out, begin);
		buf_add_char(out, '\n');
	}
}

/* Puts servers that sent nothing last, beyond the count. */
static void drop_silent(struct board *b)
{
	size_t kept = 0;
	for (size_t i = 0; i < b->count; i++) {
		struct stats_column c = b->columns[i];
		if (!c.server)
			continue;
		b->columns[i] = b->columns[kept];
		b->columns[kept++] = c;
	}
	b->count = kept;
}

static void board_release(struct board *b)
{
	for (size_t r = 0; r < b->row_count; r++) {
		for (size_t i = 0; b->rows[r].cells && i < b->count + SUMS; i++)
			buf_release(&b->rows[r].cells[i].text);
		free(b->rows[r].cells);
	}
	free(b->rows);
}

static void add_blocks(struct board *b, struct buf *out, bool totals)
{
	size_t sums = 0;
	for (size_t i = 0; i < SUMS; i++)
		sums += b->sum_widths[i] > 0 ? 2 + b->sum_widths[i] : 0;
	for (size_t from = 0, to; from < b->count; from = to) {
		size_t used = 2 + b->name_width;
		for (to = from; to < b->count; to++) {
			used += 2 + b->columns[to].width;
			bool last = totals && to + 1 == b->count;
			if (to > from && used + (last ? sums : 0) > b->style->columns)
				break;
		}
		if (from > 0)
			buf_add_char(out, '\n');
		add_block(b, out, from, to, totals && to == b->count);
	}
}

static bool add_health(const struct board *b, struct buf *out)
{
	struct health_of *list = xcalloc(b->count + 1, sizeof(*list));
	char(*numbers)[8] = xcalloc(b->count + 1, sizeof(*numbers));
	for (size_t i = 0; i < b->count; i++) {
		const struct stats_column *c = &b->columns[i];
		snprintf(numbers[i], sizeof(numbers[i]), "%zu", c->number);
		list[i] =
		    (struct health_of){b->numbered ? numbers[i] : c->server, c->stats, c->count};
	}
	bool any = stats_add_health_of(out, b->style, list, b->count);
	free(numbers);
	free(list);
	return any;
}

void stats_show_columns(struct buf *out, const struct style *style, struct stats_column *columns,
                        size_t count, bool settings)
{
	struct board b = {.style = style, .columns = columns, .count = count};
	drop_silent(&b);
	if (b.count > 0 && columns[0].interval)
		b.seconds = columns[0].interval->seconds;
	if (!settings)
		add_ratios(&b);
	add_counters(&b, settings);
	bool outliers = mark_outliers(&b);
	measure(&b);
	for (size_t i = 0; b.numbered && i < b.count; i++) {
		buf_addf(out, "%zu: ", b.columns[i].number);
		escape_add_field(out, slice_str(b.columns[i].server));
		buf_add_char(out, '\n');
	}
	bool any = !settings && add_health(&b, out);
	if (outliers)
		paint_add(out, style->color, PAINT_DIM,
		          "* is far from what most of these servers have\n");
	if (any || b.numbered || outliers)
		buf_add_char(out, '\n');
	add_blocks(&b, out, !settings);
	board_release(&b);
}

void stats_show_shared(struct view *v)
{
	size_t count = v->question.parts;
	struct stats_column *columns = xcalloc(count + 1, sizeof(*columns));
	read_columns(columns, buf_slice(&v->shared));
	stats_show_columns(v->out, v->style, columns, count,
	                   slice_trim(v->question.request->text).len > 0);
	for (size_t i = 0; i < count; i++)
		free(columns[i].stats);
	free(columns);
}
