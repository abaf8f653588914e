#include "view/text/fit.h"

#include "base/utf8.h"
#include "view/text/paint.h"

const char *fit_ellipsis(bool utf8)
{
	return utf8 ? "\xe2\x80\xa6" : "...";
}

size_t fit_ellipsis_columns(bool utf8)
{
	return utf8 ? 1 : 3;
}

/* The longest start of TEXT that takes at most WIDTH columns, in bytes; never half a character. */
static size_t fitting(struct slice text, size_t width)
{
	size_t at = 0, columns = 0;
	while (at < text.len) {
		uint32_t code;
		size_t n = utf8_decode(slice_skip(text, at), &code);
		size_t w = n == 0 ? 1 : (size_t)utf8_width(code);
		if (columns + w > width)
			break;
		columns += w;
		at += n == 0 ? 1 : n;
	}
	return at;
}

size_t fit_bytes(struct slice text, size_t max)
{
	if (text.len <= max)
		return text.len;
	size_t at = max;
	/* Back over continuation bytes, three at the most; longer runs of them are not UTF-8. */
	while (at > 0 && max - at < 3 && utf8_continues(text.data[at]))
		at--;
	return utf8_continues(text.data[at]) ? max : at;
}

void fit_add(struct buf *out, struct slice text, size_t width, enum fit_align align, bool utf8)
{
	size_t columns = utf8_columns(text);
	bool cut = columns > width;
	size_t dots = fit_ellipsis_columns(utf8);
	if (cut) {
		if (dots > width)
			dots = 0;
		text.len = fitting(text, width - dots);
		columns = utf8_columns(text) + dots;
	}
	if (align == FIT_RIGHT)
		buf_add_repeat(out, ' ', width - columns);
	buf_add_slice(out, text);
	if (cut && dots > 0)
		buf_add_str(out, fit_ellipsis(utf8));
	if (align == FIT_LEFT)
		buf_add_repeat(out, ' ', width - columns);
}

void fit_painted(struct buf *out, const struct style *style, enum paint paint, struct slice text,
                 size_t width, enum fit_align align)
{
	paint_on(out, style->color, paint);
	fit_add(out, text, width, align, style->utf8);
	paint_off(out, style->color, paint);
}

void fit_trim_end(struct buf *out, size_t from)
{
	while (out->len > from && out->data[out->len - 1] == ' ')
		out->len--;
}

/* Bytes of the escape sequence that TEXT begins with ("\033[32m"); 0: it begins with none. */
static size_t escape_bytes(struct slice text)
{
	if (text.len < 2 || text.data[0] != '\033' || text.data[1] != '[')
		return 0;
	const char *end = memchr(text.data, 'm', text.len);
	return end ? (size_t)(end - text.data) + 1 : text.len;
}

/* How many characters of a column each TEXT begins with, LIMIT at most. */
static size_t plain_run(struct slice text, size_t limit)
{
	size_t n = 0;
	while (n < limit && n < text.len && text.data[n] >= ' ' && text.data[n] <= '~')
		n++;
	return n;
}

size_t fit_rows(struct slice text, size_t width, size_t enough)
{
	size_t rows = 0, column = 0;
	while (text.len > 0 && rows < enough) {
		size_t run = plain_run(text, width > column ? width - column : 0);
		if (run > 0) {
			column += run;
			text = slice_skip(text, run);
			continue;
		}
		size_t n = escape_bytes(text), w = 0;
		uint32_t code;
		if (n == 0 && text.data[0] == '\t') {
			n = 1;
			w = 8 - column % 8;
			if (column + w >= width) /* a tab stops at the edge */
				w = width > column ? width - column - 1 : 0;
		} else if (n == 0 && text.data[0] != '\n') {
			n = utf8_decode(text, &code);
			w = n == 0 ? 1 : (size_t)utf8_width(code);
			n = n == 0 ? 1 : n;
		}
		if (text.data[0] == '\n') {
			n = 1;
			rows++;
			column = 0;
		} else if (column + w > width) {
			rows++;
			column = w;
		} else {
			column += w;
		}
		text = slice_skip(text, n);
	}
	return rows;
}
