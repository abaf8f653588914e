#include "base/pattern.h"
#include "lib/unit.h"

static void finds(const char *pattern, bool fixed, bool folded, struct slice line, int at, int len)
{
	struct error error;
	struct pattern *s = pattern_new(slice_str(pattern),
	                                (fixed ? PATTERN_FIXED : 0) | (folded ? PATTERN_FOLDED : 0),
	                                &error);
	size_t from = 99, n = 99;
	assert_non_null(s);
	bool found = pattern_find(s, line, &from, &n);
	assert_int_equal(at >= 0, found);
	if (found) {
		assert_int_equal(at, from);
		assert_int_equal(len, n);
	}
	pattern_free(s);
}

TEST(an_expression_is_found_where_it_is_first)
{
	finds("o+", false, false, SLICE("foo boo"), 1, 2);
	finds("^b", false, false, SLICE("foo boo"), -1, 0);
	finds("boo$", false, false, SLICE("foo boo"), 4, 3);
	finds("BOO", false, false, SLICE("foo boo"), -1, 0);
	finds("BOO", false, true, SLICE("foo boo"), 4, 3);
	finds("", false, false, SLICE("foo"), 0, 0);
	finds("c$", false, false, SLICE("\0\xff a\0c"), 5, 1);
}

TEST(an_expression_ends_with_its_line)
{
	static const char text[] = "one\ntwo";
	finds("e$", false, false, slice_of(text, 3), 2, 1);
	finds("two", false, false, slice_of(text, 3), -1, 0);
}

TEST(a_string_is_taken_as_it_is)
{
	finds("o.", true, false, SLICE("foo o."), 4, 2);
	finds("(", true, false, SLICE("f(x)"), 1, 1);
	finds("", true, false, SLICE(""), 0, 0);
	finds("O.B", true, true, SLICE("fo.b"), 1, 3);
	finds("o.B", true, false, SLICE("fo.b"), -1, 0);
	finds("longer than it", true, true, SLICE("short"), -1, 0);
}

TEST(a_whole_match_goes_from_end_to_end)
{
	struct error error;
	struct pattern *s = pattern_new(SLICE("a|ab"), PATTERN_WHOLE, &error);
	assert_true(pattern_matches(s, SLICE("ab")));
	assert_false(pattern_matches(s, SLICE("xab")));
	assert_false(pattern_matches(s, SLICE("abx")));
	pattern_free(s);
}

TEST(what_is_no_expression_is_refused)
{
	struct error error;
	assert_null(pattern_new(SLICE("("), 0, &error));
	assert_non_null(strstr(error.what, "cannot read the expression \"(\""));
	assert_null(pattern_new(SLICE("a\0b"), 0, &error));
	struct pattern *s = pattern_new(SLICE("a\0b"), PATTERN_FIXED, &error);
	size_t at, len;
	assert_non_null(s);
	assert_true(pattern_find(s, SLICE("xa\0bx"), &at, &len));
	assert_int_equal(1, at);
	pattern_free(s);
}

UNIT_MAIN(cmocka_unit_test(an_expression_is_found_where_it_is_first),
          cmocka_unit_test(an_expression_ends_with_its_line),
          cmocka_unit_test(a_string_is_taken_as_it_is),
          cmocka_unit_test(a_whole_match_goes_from_end_to_end),
          cmocka_unit_test(what_is_no_expression_is_refused))
