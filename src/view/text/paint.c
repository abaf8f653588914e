#include "view/text/paint.h"

#include "base/utf8.h"

/* Select Graphic Rendition parameters. Yellow, white and blue are not among them: each of these
 * cannot be read on one of the usual backgrounds. Bold and faint take their colour from the
 * terminal and so fit it. */
static const char *const codes[] = {
    [PAINT_NONE] = "",           [PAINT_GOOD] = "\033[32m",   [PAINT_BAD] = "\033[1;31m",
    [PAINT_MISS] = "\033[35m",   [PAINT_STRING] = "\033[32m", [PAINT_NUMBER] = "\033[36m",
    [PAINT_KEY] = "\033[1m",     [PAINT_HEADING] = "\033[1m", [PAINT_DIM] = "\033[2m",
    [PAINT_SENT] = "\033[36m",   [PAINT_GOT] = "\033[32m",    [PAINT_DATA] = "\033[35m",
    [PAINT_NOTICE] = "\033[35m",
};

void paint_on(struct buf *out, bool color, enum paint paint)
{
	if (color)
		buf_add_str(out, codes[paint]);
}

void paint_off(struct buf *out, bool color, enum paint paint)
{
	if (color && paint != PAINT_NONE)
		buf_add_str(out, "\033[0m");
}

void paint_add(struct buf *out, bool color, enum paint paint, const char *text)
{
	paint_on(out, color, paint);
	buf_add_str(out, text);
	paint_off(out, color, paint);
}

void paint_addf(struct buf *out, bool color, enum paint paint, const char *format, ...)
{
	va_list args;
	paint_on(out, color, paint);
	va_start(args, format);
	buf_vaddf(out, format, args);
	va_end(args);
	paint_off(out, color, paint);
}

void paint_slice(struct buf *out, bool color, enum paint paint,
                 void (*add)(struct buf *out, struct slice text), struct slice text)
{
	paint_on(out, color, paint);
	if (add)
		add(out, text);
	else
		buf_add_slice(out, text);
	paint_off(out, color, paint);
}

size_t paint_columns(struct slice text)
{
	struct buf plain = BUF_INIT;
	if (text.len == 0 || !memchr(text.data, '\033', text.len))
		return utf8_columns(text);
	paint_strip(&plain, text);
	size_t columns = utf8_columns(buf_slice(&plain));
	buf_release(&plain);
	return columns;
}

void paint_strip(struct buf *out, struct slice text)
{
	while (text.len > 0) {
		const char *escape = memmem(text.data, text.len, "\033[", 2);
		size_t n = escape ? (size_t)(escape - text.data) : text.len;
		buf_add(out, text.data, n);
		text = slice_skip(text, n);
		if (text.len == 0)
			break;
		const char *end = memchr(text.data, 'm', text.len);
		text = slice_skip(text, end ? (size_t)(end - text.data) + 1 : text.len);
	}
}
