#include "base/slice.h"

#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool slice_eq_folded(struct slice a, const char *b)
{
	return a.len == strlen(b) && strncasecmp(a.data, b, a.len) == 0;
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
		if (slice_eq(slice_take(&list, separator), word))
			return true;
	}
	return false;
}

bool slice_word(struct slice line, struct slice name, struct slice *rest)
{
	while (line.len > 0 && !slice_starts(line, name))
		slice_take(&line, ' ');
	if (line.len == 0)
		return false;
	*rest = slice_before(slice_skip(line, name.len), ' ');
	return true;
}
