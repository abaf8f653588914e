#include "base/json_read.h"
#include "lib/unit.h"

#include "base/number.h"

#include <stdio.h>

/* Tokens that a test reads at most, and the final NUL. */
#define TOKENS_MAX (3 * JSON_DEPTH_MAX)

/* A letter for each token, in the order of the enum. */
static const char letters[] = ".{}[]:s#tf0!";

/* The tokens of TEXT as letters; a fault is the last. */
static void tokens_of(struct slice text, char out[static TOKENS_MAX])
{
	struct json_read r;
	enum json_token token;
	size_t n = 0;
	json_read_init(&r, text);
	do {
		token = json_read_next(&r);
		assert_true(n < TOKENS_MAX - 1);
		out[n++] = letters[token];
	} while (token != JSON_END && token != JSON_FAULT);
	assert_int_equal(token == JSON_FAULT, r.fault != NULL);
	out[n] = '\0';
}

struct text_case {
	struct slice text;
	const char *tokens;
};

static void check_all(const struct text_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char got[TOKENS_MAX];
		tokens_of(cases[i].text, got);
		if (strcmp(got, cases[i].tokens) != 0)
			print_error("%.*s: ", (int)cases[i].text.len, cases[i].text.data);
		assert_string_equal(got, cases[i].tokens);
	}
}

#define CHECK_ALL(cases) check_all((cases), sizeof(cases) / sizeof((cases)[0]))

TEST(documents)
{
	static const struct text_case cases[] = {
	    {SLICE("1"), "#."},
	    {SLICE(" \t\r\n\"\" \n"), "s."},
	    {SLICE("true"), "t."},
	    {SLICE("false"), "f."},
	    {SLICE("null"), "0."},
	    {SLICE("{}"), "{}."},
	    {SLICE("[]"), "[]."},
	    {SLICE("[ ]"), "[]."},
	    {SLICE("[1,\"a\",true,false,null,{},[]]"), "[#stf0{}[]]."},
	    {SLICE("{\"a\":1,\"b\":{\"c\":[{}]}}"), "{:#:{:[{}]}}."},
	    {SLICE("{ \"a\" : 1 , \"a\" : 2 }"), "{:#:#}."},
	    {SLICE("[[[[[]]]]]"), "[[[[[]]]]]."},
	    /* NUL as an escape, and the last code point. */
	    {SLICE("\"\\u0000\""), "s."},
	    {SLICE("\"\xf4\x8f\xbf\xbf\x7f\""), "s."},
	    /* Half a pair is within the grammar. */
	    {SLICE("\"\\ud800\""), "s."},
	};
	CHECK_ALL(cases);
}

TEST(numbers)
{
	static const char *const good[] = {"0",   "-0",   "10",   "-1",     "0.5",  "1.0e0",
	                                   "1e5", "1E+5", "1e-5", "-1.5E9", "1e05", "123456789"};
	static const char *const bad[] = {"",    "-",        "+1",        "01",  "-01",  "1.",
	                                  ".5",  "1e",       "1e+",       "0x1", "1.e5", "--1",
	                                  "NaN", "Infinity", "-Infinity", "1 2"};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct json_read r;
		json_read_init(&r, slice_str(good[i]));
		assert_int_equal(json_read_next(&r), JSON_NUMBER);
		assert_bytes(r.text, slice_str(good[i]));
		assert_int_equal(json_read_next(&r), JSON_END);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char got[TOKENS_MAX];
		tokens_of(slice_str(bad[i]), got);
		assert_int_equal(got[strlen(got) - 1], '!');
	}
	struct json_read r;
	int64_t n = 0;
	json_read_init(&r, SLICE("-9223372036854775808"));
	json_read_next(&r);
	assert_int_equal(number_parse_i64(r.text, &n), NUMBER_OK);
	assert_true(n == INT64_MIN);
}

