#include "base/json_read.h"
#include "codec/codec.h"
#include "codec/decode.h"
#include "lib/codec.h"
#include "lib/unit.h"

static void assert_auto(uint64_t flags, struct slice stored, const char *profile, const char *why)
{
	struct decoded d = {0};
	codec_decode(codec_named("auto"), flags, stored, INFLATE_MAX, &d);
	assert_string_equal(d.why, why);
	assert_string_equal(d.codec, profile);
	decoded_release(&d);
}

TEST(auto_says_what_decided)
{
	assert_auto(16, SLICE("abc"), "python-memcached",
	            "flags 16 and valid UTF-8: text as python-memcached writes it");
	assert_auto(0, SLICE("abc"), "none", "no flags set, and the bytes are valid UTF-8: text");
	assert_auto(0, SLICE(""), "none", "no flags set, and the value is empty");
	assert_auto(0, SLICE("\xff\x01"), "none", "no flags set, and the bytes are no UTF-8 text");
	assert_auto(0, SLICE("\x80\x02N."), "none",
	            "no flags set, and the bytes begin like those of a serialiser");
	assert_auto(2, SLICE("7"), "python-memcached",
	            "flags 2 and decimal digits: an integer as python-memcached writes it; "
	            "php-memcached could have written it too");
	assert_auto(768, SLICE("42"), "pecl-memcache",
	            "flags 768 and decimal digits: an int as pecl-memcache writes it; spymemcached "
	            "could have written it too");
	assert_auto(
	    123456, SLICE("abc"), "none",
	    "flags 123456 with such bytes fit no client known here, and the bytes are valid "
	    "UTF-8: text");
	assert_auto(UINT64_MAX, SLICE("abc"), "none",
	            "flags 18446744073709551615 with such bytes fit no client known here, and the "
	            "bytes are valid UTF-8: text");
}

static void assert_problem(const char *profile, uint64_t flags, struct slice stored,
                           size_t inflate_max, const char *problem)
{
	struct decoded d = {0};
	codec_decode(codec_named(profile), flags, stored, inflate_max, &d);
	assert_string_equal(d.problem, problem);
	assert_true(d.bytes.len <= inflate_max);
	decoded_release(&d);
}

TEST(problems_are_named)
{
	static const struct slice zlib = {"\x78\x9c\xab\xa8\xa0\x3d\0\0\x40\x1b\x2e\xe1", 12};
	assert_problem("python-memcached", 24, slice_of(zlib.data, 9), INFLATE_MAX,
	               "the zlib stream is cut short after 9 of its 9 bytes, 100 bytes came out");
	assert_problem("python-memcached", 24, SLICE("hello"), INFLATE_MAX,
	               "the zlib stream is damaged after 2 of its 5 bytes, 0 bytes came out");
	assert_problem("python-memcached", 24, zlib, 99,
	               "the zlib stream expands to more than the 99 bytes allowed: what follows is "
	               "left out");
	assert_problem("python-memcached", 24, zlib, 100, "");
	assert_problem("python-memcached", 16, SLICE("\xff"), INFLATE_MAX,
	               "the flags say text, and the bytes are not UTF-8");
	assert_problem("python-memcached", 2, SLICE("4x"), INFLATE_MAX,
	               "the flags say an integer, and the bytes are not decimal digits");
	assert_problem("python-memcached", 32, SLICE("x"), INFLATE_MAX,
	               "flags 32: python-memcached refuses flags other than 1, 2, 4, 8, 16");
	assert_problem("php-memcached", 80, SLICE("abc"), INFLATE_MAX,
	               "a compressed value begins with 4 bytes of length, here are 3");
	assert_problem("php-memcached", 16, SLICE("\1\0\0\0x"), INFLATE_MAX,
	               "flags 16: compressed, and no bit says by what");
	assert_problem("php-memcached", 144, SLICE("\1\0\0\0\x28\xb5\x2f\xfd"), INFLATE_MAX,
	               "compressed with zstd, which mcsh does not expand; it announces 1 bytes");
	assert_problem("php-memcached", 80,
	               SLICE("\xff\xff\xff\xff\x02"
	                     "abc"),
	               INFLATE_MAX, "it announces 4294967295 bytes, and 3 came out");
	assert_problem("php-memcached", 80,
	               SLICE("\3\0\0\0\x02"
	                     "ab"),
	               INFLATE_MAX,
	               "the fastlz stream is cut short after 1 of its 3 bytes, 0 bytes came out");
	assert_problem("php-memcached", 6, SLICE("{"), INFLATE_MAX,
	               "the flags say JSON, and the bytes are no JSON document");
	assert_problem("spymemcached", 512, SLICE("abcde"), INFLATE_MAX,
	               "the flags say int, which has at most 4 bytes, and these are 5");
	assert_problem("spymemcached", 0x900, SLICE("a"), INFLATE_MAX,
	               "type 0x900 is none that spymemcached writes");
	assert_problem("node-memcached", 4, SLICE("\xe2\x82\xac"), INFLATE_MAX,
	               "the flags say a Buffer, and the bytes are not the UTF-8 of Latin-1 "
	               "characters");
	assert_problem("node-memcached", 3, SLICE("a"), INFLATE_MAX,
	               "flags 3 are none that node-memcached writes");
	assert_problem("none", 3, SLICE("a"), INFLATE_MAX, "");
}

