#include "base/utf8.h"
#include "lib/unit.h"

TEST(decodes_the_ends_of_every_length)
{
	static const struct {
		struct slice text;
		uint32_t code;
	} cases[] = {
	    {SLICE("\0"), 0},
	    {SLICE("A"), 'A'},
	    {SLICE("\x7f"), 0x7f},
	    {SLICE("\xc2\x80"), 0x80},
	    {SLICE("\xc3\xa9"), 0xe9},
	    {SLICE("\xdf\xbf"), 0x7ff},
	    {SLICE("\xe0\xa0\x80"), 0x800},
	    {SLICE("\xe2\x82\xac"), 0x20ac},
	    {SLICE("\xed\x9f\xbf"), 0xd7ff},
	    {SLICE("\xee\x80\x80"), 0xe000},
	    {SLICE("\xef\xbf\xbf"), 0xffff},
	    {SLICE("\xf0\x90\x80\x80"), 0x10000},
	    {SLICE("\xf0\x9f\x98\x80"), 0x1f600},
	    {SLICE("\xf4\x8f\xbf\xbf"), 0x10ffff},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t code = UINT32_MAX;
		assert_int_equal(utf8_decode(cases[i].text, &code), cases[i].text.len);
		assert_int_equal(code, cases[i].code);
		/* One byte less is no character. */
		struct slice torn = slice_of(cases[i].text.data, cases[i].text.len - 1);
		assert_int_equal(utf8_decode(torn, &code), 0);
		char out[4];
		assert_bytes(slice_of(out, utf8_encode(cases[i].code, out)), cases[i].text);
	}
}

TEST(refuses_what_rfc_3629_refuses)
{
	static const struct slice cases[] = {
	    SLICE(""),
	    SLICE("\x80"),                     /* a stray continuation */
	    SLICE("\xbf"),                     /* another */
	    SLICE("\xc0\x80"),                 /* overlong NUL */
	    SLICE("\xc1\xbf"),                 /* overlong U+007F */
	    SLICE("\xe0\x9f\xbf"),             /* overlong U+07FF */
	    SLICE("\xf0\x8f\xbf\xbf"),         /* overlong U+FFFF */
	    SLICE("\xed\xa0\x80"),             /* the first surrogate */
	    SLICE("\xed\xbf\xbf"),             /* the last one */
	    SLICE("\xf4\x90\x80\x80"),         /* U+110000 */
	    SLICE("\xf5\x80\x80\x80"),         /* a lead that no character has */
	    SLICE("\xf8\x88\x80\x80\x80"),     /* five bytes */
	    SLICE("\xfc\x84\x80\x80\x80\x80"), /* six */
	    SLICE("\xfe"),
	    SLICE("\xff"),
	    SLICE("\xc3("), /* a continuation is missing */
	    SLICE("\xe2(\xa1"),
	    SLICE("\xe2\x82("),
	    SLICE("\xf0(\x8c\xbc"),
	    SLICE("\xf0\x90(\xbc"),
	    SLICE("\xf0\x90\x8c("),
	    SLICE("\xc3\xc3"),
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t code = 7;
		if (utf8_decode(cases[i], &code) != 0)
			fail_msg("case %zu was taken", i);
		assert_int_equal(code, 7);
	}
}

TEST(every_code_point_survives_encoding)
{
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		if (code == 0xd800)
			code = 0xe000;
		char out[4];
		size_t n = utf8_encode(code, out);
		uint32_t back = UINT32_MAX;
		if (utf8_decode(slice_of(out, n), &back) != n || back != code)
			fail_msg("U+%04X came back as U+%04X", code, back);
	}
}

TEST(decodes_only_the_first_character)
{
	uint32_t code;
	assert_int_equal(utf8_decode(SLICE("\xc3\xa9\xff"), &code), 2);
	assert_int_equal(code, 0xe9);
}

