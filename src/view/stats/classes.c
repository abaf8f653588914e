/*
 * Counters of many classes, slabs or connections as a table: "items:3:number" and "3:chunk_size"
 * and "23:state" are the number's row and the field's column. Where the columns do not fit, the
 * table stands upright: a line a field, a column a number, in as many blocks as that takes. The
 * most important fields come first, those that are 0 everywhere last; none is left out.
 */
#include "view/stats/classes.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/stats/health.h"
#include "view/text/table.h"

#include <stdio.h>
#include <stdlib.h>

/* What to show first. */
static const char *const leading[] = {
    "addr",
    "listen_addr",
    "state",
    "secs_since_last_cmd",
    "number",
    "age",
    "mem_requested",
    "evicted",
    "evicted_time",
    "outofmemory",
    "reclaimed",
    "expired_unfetched",
    "evicted_unfetched",
    "chunk_size",
    "used_chunks",
    "total_chunks",
    "total_pages",
    "get_hits",
    "cmd_set",
    "free_chunks",
};

struct field {
	struct slice name;
	bool zero; /* 0 in every row */
	bool number;
	size_t width;
	const struct stat_field *known;
	char *heading; /* its name, safe to print */
};

struct grid {
	struct field fields[STATS_FIELDS_MAX];
	size_t field_count;
	uint64_t *rows; /* the numbers, in the order they came */
	size_t row_count, row_cap, last_row;
	const struct stat **cells; /* by row and field */
};

bool stats_split(struct slice name, uint64_t *row, struct slice *field)
{
	if (slice_starts(name, SLICE("items:")))
		name = slice_skip(name, 6);
	*field = name;
	struct slice digits = slice_take(field, ':');
	return field->len > 0 && number_parse_u64(digits, row) == NUMBER_OK;
}

/* The field's place, found or new; STATS_FIELDS_MAX when there are too many. */
static size_t field_index(struct grid *g, struct slice name)
{
	for (size_t i = 0; i < g->field_count; i++) {
		if (slice_eq(g->fields[i].name, name))
			return i;
	}
	if (g->field_count == STATS_FIELDS_MAX)
		return STATS_FIELDS_MAX;
	struct buf heading = BUF_INIT;
	escape_add_field(&heading, name);
	g->fields[g->field_count] = (struct field){.name = name,
	                                           .zero = true,
	                                           .number = true,
	                                           .known = stat_field_find(name, STATS_CLASS),
	                                           .width = utf8_columns(buf_slice(&heading)),
	                                           .heading = xstrdup(buf_cstr(&heading))};
	buf_release(&heading);
	return g->field_count++;
}

static size_t row_index(struct grid *g, uint64_t row)
{
	/* A row's counters come together, so it is nearly always the one seen last, or the next. */
	for (size_t i = g->last_row; i < g->row_count && i < g->last_row + 2; i++) {
		if (g->rows[i] == row)
			return g->last_row = i;
	}
	for (size_t i = 0; i < g->row_count; i++) {
		if (g->rows[i] == row)
			return g->last_row = i;
	}
	g->rows = xgrow(g->rows, &g->row_cap, g->row_count + 1, sizeof(*g->rows));
	g->rows[g->row_count] = row;
	return g->last_row = g->row_count++;
}

static enum stat_unit unit_of(const struct field *field)
{
	return field->known ? field->known->unit : UNIT_COUNT;
}

static bool grid_fill(struct grid *g, struct stat *stats, size_t count)
{
	uint64_t row;
	struct slice name;
	for (size_t i = 0; i < count; i++) {
		if (!stats_split(stats[i].name, &row, &name))
			continue;
		if (field_index(g, name) == STATS_FIELDS_MAX)
			return false;
		row_index(g, row);
	}
	if (g->row_count == 0)
		return false;
	g->cells = xcalloc(g->row_count * g->field_count, sizeof(struct stat *));
	struct buf text = BUF_INIT;
	for (size_t i = 0; i < count; i++) {
		if (!stats_split(stats[i].name, &row, &name))
			continue;
		size_t f = field_index(g, name);
		struct field *field = &g->fields[f];
		g->cells[row_index(g, row) * g->field_count + f] = &stats[i];
		stats[i].shown = true;
		uint64_t n;
		bool number = number_parse_u64(stats[i].value, &n) == NUMBER_OK;
		field->number &= number;
		field->zero &= number && n == 0;
		buf_clear(&text);
		stat_add_value(&text, stats[i].value, unit_of(field));
		utf8_widen(&field->width, buf_slice(&text));
	}
	buf_release(&text);
	return true;
}

static void grid_release(struct grid *g)
{
	for (size_t i = 0; i < g->field_count; i++)
		free(g->fields[i].heading);
	free(g->rows);
	free(g->cells);
}

/* The fields in the order in which they are worth a column. */
static void rank(const struct grid *g, size_t *order)
{
	bool taken[STATS_FIELDS_MAX] = {false};
	size_t n = 0;
	for (size_t t = 0; t < sizeof(leading) / sizeof(leading[0]); t++) {
		for (size_t i = 0; i < g->field_count; i++) {
			if (slice_eq_str(g->fields[i].name, leading[t])) {
				order[n++] = i;
				taken[i] = true;
			}
		}
	}
	for (int zero = 0; zero < 2; zero++) {
		for (size_t i = 0; i < g->field_count; i++) {
			if (!taken[i] && g->fields[i].zero == (zero == 1))
				order[n++] = i;
		}
	}
}