TEST(json_is_checked_whole)
{
	static const char *const good[] = {"0",         "-1.5e+3",     "[]",         "{}",
	                                   " [1 , 2] ", "\"\\u00e9\"", "{\"a\":{}}", "null"};
	static const char *const bad[] = {"",    "01", "1.",      "[1,]", "{\"a\"}", "\"\n\"",
	                                  "nul", "[1", "\"\\x\"", "1 2",  "{1:2}",   "\xff"};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		if (!json_is_valid(slice_str(good[i])))
			fail_msg("%s is JSON", good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (json_is_valid(slice_str(bad[i])))
			fail_msg("%s is no JSON", bad[i]);
	}
}

static uint64_t flags_for(const struct codec *p, enum decoded_type type)
{
	const struct codec_typed *typed = &codec_writer(p)->typed[type];
	return typed->has ? typed->flags : UINT64_MAX;
}

TEST(flags_for_what_a_user_types)
{
	static const struct row {
		const char *profile;
		uint64_t text, integer, whole, json, bytes;
	} rows[] = {
	    {"none", 16, 2, 4, UINT64_MAX, 0},
	    {"python-memcached", 16, 2, 4, UINT64_MAX, 0},
	    {"pylibmc", 16, 4, 4, UINT64_MAX, 0},
	    {"pymemcache", 16, 2, 4, UINT64_MAX, 0},
	    {"php-memcached", 0, 1, 1, 6, 0},
	    {"pecl-memcache", 0, 768, 768, UINT64_MAX, 0},
	    {"dalli", 0, UINT64_MAX, UINT64_MAX, UINT64_MAX, 0},
	    {"spymemcached", 0, 512, 768, 0, 2048},
	    {"node-memcached", 0, 8, 8, 2, 4},
	    {"auto", 16, 2, 4, UINT64_MAX, 0},
	};
	assert_int_equal(codec_count, sizeof rows / sizeof rows[0]);
	for (size_t i = 0; i < codec_count; i++) {
		const struct codec *p = codecs[i];
		assert_string_equal(p->name, rows[i].profile);
		assert_ptr_equal(codec_find(slice_str(p->name)), p);
		assert_true(flags_for(p, DECODED_TEXT) == rows[i].text);
		assert_true(flags_for(p, DECODED_INTEGER) == rows[i].integer);
		assert_true(flags_for(p, DECODED_LONG) == rows[i].whole);
		assert_true(flags_for(p, DECODED_JSON) == rows[i].json);
		assert_true(flags_for(p, DECODED_BYTES) == rows[i].bytes);
		assert_true(flags_for(p, DECODED_SERIALISED) == UINT64_MAX);
	}
	assert_null(codec_find(SLICE("python")));
	assert_null(codec_find(SLICE("")));
}

