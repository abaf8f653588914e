#include "base/json_pack.h"
#include "lib/unit.h"

static void packs(const char *text, const char *compact, const char *spaced)
{
	struct buf out = BUF_INIT;
	json_pack(&out, slice_str(text), &json_spacings[0]);
	assert_bytes(buf_slice(&out), slice_str(compact));
	buf_clear(&out);
	json_pack(&out, slice_str(text), &json_spacings[1]);
	assert_bytes(buf_slice(&out), slice_str(spaced));
	buf_release(&out);
}

static void spreads(const char *text, const char *want)
{
	struct buf out = BUF_INIT;
	json_spread(&out, slice_str(text));
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
}

TEST(blanks_between_tokens_are_the_spacing_s)
{
	packs("{ \"a\" :1,\n\"b\":[ ] , \"c\":[1,2]}", "{\"a\":1,\"b\":[],\"c\":[1,2]}",
	      "{\"a\": 1, \"b\": [], \"c\": [1, 2]}");
	packs("[]", "[]", "[]");
	packs(" 12 ", "12", "12");
}

TEST(strings_and_numbers_keep_their_spelling)
{
	packs("[\"a , b : \\\" { \\\\\",1.0e+5,-0.10,true,null]",
	      "[\"a , b : \\\" { \\\\\",1.0e+5,-0.10,true,null]",
	      "[\"a , b : \\\" { \\\\\", 1.0e+5, -0.10, true, null]");
}

TEST(a_line_for_each_member)
{
	spreads("{\"a\":[1,{\"b\":{}}],\"c\":[]}",
	        "{\n  \"a\": [\n    1,\n    {\n      \"b\": {}\n    }\n  ],\n  \"c\": []\n}");
	spreads("[]", "[]");
	spreads("[ [ ] ]", "[\n  []\n]");
}

TEST(what_is_spread_is_packed_again)
{
	static const char *const texts[] = {"{\"a\":[1,{\"b\":{}}],\"c\":[],\"\":\"\\\\\"}",
	                                    "[[[[]]],{}]", "\"}\"", "[\"]\",\"[\",\"{\"]"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf spread = BUF_INIT, packed = BUF_INIT;
		json_spread(&spread, slice_str(texts[i]));
		json_pack(&packed, buf_slice(&spread), &json_spacings[0]);
		assert_bytes(buf_slice(&packed), slice_str(texts[i]));
		buf_release(&spread);
		buf_release(&packed);
	}
}

TEST(a_text_that_is_cut_is_read_to_its_end)
{
	packs("{\"a", "{\"a", "{\"a");
	packs("[\"\\", "[\"\\", "[\"\\");
	packs("", "", "");
}

UNIT_MAIN(cmocka_unit_test(blanks_between_tokens_are_the_spacing_s),
          cmocka_unit_test(strings_and_numbers_keep_their_spelling),
          cmocka_unit_test(a_line_for_each_member),
          cmocka_unit_test(what_is_spread_is_packed_again),
          cmocka_unit_test(a_text_that_is_cut_is_read_to_its_end))
