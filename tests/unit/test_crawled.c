#include "lib/unit.h"
#include "proto/crawled.h"

#include <string.h>

static struct buf key = BUF_INIT;

static struct crawled reads(const char *line)
{
	struct crawled item;
	assert_true(crawled_read(slice_str(line), false, &item, &key));
	return item;
}

TEST(a_line_of_1_6_18_has_all_but_flags)
{
	struct crawled item =
	    reads("key=foo exp=1795375000 la=1795374908 cas=2 fetch=yes cls=1 size=66");
	assert_text(item.key, "foo");
	assert_int_equal(item.exptime, 1795375000);
	assert_int_equal(item.bumped, 1795374908);
	assert_int_equal(item.cas, 2);
	assert_true(item.fetched);
	assert_int_equal(item.cls, 1);
	assert_int_equal(item.size, 66);
	assert_int_equal(item.known, CRAWLED_EXPTIME | CRAWLED_BUMPED | CRAWLED_CAS |
	                                 CRAWLED_FETCHED | CRAWLED_CLASS | CRAWLED_SIZE);
}

TEST(a_line_of_1_6_24_has_flags_and_a_blank_at_its_end)
{
	struct crawled item =
	    reads("key=foo exp=-1 la=1795374908 cas=2 fetch=no cls=1 size=66 flags=4294967303 ");
	assert_int_equal(item.exptime, 0);
	assert_false(item.fetched);
	assert_int_equal(item.flags, UINT64_C(4294967303));
	assert_true(item.known & CRAWLED_FLAGS);
}

TEST(a_line_of_1_4_31_says_no_class_and_no_size)
{
	struct crawled item = reads("key=foo exp=-1 la=1795374908 cas=2 fetch=no");
	assert_int_equal(item.known,
	                 CRAWLED_EXPTIME | CRAWLED_BUMPED | CRAWLED_CAS | CRAWLED_FETCHED);
}

TEST(a_number_that_is_none_is_not_known)
{
	struct crawled item = reads("key=foo exp=-1 la=x cas= fetch=no cls=-1 size=1k flags=7");
	assert_int_equal(item.known, CRAWLED_EXPTIME | CRAWLED_FETCHED | CRAWLED_FLAGS);
}

TEST(a_key_is_its_bytes)
{
	struct crawled item = reads("key=a%20b%00%25 exp=-1");
	assert_bytes(item.key, slice_of("a b\0%", 5));
	assert_text(reads("key=a+b exp=-1").key, "a+b");
}

TEST(what_is_no_item_is_refused)
{
	char longest[300] = "key=", longer[300] = "key=";
	struct crawled item;
	static const char *const bad[] = {"",
	                                  "END",
	                                  "key=foo",
	                                  "exp=-1",
	                                  "key= exp=-1",
	                                  "key=a exp",
	                                  "key=a exp=1.5",
	                                  "key=a%2 exp=-1",
	                                  "key=a key=b exp=-1"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(crawled_read(slice_str(bad[i]), false, &item, &key));
	memset(longest + 4, 'k', 250);
	strcat(longest, " exp=-1");
	assert_int_equal(reads(longest).key.len, 250);
	memset(longer + 4, 'k', 251);
	strcat(longer, " exp=-1");
	assert_false(crawled_read(slice_str(longer), false, &item, &key));
}

TEST(terse_reads_key_and_exptime_alone)
{
	struct crawled item;
	assert_true(crawled_read(SLICE("key=foo exp=77 la=1 cas=2 fetch=yes cls=1 size=66"), true,
	                         &item, &key));
	assert_text(item.key, "foo");
	assert_int_equal(item.exptime, 77);
	assert_int_equal(item.known, CRAWLED_EXPTIME);
}

TEST(times_are_counted_by_the_clock_of_the_server)
{
	struct crawled item = {.now = 1000, .exptime = 1060, .bumped = 940};
	assert_int_equal(crawled_ttl(&item), 60);
	assert_int_equal(crawled_unbumped(&item), 60);
	item.exptime = 999;
	assert_int_equal(crawled_ttl(&item), 0);
	item.exptime = 0;
	assert_int_equal(crawled_ttl(&item), -1);
	item.bumped = 1001;
	assert_int_equal(crawled_unbumped(&item), 0);
}

TEST(memory_is_released)
{
	buf_release(&key);
}

UNIT_MAIN(cmocka_unit_test(a_line_of_1_6_18_has_all_but_flags),
          cmocka_unit_test(a_line_of_1_6_24_has_flags_and_a_blank_at_its_end),
          cmocka_unit_test(a_line_of_1_4_31_says_no_class_and_no_size),
          cmocka_unit_test(a_number_that_is_none_is_not_known),
          cmocka_unit_test(a_key_is_its_bytes), cmocka_unit_test(what_is_no_item_is_refused),
          cmocka_unit_test(terse_reads_key_and_exptime_alone),
          cmocka_unit_test(times_are_counted_by_the_clock_of_the_server),
          cmocka_unit_test(memory_is_released))
