#include "base/number.h"
#include "lib/unit.h"

/* Written where a parser must leave its result alone. */
#define UNTOUCHED 4242u

struct u64_case {
	struct slice text;
	enum number_result result;
	uint64_t value;
};

typedef enum number_result (*u64_parser)(struct slice text, uint64_t *out);

static void check_u64(u64_parser parse, const struct u64_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = UNTOUCHED;
		enum number_result result = parse(cases[i].text, &value);
		uint64_t want = cases[i].result == NUMBER_OK ? cases[i].value : UNTOUCHED;
		if (result != cases[i].result || value != want)
			print_error("case '%.*s'\n", (int)cases[i].text.len, cases[i].text.data);
		assert_int_equal(result, cases[i].result);
		assert_int_equal(value, want);
	}
}

#define CHECK_U64(parse, cases) check_u64((parse), (cases), sizeof(cases) / sizeof((cases)[0]))

TEST(u64_takes_decimal_digits)
{
	static const struct u64_case cases[] = {
	    {SLICE("0"), NUMBER_OK, 0},
	    {SLICE("7"), NUMBER_OK, 7},
	    {SLICE("007"), NUMBER_OK, 7},
	    {SLICE("4294967296"), NUMBER_OK, 4294967296u},
	    {SLICE("18446744073709551615"), NUMBER_OK, UINT64_MAX},
	    {SLICE("00000000000000000000000018446744073709551615"), NUMBER_OK, UINT64_MAX},
	};
	CHECK_U64(number_parse_u64, cases);
}

TEST(u64_tells_why_it_refuses)
{
	static const struct u64_case cases[] = {
	    {SLICE(""), NUMBER_EMPTY, 0},
	    {SLICE(" 1"), NUMBER_JUNK, 0},
	    {SLICE("1 "), NUMBER_JUNK, 0},
	    {SLICE("+1"), NUMBER_JUNK, 0},
	    {SLICE("0x10"), NUMBER_JUNK, 0},
	    {SLICE("1e3"), NUMBER_JUNK, 0},
	    {SLICE("1.0"), NUMBER_JUNK, 0},
	    {SLICE("12a"), NUMBER_JUNK, 0},
	    {SLICE("/"), NUMBER_JUNK, 0},
	    {SLICE(":"), NUMBER_JUNK, 0},
	    {SLICE("\xb2"), NUMBER_JUNK, 0},
	    {SLICE("1\0"), NUMBER_JUNK, 0},
	    {SLICE("-"), NUMBER_JUNK, 0},
	    {SLICE("--1"), NUMBER_JUNK, 0},
	    {SLICE("-1x"), NUMBER_JUNK, 0},
	    {SLICE("-1"), NUMBER_NEGATIVE, 0},
	    {SLICE("-0"), NUMBER_NEGATIVE, 0},
	    {SLICE("-18446744073709551616"), NUMBER_NEGATIVE, 0},
	    {SLICE("18446744073709551616"), NUMBER_OVERFLOW, 0},
	    {SLICE("18446744073709551620"), NUMBER_OVERFLOW, 0},
	    {SLICE("99999999999999999999"), NUMBER_OVERFLOW, 0},
	    {SLICE("100000000000000000000000000000000000000"), NUMBER_OVERFLOW, 0},
	    {SLICE("99999999999999999999x"), NUMBER_JUNK, 0},
	};
	CHECK_U64(number_parse_u64, cases);
}

TEST(u64_reads_no_further_than_its_slice)
{
	uint64_t value;
	assert_int_equal(number_parse_u64(slice_of("12345", 2), &value), NUMBER_OK);
	assert_int_equal(value, 12);
}

