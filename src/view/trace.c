#include "view/trace.h"

#include "base/quote.h"
#include "view/hexdump.h"
#include "view/paint.h"
#include "view/time.h"

void trace_init(struct trace *t)
{
	*t = (struct trace){0};
}

void trace_release(struct trace *t)
{
	buf_release(&t->lines[TRACE_SENT].bytes);
	buf_release(&t->lines[TRACE_RECEIVED].bytes);
}

static void line_clear(struct trace_line *line)
{
	buf_clear(&line->bytes);
	line->dropped = 0;
	line->begun = line->secret = line->secret_cr = false;
}

/* Shows a line, whole or, when FLUSHED, without its end, and makes room for the next. */
static void show(struct trace *t, struct buf *out, enum trace_direction direction, bool flushed)
{
	struct trace_line *line = &t->lines[direction];
	struct slice bytes = buf_slice(&line->bytes);
	enum paint paint = direction == TRACE_SENT ? PAINT_SENT : PAINT_GOT;

	if (t->server) {
		paint_on(out, t->color, PAINT_DIM);
		escape_add_field(out, slice_str(t->server));
		paint_off(out, t->color, PAINT_DIM);
		buf_add_char(out, ' ');
	}
	paint_on(out, t->color, paint);
	buf_add_str(out, direction == TRACE_SENT ? "> " : "< ");
	escape_add_field(out, bytes);
	paint_off(out, t->color, paint);
	if (line->dropped > 0) {
		paint_on(out, t->color, PAINT_DIM);
		buf_add_str(out, "\n  ... ");
		time_add_grouped(out, line->dropped);
		buf_add_str(out, line->dropped == 1 ? " more byte" : " more bytes");
		paint_off(out, t->color, PAINT_DIM);
	}
	if (flushed)
		paint_add(out, t->color, PAINT_DIM, " (no line end)");
	buf_add_char(out, '\n');

	/* An offset that moved on over a masked line would tell how long it was. */
	if (!line->secret) {
		if (t->mode == TRACE_HEX) {
			paint_on(out, t->color, PAINT_DIM);
			hexdump_add(out, bytes, line->offset, 2, t->columns ? t->columns : 80);
			paint_off(out, t->color, PAINT_DIM);
		}
		line->offset += bytes.len + line->dropped;
	}
	line_clear(line);
}

/* Bytes of one line, as many as line_max lets in; the rest are counted. */
static void keep(struct trace *t, struct trace_line *line, struct slice bytes)
{
	size_t room = bytes.len;
	if (t->line_max > 0) {
		size_t left = t->line_max > line->bytes.len ? t->line_max - line->bytes.len : 0;
		room = room < left ? room : left;
	}
	if (!buf_add(&line->bytes, bytes.data, room))
		room = 0;
	line->dropped += bytes.len - room;
}

/* The same for bytes that nobody shall see. */
static void keep_secret(struct trace_line *line, struct slice bytes)
{
	bool ends = bytes.data[bytes.len - 1] == '\n';
	size_t content = bytes.len - (ends ? 1 : 0);
	bool cr = content > 0 ? bytes.data[content - 1] == '\r' : line->secret_cr;
	bool only_cr = content == 1 && cr && ends;
	if (content > 0 && !only_cr && !line->secret) {
		buf_add_str(&line->bytes, "***");
		line->secret = true;
	}
	line->secret_cr = cr;
	if (ends)
		buf_add_str(&line->bytes, cr ? "\r\n" : "\n");
}

void trace_add(struct trace *t, struct buf *out, enum trace_direction direction, struct slice bytes,
               bool secret)
{
	if (t->mode == TRACE_OFF)
		return;
	struct trace_line *line = &t->lines[direction];
	while (bytes.len > 0) {
		const char *lf = memchr(bytes.data, '\n', bytes.len);
		size_t n = lf ? (size_t)(lf - bytes.data) + 1 : bytes.len;
		line->begun = true;
		if (secret)
			keep_secret(line, slice_of(bytes.data, n));
		else
			keep(t, line, slice_of(bytes.data, n));
		if (lf)
			show(t, out, direction, false);
		bytes = slice_skip(bytes, n);
	}
}

void trace_flush(struct trace *t, struct buf *out)
{
	for (enum trace_direction d = TRACE_SENT; d <= TRACE_RECEIVED; d++) {
		if (t->lines[d].begun)
			show(t, out, d, true);
		t->lines[d].offset = 0;
	}
}