/* What encode writes decodes to what was typed. */
TEST(encoded_values_come_back)
{
	static const struct row {
		const char *profile;
		enum decoded_type type;
		struct slice typed;
		struct slice stored;
	} rows[] = {
	    {"spymemcached", DECODED_INTEGER, {"42", 2}, {"\x2a", 1}},
	    {"spymemcached", DECODED_INTEGER, {"0", 1}, {"", 0}},
	    {"spymemcached", DECODED_INTEGER, {"-7", 2}, {"\xff\xff\xff\xf9", 4}},
	    {"spymemcached", DECODED_LONG, {"4200000000", 10}, {"\xfa\x56\xea\0", 4}},
	    {"spymemcached", DECODED_LONG, {"-1", 2}, {"\xff\xff\xff\xff\xff\xff\xff\xff", 8}},
	    {"spymemcached", DECODED_TEXT, {"abc", 3}, {"abc", 3}},
	    {"node-memcached", DECODED_TEXT, {"a\r\nb", 4}, {"a\\\r\\\nb", 6}},
	    {"node-memcached", DECODED_JSON, {"[1]", 3}, {"[1]", 3}},
	    {"node-memcached", DECODED_INTEGER, {"42", 2}, {"42", 2}},
	};
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct decoded d = {0};
		const struct codec *p = codec_named(rows[i].profile);
		buf_clear(&out);
		assert_true(p->encode(rows[i].type, rows[i].typed, &out));
		assert_bytes(buf_slice(&out), rows[i].stored);
		codec_decode(p, flags_for(p, rows[i].type), buf_slice(&out), INFLATE_MAX, &d);
		assert_int_equal(d.type, rows[i].type);
		assert_bytes(buf_slice(&d.text), rows[i].typed);
		assert_string_equal(d.problem, "");
		decoded_release(&d);
	}
	buf_clear(&out);
	assert_true(codec_node_memcached.encode(DECODED_BYTES, SLICE("\1\2\xff"), &out));
	assert_text(buf_slice(&out), "\1\2\xc3\xbf");
	buf_clear(&out);
	assert_false(codec_spymemcached.encode(DECODED_INTEGER, SLICE("2147483648"), &out));
	assert_false(codec_spymemcached.encode(DECODED_INTEGER, SLICE("x"), &out));
	assert_false(decoded_type_fits(DECODED_JSON, SLICE("{")));
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

TEST(types_are_named_and_checked)
{
	static const struct row {
		const char *name;
		enum decoded_type type;
		const char *good, *bad;
	} rows[] = {
	    {"text", DECODED_TEXT, "h\xc3\xa9", "\xff"},
	    {"int", DECODED_INTEGER, "-123456789012345678901234567890", "1.5"},
	    {"int", DECODED_INTEGER, "007", "-"},
	    {"int", DECODED_INTEGER, "0", "+1"},
	    {"long", DECODED_LONG, "0", ""},
	    {"long", DECODED_LONG, "1", " 1"},
	    {"json", DECODED_JSON, " [1] ", "[1,]"},
	    {"json", DECODED_JSON, "null", "nul"},
	    {"bytes", DECODED_BYTES, "\xff", NULL},
	};
	enum decoded_type type;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(decoded_type_find(slice_str(rows[i].name), &type));
		assert_int_equal(type, rows[i].type);
		assert_true(decoded_type_fits(type, slice_str(rows[i].good)));
		if (rows[i].bad && decoded_type_fits(type, slice_str(rows[i].bad)))
			fail_msg("%s is no %s", rows[i].bad, rows[i].name);
	}
	assert_false(decoded_type_find(SLICE("integer"), &type));
	assert_false(decoded_type_find(SLICE(""), &type));
	assert_false(decoded_type_fits(DECODED_SERIALISED, SLICE("N.")));
}

TEST(who_writes_and_who_compresses)
{
	static const struct row {
		const char *profile, *writer;
		bool zlib;
		uint64_t text, integer;
		unsigned prefix;
	} rows[] = {
	    {"none", "python-memcached", true, 8, 0, 0},
	    {"python-memcached", "python-memcached", true, 8, 0, 0},
	    {"pylibmc", "pylibmc", true, 8, 8, 0},
	    {"pymemcache", "pymemcache", true, 8, 0, 0},
	    {"php-memcached", "php-memcached", true, 48, 0, 4},
	    {"pecl-memcache", "pecl-memcache", true, 2, 0, 0},
	    {"dalli", "dalli", true, 2, 0, 0},
	    {"spymemcached", "spymemcached", false, 0, 0, 0},
	    {"node-memcached", "node-memcached", false, 0, 0, 0},
	    {"auto", "python-memcached", true, 8, 0, 0},
	};
	assert_int_equal(codec_count, sizeof rows / sizeof rows[0]);
	for (size_t i = 0; i < codec_count; i++) {
		const struct codec *writer = codec_writer(codec_named(rows[i].profile));
		assert_string_equal(writer->name, rows[i].writer);
		assert_int_equal(writer->typed[DECODED_BYTES].zlib != 0, rows[i].zlib);
		assert_int_equal(writer->zlib_prefix, rows[i].prefix);
		if (!rows[i].zlib)
			continue;
		assert_true(writer->typed[DECODED_TEXT].zlib == rows[i].text);
		assert_true(writer->typed[DECODED_BYTES].zlib == rows[i].text);
		assert_true(writer->typed[DECODED_INTEGER].zlib == rows[i].integer);
	}
}

