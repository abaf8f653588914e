#include "base/buf.h"
#include "lib/unit.h"

TEST(starts_empty_and_appends)
{
	struct buf b = BUF_INIT;
	assert_int_equal(b.len, 0);
	assert_null(b.data);
	assert_true(buf_add(&b, "a\0b", 3));
	assert_true(buf_add_slice(&b, SLICE("cd")));
	assert_true(buf_add_str(&b, "ef"));
	assert_true(buf_add_char(&b, '\n'));
	assert_true(buf_add_repeat(&b, '-', 3));
	assert_text(buf_slice(&b), "a\0bcdef\n---");
	assert_false(b.full);
	buf_release(&b);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
}

TEST(appending_nothing_is_fine)
{
	struct buf b;
	buf_init(&b, 1);
	assert_true(buf_add(&b, NULL, 0));
	assert_true(buf_add_slice(&b, (struct slice){NULL, 0}));
	assert_true(buf_add_str(&b, ""));
	assert_true(buf_add_repeat(&b, 'x', 0));
	assert_int_equal(b.len, 0);
	assert_false(b.full);
	buf_release(&b);
}

TEST(keeps_every_byte_while_it_grows)
{
	struct buf b = BUF_INIT;
	for (size_t i = 0; i < 100000; i++)
		assert_true(buf_add_char(&b, (char)(i % 251)));
	assert_int_equal(b.len, 100000);
	for (size_t i = 0; i < b.len; i++) {
		if ((unsigned char)b.data[i] != i % 251)
			fail_msg("byte %zu has changed", i);
	}
	buf_release(&b);
}

TEST(numbers_in_decimal)
{
	struct buf b = BUF_INIT;
	buf_add_u64(&b, 0);
	buf_add_char(&b, ' ');
	buf_add_u64(&b, UINT64_MAX);
	buf_add_char(&b, ' ');
	buf_add_i64(&b, 0);
	buf_add_char(&b, ' ');
	buf_add_i64(&b, -1);
	buf_add_char(&b, ' ');
	buf_add_i64(&b, INT64_MAX);
	buf_add_char(&b, ' ');
	buf_add_i64(&b, INT64_MIN);
	assert_text(buf_slice(&b), "0 18446744073709551615 0 -1 9223372036854775807 "
	                           "-9223372036854775808");
	buf_release(&b);
}

TEST(formats)
{
	struct buf b = BUF_INIT;
	assert_true(buf_addf(&b, "%s=%d", "n", -5));
	assert_true(buf_addf(&b, "%s", ""));
	assert_true(buf_addf(&b, " %c", 0));
	assert_text(buf_slice(&b), "n=-5 \0");
	buf_release(&b);
}

TEST(the_ceiling_is_reached_exactly)
{
	struct buf b;
	buf_init(&b, 4);
	assert_true(buf_add(&b, "ab", 2));
	assert_true(buf_add(&b, "cd", 2));
	assert_false(b.full);
	assert_text(buf_slice(&b), "abcd");
	assert_false(buf_add_char(&b, 'e'));
	assert_true(b.full);
	assert_text(buf_slice(&b), "abcd");
	buf_release(&b);
}

TEST(a_refused_append_changes_nothing)
{
	struct buf b;
	buf_init(&b, 4);
	assert_true(buf_add_str(&b, "abc"));
	assert_false(buf_add(&b, "de", 2));
	assert_false(buf_add_slice(&b, SLICE("de")));
	assert_false(buf_add_str(&b, "de"));
	assert_false(buf_add_repeat(&b, 'd', 2));
	assert_false(buf_add_repeat(&b, 'd', PTRDIFF_MAX));
	assert_false(buf_add_u64(&b, 10));
	assert_false(buf_addf(&b, "%s", "de"));
	assert_null(buf_reserve(&b, 2));
	assert_null(buf_reserve(&b, SIZE_MAX));
	assert_text(buf_slice(&b), "abc");
	assert_true(b.full);
	/* What does fit is still taken, and the mark stays until the buf is cleared. */
	assert_true(buf_add_char(&b, 'd'));
	assert_true(b.full);
	buf_clear(&b);
	assert_false(b.full);
	assert_true(buf_add_str(&b, "wxyz"));
	assert_text(buf_slice(&b), "wxyz");
	buf_release(&b);
}

