#include "codec/fastlz.h"
#include "lib/codec.h"
#include "lib/unit.h"

static void assert_fastlz(struct slice in, size_t max, enum fastlz_result want, const char *text)
{
	struct buf out = BUF_INIT;
	size_t used;
	assert_int_equal(fastlz_expand(in, max, &out, &used), want);
	assert_bytes(buf_slice(&out), slice_str(text));
	buf_release(&out);
}

TEST(fastlz_of_both_levels)
{
	/* Level 1: "ab", then 3 and 14 bytes from 2 back. */
	assert_fastlz(SLICE("\x01"
	                    "ab\x20\x01"),
	              100, FASTLZ_OK, "ababa");
	assert_fastlz(SLICE("\x01"
	                    "ab\xe0\x05\x01"),
	              100, FASTLZ_OK, "abababababababab");
	assert_fastlz(SLICE("\x01"
	                    "ab\xe0\x05\x01"),
	              15, FASTLZ_CEILING, "ab");
	assert_fastlz(SLICE("\x01"
	                    "ab\x20\x02"),
	              100, FASTLZ_CORRUPT, "ab");
	assert_fastlz(SLICE("\x01"
	                    "ab\x20"),
	              100, FASTLZ_TRUNCATED, "ab");
	assert_fastlz(SLICE("\x01"
	                    "ab\xe0"),
	              100, FASTLZ_TRUNCATED, "ab");
	assert_fastlz(SLICE(""), 100, FASTLZ_TRUNCATED, "");
	assert_fastlz(SLICE("\x40"), 100, FASTLZ_CORRUPT, "");
	/* Level 2 has lengths of several bytes, and a longer form for what lies far back. */
	assert_fastlz(SLICE("\x20"
	                    "a\xe0\x05\0"),
	              100, FASTLZ_OK, "aaaaaaaaaaaaaaa");
	assert_fastlz(SLICE("\x20"
	                    "a\xe0\xff\0\0"),
	              100, FASTLZ_CEILING, "a");
	assert_fastlz(SLICE("\x20"
	                    "a\x3f\xff\0\0"),
	              100, FASTLZ_CORRUPT, "a");
	assert_fastlz(SLICE("\x20"
	                    "a\x3f\xff\0"),
	              100, FASTLZ_TRUNCATED, "a");

	/* 1 + 8191 bytes of a, then "b", then 3 bytes from 8193 back: "aaa". */
	struct buf in = BUF_INIT, out = BUF_INIT;
	size_t used;
	buf_add(&in,
	        "\x20"
	        "a\xe0",
	        3);
	buf_add_repeat(&in, '\xff', 32);
	buf_add(&in, "\x16\0\0b\x3f\xff\0\1", 8);
	assert_int_equal(fastlz_expand(buf_slice(&in), 100000, &out, &used), FASTLZ_OK);
	assert_int_equal(out.len, 1 + 9 + 32 * 255 + 0x16 + 1 + 3);
	assert_text(slice_skip(buf_slice(&out), out.len - 4), "baaa");
	buf_release(&in);
	buf_release(&out);
}

UNIT_MAIN(cmocka_unit_test(fastlz_of_both_levels))
