#include "base/hitters.h"
#include "base/number.h"
#include "lib/unit.h"

#include <stdio.h>

static struct hitter *add(struct hitters *h, const char *key, uint64_t n)
{
	return hitters_add(h, slice_str(key), n);
}

TEST(counts_are_exact_while_every_key_has_a_counter)
{
	struct hitters *h = hitters_new(3, 8);
	const struct hitter *top[3];
	add(h, "b", 2);
	add(h, "a", 1);
	add(h, "c", 1);
	add(h, "a", 4);
	assert_int_equal(hitters_top(h, top, 3), 3);
	assert_text(top[0]->key, "a");
	assert_int_equal(top[0]->count, 5);
	assert_int_equal(top[0]->error, 0);
	assert_text(top[1]->key, "b");
	assert_text(top[2]->key, "c");
	assert_int_equal(hitters_floor(h), 0);
	assert_int_equal(hitters_used(h), 3);
	hitters_free(h);
}

TEST(a_new_key_takes_over_the_smallest_counter_and_its_count_as_error)
{
	struct hitters *h = hitters_new(2, 8);
	const struct hitter *top[2];
	add(h, "big", 9)->tallies[0] = 7;
	add(h, "small", 3)->tallies[0] = 5;
	struct hitter *taken = add(h, "new", 1);
	assert_int_equal(taken->count, 4);
	assert_int_equal(taken->error, 3);
	assert_int_equal(taken->tallies[0], 0);
	assert_int_equal(hitters_top(h, top, 2), 2);
	assert_text(top[0]->key, "big");
	assert_int_equal(top[0]->tallies[0], 7);
	assert_text(top[1]->key, "new");
	assert_int_equal(hitters_floor(h), 4);
	hitters_free(h);
}

TEST(equal_counts_are_listed_by_their_keys_and_no_more_than_asked_for)
{
	struct hitters *h = hitters_new(4, 8);
	const struct hitter *top[4];
	add(h, "b", 1);
	add(h, "aa", 1);
	add(h, "a", 1);
	add(h, "", 1);
	assert_int_equal(hitters_top(h, top, 3), 3);
	assert_text(top[0]->key, "");
	assert_text(top[1]->key, "a");
	assert_text(top[2]->key, "aa");
	hitters_free(h);
}

TEST(keys_are_bytes_and_long_ones_are_cut)
{
	struct hitters *h = hitters_new(4, 4);
	hitters_add(h, SLICE("a\0b"), 1);
	hitters_add(h, SLICE("a\0c"), 1);
	hitters_add(h, SLICE("abcdX"), 1);
	assert_int_equal(hitters_add(h, SLICE("abcdY"), 1)->count, 2);
	assert_int_equal(hitters_used(h), 3);
	hitters_free(h);
}

/* Against the true counts of a skewed stream of 200,000, many more keys than counters: each count
 * is between count - error and count, none without a counter is above the floor, and what is
 * certainly hot is there. */
TEST(the_error_bound_holds_for_every_key)
{
	enum {
		KEYS = 20000,
		COUNTERS = 300,
	};
	static uint64_t truth[KEYS], seen[KEYS];
	struct hitters *h = hitters_new(COUNTERS, 16);
	const struct hitter *top[COUNTERS];
	uint64_t random = 88172645463325252, total = 0;
	char name[16];
	for (int i = 0; i < 200000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		/* The product of two fractions: small numbers come most often. */
		uint64_t key = (random & 0xffff) * (random >> 16 & 0xffff) * (uint64_t)KEYS >> 32;
		snprintf(name, sizeof(name), "k%u", (unsigned)key);
		uint64_t n = 1 + (random >> 60) % 3;
		truth[key] += n;
		total += n;
		add(h, name, n);
	}
	assert_int_equal(hitters_top(h, top, COUNTERS), COUNTERS);
	for (int i = 0; i < COUNTERS; i++) {
		uint64_t key = KEYS;
		number_parse_u64(slice_skip(top[i]->key, 1), &key);
		assert_true(key < KEYS);
		seen[key] = 1;
		assert_true(truth[key] <= top[i]->count);
		assert_true(truth[key] >= top[i]->count - top[i]->error);
		assert_true(i == 0 || top[i]->count <= top[i - 1]->count);
	}
	for (int key = 0; key < KEYS; key++)
		assert_true(seen[key] || truth[key] <= hitters_floor(h));
	assert_true(hitters_floor(h) <= total / COUNTERS);
	hitters_free(h);
}

UNIT_MAIN(cmocka_unit_test(counts_are_exact_while_every_key_has_a_counter),
          cmocka_unit_test(a_new_key_takes_over_the_smallest_counter_and_its_count_as_error),
          cmocka_unit_test(equal_counts_are_listed_by_their_keys_and_no_more_than_asked_for),
          cmocka_unit_test(keys_are_bytes_and_long_ones_are_cut),
          cmocka_unit_test(the_error_bound_holds_for_every_key))