TEST(the_ceiling_outlives_release)
{
	struct buf b;
	buf_init(&b, 2);
	buf_add_str(&b, "ab");
	buf_release(&b);
	assert_false(buf_add_str(&b, "abc"));
	assert_true(buf_add_str(&b, "ab"));
	buf_release(&b);
}

TEST(without_a_ceiling_there_is_one)
{
	struct buf b = BUF_INIT;
	assert_null(buf_reserve(&b, BUF_MAX + 1));
	assert_true(b.full);
	assert_null(b.data);
	buf_add_char(&b, 'x');
	assert_null(buf_reserve(&b, BUF_MAX));
	assert_null(buf_reserve(&b, SIZE_MAX));
	assert_text(buf_slice(&b), "x");
	buf_release(&b);
}

TEST(room_is_counted_when_the_caller_has_written)
{
	struct buf b;
	buf_init(&b, 8);
	buf_add_str(&b, "ab");
	char *room = buf_reserve(&b, 6);
	assert_non_null(room);
	memcpy(room, "cde", 3);
	assert_text(buf_slice(&b), "ab");
	b.len += 3;
	assert_text(buf_slice(&b), "abcde");
	buf_release(&b);
}

TEST(clear_keeps_the_memory)
{
	struct buf b = BUF_INIT;
	buf_add_repeat(&b, 'x', 1000);
	const char *data = b.data;
	size_t cap = b.cap;
	buf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_ptr_equal(b.data, data);
	assert_int_equal(b.cap, cap);
	buf_add_repeat(&b, 'y', 1000);
	assert_ptr_equal(b.data, data);
	buf_release(&b);
}

TEST(drop_takes_from_the_front)
{
	struct buf b = BUF_INIT;
	buf_add_str(&b, "abcdef");
	buf_drop(&b, 0);
	assert_text(buf_slice(&b), "abcdef");
	buf_drop(&b, 2);
	assert_text(buf_slice(&b), "cdef");
	buf_drop(&b, 4);
	assert_int_equal(b.len, 0);
	buf_add_str(&b, "gh");
	buf_drop(&b, SIZE_MAX);
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

TEST(cut_takes_from_the_end)
{
	struct buf b = BUF_INIT;
	buf_add_str(&b, "abcdef");
	buf_cut(&b, 7);
	assert_text(buf_slice(&b), "abcdef");
	buf_cut(&b, 6);
	assert_text(buf_slice(&b), "abcdef");
	buf_cut(&b, 2);
	assert_text(buf_slice(&b), "ab");
	buf_cut(&b, 0);
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

TEST(cstr_ends_with_a_nul_that_does_not_count)
{
	struct buf b = BUF_INIT;
	assert_string_equal(buf_cstr(&b), "");
	assert_int_equal(b.len, 0);
	buf_add_str(&b, "abc");
	assert_string_equal(buf_cstr(&b), "abc");
	assert_int_equal(b.len, 3);
	buf_cut(&b, 1);
	assert_string_equal(buf_cstr(&b), "a");
	buf_release(&b);
}

UNIT_MAIN(cmocka_unit_test(starts_empty_and_appends), cmocka_unit_test(appending_nothing_is_fine),
          cmocka_unit_test(keeps_every_byte_while_it_grows), cmocka_unit_test(numbers_in_decimal),
          cmocka_unit_test(formats), cmocka_unit_test(the_ceiling_is_reached_exactly),
          cmocka_unit_test(a_refused_append_changes_nothing),
          cmocka_unit_test(the_ceiling_outlives_release),
          cmocka_unit_test(without_a_ceiling_there_is_one),
          cmocka_unit_test(room_is_counted_when_the_caller_has_written),
          cmocka_unit_test(clear_keeps_the_memory), cmocka_unit_test(drop_takes_from_the_front),
          cmocka_unit_test(cut_takes_from_the_end),
          cmocka_unit_test(cstr_ends_with_a_nul_that_does_not_count))
