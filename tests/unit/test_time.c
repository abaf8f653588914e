#include "lib/unit.h"
#include "view/text/time.h"

TEST(a_length_of_time_has_the_unit_that_suits_it)
{
	assert_string_equal(time_text(0).s, "0.000 ms");
	assert_string_equal(time_text(-5).s, "0.000 ms");
	assert_string_equal(time_text(499).s, "0.000 ms");
	assert_string_equal(time_text(500).s, "0.001 ms");
	assert_string_equal(time_text(84200).s, "0.084 ms");
	assert_string_equal(time_text(9999499).s, "9.999 ms");
	assert_string_equal(time_text(9999500).s, "10.0 ms");
	assert_string_equal(time_text(12345678).s, "12.3 ms");
	assert_string_equal(time_text(999949000).s, "999.9 ms");
	assert_string_equal(time_text(999950000).s, "1.000 s");
	assert_string_equal(time_text(1204000000).s, "1.204 s");
	assert_string_equal(time_text(INT64_MAX).s, "9223372036.855 s");
}

TEST(a_span_has_its_two_largest_units)
{
	assert_string_equal(span_text(0).s, "0 s");
	assert_string_equal(span_text(41).s, "41 s");
	assert_string_equal(span_text(60).s, "1 min");
	assert_string_equal(span_text(200).s, "3 min 20 s");
	assert_string_equal(span_text(7559).s, "2 h 5 min");
	assert_string_equal(span_text(7259).s, "2 h");
	assert_string_equal(span_text(273600 + 59).s, "3 d 4 h");
	assert_string_equal(span_text(UINT64_MAX).s, "213503982334601 d 7 h");
}

TEST(a_unix_time_is_a_date)
{
	assert_string_equal(date_text(0).s, "1970-01-01 00:00:00 UTC");
	assert_string_equal(date_text(1709251199).s, "2024-02-29 23:59:59 UTC");
	assert_string_equal(date_text(253402300799).s, "9999-12-31 23:59:59 UTC");
	assert_string_equal(date_text(253402300800).s, "253402300800");
	assert_string_equal(date_text(UINT64_MAX).s, "18446744073709551615");
}

TEST(a_size_has_one_decimal_at_the_most)
{
	assert_string_equal(size_text(0).s, "0 B");
	assert_string_equal(size_text(1023).s, "1,023 B");
	assert_string_equal(size_text(1024).s, "1 KiB");
	assert_string_equal(size_text(1536).s, "1.5 KiB");
	assert_string_equal(size_text(1048473).s, "1,023.9 KiB");
	assert_string_equal(size_text(1048575).s, "1 MiB");
	assert_string_equal(size_text(67108864).s, "64 MiB");
	assert_string_equal(size_text(3758096384).s, "3.5 GiB");
	assert_string_equal(size_text((uint64_t)1 << 63).s, "8 EiB");
	assert_string_equal(size_text(UINT64_MAX).s, "16 EiB");
}

TEST(large_numbers_are_grouped)
{
	assert_string_equal(grouped_text(0).s, "0");
	assert_string_equal(grouped_text(999).s, "999");
	assert_string_equal(grouped_text(1000).s, "1,000");
	assert_string_equal(grouped_text(1234567).s, "1,234,567");
	assert_string_equal(grouped_text(UINT64_MAX).s, "18,446,744,073,709,551,615");
}

TEST(a_count_has_the_word_that_fits_its_number)
{
	assert_string_equal(count_text(0, " line", " lines").s, "0 lines");
	assert_string_equal(count_text(1, " line", " lines").s, "1 line");
	assert_string_equal(count_text(1234, " line", " lines").s, "1,234 lines");
	assert_string_equal(digits_text(UINT64_MAX).s, "18446744073709551615");
}

TEST(a_text_that_is_too_long_is_cut)
{
	char word[201];
	memset(word, 'x', 200);
	word[200] = '\0';
	assert_int_equal(strlen(short_textf("%s", word).s), sizeof(struct short_text) - 1);
	assert_int_equal(strlen(count_text(1, word, "").s), 101);
}

TEST(a_part_of_nothing_is_no_percentage)
{
	assert_string_equal(percent_text(0, 0).s, "-");
	assert_string_equal(percent_text(0, 7).s, "0.0 %");
	assert_string_equal(percent_text(2, 3).s, "66.7 %");
	assert_string_equal(percent_text(3, 3).s, "100.0 %");
}

TEST(timing_as_the_mode_has_it)
{
	struct timing t = {120000, 10000, 170000, 10000, 310000};
	assert_string_equal(timing_text(TIMING_OFF, &t).s, "");
	assert_string_equal(timing_text(TIMING_FULL, NULL).s, "");
	assert_string_equal(timing_text(TIMING_ON, &t).s, "0.310 ms");
	assert_string_equal(timing_text(TIMING_FULL, &t).s,
	                    "0.310 ms: connect 0.120, send 0.010, wait 0.170, receive 0.010");
	t.connect = 0;
	assert_string_equal(timing_text(TIMING_FULL, &t).s,
	                    "0.310 ms: send 0.010, wait 0.170, receive 0.010");
	t.total = 1500000000;
	t.wait = 1400000000;
	assert_string_equal(timing_text(TIMING_FULL, &t).s,
	                    "1.500 s: send 0.000, wait 1.400, receive 0.000");
}

UNIT_MAIN(cmocka_unit_test(a_length_of_time_has_the_unit_that_suits_it),
          cmocka_unit_test(a_span_has_its_two_largest_units),
          cmocka_unit_test(a_unix_time_is_a_date),
          cmocka_unit_test(a_size_has_one_decimal_at_the_most),
          cmocka_unit_test(large_numbers_are_grouped),
          cmocka_unit_test(a_count_has_the_word_that_fits_its_number),
          cmocka_unit_test(a_text_that_is_too_long_is_cut),
          cmocka_unit_test(a_part_of_nothing_is_no_percentage),
          cmocka_unit_test(timing_as_the_mode_has_it))