TEST(what_is_no_json)
{
	static const struct text_case cases[] = {
	    {SLICE(""), "!"},
	    {SLICE(" "), "!"},
	    {SLICE("tru"), "!"},
	    {SLICE("True"), "!"},
	    {SLICE("truex"), "t!"},
	    {SLICE("nul"), "!"},
	    {SLICE("'a'"), "!"},
	    {SLICE("\xef\xbb\xbf{}"), "!"},
	    {SLICE("[1,]"), "[#!"},
	    {SLICE("[,1]"), "[!"},
	    {SLICE("[1 2]"), "[#!"},
	    {SLICE("[1"), "[#!"},
	    {SLICE("["), "[!"},
	    {SLICE("]"), "!"},
	    {SLICE("[}"), "[!"},
	    {SLICE("{]"), "{!"},
	    {SLICE("[[]}"), "[[]!"},
	    {SLICE("{\"a\"}"), "{!"},
	    {SLICE("{\"a\":}"), "{:!"},
	    {SLICE("{\"a\":1,}"), "{:#!"},
	    {SLICE("{a:1}"), "{!"},
	    {SLICE("{1:1}"), "{!"},
	    {SLICE("{\"a\":1 \"b\":2}"), "{:#!"},
	    {SLICE("{\"a\",1}"), "{!"},
	    {SLICE("{\"a\":1}}"), "{:#}!"},
	    {SLICE("1,"), "#!"},
	    {SLICE("[] // c"), "[]!"},
	    {SLICE("[\f]"), "[!"},
	    {SLICE("\"a"), "!"},
	    {SLICE("\"a\\\""), "!"},
	    {SLICE("\"\\"), "!"},
	    {SLICE("\"\\x41\""), "!"},
	    {SLICE("\"\\u12\""), "!"},
	    {SLICE("\"\\u123g\""), "!"},
	    {SLICE("\"\\'\""), "!"},
	    {SLICE("\"a\nb\""), "!"},
	    {SLICE("\"\0\""), "!"},
	    {SLICE("[1\0]"), "[#!"},
	    /* Not UTF-8: alone, overlong, a surrogate, too large, cut short. */
	    {SLICE("\"\xff\""), "!"},
	    {SLICE("\"\xc0\xaf\""), "!"},
	    {SLICE("\"\xed\xa0\x80\""), "!"},
	    {SLICE("\"\xf4\x90\x80\x80\""), "!"},
	    {SLICE("\"\xe2\x82\""), "!"},
	};
	CHECK_ALL(cases);
}

/* Wherever the special byte lies among plain ones: the reader looks at eight at a time. */
TEST(every_byte_at_every_place)
{
	for (unsigned byte = 0; byte < 0x80; byte++) {
		for (size_t at = 1; at < 20; at++) {
			char text[26], got[TOKENS_MAX];
			memset(text, 'x', sizeof(text));
			text[0] = text[24] = '"';
			text[25] = ' ';
			text[at] = (char)byte;
			text[at + 1] = 'n';
			tokens_of(slice_of(text, sizeof(text)), got);
			const char *want = byte < 0x20 ? "!" : byte == '"' ? "s!" : "s.";
			assert_string_equal(got, want);
		}
	}
}

TEST(depth_has_a_limit)
{
	char text[2 * (JSON_DEPTH_MAX + 1)], got[TOKENS_MAX];
	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	tokens_of(slice_of(text, 2 * JSON_DEPTH_MAX), got);
	assert_int_equal(got[2 * JSON_DEPTH_MAX], '.');
	memset(text, '[', JSON_DEPTH_MAX + 1);
	tokens_of(slice_of(text, JSON_DEPTH_MAX + 1), got);
	assert_int_equal(got[JSON_DEPTH_MAX], '!');
	/* Objects and arrays in turn are kept apart at every depth. */
	char mixed[4 * JSON_DEPTH_MAX + 2];
	size_t n = 0;
	for (int i = 0; i < JSON_DEPTH_MAX / 2; i++)
		n += (size_t)sprintf(mixed + n, "[{\"\":");
	mixed[n++] = '1';
	for (int i = 0; i < JSON_DEPTH_MAX / 2; i++)
		n += (size_t)sprintf(mixed + n, "}]");
	tokens_of(slice_of(mixed, n), got);
	assert_int_equal(got[strlen(got) - 1], '.');
}

TEST(a_fault_is_placed_and_stays)
{
	struct json_read r;
	json_read_init(&r, SLICE("{\"a\":1,\"b\" 2}"));
	while (json_read_next(&r) != JSON_FAULT)
		;
	assert_string_equal(r.fault, "a colon is missing after a name");
	assert_int_equal(json_read_offset(&r), 11);
	assert_int_equal(json_read_next(&r), JSON_FAULT);
	assert_false(json_read_rest(&r));
}

TEST(a_flat_object)
{
	struct json_read r;
	json_read_init(&r, SLICE("{\"key\":\"a\\tb\",\"flags\":7,\"on\":true}"));
	assert_int_equal(json_read_next(&r), JSON_OBJECT);
	assert_int_equal(json_read_next(&r), JSON_NAME);
	assert_text(r.text, "key");
	assert_false(r.escaped);
	assert_int_equal(json_read_next(&r), JSON_STRING);
	assert_text(r.text, "a\\tb");
	assert_true(r.escaped);
	assert_int_equal(json_read_next(&r), JSON_NAME);
	assert_false(r.escaped);
	assert_int_equal(json_read_next(&r), JSON_NUMBER);
	assert_text(r.text, "7");
	assert_int_equal(json_read_next(&r), JSON_NAME);
	assert_int_equal(json_read_next(&r), JSON_TRUE);
	assert_text(r.text, "true");
	assert_int_equal(json_read_next(&r), JSON_OBJECT_END);
	assert_int_equal(json_read_next(&r), JSON_END);
}

