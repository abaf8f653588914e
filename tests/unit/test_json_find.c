#include "base/json_find.h"
#include "lib/unit.h"

static const char document[] = " {\"values\":[{\"flags\":7,\"a.b\":[true]},{\"flags\":\"x\"}],"
			       "\"0\":\"zero\",\"caf\\u00e9\":1,\"\":{\"\":2},"
			       "\"twice\":1,\"twice\":[2]} ";

TEST(paths)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
	    {".values[0].flags", "7"},
	    {"values.0.flags", "7"},
	    {"values[1].flags", "\"x\""},
	    {"values.[1].flags", "\"x\""},
	    {"values[0][\"a.b\"][0]", "true"},
	    {"values[1]", "{\"flags\":\"x\"}"},
	    {"0", "\"zero\""},
	    {"[\"0\"]", "\"zero\""},
	    {"caf\xc3\xa9", "1"},
	    {"[\"caf\\u00E9\"]", "1"},
	    {"[\"\"][\"\"]", "2"},
	    {"twice", "[2]"},
	    {"twice[0]", "2"},
	};
	struct slice value;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(json_find(slice_str(document), slice_str(cases[i].path), &value),
		                 JSON_FOUND);
		assert_bytes(value, slice_str(cases[i].want));
	}
	assert_int_equal(json_find(slice_str(document), SLICE("."), &value), JSON_FOUND);
	assert_bytes(value, slice_trim(slice_str(document)));
	assert_int_equal(json_find(slice_str(document), SLICE(""), &value), JSON_FOUND);
	assert_int_equal(json_find(SLICE(" 12 "), SLICE(""), &value), JSON_FOUND);
	assert_text(value, "12");
}

TEST(what_is_not_found)
{
	static const struct {
		const char *path;
		enum json_found found;
	} cases[] = {
	    {"nothing", JSON_NOT_THERE},
	    {"Values", JSON_NOT_THERE},
	    {"values[2]", JSON_NOT_THERE},
	    {"values.flags", JSON_NOT_THERE},
	    {"values[0].flags.deeper", JSON_NOT_THERE},
	    {"values[0].flags[0]", JSON_NOT_THERE},
	    {"values[\"0\"]", JSON_NOT_THERE},
	    {"values[18446744073709551615]", JSON_NOT_THERE},
	    {"..", JSON_BAD_PATH},
	    {"values.", JSON_BAD_PATH},
	    {"values..0", JSON_BAD_PATH},
	    {"values[0", JSON_BAD_PATH},
	    {"values[]", JSON_BAD_PATH},
	    {"values[-1]", JSON_BAD_PATH},
	    {"values[x]", JSON_BAD_PATH},
	    {"values[0]flags", JSON_BAD_PATH},
	    {"values[\"a]", JSON_BAD_PATH},
	    {"nothing[", JSON_BAD_PATH},
	};
	struct slice value = SLICE("kept");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(json_find(slice_str(document), slice_str(cases[i].path), &value),
		                 cases[i].found);
		assert_text(value, "kept");
	}
	assert_int_equal(json_find(SLICE("{\"a\":1"), SLICE("a"), &value), JSON_BAD_TEXT);
	assert_int_equal(json_find(SLICE("{} {}"), SLICE("a"), &value), JSON_BAD_TEXT);
	assert_int_equal(json_find(SLICE(""), SLICE(""), &value), JSON_BAD_TEXT);
}

TEST(values_that_mean_the_same)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
	    {"1", "1.0", true},
	    {"1", "10e-1", true},
	    {"100", "1E+2", true},
	    {"1200", "1.2e3", true},
	    {"0.0012", "12e-4", true},
	    {"0", "-0.00e7", true},
	    {"-1", "1", false},
	    {"1", "10", false},
	    {"10.01", "1001e-2", true},
	    {"1.1", "11", false},
	    {"0.1", "0.01", false},
	    {"1", "2", false},
	    {"12", "123", false},
	    {"9007199254740993", "9007199254740992", false},
	    {"1e99999999999999999999", "1e99999999999999999999", true},
	    {"1e99999999999999999999", "1e99999999999999999998", false},
	    {"10e9223372036854775807", "1", false},
	    {"\"a\\u00e9\"", "\"a\xc3\xa9\"", true},
	    {"\"a\"", "\"b\"", false},
	    {"\"1\"", "1", false},
	    {"null", "false", false},
	    {"[1,[2,3]]", " [ 1.0 , [2, 3e0] ] ", true},
	    {"[1,2]", "[2,1]", false},
	    {"[1]", "[1,1]", false},
	    {"[]", "{}", false},
	    {"{\"a\":1,\"b\":{\"c\":2,\"d\":[]}}", "{\"b\":{\"d\":[],\"c\":2},\"a\":1}", true},
	    {"{\"a\":1}", "{\"a\":1,\"b\":1}", false},
	    {"{\"a\":1,\"b\":1}", "{\"a\":1}", false},
	    {"{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", false},
	    {"{\"a\":1}", "{\"\\u0061\":1}", true},
	    {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1,\"c\":3}", false},
	    {"1", "x", false},
	    {"x", "x", false},
	    {"[1]", "[1]]", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice a = slice_str(cases[i].a), b = slice_str(cases[i].b);
		if (json_equal(a, b) != cases[i].same)
			print_error("%s against %s: ", cases[i].a, cases[i].b);
		assert_int_equal(json_equal(a, b), cases[i].same);
		assert_int_equal(json_equal(b, a), cases[i].same);
	}
}

/* UNIT, COUNT times, INSIDE, and END as often. */
static void nest(struct buf *out, size_t count, const char *unit, const char *inside, char end)
{
	buf_clear(out);
	for (size_t i = 0; i < count; i++)
		buf_add_str(out, unit);
	buf_add_str(out, inside);
	buf_add_repeat(out, end, count);
}

TEST(nested_as_deep_as_the_reader_goes)
{
	static const struct {
		const char *unit, *first;
		char end;
	} shapes[] = {{"[", "[0]", ']'}, {"{\"a\":", "a", '}'}, {"{\"b\":0,\"a\":", "a", '}'}};
	struct buf a = BUF_INIT, b = BUF_INIT;
	struct slice value;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		nest(&a, JSON_DEPTH_MAX, shapes[i].unit, "1", shapes[i].end);
		nest(&b, JSON_DEPTH_MAX, shapes[i].unit, " 1.0", shapes[i].end);
		assert_true(json_is_valid(buf_slice(&a)));
		assert_true(json_equal(buf_slice(&a), buf_slice(&b)));
		nest(&b, JSON_DEPTH_MAX, shapes[i].unit, "2", shapes[i].end);
		assert_false(json_equal(buf_slice(&a), buf_slice(&b)));
		assert_int_equal(json_find(buf_slice(&a), slice_str(shapes[i].first), &value),
		                 JSON_FOUND);
		nest(&a, JSON_DEPTH_MAX + 1, shapes[i].unit, "1", shapes[i].end);
		assert_false(json_is_valid(buf_slice(&a)));
		assert_int_equal(json_find(buf_slice(&a), SLICE("."), &value), JSON_BAD_TEXT);
	}
	buf_release(&a);
	buf_release(&b);
}

UNIT_MAIN(cmocka_unit_test(paths), cmocka_unit_test(what_is_not_found),
          cmocka_unit_test(values_that_mean_the_same),
          cmocka_unit_test(nested_as_deep_as_the_reader_goes))