/* decr fills a number that gets shorter up with blanks; every client reads over these. */
static void an_int_that_decr_made_shorter_is_an_int(void **state)
{
	(void)state;
	static const struct {
		const char *profile;
		uint64_t flags;
	} rows[] = {{"python-memcached", 2},
	            {"python-memcached", 4},
	            {"pylibmc", 4},
	            {"pymemcache", 2},
	            {"php-memcached", 1},
	            {"pecl-memcache", 0x300},
	            {"node-memcached", 8},
	            {"auto", 2},
	            {"auto", 4}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct decoded d = {0};
		const struct codec *p = codec_find(slice_str(rows[i].profile));
		codec_decode(p, rows[i].flags, SLICE("99 "), INFLATE_MAX, &d);
		assert_true(d.type == DECODED_INTEGER || d.type == DECODED_LONG);
		assert_true(slice_eq_str(buf_slice(&d.text), "99"));
		assert_string_equal(d.problem, "");
		decoded_release(&d);
		d = (struct decoded){0};
		codec_decode(p, rows[i].flags, SLICE(" "), INFLATE_MAX, &d);
		assert_false(d.type == DECODED_INTEGER || d.type == DECODED_LONG);
		decoded_release(&d);
	}
	assert_false(decoded_type_fits(DECODED_INTEGER, SLICE("99 ")));
}

/* The sanitizers look at it: no text was written yet, so that there is no memory for one. */
TEST(a_pickle_that_takes_a_name_from_nothing_is_no_object)
{
	struct decoded d = {0};
	codec_decode(codec_find(SLICE("python-memcached")), 1, SLICE("\x93\xf0"), INFLATE_MAX, &d);
	assert_true(d.type == DECODED_SERIALISED);
	decoded_release(&d);
}

TEST(flags_are_named_bit_by_bit)
{
	static const struct {
		const char *codec;
		uint64_t flags;
		const char *names;
	} cases[] = {
	    {"python-memcached", 0, "bytes"},
	    {"python-memcached", 24, "16 text + 8 zlib"},
	    {"python-memcached", 3, "2 int + 1 pickle"},
	    {"python-memcached", 32, "32 unknown"},
	    {"python-memcached", 17 + 64, "16 text + 1 pickle + 64 unknown"},
	    {"php-memcached", 0, "string"},
	    {"php-memcached", 6 + 16 + 32, "32 zlib + 16 compressed + 6 JSON"},
	    {"pecl-memcache", 0x302, "768 int + 2 zlib"},
	    {"spymemcached", 0x300, "768 long"},
	    {"spymemcached", 0x802, "2048 byte[] + 2 gzip"},
	    {"dalli", 7, "4 UTF-8 + 2 zlib or gzip + 1 Marshal"},
	    {"node-memcached", 8, "8 number"},
	    {"none", 0, "nothing"},
	    {"none", 5, "5 unknown"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct codec *p = codec_find(slice_str(cases[i].codec));
		struct buf out = BUF_INIT;
		assert_non_null(p);
		codec_name_flags(p, cases[i].flags, &out);
		assert_bytes(buf_slice(&out), slice_str(cases[i].names));
		buf_release(&out);
	}
}

UNIT_MAIN(cmocka_unit_test(auto_says_what_decided), cmocka_unit_test(problems_are_named),
          cmocka_unit_test(an_int_that_decr_made_shorter_is_an_int),
          cmocka_unit_test(json_is_checked_whole), cmocka_unit_test(flags_for_what_a_user_types),
          cmocka_unit_test(a_pickle_that_takes_a_name_from_nothing_is_no_object),
          cmocka_unit_test(flags_are_named_bit_by_bit), cmocka_unit_test(encoded_values_come_back),
          cmocka_unit_test(types_are_named_and_checked),
          cmocka_unit_test(who_writes_and_who_compresses))
