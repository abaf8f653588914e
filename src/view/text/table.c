#include "view/text/table.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/text/csv_write.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/wrap.h"

#include <stdlib.h>

/* Blanks between two columns, the least space for running text, and blanks before a text that has a
 * line of its own. */
#define GAP         2
#define RUNNING_MIN 24
#define OWN_LINE    4

void table_begin(struct table *t, const struct style *style, struct buf *out, const char *command,
                 const struct table_column *columns, size_t column_count)
{
	*t = (struct table){.style = style,
	                    .out = out,
	                    .command = command,
	                    .columns = columns,
	                    .column_count = column_count};
}

static void end_cell(struct table *t, enum paint paint)
{
	t->ends = xgrow(t->ends, &t->cell_cap, t->cell_count + 1, sizeof(*t->ends));
	t->paints = xgrow(t->paints, &t->paint_cap, t->cell_count + 1, sizeof(*t->paints));
	t->ends[t->cell_count] = t->cells.len;
	t->paints[t->cell_count++] = paint;
}

void table_cell(struct table *t, enum paint paint, struct slice text)
{
	/* Eyes and plain lines get the cell made safe; CSV and JSON have ways of their own. */
	if (t->style->format == FORMAT_JSON)
		buf_add_slice(&t->cells, text);
	else if (t->style->format == FORMAT_CSV && bytes_are_text(text))
		buf_add_slice(&t->cells, text);
	else
		escape_add_field(&t->cells, text);
	end_cell(t, paint);
}

void table_cell_str(struct table *t, enum paint paint, const char *text)
{
	table_cell(t, paint, slice_str(text));
}

void table_cellf(struct table *t, enum paint paint, const char *format, ...)
{
	struct buf text = BUF_INIT;
	va_list args;
	va_start(args, format);
	buf_vaddf(&text, format, args);
	va_end(args);
	table_cell(t, paint, buf_slice(&text));
	buf_release(&text);
}

static struct slice cell(const struct table *t, size_t i)
{
	size_t from = i > 0 ? t->ends[i - 1] : 0;
	return slice_of(t->cells.data + from, t->ends[i] - from);
}

/* What pretty shows of a cell. */
static struct slice shown(const struct table *t, size_t i)
{
	struct slice text = cell(t, i);
	bool empty = t->notes && (i + 1) % t->column_count == 0;
	return text.len > 0 || empty ? text : SLICE("-");
}

static size_t sum(const size_t *widths, size_t count)
{
	size_t total = count > 0 ? GAP * (count - 1) : 0;
	for (size_t i = 0; i < count; i++)
		total += widths[i];
	return total;
}

static void add_blanks_and_text(struct table *t, size_t column, struct slice text, enum paint paint,
                                const size_t *widths)
{
	struct buf *out = t->out;
	bool color = t->style->color, last = column + 1 == t->column_count;
	size_t columns = utf8_columns(text);
	size_t pad = columns < widths[column] ? widths[column] - columns : 0;
	if (column > 0)
		buf_add_repeat(out, ' ', GAP);
	if (t->columns[column].number)
		buf_add_repeat(out, ' ', pad);
	paint_slice(out, color, paint, NULL, text);
	if (!t->columns[column].number && !last)
		buf_add_repeat(out, ' ', pad);
}

static size_t longest_word(struct slice text)
{
	size_t longest = 0;
	while (text.len > 0)
		utf8_widen(&longest, slice_take(&text, ' '));
	return longest;
}

/* Running text after COLUMN columns of a line; its further lines stand below its first. */
static void add_running(struct table *t, struct slice text, enum paint paint, size_t column)
{
	if (text.len == 0)
		return;
	/* A word that does not fit there may fit a line of its own. */
	size_t word = longest_word(text);
	if (column + word > t->style->columns && column > OWN_LINE &&
	    OWN_LINE + word <= t->style->columns) {
		buf_add_char(t->out, '\n');
		buf_add_repeat(t->out, ' ', OWN_LINE);
		column = OWN_LINE;
	}
	paint_on(t->out, t->style->color, paint);
	wrap_add(t->out, text, column, column, t->style->columns);
	t->out->len--; /* the line feed follows the colour */
	paint_off(t->out, t->style->color, paint);
}

static enum paint cell_paint(const struct table *t, size_t i)
{
	return cell(t, i).len > 0 ? t->paints[i] : PAINT_DIM;
}

static void end_line(struct table *t)
{
	while (t->out->data[t->out->len - 1] == ' ')
		t->out->len--;
	buf_add_char(t->out, '\n');
}