/* Columns of the whole table, a line a number. */
static size_t total_width(const struct grid *g, size_t first_width)
{
	size_t total = first_width;
	for (size_t i = 0; i < g->field_count; i++)
		total += 2 + g->fields[i].width;
	return total;
}

const char *stats_rows_of(struct slice words)
{
	if (slice_eq_str(words, "conns"))
		return "fd";
	if (slice_eq_str(words, "extstore"))
		return "page";
	return slice_eq_str(words, "items") || slice_eq_str(words, "slabs") ? "class" : NULL;
}

/* What is shown of a number's field, not yet safe to print where the field is text. */
static void add_cell(struct table *t, const struct grid *g, size_t row, size_t f, struct buf *text)
{
	const struct stat *stat = g->cells[row * g->field_count + f];
	if (!stat) {
		table_cell_str(t, PAINT_NONE, "");
		return;
	}
	buf_clear(text);
	if (g->fields[f].number)
		stat_add_value(text, stat->value, unit_of(&g->fields[f]));
	else
		buf_add_slice(text, stat->value);
	enum paint paint = slice_eq_str(stat->value, "0")
	                       ? PAINT_DIM
	                       : stats_health_of(g->fields[f].name, stat->value);
	table_cell(t, paint, buf_slice(text));
}

static void show_lines(struct view *v, const struct grid *g, const size_t *order,
                       const char *heading)
{
	struct table_column columns[STATS_FIELDS_MAX + 1] = {{heading, true}};
	struct buf text = BUF_INIT;
	struct table t;
	for (size_t i = 0; i < g->field_count; i++)
		columns[i + 1] =
		    (struct table_column){g->fields[order[i]].heading, g->fields[order[i]].number};
	table_begin(&t, v->style, v->out, v->question.command, columns, g->field_count + 1);
	for (size_t row = 0; row < g->row_count; row++) {
		table_cellf(&t, PAINT_KEY, "%llu", (unsigned long long)g->rows[row]);
		for (size_t i = 0; i < g->field_count; i++)
			add_cell(&t, g, row, order[i], &text);
	}
	table_end(&t);
	buf_release(&text);
}

/* How wide the column of a number is in an upright table. */
static size_t upright_width(const struct grid *g, size_t row)
{
	char digits[NUMBER_DIGITS];
	size_t width = number_u64(digits, g->rows[row]).len;
	struct buf text = BUF_INIT;
	for (size_t f = 0; f < g->field_count; f++) {
		const struct stat *stat = g->cells[row * g->field_count + f];
		if (!stat)
			continue;
		buf_clear(&text);
		stat_add_value(&text, stat->value, unit_of(&g->fields[f]));
		utf8_widen(&width, buf_slice(&text));
	}
	buf_release(&text);
	return width;
}

/* A line a field, for the numbers FROM up to before TO. */
static void show_block(struct view *v, const struct grid *g, const size_t *order,
                       const char *heading, size_t from, size_t to)
{
	size_t count = to - from;
	struct table_column *columns = xcalloc(count + 1, sizeof(*columns));
	char(*numbers)[NUMBER_DIGITS + 1] = xcalloc(count, sizeof(*numbers));
	struct buf text = BUF_INIT;
	struct table t;
	columns[0] = (struct table_column){heading, false};
	/* Texts that are alone in their line may be broken. */
	bool right = true;
	for (size_t f = 0; f < g->field_count && count == 1; f++)
		right &= g->fields[f].number;
	for (size_t i = 0; i < count; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%llu",
		         (unsigned long long)g->rows[from + i]);
		columns[i + 1] = (struct table_column){numbers[i], right};
	}
	table_begin(&t, v->style, v->out, v->question.command, columns, count + 1);
	for (size_t i = 0; i < g->field_count; i++) {
		table_cell(&t, PAINT_KEY, g->fields[order[i]].name);
		for (size_t row = from; row < to; row++)
			add_cell(&t, g, row, order[i], &text);
	}
	table_end(&t);
	buf_release(&text);
	free(columns);
	free(numbers);
}

static void show_upright(struct view *v, const struct grid *g, const size_t *order,
                         const char *heading)
{
	size_t name = strlen(heading);
	for (size_t i = 0; i < g->field_count; i++)
		utf8_widen(&name, slice_str(g->fields[i].heading));
	for (size_t from = 0, to; from < g->row_count; from = to) {
		size_t used = name;
		for (to = from; to < g->row_count; to++) {
			size_t width = upright_width(g, to);
			if (to > from && used + 2 + width > v->style->columns)
				break;
			used += 2 + width;
		}
		if (from > 0)
			buf_add_char(v->out, '\n');
		show_block(v, g, order, heading, from, to);
	}
}

static void show(struct view *v, const struct grid *g)
{
	size_t order[STATS_FIELDS_MAX];
	const char *heading = stats_rows_of(slice_trim(v->question.request->text));
	heading = heading ? heading : "class";
	rank(g, order);
	if (total_width(g, strlen(heading)) <= v->style->columns)
		show_lines(v, g, order, heading);
	else
		show_upright(v, g, order, heading);
}

bool stats_show_table(struct view *v, struct stat *stats, size_t count)
{
	struct grid g = {.field_count = 0};
	bool is_table = grid_fill(&g, stats, count);
	if (is_table)
		show(v, &g);
	grid_release(&g);
	return is_table;
}
