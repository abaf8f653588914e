#include "base/buf.h"
#include "lib/unit.h"
#include "view/text/time.h"

/* Checks what ADD appends to an empty buf. */
#define assert_adds(want, add)                                                                     \
	do {                                                                                       \
		struct buf out = BUF_INIT;                                                         \
		add;                                                                               \
		assert_text(buf_slice(&out), want);                                                \
		buf_release(&out);                                                                 \
	} while (0)

TEST(a_length_of_time_has_the_unit_that_suits_it)
{
	assert_adds("0.000 ms", time_add(&out, 0));
	assert_adds("0.000 ms", time_add(&out, -5));
	assert_adds("0.000 ms", time_add(&out, 499));
	assert_adds("0.001 ms", time_add(&out, 500));
	assert_adds("0.084 ms", time_add(&out, 84200));
	assert_adds("9.999 ms", time_add(&out, 9999499));
	assert_adds("10.0 ms", time_add(&out, 9999500));
	assert_adds("12.3 ms", time_add(&out, 12345678));
	assert_adds("999.9 ms", time_add(&out, 999949000));
	assert_adds("1.000 s", time_add(&out, 999950000));
	assert_adds("1.204 s", time_add(&out, 1204000000));
	assert_adds("9223372036.855 s", time_add(&out, INT64_MAX));
}

TEST(a_span_has_its_two_largest_units)
{
	assert_adds("0 s", time_add_span(&out, 0));
	assert_adds("41 s", time_add_span(&out, 41));
	assert_adds("1 min", time_add_span(&out, 60));
	assert_adds("3 min 20 s", time_add_span(&out, 200));
	assert_adds("2 h 5 min", time_add_span(&out, 7559));
	assert_adds("2 h", time_add_span(&out, 7259));
	assert_adds("3 d 4 h", time_add_span(&out, 273600 + 59));
	assert_adds("213503982334601 d 7 h", time_add_span(&out, UINT64_MAX));
}

TEST(a_unix_time_is_a_date)
{
	assert_adds("1970-01-01 00:00:00 UTC", time_add_unix(&out, 0));
	assert_adds("2024-02-29 23:59:59 UTC", time_add_unix(&out, 1709251199));
	assert_adds("9999-12-31 23:59:59 UTC", time_add_unix(&out, 253402300799));
	assert_adds("253402300800", time_add_unix(&out, 253402300800));
	assert_adds("18446744073709551615", time_add_unix(&out, UINT64_MAX));
}

TEST(a_size_has_one_decimal_at_the_most)
{
	assert_adds("0 B", time_add_size(&out, 0));
	assert_adds("1023 B", time_add_size(&out, 1023));
	assert_adds("1 KiB", time_add_size(&out, 1024));
	assert_adds("1.5 KiB", time_add_size(&out, 1536));
	assert_adds("1023.9 KiB", time_add_size(&out, 1048473));
	assert_adds("1 MiB", time_add_size(&out, 1048575));
	assert_adds("64 MiB", time_add_size(&out, 67108864));
	assert_adds("3.5 GiB", time_add_size(&out, 3758096384));
	assert_adds("8 EiB", time_add_size(&out, (uint64_t)1 << 63));
	assert_adds("16 EiB", time_add_size(&out, UINT64_MAX));
}

TEST(large_numbers_are_grouped)
{
	assert_adds("0", time_add_grouped(&out, 0));
	assert_adds("999", time_add_grouped(&out, 999));
	assert_adds("1,000", time_add_grouped(&out, 1000));
	assert_adds("1,234,567", time_add_grouped(&out, 1234567));
	assert_adds("18,446,744,073,709,551,615", time_add_grouped(&out, UINT64_MAX));
}

TEST(a_part_of_nothing_is_no_percentage)
{
	assert_adds("-", time_add_percent(&out, 0, 0));
	assert_adds("0.0 %", time_add_percent(&out, 0, 7));
	assert_adds("66.7 %", time_add_percent(&out, 2, 3));
	assert_adds("100.0 %", time_add_percent(&out, 3, 3));
}

TEST(timing_as_the_mode_has_it)
{
	struct timing t = {120000, 10000, 170000, 10000, 310000};
	assert_adds("", time_add_timing(&out, TIMING_OFF, &t));
	assert_adds("", time_add_timing(&out, TIMING_FULL, NULL));
	assert_adds("0.310 ms", time_add_timing(&out, TIMING_ON, &t));
	assert_adds("0.310 ms: connect 0.120, send 0.010, wait 0.170, receive 0.010",
	            time_add_timing(&out, TIMING_FULL, &t));
	t.connect = 0;
	assert_adds("0.310 ms: send 0.010, wait 0.170, receive 0.010",
	            time_add_timing(&out, TIMING_FULL, &t));
	t.total = 1500000000;
	t.wait = 1400000000;
	assert_adds("1.500 s: send 0.000, wait 1.400, receive 0.000",
	            time_add_timing(&out, TIMING_FULL, &t));
}

UNIT_MAIN(cmocka_unit_test(a_length_of_time_has_the_unit_that_suits_it),
          cmocka_unit_test(a_span_has_its_two_largest_units),
          cmocka_unit_test(a_unix_time_is_a_date),
          cmocka_unit_test(a_size_has_one_decimal_at_the_most),
          cmocka_unit_test(large_numbers_are_grouped),
          cmocka_unit_test(a_part_of_nothing_is_no_percentage),
          cmocka_unit_test(timing_as_the_mode_has_it))
