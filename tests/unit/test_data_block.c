#include "lib/unit.h"
#include "shell/lang/data_block.h"

static void announces(const char *line, const char *word, uint64_t bytes)
{
	struct slice w;
	uint64_t n;
	assert_true(data_block_announced(slice_str(line), &w, &n));
	assert_bytes(w, slice_str(word));
	assert_int_equal(n, bytes);
}

static void announces_nothing(const char *line)
{
	struct slice w;
	uint64_t n;
	assert_false(data_block_announced(slice_str(line), &w, &n));
}

TEST(each_word_with_data_announces_it)
{
	announces("set foo 0 0 9", "set", 9);
	announces("  set foo 0 0 9\r", "set", 9);
	announces("SET foo 0 0 9", "SET", 9);
	announces("add foo 0 0 9 noreply", "add", 9);
	announces("replace foo 4294967295 -1 9", "replace", 9);
	announces("append foo 0 1700000000 9", "append", 9);
	announces("prepend foo 0 0 18446744073709551615", "prepend", UINT64_MAX);
	announces("cas foo 0 0 9 77", "cas", 9);
	announces("cas foo 0 0 9 77 noreply", "cas", 9);
	announces("set foo 0 0 9 NOREPLY?", "set", 9);
	announces("cas foo 0 0 9 77 bogus", "cas", 9);
	announces("set foo +0 +1 +9", "set", 9);
	announces("set \"foo 0 0 9", "set", 9);
	announces("set a\\q 0 0 9", "set", 9);
	announces("ms foo 9", "ms", 9);
	announces("ms foo 9 T0 F5 q", "ms", 9);
	announces("VALUE foo 0 9", "VALUE", 9);
	announces("VALUE foo 0 9 77", "VALUE", 9);
	announces("VA 9 f0 kfoo", "VA", 9);
	announces("$9", "$9", 9);
}

TEST(other_lines_announce_nothing)
{
	announces_nothing("");
	announces_nothing("set foo bar");
	announces_nothing("set foo 0 0");
	announces_nothing("set foo 0 0 x");
	announces_nothing("set foo 0 0 -1");
	announces_nothing("set foo 0 0 9 10");
	announces_nothing("set foo 0 0 9 not reached");
	announces_nothing("set foo 0 0 +");
	announces_nothing("ms foo +9");
	announces_nothing("cas foo 0 0 9");
	announces_nothing("mg foo 9");
	announces_nothing("ms foo 9 10");
	announces_nothing("get set 0 0 9");
	announces_nothing("va 9");
	announces_nothing("$-1");
	announces_nothing("$HOME");
}

static struct data_block opened(const char *line, bool pasted)
{
	struct data_block b = {0};
	data_block_begin(&b, slice_str(line), pasted);
	return b;
}

/* Adds LINES, ended by NULL: all but the last must ask for more, and END becomes of that. */
static void comes_to(struct data_block b, const char *const *lines, enum data_block_step end)
{
	assert_true(b.open);
	for (; *lines; lines++) {
		assert_true(b.open);
		enum data_block_step step = data_block_add(&b, slice_str(*lines));
		assert_int_equal(step, lines[1] ? DATA_BLOCK_MORE : end);
	}
	assert_int_equal(b.open, end == DATA_BLOCK_MORE);
}

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

TEST(its_bytes_are_counted_as_they_are)
{
	comes_to(opened("set k 0 0 3", false), LINES("abc"), DATA_BLOCK_END);
	comes_to(opened("set k 0 0 3", false), LINES("abc\r"), DATA_BLOCK_END);
	comes_to(opened("set k 0 0 4", false), LINES("abc\r"), DATA_BLOCK_END);
	comes_to(opened("set k 0 0 5", false), LINES("a\r", "bc"), DATA_BLOCK_END);
	comes_to(opened("set k 0 0 4", false), LINES("", "", "bc"), DATA_BLOCK_END);
	comes_to(opened("set k 0 0 4", false), LINES("abc", ""), DATA_BLOCK_END);
	comes_to(opened("set k 0 0 5", false), LINES("abc"), DATA_BLOCK_MORE);
	assert_false(opened("set k 0 0 0", false).open);
}

TEST(one_that_ends_within_a_line)
{
	comes_to(opened("set k 0 0 3", false), LINES("flush_all"), DATA_BLOCK_END);
	comes_to(opened("set k 0 0 6", false), LINES("abc", "flush_all"), DATA_BLOCK_LOST);
}

TEST(a_line_end_in_a_paste_is_one_byte_or_two)
{
	comes_to(opened("set k 0 0 3", true), LINES("abc"), DATA_BLOCK_END);
	comes_to(opened("set k 0 0 3", true), LINES("", "abc"), DATA_BLOCK_END);
	comes_to(opened("set k 0 0 7", true), LINES("abc", "def"), DATA_BLOCK_END);
	struct data_block b = opened("set k 0 0 8", true);
	assert_int_equal(data_block_add(&b, SLICE("abc")), DATA_BLOCK_MORE);
	assert_false(b.doubtful);
	assert_int_equal(data_block_add(&b, SLICE("def")), DATA_BLOCK_MORE);
	assert_true(b.doubtful);
	assert_int_equal(data_block_add(&b, SLICE("more of it")), DATA_BLOCK_END);
}

UNIT_MAIN(cmocka_unit_test(each_word_with_data_announces_it),
          cmocka_unit_test(other_lines_announce_nothing),
          cmocka_unit_test(its_bytes_are_counted_as_they_are),
          cmocka_unit_test(one_that_ends_within_a_line),
          cmocka_unit_test(a_line_end_in_a_paste_is_one_byte_or_two))
