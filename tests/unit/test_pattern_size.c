#include "base/pattern_size.h"
#include "lib/unit.h"

static void passes(const char *text)
{
	const char *why;
	assert_true(pattern_size_check(slice_str(text), &why));
	assert_null(why);
}

static void fails(const char *text, const char *reason)
{
	const char *why;
	assert_false(pattern_size_check(slice_str(text), &why));
	assert_string_equal(why, reason);
}

static const char large[] = "its repetitions make it too large";
static const char back[] = "it refers back to a group, for which no time would be enough";

TEST(ordinary_expressions_pass)
{
	passes("");
	passes("^user:[0-9]+:(name|mail)$");
	passes("[^]a-z[:digit:]]{1,250}:x{0,250}");
	passes("(a*)*b");
	passes("a{4096}");
	passes("[(){9999}]\\(\\){2}");
	passes("(((((a+)+)+)+)+)+");
	passes("a{,5}{2}|b{3,}");
	passes("\\\\1");
}

TEST(malformed_ones_are_for_regcomp)
{
	passes("(");
	passes(")");
	passes("[");
	passes("[[:");
	passes("[[:a");
	passes("a{");
	passes("a{1");
	passes("a{1,");
	passes("\\");
	passes("*");
	passes("{2}");
}

TEST(repetitions_are_counted_as_they_are_written_out)
{
	fails("a{4097}", large);
	fails("a{0,4097}", large);
	fails("(a{1,100}){1,100}", large);
	fails("(((((a{1,100}){1,100}){1,100}){1,100}){1,100})", large);
	fails("(ab|c[d]){2000}", large);
	fails("a{99999999999999999999}", large);
	fails("a{64}{65}", large);
	fails("((((((((((((((a+)+)+)+)+)+)+)+)+)+)+)+)+)+)", large);
	char deep[400];
	memset(deep, '(', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	fails(deep, large);
}

TEST(back_references_are_refused)
{
	fails("(a*)\\1", back);
	fails("(a)(b)\\2*", back);
	fails("\\\\\\9", back);
}

UNIT_MAIN(cmocka_unit_test(ordinary_expressions_pass),
          cmocka_unit_test(malformed_ones_are_for_regcomp),
          cmocka_unit_test(repetitions_are_counted_as_they_are_written_out),
          cmocka_unit_test(back_references_are_refused))