TEST(valid_means_every_byte)
{
	assert_true(utf8_valid(SLICE("")));
	assert_true(utf8_valid((struct slice){NULL, 0}));
	assert_true(utf8_valid(SLICE("a\0z")));
	assert_true(utf8_valid(SLICE("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80")));
	assert_false(utf8_valid(SLICE("na\xc3")));
	assert_false(utf8_valid(SLICE("\xc3\xa9\x80")));
	assert_false(utf8_valid(SLICE("ok \xff ok")));
}

TEST(width_of_a_character)
{
	static const struct {
		uint32_t code;
		int columns;
	} cases[] = {
	    {' ', 1},      {'a', 1},     {0xe9, 1},    {0x2ff, 1},   {0x300, 0},   {0x36f, 0},
	    {0x370, 1},    {0x10ff, 1},  {0x1100, 2},  {0x115f, 2},  {0x1160, 1},  {0x200a, 1},
	    {0x200b, 0},   {0x200d, 0},  {0x20ac, 1},  {0x20d0, 0},  {0x2713, 1},  {0x2705, 2},
	    {0x3042, 2},   {0x4e00, 2},  {0x9fff, 2},  {0xac00, 2},  {0xd7a3, 2},  {0xfe0f, 0},
	    {0xfe20, 0},   {0xff01, 2},  {0xff61, 1},  {0x1f600, 2}, {0x1f980, 2}, {0x20000, 2},
	    {0x2fffd, 2},  {0x30000, 2}, {0x3fffd, 2}, {0xe0100, 0}, {0xe01ef, 0}, {0xe01f0, 1},
	    {0x10ffff, 1}, {0x5c7, 0},   {0x903, 1},   {0x3248, 1},  {0x18b00, 2},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int columns = utf8_width(cases[i].code);
		if (columns != cases[i].columns)
			fail_msg("U+%04X: %d columns, expected %d", cases[i].code, columns,
			         cases[i].columns);
	}
}

TEST(columns_of_a_text)
{
	assert_int_equal(utf8_columns(SLICE("")), 0);
	assert_int_equal(utf8_columns(SLICE("abc")), 3);
	assert_int_equal(utf8_columns(SLICE("\xc3\xa9t\xc3\xa9")), 3);
	assert_int_equal(utf8_columns(SLICE("e\xcc\x81")), 1);
	assert_int_equal(utf8_columns(SLICE("\xe6\x97\xa5\xe6\x9c\xac")), 4);
	assert_int_equal(utf8_columns(SLICE("a\xff\xfe")), 3);
	assert_int_equal(utf8_columns(SLICE("\xe6\x97")), 2);
}

TEST(dangerous_characters_and_their_neighbours)
{
	static const struct {
		uint32_t first, last;
	} dangerous[] = {
	    {0, 0x1f},          {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},
	    {0x61c, 0x61c},     {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
	    {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
	    {0xfe00, 0xfe0d},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},
	    {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
	};
	for (size_t i = 0; i < sizeof(dangerous) / sizeof(dangerous[0]); i++) {
		for (uint32_t code = dangerous[i].first; code <= dangerous[i].last; code++)
			assert_true(utf8_dangerous(code));
		if (dangerous[i].first > 0)
			assert_false(utf8_dangerous(dangerous[i].first - 1));
		assert_false(utf8_dangerous(dangerous[i].last + 1));
	}
	/* What is not seen drives nothing. */
	assert_true(utf8_drives(0x1b) && utf8_drives(0x9b) && utf8_drives(0x202e));
	assert_false(utf8_drives(0x200b) || utf8_drives(0xe0041) || utf8_drives('a'));
	assert_false(utf8_dangerous('a'));
	assert_false(utf8_dangerous(0x10ffff));
}

UNIT_MAIN(cmocka_unit_test(decodes_the_ends_of_every_length),
          cmocka_unit_test(refuses_what_rfc_3629_refuses),
          cmocka_unit_test(every_code_point_survives_encoding),
          cmocka_unit_test(decodes_only_the_first_character),
          cmocka_unit_test(valid_means_every_byte), cmocka_unit_test(width_of_a_character),
          cmocka_unit_test(columns_of_a_text),
          cmocka_unit_test(dangerous_characters_and_their_neighbours))