/* A line a row. The last column's text begins at LAST and is broken there. */
static void add_lines(struct table *t, const size_t *widths, size_t last)
{
	size_t n = t->column_count;
	for (size_t i = 0; i < n; i++)
		add_blanks_and_text(t, i, slice_str(t->columns[i].name), PAINT_HEADING, widths);
	buf_add_char(t->out, '\n');
	for (size_t i = 0; i < t->cell_count; i++) {
		bool ends = (i + 1) % n == 0;
		if (ends && !t->columns[n - 1].number) {
			buf_add_repeat(t->out, ' ', n > 1 ? GAP : 0);
			add_running(t, shown(t, i), cell_paint(t, i), last);
		} else {
			add_blanks_and_text(t, i % n, shown(t, i), cell_paint(t, i), widths);
		}
		if (ends)
			end_line(t);
	}
}

/* A line a cell, its column's name first, and an empty line between two rows. */
static void add_upright(struct table *t)
{
	size_t name = 0;
	for (size_t i = 0; i < t->column_count; i++)
		utf8_widen(&name, slice_str(t->columns[i].name));
	for (size_t i = 0; i < t->cell_count; i++) {
		size_t c = i % t->column_count;
		struct slice heading = slice_str(t->columns[c].name);
		if (c == 0 && i > 0)
			buf_add_char(t->out, '\n');
		paint_slice(t->out, t->style->color, PAINT_HEADING, NULL, heading);
		buf_add_repeat(t->out, ' ', name - utf8_columns(heading) + GAP);
		add_running(t, shown(t, i), cell_paint(t, i), name + GAP);
		end_line(t);
	}
}

static void add_pretty(struct table *t)
{
	if (t->cell_count == 0)
		return;
	size_t n = t->column_count;
	size_t *widths = xcalloc(n, sizeof(*widths));
	for (size_t i = 0; i < n; i++)
		widths[i] = utf8_columns(slice_str(t->columns[i].name));
	for (size_t i = 0; i < t->cell_count; i++)
		utf8_widen(&widths[i % n], shown(t, i));
	/* Running text in the last column may be broken, if enough of a line is left for it. */
	size_t last = sum(widths, n) - widths[n - 1];
	bool breaks =
	    !t->columns[n - 1].number &&
	    (n <= 2 || (last + RUNNING_MIN <= t->style->columns && last <= t->style->columns / 2));
	if (sum(widths, n) <= t->style->columns || breaks)
		add_lines(t, widths, last);
	else
		add_upright(t);
	free(widths);
}

static void add_plain(struct table *t)
{
	for (size_t i = 0; i < t->cell_count; i++) {
		buf_add_slice(t->out, cell(t, i));
		buf_add_char(t->out, (i + 1) % t->column_count == 0 ? '\n' : '\t');
	}
}

static void add_csv(struct table *t)
{
	size_t from = t->out->len;
	for (size_t i = 0; i < t->column_count; i++) {
		csv_add_field(t->out, slice_str(t->columns[i].name));
		buf_add_char(t->out, i + 1 == t->column_count ? '\n' : ',');
	}
	csv_end_header(t->out, from, t->style);
	for (size_t i = 0; i < t->cell_count; i++) {
		csv_add_data(t->out, t->style, cell(t, i));
		buf_add_char(t->out, (i + 1) % t->column_count == 0 ? '\n' : ',');
	}
}

static void add_json(struct table *t)
{
	struct buf *out = t->out;
	buf_add_char(out, '{');
	json_string_member(out, "command", t->command);
	json_open_member(out, "rows", '[');
	for (size_t i = 0; i < t->cell_count; i++) {
		const struct table_column *column = &t->columns[i % t->column_count];
		struct slice text = cell(t, i);
		if (column == t->columns)
			json_open(out, '{');
		json_name(out, column->name);
		if (text.len == 0)
			buf_add_str(out, "null");
		else if (column->number)
			json_number_or_string(out, text);
		else
			json_bytes(out, text);
		if ((i + 1) % t->column_count == 0)
			buf_add_char(out, '}');
	}
	buf_add_str(out, "]}\n");
}

void table_end(struct table *t)
{
	while (t->cell_count % t->column_count != 0)
		end_cell(t, PAINT_NONE);
	switch (t->style->format) {
	case FORMAT_PRETTY:
		add_pretty(t);
		break;
	case FORMAT_JSON:
		add_json(t);
		break;
	case FORMAT_CSV:
		add_csv(t);
		break;
	default: /* plain, raw, wire */
		add_plain(t);
	}
	buf_release(&t->cells);
	free(t->ends);
	free(t->paints);
	t->ends = NULL;
	t->paints = NULL;
	t->cell_count = t->cell_cap = t->paint_cap = 0;
}
