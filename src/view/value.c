#include "view/value.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "view/text/fit.h"
#include "view/text/hexdump.h"
#include "view/text/json_layout.h"
#include "view/text/paint.h"
#include "view/text/time.h"

/* Bytes that are not text and no more than these are quoted: shorter than a dump, and what is
 * quoted can be typed. */
#define QUOTED_BINARY_MAX 16

/* Columns of a dump's indentation, and of the lines of a text. */
#define INDENT 2

/* How much of VALUE is shown; text is not cut within a character. */
static size_t shown_bytes(const struct style *style, struct slice value)
{
	return style->max_shown == 0 ? value.len : fit_bytes(value, style->max_shown);
}

enum value_form value_form(const struct style *style, struct slice value, size_t reserved)
{
	if (value.len == 0)
		return VALUE_QUOTED;
	if (!bytes_are_readable(value))
		return value.len > QUOTED_BINARY_MAX ? VALUE_BINARY : VALUE_QUOTED;
	if (style->json && json_is_container(value)) {
		size_t left = style->columns > reserved ? style->columns - reserved : 0;
		return json_layout_is_line(value, left) ? VALUE_JSON_LINE : VALUE_JSON;
	}
	return memchr(value.data, '\n', value.len - 1) ? VALUE_LINES : VALUE_QUOTED;
}

static void add_more(struct buf *out, const struct style *style, size_t bytes)
{
	paint_addf(out, style->color, PAINT_DIM, "... %s (.set max_shown)",
	           count_text(bytes, " more byte", " more bytes").s);
}

/* The mark that a value is cut has a line of its own: within the value's last one, the end of the
 * screen's line could tear it. */
static void add_more_below(struct buf *out, const struct style *style, size_t bytes)
{
	if (bytes == 0)
		return;
	buf_add_char(out, '\n');
	buf_add_repeat(out, ' ', INDENT);
	add_more(out, style, bytes);
}

static void add_quoted(struct buf *out, const struct style *style, struct slice value)
{
	size_t shown = shown_bytes(style, value);
	paint_slice(out, style->color, PAINT_STRING, quote_add, slice_of(value.data, shown));
	add_more_below(out, style, value.len - shown);
}

static void add_literal(struct buf *out, const struct style *style, enum paint paint,
                        struct slice value)
{
	size_t shown = shown_bytes(style, value);
	paint_slice(out, style->color, paint, escape_add_text, slice_of(value.data, shown));
	add_more_below(out, style, value.len - shown);
}

static void add_more_line(struct buf *out, const struct style *style, size_t bytes)
{
	if (bytes == 0)
		return;
	buf_add_repeat(out, ' ', INDENT);
	add_more(out, style, bytes);
	buf_add_char(out, '\n');
}

static void add_lines(struct buf *out, const struct style *style, struct slice value)
{
	size_t shown = shown_bytes(style, value), hidden = value.len - shown;
	value.len = shown;
	while (value.len > 0) {
		struct slice line = slice_take(&value, '\n');
		if (line.len > 0) {
			buf_add_repeat(out, ' ', INDENT);
			paint_slice(out, style->color, PAINT_STRING, escape_add_text, line);
		}
		buf_add_char(out, '\n');
	}
	add_more_line(out, style, hidden);
}

static void add_json(struct buf *out, const struct style *style, struct slice value)
{
	size_t left = json_layout_add(out, style, value, style->max_shown);
	buf_add_char(out, '\n');
	add_more_line(out, style, left);
}

static void add_binary(struct buf *out, const struct style *style, struct slice value)
{
	size_t shown = value.len;
	if (style->max_shown > 0 && shown > style->max_shown) {
		/* Whole lines. */
		shown = style->max_shown < 16 ? 16 : style->max_shown / 16 * 16;
		shown = shown < value.len ? shown : value.len;
	}
	hexdump_add(out, slice_of(value.data, shown), 0, INDENT, style->columns);
	add_more_line(out, style, value.len - shown);
}

void value_add(struct buf *out, const struct style *style, enum value_form form, struct slice value)
{
	switch (form) {
	case VALUE_QUOTED:
		add_quoted(out, style, value);
		break;
	case VALUE_JSON_LINE:
		json_layout_add(out, style, value, 0);
		break;
	case VALUE_JSON:
		add_json(out, style, value);
		break;
	case VALUE_LINES:
		add_lines(out, style, value);
		break;
	case VALUE_BINARY:
		add_binary(out, style, value);
		break;
	case VALUE_NUMBER:
		add_literal(out, style, PAINT_NUMBER, value);
		break;
	case VALUE_LITERAL:
		add_literal(out, style, PAINT_STRING, value);
		break;
	}
}

/* Length and columns of the first character of BYTES once it is quoted. */
static size_t quoted_step(struct buf *scratch, struct slice bytes, size_t *columns)
{
	uint32_t code;
	size_t n = utf8_decode(bytes, &code);
	n = n > 0 ? n : 1;
	buf_clear(scratch);
	quote_add(scratch, slice_of(bytes.data, n));
	*columns = utf8_columns(buf_slice(scratch)) - 2;
	return n;
}

static void add_short_literal(struct buf *out, const struct style *style, enum paint paint,
                              struct slice value, size_t width)
{
	struct buf text = BUF_INIT;
	/* No character takes more than four bytes: what lies after these cannot be seen. */
	escape_add_text(&text, slice_of(value.data, fit_bytes(value, 4 * width + 4)));
	fit_painted(out, style, paint, buf_slice(&text), width, FIT_CUT);
	buf_release(&text);
}

static void add_short_quoted(struct buf *out, const struct style *style, struct slice value,
                             size_t width)
{
	size_t inner = width > 2 ? width - 2 : 0, dots = fit_ellipsis_columns(style->utf8);
	size_t keep = 0, at = 0, columns = 0;
	struct buf scratch = BUF_INIT;
	/* KEEP is the last place where the quotes could close and leave space for the ellipsis. */
	while (at < value.len && columns <= inner) {
		size_t step, n = quoted_step(&scratch, slice_skip(value, at), &step);
		if (columns + dots <= inner)
			keep = at;
		columns += step;
		at += n;
	}
	buf_release(&scratch);
	bool cut = columns > inner;
	paint_slice(out, style->color, PAINT_STRING, quote_add,
	            slice_of(value.data, cut ? keep : value.len));
	if (cut)
		paint_add(out, style->color, PAINT_DIM, fit_ellipsis(style->utf8));
}

void value_add_short(struct buf *out, const struct style *style, enum value_form form,
                     struct slice value, size_t width)
{
	if (form == VALUE_NUMBER || form == VALUE_LITERAL)
		add_short_literal(out, style, form == VALUE_NUMBER ? PAINT_NUMBER : PAINT_STRING,
		                  value, width);
	else
		add_short_quoted(out, style, value, width);
}

size_t value_lines(struct slice text)
{
	size_t lines = 0;
	for (; text.len > 0; lines++)
		slice_take(&text, '\n');
	return lines;
}
