#include "lib/unit.h"
#include "shell/items/ranking.h"

#include <stdlib.h>
#include <string.h>

static const struct crawled items[] = {
    {.key = SLICE_INIT("d"), .size = 5, .bumped = 90, .exptime = 0},
    {.key = SLICE_INIT("a"), .size = 7, .bumped = 99, .exptime = 130},
    {.key = SLICE_INIT("c"), .size = 5, .bumped = 10, .exptime = 120},
    {.key = SLICE_INIT("bb"), .size = 9, .bumped = 50, .exptime = 120},
    {.key = SLICE_INIT("b"), .size = 1, .bumped = 50, .exptime = 99},
};
#define COUNT (sizeof(items) / sizeof(items[0]))

/* The keys in their order, of the first LIMIT by BY, whatever the order in which they come. */
static void ranks(enum ranking_by by, size_t limit, const char *want)
{
	for (size_t turn = 0; turn < COUNT; turn++) {
		struct ranking r;
		char got[40] = "";
		ranking_init(&r, by, limit, 100000);
		for (size_t i = 0; i < COUNT; i++) {
			struct crawled item = items[(i + turn) % COUNT];
			item.now = 100;
			ranking_add(&r, 0, &item);
		}
		ranking_sort(&r);
		for (size_t i = 0; i < r.count; i++) {
			strncat(got, r.items[i]->item.key.data, r.items[i]->item.key.len);
			strcat(got, " ");
		}
		assert_string_equal(got, want);
		assert_int_equal(r.left_out, 0);
		ranking_release(&r);
	}
}

TEST(keys_are_in_the_order_of_their_bytes)
{
	ranks(RANKING_KEY, 99, "a b bb c d ");
	ranks(RANKING_KEY, 2, "a b ");
	ranks(RANKING_KEY, 1, "a ");
}

TEST(the_largest_is_first_and_of_the_same_size_the_smaller_key)
{
	ranks(RANKING_SIZE, 99, "bb a c d b ");
	ranks(RANKING_SIZE, 3, "bb a c ");
}

TEST(what_expires_soonest_is_first_and_what_never_does_last)
{
	ranks(RANKING_TTL, 99, "b bb c a d ");
	ranks(RANKING_TTL, 4, "b bb c a ");
}

TEST(what_was_not_bumped_for_longest_is_first)
{
	ranks(RANKING_UNBUMPED, 99, "c b bb d a ");
}

TEST(of_the_same_key_the_first_server_is_first)
{
	struct ranking r;
	ranking_init(&r, RANKING_KEY, 99, 100000);
	for (size_t server = 3; server > 0; server--)
		ranking_add(&r, server, &items[0]);
	ranking_sort(&r);
	assert_int_equal(r.items[0]->server, 1);
	assert_int_equal(r.items[2]->server, 3);
	ranking_release(&r);
}

TEST(memory_has_a_limit_and_what_is_left_out_is_counted)
{
	struct ranking r;
	char key[250];
	memset(key, 'k', sizeof(key));
	ranking_init(&r, RANKING_SIZE, SIZE_MAX, 10000);
	for (size_t i = 0; i < 1000; i++) {
		struct crawled item = {.key = slice_of(key, i % 250 + 1), .size = i};
		ranking_add(&r, 0, &item);
		assert_true(r.used <= 10000);
	}
	assert_int_equal(r.count + r.left_out, 1000);
	assert_true(r.count > 20);
	ranking_sort(&r);
	for (size_t i = 0; i < r.count; i++)
		assert_int_equal(r.items[i]->item.size, 999 - i);
	ranking_release(&r);
}

TEST(orders_have_names)
{
	enum ranking_by by = RANKING_KEY;
	assert_true(ranking_named(SLICE("unbumped"), &by));
	assert_int_equal(by, RANKING_UNBUMPED);
	assert_true(ranking_named(SLICE("size"), &by) && by == RANKING_SIZE);
	assert_true(ranking_named(SLICE("ttl"), &by) && by == RANKING_TTL);
	assert_true(ranking_named(SLICE("key"), &by) && by == RANKING_KEY);
	assert_false(ranking_named(SLICE("keys"), &by));
	assert_false(ranking_named(SLICE(""), &by));
}

UNIT_MAIN(cmocka_unit_test(keys_are_in_the_order_of_their_bytes),
          cmocka_unit_test(the_largest_is_first_and_of_the_same_size_the_smaller_key),
          cmocka_unit_test(what_expires_soonest_is_first_and_what_never_does_last),
          cmocka_unit_test(what_was_not_bumped_for_longest_is_first),
          cmocka_unit_test(of_the_same_key_the_first_server_is_first),
          cmocka_unit_test(memory_has_a_limit_and_what_is_left_out_is_counted),
          cmocka_unit_test(orders_have_names))