TEST(i64_reaches_both_ends)
{
	static const struct {
		struct slice text;
		enum number_result result;
		int64_t value;
	} cases[] = {
	    {SLICE("0"), NUMBER_OK, 0},
	    {SLICE("-0"), NUMBER_OK, 0},
	    {SLICE("-1"), NUMBER_OK, -1},
	    {SLICE("9223372036854775807"), NUMBER_OK, INT64_MAX},
	    {SLICE("-9223372036854775807"), NUMBER_OK, -INT64_MAX},
	    {SLICE("-9223372036854775808"), NUMBER_OK, INT64_MIN},
	    {SLICE("9223372036854775808"), NUMBER_OVERFLOW, 0},
	    {SLICE("-9223372036854775809"), NUMBER_OVERFLOW, 0},
	    {SLICE("18446744073709551616"), NUMBER_OVERFLOW, 0},
	    {SLICE("-18446744073709551616"), NUMBER_OVERFLOW, 0},
	    {SLICE(""), NUMBER_EMPTY, 0},
	    {SLICE("-"), NUMBER_JUNK, 0},
	    {SLICE("--1"), NUMBER_JUNK, 0},
	    {SLICE("- 1"), NUMBER_JUNK, 0},
	    {SLICE("+1"), NUMBER_JUNK, 0},
	    {SLICE("1-"), NUMBER_JUNK, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t value = UNTOUCHED;
		assert_int_equal(number_parse_i64(cases[i].text, &value), cases[i].result);
		assert_int_equal(value, cases[i].result == NUMBER_OK ? cases[i].value : UNTOUCHED);
	}
}

static enum number_result parse_seconds(struct slice text, uint64_t *ms)
{
	return number_parse_duration(text, 1000, ms);
}

TEST(duration_knows_its_units)
{
	static const struct u64_case cases[] = {
	    {SLICE("0"), NUMBER_OK, 0},
	    {SLICE("2"), NUMBER_OK, 2000},
	    {SLICE("250ms"), NUMBER_OK, 250},
	    {SLICE("90s"), NUMBER_OK, 90000},
	    {SLICE("15m"), NUMBER_OK, 900000},
	    {SLICE("12h"), NUMBER_OK, 43200000},
	    {SLICE("45d"), NUMBER_OK, 3888000000u},
	    {SLICE("2w"), NUMBER_OK, 1209600000u},
	    {SLICE("1.5s"), NUMBER_OK, 1500},
	    {SLICE("1.5"), NUMBER_OK, 1500},
	    {SLICE("0.25m"), NUMBER_OK, 15000},
	    {SLICE("0.001s"), NUMBER_OK, 1},
	    {SLICE("0.0009s"), NUMBER_OK, 0},
	    {SLICE("1.9ms"), NUMBER_OK, 1},
	    {SLICE("0.999999999w"), NUMBER_OK, 604799999},
	    {SLICE("0.99999999999999999999999999w"), NUMBER_OK, 604799999},
	    {SLICE("18446744073709551615ms"), NUMBER_OK, UINT64_MAX},
	    {SLICE("18446744073709551s"), NUMBER_OK, 18446744073709551000u},
	    {SLICE("18446744073709551.615s"), NUMBER_OK, UINT64_MAX},
	};
	CHECK_U64(parse_seconds, cases);
}

TEST(duration_tells_why_it_refuses)
{
	static const struct u64_case cases[] = {
	    {SLICE(""), NUMBER_EMPTY, 0},
	    {SLICE("s"), NUMBER_JUNK, 0},
	    {SLICE(".5s"), NUMBER_JUNK, 0},
	    {SLICE("1."), NUMBER_JUNK, 0},
	    {SLICE("1.s"), NUMBER_JUNK, 0},
	    {SLICE("1.5.5s"), NUMBER_JUNK, 0},
	    {SLICE("1 s"), NUMBER_JUNK, 0},
	    {SLICE("1S"), NUMBER_JUNK, 0},
	    {SLICE("1sec"), NUMBER_JUNK, 0},
	    {SLICE("1m30s"), NUMBER_JUNK, 0},
	    {SLICE("1k"), NUMBER_JUNK, 0},
	    {SLICE("-"), NUMBER_JUNK, 0},
	    {SLICE("-s"), NUMBER_JUNK, 0},
	    {SLICE("-1s"), NUMBER_NEGATIVE, 0},
	    {SLICE("-1"), NUMBER_NEGATIVE, 0},
	    {SLICE("18446744073709551.616s"), NUMBER_OVERFLOW, 0},
	    {SLICE("18446744073709552s"), NUMBER_OVERFLOW, 0},
	    {SLICE("30500568905w"), NUMBER_OVERFLOW, 0},
	    {SLICE("18446744073709551616ms"), NUMBER_OVERFLOW, 0},
	};
	CHECK_U64(parse_seconds, cases);
}

TEST(duration_counts_bare_numbers_in_the_default_unit)
{
	uint64_t ms;
	assert_int_equal(number_parse_duration(SLICE("7"), 1, &ms), NUMBER_OK);
	assert_int_equal(ms, 7);
	assert_int_equal(number_parse_duration(SLICE("7"), 60000, &ms), NUMBER_OK);
	assert_int_equal(ms, 420000);
	assert_int_equal(number_parse_duration(SLICE("7s"), 60000, &ms), NUMBER_OK);
	assert_int_equal(ms, 7000);
}

TEST(size_knows_its_units)
{
	static const struct u64_case cases[] = {
	    {SLICE("0"), NUMBER_OK, 0},
	    {SLICE("512"), NUMBER_OK, 512},
	    {SLICE("512b"), NUMBER_OK, 512},
	    {SLICE("1k"), NUMBER_OK, 1024},
	    {SLICE("1K"), NUMBER_OK, 1024},
	    {SLICE("1kb"), NUMBER_OK, 1024},
	    {SLICE("1KB"), NUMBER_OK, 1024},
	    {SLICE("1kib"), NUMBER_OK, 1024},
	    {SLICE("1KiB"), NUMBER_OK, 1024},
	    {SLICE("3m"), NUMBER_OK, 3145728},
	    {SLICE("3M"), NUMBER_OK, 3145728},
	    {SLICE("3mb"), NUMBER_OK, 3145728},
	    {SLICE("3MB"), NUMBER_OK, 3145728},
	    {SLICE("3mib"), NUMBER_OK, 3145728},
	    {SLICE("3MiB"), NUMBER_OK, 3145728},
	    {SLICE("2g"), NUMBER_OK, 2147483648u},
	    {SLICE("2G"), NUMBER_OK, 2147483648u},
	    {SLICE("2gb"), NUMBER_OK, 2147483648u},
	    {SLICE("2GB"), NUMBER_OK, 2147483648u},
	    {SLICE("2gib"), NUMBER_OK, 2147483648u},
	    {SLICE("2GiB"), NUMBER_OK, 2147483648u},
	    {SLICE("1.5k"), NUMBER_OK, 1536},
	    {SLICE("0.5m"), NUMBER_OK, 524288},
	    {SLICE("17179869183.999999999g"), NUMBER_OK, 18446744073709551614u},
	};
	CHECK_U64(number_parse_size, cases);
}

TEST(size_tells_why_it_refuses)
{
	static const struct u64_case cases[] = {
	    {SLICE(""), NUMBER_EMPTY, 0},
	    {SLICE("k"), NUMBER_JUNK, 0},
	    {SLICE("1t"), NUMBER_JUNK, 0},
	    {SLICE("1kk"), NUMBER_JUNK, 0},
	    {SLICE("1 k"), NUMBER_JUNK, 0},
	    {SLICE("1s"), NUMBER_JUNK, 0},
	    {SLICE("-1k"), NUMBER_NEGATIVE, 0},
	    {SLICE("17179869184g"), NUMBER_OVERFLOW, 0},
	    {SLICE("18446744073709551616"), NUMBER_OVERFLOW, 0},
	};
	CHECK_U64(number_parse_size, cases);
}

TEST(why_fits_a_sentence)
{
	assert_string_equal(number_why(NUMBER_OK), "is a number");
	assert_string_equal(number_why(NUMBER_EMPTY), "is empty");
	assert_string_equal(number_why(NUMBER_JUNK), "is not a number");
	assert_string_equal(number_why(NUMBER_NEGATIVE), "is negative");
	assert_string_equal(number_why(NUMBER_OVERFLOW), "is larger than 64 bits hold");
}

TEST(digits_are_written_in_full)
{
	char digits[NUMBER_DIGITS];
	assert_text(number_u64(digits, 0), "0");
	assert_text(number_u64(digits, 9), "9");
	assert_text(number_u64(digits, 10), "10");
	assert_text(number_u64(digits, 1000000), "1000000");
	assert_text(number_u64(digits, UINT64_MAX), "18446744073709551615");
}

UNIT_MAIN(cmocka_unit_test(u64_takes_decimal_digits), cmocka_unit_test(u64_tells_why_it_refuses),
          cmocka_unit_test(u64_reads_no_further_than_its_slice),
          cmocka_unit_test(i64_reaches_both_ends), cmocka_unit_test(duration_knows_its_units),
          cmocka_unit_test(duration_tells_why_it_refuses),
          cmocka_unit_test(duration_counts_bare_numbers_in_the_default_unit),
          cmocka_unit_test(size_knows_its_units), cmocka_unit_test(size_tells_why_it_refuses),
          cmocka_unit_test(why_fits_a_sentence), cmocka_unit_test(digits_are_written_in_full))
