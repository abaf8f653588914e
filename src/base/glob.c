#include "base/glob.h"

/* Whether C is in the set that begins after the [ at the start of SET; *LENGTH gets the bytes of
 * the set with its brackets, 0 when it does not end. */
static bool in_set(struct slice set, unsigned char c, size_t *length)
{
	size_t i = 1;
	bool negated = i < set.len && (set.data[i] == '!' || set.data[i] == '^');
	bool found = false;
	i += negated;
	for (size_t first = i; i < set.len; i++) {
		if (set.data[i] == ']' && i > first) {
			*length = i + 1;
			return found != negated;
		}
		if (set.data[i] == '\\' && i + 1 < set.len)
			i++;
		unsigned char low = (unsigned char)set.data[i], high = low;
		if (i + 2 < set.len && set.data[i + 1] == '-' && set.data[i + 2] != ']') {
			high = (unsigned char)set.data[i + 2];
			i += 2;
		}
		found = found || (c >= low && c <= high);
	}
	*length = 0;
	return false;
}

/* Whether the piece at the start of PATTERN, which is no *, stands for C; its length in *LENGTH. */
static bool fits(struct slice pattern, char c, size_t *length)
{
	*length = 1;
	switch (pattern.data[0]) {
	case '?':
		return true;
	case '[': {
		bool in = in_set(pattern, (unsigned char)c, length);
		if (*length > 0)
			return in;
		*length = 1;
		return c == '[';
	}
	case '\\':
		if (pattern.len > 1) {
			*length = 2;
			return pattern.data[1] == c;
		}
		/* fall through */
	default:
		return pattern.data[0] == c;
	}
}

bool glob_match(struct slice pattern, struct slice name)
{
	/* Only the last star needs to be gone back to. */
	struct slice star = {0}, rest = {0};
	for (;;) {
		size_t length;
		if (pattern.len > 0 && pattern.data[0] == '*') {
			star = pattern = slice_skip(pattern, 1);
			rest = name;
			if (!star.data)
				return true;
			continue;
		}
		if (name.len == 0 && pattern.len == 0)
			return true;
		if (name.len > 0 && pattern.len > 0 && fits(pattern, name.data[0], &length)) {
			pattern = slice_skip(pattern, length);
			name = slice_skip(name, 1);
			continue;
		}
		if (!star.data || rest.len == 0)
			return false;
		rest = slice_skip(rest, 1);
		name = rest;
		pattern = star;
	}
}
