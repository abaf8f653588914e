#include "proto/attributes.h"

#include "base/number.h"

bool attribute_next(struct slice *rest, struct attribute *out)
{
	while (rest->len > 0 && rest->data[0] == ' ')
		*rest = slice_skip(*rest, 1);
	if (rest->len == 0)
		return false;
	struct slice word = slice_take(rest, ' ');
	out->name = slice_before(word, '=');
	if (out->name.len < word.len) {
		out->value = slice_skip(word, out->name.len + 1);
	} else {
		out->name = slice_of(word.data, 0);
		out->value = word;
	}
	return true;
}

bool attribute_decode(struct buf *out, struct slice text)
{
	size_t start = out->len;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c == '%') {
			int high = i + 2 < text.len ? number_hex_digit(text.data[i + 1]) : -1;
			int low = high >= 0 ? number_hex_digit(text.data[i + 2]) : -1;
			if (low < 0) {
				buf_cut(out, start);
				return false;
			}
			c = (char)(high << 4 | low);
			i += 2;
		}
		buf_add_char(out, c);
	}
	return true;
}
