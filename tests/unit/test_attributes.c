#include "lib/unit.h"
#include "proto/attributes.h"

static void next_is(struct slice *rest, const char *name, const char *value)
{
	struct attribute a;
	assert_true(attribute_next(rest, &a));
	assert_bytes(a.name, slice_str(name));
	assert_bytes(a.value, slice_str(value));
}

TEST(words_are_taken_one_by_one)
{
	struct slice rest = SLICE("key=a%20b  exp=-1 alone =x x= y=1=2 ");
	struct attribute a;
	next_is(&rest, "key", "a%20b");
	next_is(&rest, "exp", "-1");
	next_is(&rest, "", "alone");
	next_is(&rest, "", "x");
	next_is(&rest, "x", "");
	next_is(&rest, "y", "1=2");
	assert_false(attribute_next(&rest, &a));
	assert_false(attribute_next(&rest, &a));
}

static void decodes(struct slice text, struct slice want)
{
	struct buf out = BUF_INIT;
	buf_add_str(&out, "<");
	assert_true(attribute_decode(&out, text));
	assert_bytes(slice_skip(buf_slice(&out), 1), want);
	buf_release(&out);
}

TEST(keys_are_decoded)
{
	decodes(SLICE(""), SLICE(""));
	decodes(SLICE("foo"), SLICE("foo"));
	decodes(SLICE("a%20b%2Cc%2cd"), SLICE("a b,c,d"));
	decodes(SLICE("%C3%A9%00%ff"), SLICE("\xc3\xa9\0\xff"));
	decodes(SLICE("%25"), SLICE("%"));
}

TEST(a_percent_without_digits_is_refused)
{
	static const char *const bad[] = {"%", "a%2", "%g0", "%0g", "%%25", "%2 ", "ok%20%"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct buf out = BUF_INIT;
		buf_add_str(&out, "kept");
		assert_false(attribute_decode(&out, slice_str(bad[i])));
		assert_text(buf_slice(&out), "kept");
		buf_release(&out);
	}
}

UNIT_MAIN(cmocka_unit_test(words_are_taken_one_by_one), cmocka_unit_test(keys_are_decoded),
          cmocka_unit_test(a_percent_without_digits_is_refused))
