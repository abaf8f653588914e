#include "view/table.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "view/csv.h"
#include "view/fit.h"
#include "view/json_write.h"
#include "view/paint.h"

#include <stdlib.h>

/* Blanks between two columns, and the least that a column of text is cut to. */
#define GAP      2
#define TEXT_MIN 8

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
	return text.len > 0 ? text : SLICE("-");
}

static size_t sum(const size_t *widths, size_t count)
{
	size_t total = count > 0 ? GAP * (count - 1) : 0;
	for (size_t i = 0; i < count; i++)
		total += widths[i];
	return total;
}

/* Takes from the widest column of text, down to the next widest, until the table fits. */
static void narrow(const struct table *t, size_t *widths)
{
	size_t total = sum(widths, t->column_count);
	while (total > t->style->columns) {
		size_t widest = t->column_count, second = TEXT_MIN;
		for (size_t i = 0; i < t->column_count; i++) {
			if (t->columns[i].number || widths[i] <= TEXT_MIN)
				continue;
			if (widest == t->column_count || widths[i] > widths[widest]) {
				if (widest < t->column_count)
					second = widths[widest];
				widest = i;
			} else if (widths[i] > second) {
				second = widths[i];
			}
		}
		if (widest == t->column_count)
			return;
		size_t excess = total - t->style->columns;
		/* At least one column, so that equals take turns. */
		size_t step = widths[widest] - second;
		step = step == 0 ? 1 : step;
		step = step < excess ? step : excess;
		widths[widest] -= step;
		total -= step;
	}
}

static void add_pretty_cell(struct table *t, size_t column, struct slice text, enum paint paint,
                            const size_t *widths)
{
	struct buf *out = t->out;
	bool color = t->style->color, last = column + 1 == t->column_count;
	size_t width = widths[column], columns = utf8_columns(text);
	size_t pad = columns < width ? width - columns : 0;
	if (column > 0)
		buf_add_repeat(out, ' ', GAP);
	if (t->columns[column].number)
		buf_add_repeat(out, ' ', pad);
	paint_on(out, color, paint);
	fit_add(out, text, width, FIT_CUT, t->style->utf8);
	paint_off(out, color, paint);
	if (columns > width) {
		/* A wide character at the cut may leave a column free. */
		size_t used = fit_prefix(text, width - fit_ellipsis_columns(t->style->utf8));
		pad = width - fit_ellipsis_columns(t->style->utf8) -
		      utf8_columns(slice_of(text.data, used));
	}
	if (!t->columns[column].number && !last)
		buf_add_repeat(out, ' ', pad);
}

static void add_pretty(struct table *t)
{
	if (t->cell_count == 0)
		return;
	size_t *widths = xcalloc(t->column_count, sizeof(*widths));
	for (size_t i = 0; i < t->column_count; i++)
		widths[i] = utf8_columns(slice_str(t->columns[i].name));
	for (size_t i = 0; i < t->cell_count; i++) {
		size_t columns = utf8_columns(shown(t, i)), c = i % t->column_count;
		widths[c] = columns > widths[c] ? columns : widths[c];
	}
	narrow(t, widths);
	for (size_t i = 0; i < t->column_count; i++)
		add_pretty_cell(t, i, slice_str(t->columns[i].name), PAINT_HEADING, widths);
	buf_add_char(t->out, '\n');
	for (size_t i = 0; i < t->cell_count; i++) {
		enum paint paint = cell(t, i).len > 0 ? t->paints[i] : PAINT_DIM;
		add_pretty_cell(t, i % t->column_count, shown(t, i), paint, widths);
		if ((i + 1) % t->column_count == 0)
			buf_add_char(t->out, '\n');
	}
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
	for (size_t i = 0; i < t->column_count; i++) {
		csv_add_field(t->out, slice_str(t->columns[i].name));
		buf_add_char(t->out, i + 1 == t->column_count ? '\n' : ',');
	}
	for (size_t i = 0; i < t->cell_count; i++) {
		csv_add_field(t->out, cell(t, i));
		buf_add_char(t->out, (i + 1) % t->column_count == 0 ? '\n' : ',');
	}
}

static void add_json(struct table *t)
{
	struct buf *out = t->out;
	buf_add_char(out, '{');
	json_name(out, "command");
	json_string(out, slice_str(t->command));
	json_name(out, "rows");
	json_open(out, '[');
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
	case FORMAT_PLAIN:
	case FORMAT_RAW:
	case FORMAT_WIRE:
		add_plain(t);
		break;
	}
	buf_release(&t->cells);
	free(t->ends);
	free(t->paints);
	t->ends = NULL;
	t->paints = NULL;
	t->cell_count = t->cell_cap = t->paint_cap = 0;
}
