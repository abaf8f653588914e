#include "base/histogram.h"
#include "lib/unit.h"

#include <stdlib.h>

static struct histogram *filled(const int64_t *values, size_t count)
{
	struct histogram *t = calloc(1, sizeof(*t));
	for (size_t i = 0; i < count; i++)
		histogram_add(t, values[i]);
	return t;
}

TEST(an_empty_one_answers_0)
{
	struct histogram *t = filled(NULL, 0);
	assert_int_equal(histogram_at(t, 0), 0);
	assert_int_equal(histogram_at(t, 500), 0);
	assert_int_equal(histogram_at(t, 1000), 0);
	free(t);
}

TEST(small_values_are_exact)
{
	int64_t values[128];
	for (int i = 0; i < 128; i++)
		values[i] = 127 - i;
	struct histogram *t = filled(values, 128);
	assert_int_equal(histogram_at(t, 0), 0);
	assert_int_equal(histogram_at(t, 500), 63);
	assert_int_equal(histogram_at(t, 1000), 127);
	free(t);
}

/* One value of every size, and those around each power of two. */
TEST(each_value_is_read_back_within_four_per_mille)
{
	struct histogram *t = calloc(1, sizeof(*t));
	for (unsigned bit = 0; bit < HISTOGRAM_VALUE_BITS; bit++) {
		for (int64_t step = -3; step <= 3; step++) {
			int64_t value = ((int64_t)1 << bit) + step * (((int64_t)1 << bit) / 7) +
			                step;
			if (value < 0 || value >= (int64_t)1 << HISTOGRAM_VALUE_BITS)
				continue;
			*t = (struct histogram){0};
			histogram_add(t, 0);
			histogram_add(t, value);
			histogram_add(t, (int64_t)1 << HISTOGRAM_VALUE_BITS);
			int64_t got = histogram_at(t, 666);
			if (llabs(got - value) * 1000 > value * 4)
				fail_msg("%lld was read back as %lld", (long long)value,
				         (long long)got);
		}
	}
	free(t);
}

TEST(ranks_are_the_nearest)
{
	int64_t values[1000];
	for (int i = 0; i < 1000; i++)
		values[i] = (i + 1) % 100;
	struct histogram *t = filled(values, 1000);
	assert_int_equal(t->count, 1000);
	assert_int_equal(histogram_at(t, 1), 0);
	assert_int_equal(histogram_at(t, 10), 0);
	assert_int_equal(histogram_at(t, 11), 1);
	assert_int_equal(histogram_at(t, 500), 49);
	assert_int_equal(histogram_at(t, 999), 99);
	free(t);
	t = filled((int64_t[]){5, 9}, 2);
	assert_int_equal(histogram_at(t, 500), 5);
	assert_int_equal(histogram_at(t, 501), 9);
	assert_int_equal(histogram_at(t, 999), 9);
	free(t);
}

TEST(the_ends_are_exact_and_nothing_lies_beyond_them)
{
	int64_t values[] = {1000001, 1000003, 999999999937};
	struct histogram *t = filled(values, 3);
	assert_int_equal(histogram_at(t, 0), 1000001);
	assert_int_equal(histogram_at(t, 1000), 999999999937);
	assert_in_range(histogram_at(t, 1), 1000001, 1004000);
	free(t);
	t = filled(values, 1);
	for (unsigned p = 0; p <= 1000; p++)
		assert_int_equal(histogram_at(t, p), 1000001);
	free(t);
}

TEST(what_is_out_of_range_is_counted_at_its_ends)
{
	int64_t values[] = {INT64_MIN, -1, INT64_MAX, (int64_t)1 << HISTOGRAM_VALUE_BITS};
	struct histogram *t = filled(values, 4);
	assert_int_equal(t->count, 4);
	assert_int_equal(t->counts[0], 2);
	assert_int_equal(t->counts[HISTOGRAM_BUCKETS - 1], 2);
	assert_int_equal(histogram_at(t, 0), 0);
	assert_int_equal(histogram_at(t, 500), 0);
	assert_int_equal(histogram_at(t, 1000), INT64_MAX);
	free(t);
}

TEST(merged_ones_count_as_one)
{
	struct histogram *a = filled((int64_t[]){10, 20}, 2), *b = filled((int64_t[]){5, 30}, 2);
	struct histogram *none = filled(NULL, 0);
	histogram_merge(a, none);
	assert_int_equal(a->min, 10);
	histogram_merge(none, a);
	assert_int_equal(none->min, 10);
	histogram_merge(a, b);
	assert_int_equal(a->count, 4);
	assert_int_equal(histogram_at(a, 0), 5);
	assert_int_equal(histogram_at(a, 250), 5);
	assert_int_equal(histogram_at(a, 750), 20);
	assert_int_equal(histogram_at(a, 1000), 30);
	free(a);
	free(b);
	free(none);
}

TEST(the_smallest_and_the_largest_are_exact_at_any_rank)
{
	int64_t values[] = {5017, 1003000};
	struct histogram *h = filled(values, 2);
	assert_int_equal(histogram_at(h, 1), 5017);
	assert_int_equal(histogram_at(h, 500), 5017);
	assert_int_equal(histogram_at(h, 501), 1003000);
	assert_int_equal(histogram_at(h, 999), 1003000);
	free(h);
}

UNIT_MAIN(cmocka_unit_test(the_smallest_and_the_largest_are_exact_at_any_rank),
          cmocka_unit_test(an_empty_one_answers_0), cmocka_unit_test(small_values_are_exact),
          cmocka_unit_test(each_value_is_read_back_within_four_per_mille),
          cmocka_unit_test(ranks_are_the_nearest),
          cmocka_unit_test(the_ends_are_exact_and_nothing_lies_beyond_them),
          cmocka_unit_test(what_is_out_of_range_is_counted_at_its_ends),
          cmocka_unit_test(merged_ones_count_as_one))
