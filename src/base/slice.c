#include "base/slice.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice s)
{
	while (s.len > 0 && is_blank(s.data[0]))
		s = slice_skip(s, 1);
	while (s.len > 0 && is_blank(s.data[s.len - 1]))
		s.len--;
	return s;
}

bool slice_lists(struct slice list, char separator, struct slice word)
{
	while (list.len > 0) {
		const char *end = memchr(list.data, separator, list.len);
		size_t len = end ? (size_t)(end - list.data) : list.len;
		if (slice_eq(slice_of(list.data, len), word))
			return true;
		list = slice_skip(list, len + 1);
	}
	return false;
}
