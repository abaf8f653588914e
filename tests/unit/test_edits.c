#include "base/edits.h"
#include "lib/unit.h"

static void apart(const char *a, const char *b, unsigned want)
{
	assert_int_equal(want, edits_between(slice_str(a), slice_str(b), 9));
	assert_int_equal(want, edits_between(slice_str(b), slice_str(a), 9));
	if (want > 0)
		assert_int_equal(want, edits_between(slice_str(a), slice_str(b), want - 1));
}

TEST(edits_are_counted)
{
	apart("", "", 0);
	apart("abc", "abc", 0);
	apart("abc", "aBC", 0);
	apart("", "abc", 3);
	apart("abc", "abd", 1);
	apart("abc", "abcd", 1);
	apart("abc", "acb", 1);
	apart("user:17", "usr:71", 2);
	apart("kitten", "sitting", 3);
	apart("a1", "a!", 1);
}

TEST(more_edits_than_are_wanted_are_one_more_than_these)
{
	assert_int_equal(3, edits_between(SLICE("abcdefgh"), SLICE("12345678"), 2));
	assert_int_equal(1, edits_between(SLICE("abc"), SLICE("abcd"), 0));
	char longest[EDITS_WORD_MAX + 1];
	memset(longest, 'x', sizeof(longest));
	struct slice word = slice_of(longest, EDITS_WORD_MAX);
	assert_int_equal(0, edits_between(word, word, 3));
	assert_int_equal(1, edits_between(word, slice_of(longest, EDITS_WORD_MAX - 1), 3));
	assert_int_equal(4, edits_between(slice_of(longest, sizeof(longest)), word, 3));
}

UNIT_MAIN(cmocka_unit_test(edits_are_counted),
          cmocka_unit_test(more_edits_than_are_wanted_are_one_more_than_these))
