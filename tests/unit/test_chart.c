#include "lib/unit.h"
#include "view/chart.h"

#include <math.h>
#include <stdlib.h>

#define FULL  "\xe2\x96\x88"
#define SEVEN "\xe2\x96\x89"
#define HALF  "\xe2\x96\x8c"
#define ONE   "\xe2\x96\x8f"
#define LOW   "\xe2\x96\x81"

static const struct style ascii = {.format = FORMAT_PRETTY, .columns = 40};
static const struct style blocks = {.format = FORMAT_PRETTY, .columns = 40, .utf8 = true};

static void check_bar(const struct style *style, double part, double whole, size_t width,
                      size_t columns, const char *want)
{
	struct buf out = BUF_INIT;
	assert_int_equal(chart_add_bar(&out, style, PAINT_GOOD, part, whole, width), columns);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
}

TEST(a_bar_is_a_share_in_eighths_of_a_column)
{
	check_bar(&blocks, 1, 1, 3, 3, FULL FULL FULL);
	check_bar(&blocks, 1, 2, 3, 2, FULL HALF);
	check_bar(&blocks, 1, 8, 1, 1, ONE);
	check_bar(&blocks, 7, 8, 1, 1, SEVEN);
	check_bar(&blocks, 15, 16, 1, 1, FULL);
	check_bar(&blocks, 1, 1000000, 10, 1, ONE);
	check_bar(&blocks, 5, 1, 2, 2, FULL FULL);
}

TEST(a_bar_without_utf8_is_of_whole_columns)
{
	check_bar(&ascii, 1, 1, 3, 3, "###");
	check_bar(&ascii, 1, 2, 4, 2, "##");
	check_bar(&ascii, 1, 1000000, 10, 1, "#");
	check_bar(&ascii, 54, 100, 10, 5, "#####");
	check_bar(&ascii, 56, 100, 10, 6, "######");
}

TEST(a_bar_of_nothing_or_of_no_number_is_not_drawn)
{
	check_bar(&blocks, 0, 10, 5, 0, "");
	check_bar(&blocks, 3, 0, 5, 0, "");
	check_bar(&blocks, -1, 10, 5, 0, "");
	check_bar(&blocks, NAN, 10, 5, 0, "");
	check_bar(&blocks, 1, NAN, 5, 0, "");
	check_bar(&blocks, 1, 2, 0, 0, "");
	check_bar(&ascii, INFINITY, 1, 2, 2, "##");
}

TEST(the_colour_of_a_bar_is_its_meaning)
{
	struct style style = {.color = true};
	check_bar(&style, 1, 1, 2, 2, "\033[32m##\033[0m");
	check_bar(&style, 0, 1, 2, 0, "");
}

static void check_sparkline(const struct style *style, const double *values, size_t count,
                            size_t width, const char *want)
{
	struct buf out = BUF_INIT;
	chart_add_sparkline(&out, style, PAINT_NONE, values, count, width);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
}

TEST(a_sparkline_scales_to_the_largest_that_is_drawn)
{
	static const double values[] = {1000, 0, 1, 2, 3, 4, 5, 6, 7};
	check_sparkline(&ascii, values, 9, 8, " .:-=+*#");
	check_sparkline(&blocks, values, 9, 8,
	                LOW "\xe2\x96\x82\xe2\x96\x83\xe2\x96\x84\xe2\x96\x85\xe2\x96\x86\xe2\x96"
	                    "\x87" FULL);
	check_sparkline(&ascii, values, 2, 4, "  # ");
}

TEST(a_sparkline_leaves_blank_what_is_not_known)
{
	static const double values[] = {NAN, 2, -1, 0, INFINITY};
	check_sparkline(&blocks, values, 4, 5, "  " FULL " " LOW);
	check_sparkline(&blocks, values + 3, 1, 1, LOW);
	check_sparkline(&ascii, values, 5, 5, "    #");
	check_sparkline(&blocks, values, 0, 3, "   ");
	check_sparkline(&blocks, values, 4, 0, "");
}

static void check_rows(const struct style *style, const struct chart_row *rows, size_t count,
                       const char *want)
{
	struct buf out = BUF_INIT;
	chart_add_rows(&out, style, rows, count);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
}

TEST(rows_are_aligned_and_fill_the_width)
{
	static const struct chart_row rows[] = {
	    {.label = SLICE_INIT("64 B"), .count = 1234},
	    {.label = SLICE_INIT("128 B"), .count = 617},
	    {.label = SLICE_INIT("1 KiB"), .count = 0},
	    {.label = SLICE_INIT("2 KiB"), .count = 1, .text = SLICE_INIT("one")},
	};
	check_rows(&ascii, rows, 4,
	           "   64 B  1,234  ########################\n"
	           "  128 B    617  ############\n"
	           "  1 KiB      0\n"
	           "  2 KiB    one  #\n");
	check_rows(&blocks, rows, 0, "");
}

TEST(rows_on_a_narrow_screen_cut_labels_and_keep_a_bar)
{
	static const struct style narrow = {.columns = 16, .utf8 = true};
	static const struct chart_row rows[] = {
	    {.label = SLICE_INIT("session:<n>:profile"), .count = 10},
	    {.label = SLICE_INIT("\xc3\xa4"), .count = 5},
	};
	check_rows(&narrow, rows, 2,
	           "  session\xe2\x80\xa6  10  " FULL FULL FULL FULL "\n"
	           "         \xc3\xa4   5  " FULL FULL "\n");
}

static void check_times(const int64_t *times, size_t count, const char *want)
{
	struct histogram *h = calloc(1, sizeof(*h));
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < count; i++)
		histogram_add(h, times[i]);
	chart_add_times(&out, &ascii, h);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
	free(h);
}

TEST(times_are_rows_from_round_borders)
{
	static const int64_t times[] = {100000, 119000, 121000, 150000, 199999};
	check_times(times, 5,
	            "  0.100 ms+  2  ########################\n"
	            "  0.120 ms+  1  ############\n"
	            "  0.150 ms+  2  ########################\n");
	check_times(times, 0, "");
}

UNIT_MAIN(cmocka_unit_test(a_bar_is_a_share_in_eighths_of_a_column),
          cmocka_unit_test(a_bar_without_utf8_is_of_whole_columns),
          cmocka_unit_test(a_bar_of_nothing_or_of_no_number_is_not_drawn),
          cmocka_unit_test(the_colour_of_a_bar_is_its_meaning),
          cmocka_unit_test(a_sparkline_scales_to_the_largest_that_is_drawn),
          cmocka_unit_test(a_sparkline_leaves_blank_what_is_not_known),
          cmocka_unit_test(rows_are_aligned_and_fill_the_width),
          cmocka_unit_test(rows_on_a_narrow_screen_cut_labels_and_keep_a_bar),
          cmocka_unit_test(times_are_rows_from_round_borders))
