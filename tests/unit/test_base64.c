#include "base/base64.h"
#include "lib/unit.h"

TEST(the_vectors_of_rfc_4648)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {{"", ""},
	             {"f", "Zg=="},
	             {"fo", "Zm8="},
	             {"foo", "Zm9v"},
	             {"foob", "Zm9vYg=="},
	             {"fooba", "Zm9vYmE="},
	             {"foobar", "Zm9vYmFy"}};
	struct buf b = BUF_INIT;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		base64_add(&b, slice_str(cases[i].bytes));
		assert_bytes(buf_slice(&b), slice_str(cases[i].text));
		assert_int_equal(base64_length(strlen(cases[i].bytes)), b.len);
		buf_clear(&b);
		assert_true(base64_decode(&b, slice_str(cases[i].text)));
		assert_bytes(buf_slice(&b), slice_str(cases[i].bytes));
	}
	buf_release(&b);
}

TEST(every_byte_comes_back)
{
	char bytes[257];
	struct buf text = BUF_INIT, back = BUF_INIT;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		buf_clear(&text);
		buf_clear(&back);
		base64_add(&text, slice_of(bytes, n));
		assert_true(base64_decode(&back, buf_slice(&text)));
		assert_bytes(buf_slice(&back), slice_of(bytes, n));
	}
	buf_release(&text);
	buf_release(&back);
}

TEST(what_is_none)
{
	static const char *const cases[] = {"Z",      "Zg",   "Zg=",      "Zg===", "=Zg=",
	                                    "Zh==",   "Zm9=", "Zm9v=",    "Zm-v",  "Zm_v",
	                                    "Zm9v\n", "====", "Zg==Zg==", "Z g="};
	struct buf b = BUF_INIT;
	buf_add_str(&b, "kept");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(base64_decode(&b, slice_str(cases[i])));
		assert_text(buf_slice(&b), "kept");
	}
	buf_release(&b);
}

UNIT_MAIN(cmocka_unit_test(the_vectors_of_rfc_4648), cmocka_unit_test(every_byte_comes_back),
          cmocka_unit_test(what_is_none))
