#include "proto/attributes.h"

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

bool attribute_find(struct slice line, const char *name, struct slice *value)
{
	struct attribute a;
	while (attribute_next(&line, &a)) {
		if (slice_eq_str(a.name, name)) {
			*value = a.value;
			return true;
		}
	}
	return false;
}

/* The value of a hexadecimal digit, 16 for any other byte. */
static unsigned digit(char c)
{
	char lower = (char)(c | 0x20);
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a') + 10 : 16;
}

bool attribute_decode(struct buf *out, struct slice text)
{
	size_t start = out->len;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c == '%') {
			unsigned high = i + 2 < text.len ? digit(text.data[i + 1]) : 16;
			unsigned low = i + 2 < text.len ? digit(text.data[i + 2]) : 16;
			if (high > 15 || low > 15) {
				buf_cut(out, start);
				return false;
			}
			c = (char)(high * 16 + low);
			i += 2;
		}
		buf_add_char(out, c);
	}
	return true;
}
