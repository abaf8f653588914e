#include "view/text/wrap.h"

#include "base/utf8.h"
#include "view/text/paint.h"

void wrap_add(struct buf *out, struct slice text, size_t indent, size_t column, size_t width)
{
	while (text.len > 0) {
		const char *blank = memchr(text.data, ' ', text.len);
		struct slice word =
		    slice_of(text.data, blank ? (size_t)(blank - text.data) : text.len);
		size_t columns = utf8_columns(word);
		if (column > indent && column + 1 + columns > width) {
			buf_add_char(out, '\n');
			column = 0;
		}
		if (column < indent) {
			buf_add_repeat(out, ' ', indent - column);
			column = indent;
		} else if (column > indent) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add_slice(out, word);
		column += columns;
		text = slice_skip(text, word.len + 1);
	}
	buf_add_char(out, '\n');
}

/* As wrap_piece does, of a piece that is not broken. */
static size_t add_piece(struct buf *out, struct slice piece, const char *gap, size_t indent,
                        size_t column, size_t width)
{
	size_t columns = paint_columns(piece);
	if (column > 0 && column + strlen(gap) + columns > width) {
		buf_add_char(out, '\n');
		buf_add_repeat(out, ' ', indent);
		column = indent;
	} else if (column > 0) {
		buf_add_str(out, gap);
		column += strlen(gap);
	}
	buf_add_slice(out, piece);
	return column + columns;
}

size_t wrap_piece(struct buf *out, struct slice piece, const char *gap, size_t indent,
                  size_t column, size_t width)
{
	if (indent + paint_columns(piece) <= width)
		return add_piece(out, piece, gap, indent, column, width);
	while (piece.len > 0) {
		const char *blank = memchr(piece.data, ' ', piece.len);
		size_t n = blank ? (size_t)(blank - piece.data) : piece.len;
		column = add_piece(out, slice_of(piece.data, n), gap, indent, column, width);
		gap = " ";
		piece = slice_skip(piece, n + 1);
	}
	return column;
}
