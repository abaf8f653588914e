#include "view/wrap.h"

#include "base/utf8.h"

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
