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

bool slice_word(struct slice line, struct slice name, struct slice *rest)
{
	while (line.len > 0 && !slice_starts(line, name)) {
		const char *blank = memchr(line.data, ' ', line.len);
		line = slice_skip(line, blank ? (size_t)(blank - line.data) + 1 : line.len);
	}
	if (line.len == 0)
		return false;
	line = slice_skip(line, name.len);
	const char *blank = line.len ? memchr(line.data, ' ', line.len) : NULL;
	*rest = slice_of(line.data, blank ? (size_t)(blank - line.data) : line.len);
	return true;
}
