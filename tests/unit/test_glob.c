#include "base/glob.h"
#include "lib/unit.h"

#include <stdlib.h>

static void check(const char *pattern, const char *name, bool fits)
{
	if (glob_match(slice_str(pattern), slice_str(name)) != fits)
		print_error("%s against %s: ", pattern, name);
	assert_int_equal(glob_match(slice_str(pattern), slice_str(name)), fits);
}

TEST(patterns)
{
	static const struct {
		const char *pattern, *fits, *differs;
	} cases[] = {
	    {"", "", "a"},
	    {"abc", "abc", "abcd"},
	    {"*", "", NULL},
	    {"*", "a/b*", NULL},
	    {"a*", "a", "ba"},
	    {"*a", "ba", "ab"},
	    {"a*b*c", "a-b-b-c", "a-c-b"},
	    {"a**c", "ac", "acb"},
	    {"*ab*ab", "xababab", "xaba"},
	    {"?", "\xff", ""},
	    {"a?c", "a*c", "ac"},
	    {"[abc]", "b", "d"},
	    {"[a-c]x", "cx", "dx"},
	    {"[!a-c]", "d", "b"},
	    {"[^a]", "b", "a"},
	    {"[]x]", "]", "["},
	    {"[!]]", "x", "]"},
	    {"[a-]", "-", "b"},
	    {"[\\]]", "]", "\\"},
	    {"[abc", "[abc", "a"},
	    {"\\*", "*", "a"},
	    {"\\[a]", "[a]", "a"},
	    {"a\\", "a\\", "a"},
	    {"user:*:name", "user:42:name", "user:42:names"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check(cases[i].pattern, cases[i].fits, true);
		if (cases[i].differs)
			check(cases[i].pattern, cases[i].differs, false);
	}
}

/* A pattern of many stars takes no time that grows with their number's power. */
TEST(many_stars)
{
	enum {
		LENGTH = 20000
	};
	char *name = malloc(LENGTH);
	memset(name, 'a', LENGTH);
	assert_false(glob_match(SLICE("*a*a*a*a*a*a*a*a*a*a*a*b"), slice_of(name, LENGTH)));
	free(name);
}

UNIT_MAIN(cmocka_unit_test(patterns), cmocka_unit_test(many_stars))
