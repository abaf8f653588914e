#include "view/format/pretty_line.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

void pretty_label(struct view *v)
{
	if (!v->question.label)
		return;
	paint_slice(v->out, v->style->color, PAINT_HEADING, escape_add_field,
	            slice_str(v->question.server));
	buf_add_str(v->out, "  ");
}

void pretty_heading(struct view *v)
{
	if (!v->question.label)
		return;
	if (v->question.part > 0)
		buf_add_char(v->out, '\n');
	paint_slice(v->out, v->style->color, PAINT_HEADING, escape_add_field,
	            slice_str(v->question.server));
	buf_add_char(v->out, '\n');
}

/* Columns of what has been written of the last line. */
static size_t line_columns(const struct view *v)
{
	const char *lf = v->out->len > 0 ? memrchr(v->out->data, '\n', v->out->len) : NULL;
	size_t from = lf ? (size_t)(lf + 1 - v->out->data) : 0;
	return paint_columns(slice_skip(buf_slice(v->out), from));
}

/* Begins the notes of a line. FIRST is the width of the first: it stands beside the answer, or
 * below it where space is short. */
static void open_tail(struct view *v, size_t first)
{
	size_t column = line_columns(v);
	if (column > 0 && column + 3 + first > v->style->columns) {
		buf_add_char(v->out, '\n');
		column = 0;
	} else if (column > 0) {
		buf_add_str(v->out, "  ");
		column += 2;
	}
	paint_on(v->out, v->style->color, PAINT_DIM);
	buf_add_char(v->out, '(');
	v->tail_column = column + 1;
	v->tail_open = true;
}

void pretty_note(struct view *v, const char *text)
{
	struct slice rest = slice_str(text);
	for (bool follows = v->tail_open; rest.len > 0; follows = true) {
		const char *comma = memmem(rest.data, rest.len, ", ", 2);
		size_t n = comma ? (size_t)(comma - rest.data) : rest.len;
		struct slice piece = slice_of(rest.data, n);
		if (follows) {
			buf_add_char(v->out, ',');
			v->tail_column++;
		} else {
			open_tail(v, utf8_columns(piece) + 1);
		}
		/* The comma or the bracket that follows has a column too. */
		v->tail_column = wrap_piece(v->out, piece, follows ? " " : "", 1, v->tail_column,
		                            v->style->columns - 1);
		rest = slice_skip(rest, n + 2);
	}
}

void pretty_end_line(struct view *v, const struct timing *timing)
{
	if (timing && v->style->timing == TIMING_ON) {
		struct buf time = BUF_INIT;
		time_add_timing(&time, TIMING_ON, timing);
		pretty_note(v, buf_cstr(&time));
		buf_release(&time);
	}
	if (v->tail_open) {
		buf_add_char(v->out, ')');
		paint_off(v->out, v->style->color, PAINT_DIM);
		v->tail_open = false;
	}
	buf_add_char(v->out, '\n');
	if (v->style->timing == TIMING_FULL)
		pretty_time_line(v, timing);
}

void pretty_time_line(struct view *v, const struct timing *timing)
{
	if (!timing || v->style->timing == TIMING_OFF)
		return;
	paint_on(v->out, v->style->color, PAINT_DIM);
	time_add_timing(v->out, v->style->timing, timing);
	paint_off(v->out, v->style->color, PAINT_DIM);
	buf_add_char(v->out, '\n');
}