TEST(values_as_they_are_written)
{
	struct json_read r;
	struct slice value = {0};
	json_read_init(&r, SLICE("[ {\"a\" : [1]} , \"x\\n\" ,-1.50, null ]"));
	assert_false(json_read_value(&(struct json_read){.fault = "x"}, &value));
	assert_int_equal(json_read_next(&r), JSON_ARRAY);
	assert_true(json_read_value(&r, &value));
	assert_text(value, "{\"a\" : [1]}");
	assert_true(json_read_value(&r, &value));
	assert_text(value, "\"x\\n\"");
	assert_true(json_read_value(&r, &value));
	assert_text(value, "-1.50");
	assert_true(json_read_value(&r, &value));
	assert_text(value, "null");
	assert_false(json_read_value(&r, &value));
	assert_null(r.fault);
	assert_int_equal(json_read_next(&r), JSON_END);
}

TEST(the_rest_of_a_container)
{
	struct json_read r;
	json_read_init(&r, SLICE("[{\"a\":[1,2],\"b\":{}},7]"));
	json_read_next(&r);
	json_read_next(&r);
	json_read_next(&r);
	assert_true(json_read_rest(&r));
	assert_int_equal(json_read_next(&r), JSON_NUMBER);
	assert_text(r.text, "7");
	json_read_init(&r, SLICE("[{\"a\":[1,2"));
	json_read_next(&r);
	assert_false(json_read_rest(&r));
}

TEST(strings_mean_their_bytes)
{
	static const struct {
		struct slice string, means;
	} cases[] = {
	    {SLICE(""), SLICE("")},
	    {SLICE("plain"), SLICE("plain")},
	    {SLICE("\\\"\\\\\\/\\b\\f\\n\\r\\t"), SLICE("\"\\/\b\f\n\r\t")},
	    {SLICE("a\\u0000b\\u0041"), SLICE("a\0bA")},
	    {SLICE("\\u00e9\\u20AC\xe2\x82\xac"), SLICE("\xc3\xa9\xe2\x82\xac\xe2\x82\xac")},
	    {SLICE("\\ud83d\\ude00!"), SLICE("\xf0\x9f\x98\x80!")},
	    {SLICE("\\uDBFF\\uDFFF"), SLICE("\xf4\x8f\xbf\xbf")},
	    {SLICE("\\\\ud800"), SLICE("\\ud800")},
	};
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&out);
		buf_add_char(&out, '>');
		assert_true(json_unescape(&out, cases[i].string));
		assert_bytes(slice_skip(buf_slice(&out), 1), cases[i].means);
		assert_true(json_string_is(cases[i].string, cases[i].means));
		assert_false(json_string_is(cases[i].string, SLICE("other")));
		assert_true(json_string_same(cases[i].string, cases[i].string));
	}
	assert_true(json_string_same(SLICE("\\u0061\\/"), SLICE("a/")));
	assert_false(json_string_same(SLICE("\\u0061b"), SLICE("a")));
	assert_false(json_string_is(SLICE("\\u0061"), SLICE("ab")));
	buf_release(&out);
}

TEST(half_a_pair_has_no_bytes)
{
	static const char *const halves[] = {"\\ud800",       "\\udc00",        "\\ud800x",
	                                     "\\ud800\\n",    "\\ud800\\u0041", "\\udc00\\ud800",
	                                     "\\ud800\\ud800"};
	struct buf out = BUF_INIT;
	buf_add_str(&out, "kept");
	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		struct slice half = slice_str(halves[i]);
		assert_false(json_unescape(&out, half));
		assert_text(buf_slice(&out), "kept");
		assert_false(json_string_is(half, SLICE("\xed\xa0\x80")));
		assert_true(json_string_same(half, half));
	}
	assert_true(json_string_same(SLICE("\\ud800"), SLICE("\\uD800")));
	buf_release(&out);
}

TEST(unescaping_stops_at_the_ceiling)
{
	struct buf out;
	buf_init(&out, 4);
	assert_false(json_unescape(&out, SLICE("abc\\n\\n")));
	assert_int_equal(out.len, 0);
	assert_true(json_unescape(&out, SLICE("abc\\n")));
	buf_release(&out);
}

UNIT_MAIN(cmocka_unit_test(documents), cmocka_unit_test(numbers), cmocka_unit_test(what_is_no_json),
          cmocka_unit_test(every_byte_at_every_place), cmocka_unit_test(depth_has_a_limit),
          cmocka_unit_test(a_fault_is_placed_and_stays), cmocka_unit_test(a_flat_object),
          cmocka_unit_test(values_as_they_are_written), cmocka_unit_test(the_rest_of_a_container),
          cmocka_unit_test(strings_mean_their_bytes), cmocka_unit_test(half_a_pair_has_no_bytes),
          cmocka_unit_test(unescaping_stops_at_the_ceiling))
