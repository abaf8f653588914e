#include "lib/unit.h"
#include "shell/lang/keyfilter.h"

#include <stdlib.h>
#include <string.h>

static const struct command_option options[] = {KEYFILTER_MATCH, KEYFILTER_OPTIONS, {0}};
static const struct command row = {.name = ".list", .operands = "[GLOB]", .options = options};

static const struct command_option glob_options[] = {
    {"--match", "GLOB", "", NULL}, KEYFILTER_OPTIONS, {0}};
static const struct command glob_row = {.name = ".list", .options = glob_options, .operands = ""};

/* LINE as words, held against ROW; what a filter borrows is kept. */
static struct words words;
static struct slice operands[20];
static struct args args;

static bool reads_for(const struct command *command, const char *line, struct keyfilter *f,
                      struct error *error)
{
	words_release(&words);
	assert_int_equal(tokenize(slice_str(line), &words, error), TOKENIZE_OK);
	assert_true(args_parse(command, words.list, words.count, operands, &args, error));
	return keyfilter_read(f, &args, args.count > 0 ? &args.operands[0] : NULL, error);
}

/* What passes the filter of LINE, of a few items whose keys are single letters and "other". */
static void passes(const char *line, const char *want)
{
	static const struct crawled items[] = {
	    {.key = SLICE_INIT("a"), .size = 100, .bumped = 900, .exptime = 0, .cls = 1},
	    {.key = SLICE_INIT("b"), .size = 101, .bumped = 940, .exptime = 1060, .cls = 2},
	    {.key = SLICE_INIT("c"),
	     .size = 102,
	     .bumped = 1000,
	     .exptime = 1061,
	     .cls = 1,
	     .fetched = true},
	    {.key = SLICE_INIT("d"), .size = 103, .bumped = 1000, .exptime = 1000, .cls = 3},
	};
	struct keyfilter f;
	struct error error;
	char got[10] = "";
	assert_true(reads_for(&row, line, &f, &error));
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		struct crawled item = items[i];
		item.now = 1000;
		item.known = ~0u;
		if (keyfilter_match(&f, &item))
			strncat(got, item.key.data, 1);
	}
	assert_string_equal(got, want);
	keyfilter_release(&f);
}

TEST(without_options_all_passes)
{
	struct keyfilter f;
	struct error error;
	passes("", "abcd");
	assert_true(reads_for(&row, "", &f, &error));
	assert_false(keyfilter_picks(&f));
}

TEST(keys_are_compared)
{
	passes("[ab]", "ab");
	passes("*", "abcd");
	passes("--prefix c", "c");
	passes("--prefix ''", "abcd");
	passes("--match '^[^b]$'", "acd");
	passes("--match '[cd]' ?", "cd");
	passes("--match '[cd]' [!d]", "c");
}

TEST(sizes_are_bounds_that_do_not_pass_themselves)
{
	passes("--larger 101", "cd");
	passes("--smaller 101", "a");
	passes("--larger 100 --smaller 103", "bc");
	passes("--smaller 1k", "abcd");
}

TEST(times_that_are_left)
{
	passes("--forever", "a");
	passes("--ttl-under 61s", "bd");
	passes("--ttl-under 60s", "d");
	passes("--ttl-over 60s", "bc");
	passes("--ttl-over 61s", "c");
	passes("--ttl-over 0s", "bcd");
	passes("--ttl-over 1m --ttl-under 61", "b");
}

TEST(use_and_class)
{
	passes("--unbumped 60s", "ab");
	passes("--unbumped 61s", "a");
	passes("--unread", "abd");
	passes("--class 1", "ac");
	passes("--class 1 --unread --forever", "a");
}

TEST(what_a_server_does_not_say_passes_no_filter_for_it)
{
	static const struct {
		const char *line;
		unsigned asks;
	} cases[] = {{"--larger 1", CRAWLED_SIZE},
	             {"--smaller 9k", CRAWLED_SIZE},
	             {"--unbumped 1s", CRAWLED_BUMPED},
	             {"--unread", CRAWLED_FETCHED},
	             {"--class 0", CRAWLED_CLASS}};
	struct keyfilter f;
	struct error error;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crawled item = {.key = SLICE("a"), .now = 9, .size = 9};
		assert_true(reads_for(&row, cases[i].line, &f, &error));
		assert_true(keyfilter_picks(&f));
		item.known = ~cases[i].asks;
		assert_false(keyfilter_match(&f, &item));
		item.known = cases[i].asks;
		assert_true(keyfilter_match(&f, &item));
	}
}

