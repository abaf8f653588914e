#include "view/rows.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "view/text/csv_write.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"

#include <stdio.h>

void rows_init(struct rows *r, const struct style *style, struct buf *out, const char *command,
               const struct row_column *columns, size_t count)
{
	*r = (struct rows){
	    .style = style, .out = out, .command = command, .columns = columns, .count = count};
}

void rows_release(struct rows *r)
{
	buf_release(&r->text);
}

void rows_label(struct rows *r, const char *server)
{
	utf8_widen(&r->label_width, slice_str(server));
}

/* TEXT in WIDTH columns; what is wider moves the rest of its row. */
static void add_cell(struct rows *r, struct slice text, const struct row_column *column,
                     unsigned width, bool last)
{
	struct buf *out = r->out;
	buf_clear(&r->text);
	escape_add_field(&r->text, text.len > 0 ? text : SLICE("-"));
	size_t columns = utf8_columns(buf_slice(&r->text));
	size_t pad = columns < width ? width - columns : 0;
	enum paint paint = text.len > 0 ? column->paint : PAINT_DIM;
	if (column->number)
		buf_add_repeat(out, ' ', pad);
	paint_slice(out, r->style->color, paint, NULL, buf_slice(&r->text));
	if (!column->number && !last)
		buf_add_repeat(out, ' ', pad);
	if (!last)
		buf_add_repeat(out, ' ', ROWS_GAP);
}

static const struct row_column server_column = {"server", "server", 0, false, PAINT_HEADING};

static bool is_shown(const struct rows *r, size_t i)
{
	return r->columns[i].heading && !(r->hidden >> i & 1);
}

/* The last column that pretty shows. */
static size_t last_column(const struct rows *r)
{
	size_t last = r->count - 1;
	while (last > 0 && !is_shown(r, last))
		last--;
	return last;
}

static void add_headings(struct rows *r)
{
	size_t last = last_column(r);
	struct row_column heading = {.paint = PAINT_HEADING};
	if (r->label_width > 0)
		add_cell(r, SLICE("server"), &server_column, (unsigned)r->label_width, false);
	for (size_t i = 0; i < r->count; i++) {
		heading.number = r->columns[i].number;
		if (is_shown(r, i))
			add_cell(r, slice_str(r->columns[i].heading), &heading, r->columns[i].width,
			         i == last);
	}
	buf_add_char(r->out, '\n');
}

static void add_pretty(struct rows *r, const char *server, const struct slice *cells,
                       const struct slice *eyes)
{
	size_t last = last_column(r);
	if (r->shown == 0)
		add_headings(r);
	if (r->label_width > 0)
		add_cell(r, slice_str(server), &server_column, (unsigned)r->label_width, false);
	for (size_t i = 0; i < r->count; i++) {
		if (is_shown(r, i))
			add_cell(r, eyes && eyes[i].len > 0 ? eyes[i] : cells[i], &r->columns[i],
			         r->columns[i].width, i == last);
	}
	buf_add_char(r->out, '\n');
}

static void add_fields(struct rows *r, const char *server, const struct slice *cells)
{
	if (r->label_width > 0) {
		escape_add_field(r->out, slice_str(server));
		buf_add_char(r->out, '\t');
	}
	for (size_t i = 0; i < r->count; i++) {
		if (i > 0 && r->columns[i].name)
			buf_add_char(r->out, '\t');
		if (r->columns[i].name)
			escape_add_field(r->out, cells[i]);
	}
	buf_add_char(r->out, '\n');
}

static void add_csv(struct rows *r, const char *server, const struct slice *cells)
{
	size_t from = r->out->len;
	if (r->shown == 0) {
		if (r->label_width > 0)
			buf_add_str(r->out, "server,");
		for (size_t i = 0; i < r->count; i++) {
			if (r->columns[i].name)
				buf_addf(r->out, "%s%s", i > 0 ? "," : "", r->columns[i].name);
		}
		buf_add_char(r->out, '\n');
		csv_end_header(r->out, from, r->style);
	}
	if (r->label_width > 0) {
		csv_add_safe(r->out, r->style, slice_str(server));
		buf_add_char(r->out, ',');
	}
	for (size_t i = 0; i < r->count; i++) {
		if (i > 0 && r->columns[i].name)
			buf_add_char(r->out, ',');
		if (r->columns[i].name)
			csv_add_safe(r->out, r->style, cells[i]);
	}
	buf_add_char(r->out, '\n');
}

/* 1795705517.023728, which JSON writes the same. */
static bool is_fraction(struct slice text)
{
	struct slice whole = slice_take(&text, '.');
	uint64_t n;
	return number_parse_u64(whole, &n) == NUMBER_OK &&
	       (whole.len == 1 || whole.data[0] != '0') && number_parse_u64(text, &n) == NUMBER_OK;
}

/* A member called status ends the answer to a command (shell/answer.h): an event's is its result.
 */
static const char *member_name(const struct row_column *column)
{
	return strcmp(column->name, "status") == 0 ? "result" : column->name;
}

static void add_member(struct buf *out, const struct row_column *column, struct slice cell)
{
	char encoding[40];
	if (cell.len == 0 || !column->name)
		return;
	const char *name = member_name(column);
	if (column->number) {
		json_name(out, name);
		if (is_fraction(cell)) {
			json_comma(out);
			buf_add_slice(out, cell);
		} else {
			json_number_or_string(out, cell);
		}
		return;
	}
	snprintf(encoding, sizeof(encoding), "%s_encoding", name);
	json_bytes_member(out, name, encoding, cell);
}

static void add_object(struct rows *r, const char *server, const struct slice *cells)
{
	json_open(r->out, '{');
	json_string_member(r->out, "command", r->command);
	if (server)
		json_string_member(r->out, "server", server);
	for (size_t i = 0; i < r->count; i++)
		add_member(r->out, &r->columns[i], cells[i]);
	buf_add_str(r->out, "}\n");
}

void rows_add(struct rows *r, const char *server, const struct slice *cells,
              const struct slice *eyes)
{
	switch (r->style->format) {
	case FORMAT_PRETTY:
		add_pretty(r, server, cells, eyes);
		break;
	case FORMAT_JSON:
		add_object(r, server, cells);
		break;
	case FORMAT_CSV:
		add_csv(r, server, cells);
		break;
	default: /* plain, raw, wire */
		add_fields(r, server, cells);
	}
	r->shown++;
}
