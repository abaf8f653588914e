#include "lib/unit.h"
#include "proto/item_state.h"

static struct reply me(const char *wire)
{
	return (struct reply){.kind = REPLY_ME, .wire = slice_str(wire)};
}

TEST(a_description_is_read_as_1_6_18_and_1_6_45_write_it)
{
	struct item_state item;
	struct reply reply = me("ME foo exp=-100 la=7 cas=12 fetch=yes cls=3 size=69\r\n");
	assert_true(item_state_describe(&item, &reply));
	assert_true(item.there && item.fetched && !item.has_value);
	assert_int_equal(100, item.ttl);
	assert_int_equal(7, item.bumped);
	assert_int_equal(12, item.cas);
	assert_int_equal(3, item.class);
	assert_int_equal(69, item.size);
	reply = me("ME foo exp=100 la=0 cas=1 fetch=no cls=1 size=63\r\n");
	assert_true(item_state_describe(&item, &reply));
	assert_int_equal(100, item.ttl);
	assert_false(item.fetched);
	reply = me("ME foo exp=-1 la=0 cas=1 fetch=no cls=1 size=63\r\n");
	assert_true(item_state_describe(&item, &reply));
	assert_int_equal(-1, item.ttl);
}

TEST(words_within_a_key_are_not_taken_for_what_follows_it)
{
	struct item_state item;
	struct reply reply =
	    me("ME a size=1 exp=5 fetch=yes exp=-1 la=0 cas=1 fetch=no cls=1 size=63\r\n");
	assert_true(item_state_describe(&item, &reply));
	assert_int_equal(-1, item.ttl);
	assert_int_equal(63, item.size);
	assert_false(item.fetched);
}

TEST(a_miss_is_no_item_and_an_error_no_answer)
{
	struct item_state item = {.there = true};
	struct reply reply = {.kind = REPLY_EN};
	assert_true(item_state_describe(&item, &reply));
	assert_false(item.there);
	reply.kind = REPLY_ERROR;
	assert_false(item_state_describe(&item, &reply));
}

static const struct slice key = SLICE_INIT("foo");

TEST(a_reading_adds_the_flags_and_says_what_is_stale)
{
	struct item_state item = {.there = true, .size = 69};
	struct request mg = {
	    .verb = VERB_MG, .keys = &key, .key_count = 1, .text = ITEM_STATE_FLAGS};
	struct reply reply = {.kind = REPLY_VA,
	                      .wire = SLICE("VA 3 f16 t-1 c9 W X\r\nbar\r\n"),
	                      .value = SLICE("bar")};
	assert_true(item_state_read(&item, &mg, &reply));
	assert_true(item.has_value && item.stale && item.token);
	assert_int_equal(16, item.flags);
	assert_int_equal(9, item.cas);
	assert_int_equal(-1, item.ttl);
	assert_int_equal(69, item.size);
	reply = (struct reply){.kind = REPLY_VA,
	                       .wire = SLICE("VA 3 f0 t60 c9 Z X\r\nbar\r\n"),
	                       .value = SLICE("bar")};
	item = (struct item_state){.there = true};
	assert_true(item_state_read(&item, &mg, &reply));
	assert_true(item.stale && !item.token);
	assert_int_equal(60, item.ttl);
	reply = (struct reply){.kind = REPLY_EN};
	assert_true(item_state_read(&item, &mg, &reply));
	assert_false(item.there || item.has_value);
}

TEST(the_exptime_of_a_ttl_is_relative_up_to_30_days)
{
	assert_int_equal(0, item_exptime(-1, 1795714999));
	assert_int_equal(1, item_exptime(0, 1795714999));
	assert_int_equal(2592000, item_exptime(2592000, 1795714999));
	assert_int_equal(1795714999 + 2592001, item_exptime(2592001, 1795714999));
	assert_int_equal(INT32_MAX, item_exptime(INT32_MAX, 1795714999));
}

UNIT_MAIN(cmocka_unit_test(a_description_is_read_as_1_6_18_and_1_6_45_write_it),
          cmocka_unit_test(words_within_a_key_are_not_taken_for_what_follows_it),
          cmocka_unit_test(a_miss_is_no_item_and_an_error_no_answer),
          cmocka_unit_test(a_reading_adds_the_flags_and_says_what_is_stale),
          cmocka_unit_test(the_exptime_of_a_ttl_is_relative_up_to_30_days))