TEST(times_beyond_all_clocks_do_not_overflow)
{
	struct crawled item = {
	    .key = SLICE("a"), .now = 1, .exptime = INT64_MAX, .bumped = 0, .known = ~0u};
	struct keyfilter f;
	struct error error;
	assert_true(reads_for(&row, "--ttl-over 45d", &f, &error));
	assert_true(keyfilter_match(&f, &item));
	item = (struct crawled){.key = SLICE("a"), .now = INT64_MAX, .known = ~0u};
	assert_true(reads_for(&row, "--unbumped 45d", &f, &error));
	assert_true(keyfilter_match(&f, &item));
}

TEST(match_of_a_row_that_calls_it_a_glob_is_one)
{
	struct crawled item = {.key = SLICE("user:1"), .known = ~0u};
	struct keyfilter f;
	struct error error;
	assert_true(reads_for(&glob_row, "--match 'user:*'", &f, &error));
	assert_true(keyfilter_match(&f, &item));
	assert_true(reads_for(&glob_row, "--match 'user'", &f, &error));
	assert_false(keyfilter_match(&f, &item));
}

static void refuses(const char *line, const char *what)
{
	struct keyfilter f;
	struct error error;
	assert_false(reads_for(&row, line, &f, &error));
	assert_string_equal(error.what, what);
	keyfilter_release(&f);
}

TEST(bad_values_are_refused)
{
	refuses("--larger big", "--larger takes a size in bytes");
	refuses("--larger=-1", "--larger takes a size in bytes");
	refuses("--smaller 1x", "--smaller takes a size in bytes");
	refuses("--ttl-under soon", "--ttl-under takes a time");
	refuses("--ttl-over=-5", "--ttl-over takes a time");
	refuses("--unbumped 5000000000", "--unbumped takes a time");
	refuses("--class 256", "--class takes the number of a slab class");
	refuses("--class a", "--class takes the number of a slab class");
	refuses("--match ''", "--match: an empty expression matches every key");
	refuses("--forever --ttl-over 1h",
	        "what lasts --forever has no time left for --ttl-under and --ttl-over");
}

TEST(a_bad_expression_is_refused)
{
	struct keyfilter f;
	struct error error;
	assert_false(reads_for(&row, "--match '('", &f, &error));
	assert_non_null(strstr(error.what, "cannot read the expression \"(\""));
	keyfilter_release(&f);
}

static void describes(const char *line, const char *want, const char *beginning)
{
	struct keyfilter f;
	struct error error;
	struct buf out = BUF_INIT;
	assert_true(reads_for(&row, line, &f, &error));
	keyfilter_describe(&out, &args, args.count > 0 ? &args.operands[0] : NULL);
	assert_bytes(buf_slice(&out), slice_str(want));
	assert_bytes(keyfilter_beginning(&f), slice_str(beginning));
	buf_release(&out);
	keyfilter_release(&f);
}

TEST(what_was_asked_for_can_be_typed_again)
{
	describes("", "", "");
	describes("--forever --larger 10k 'user:*'", "user:* --larger 10k --forever", "user:");
	describes("--prefix 'a b' --match ^a --keys-from k",
	          "--match ^a --prefix \"a b\" --keys-from k", "a b");
	describes("--prefix user:1 'us*'", "us* --prefix user:1", "user:1");
	describes("user[ab]", "user[ab]", "user");
	describes("user", "user", "user");
}

UNIT_MAIN(cmocka_unit_test(what_was_asked_for_can_be_typed_again),
          cmocka_unit_test(without_options_all_passes), cmocka_unit_test(keys_are_compared),
          cmocka_unit_test(sizes_are_bounds_that_do_not_pass_themselves),
          cmocka_unit_test(times_that_are_left), cmocka_unit_test(use_and_class),
          cmocka_unit_test(what_a_server_does_not_say_passes_no_filter_for_it),
          cmocka_unit_test(times_beyond_all_clocks_do_not_overflow),
          cmocka_unit_test(match_of_a_row_that_calls_it_a_glob_is_one),
          cmocka_unit_test(bad_values_are_refused), cmocka_unit_test(a_bad_expression_is_refused))
