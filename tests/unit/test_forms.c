#include "command/rows.h"
#include "command/table.h"
#include "lib/unit.h"
#include "shell/lang/forms.h"

/* The words of LINE, and how many. */
static size_t split(const char *line, struct slice *words)
{
	struct slice rest = slice_str(line);
	struct operand word;
	size_t count = 0;
	while (count < 16 && operand_next(&rest, &word))
		words[count++] = word.name;
	return count;
}

static bool takes(const struct command *command, const char *line)
{
	struct slice words[16];
	struct error error = {.what = ""};
	size_t count = split(line, words);
	bool good = forms_check(command, words, count, &error);
	assert_int_equal(good, error.what[0] == '\0');
	assert_true(good || error.hint[0]);
	return good;
}

static void refuses(const struct command *command, const char *line, const char *what,
                    const char *hint)
{
	struct slice words[16];
	struct error error;
	size_t count = split(line, words);
	assert_false(forms_check(command, words, count, &error));
	assert_string_equal(error.what, what);
	assert_string_equal(error.hint, hint);
}

TEST(a_line_is_one_of_the_forms)
{
	assert_true(takes(&command_stats, ""));
	assert_true(takes(&command_stats, "settings"));
	assert_true(takes(&command_stats, "detail dump"));
	assert_true(takes(&command_stats, "cachedump 1 0"));
	assert_true(takes(&command_slabs, "reassign -1 5"));
	assert_true(takes(&command_slabs, "automove 2"));
	assert_true(takes(&command_slabs, "automove window 30"));
	assert_true(takes(&command_lru, "tune 10 25 0.1 2.0"));
	assert_true(takes(&command_lru_crawler, "crawl 1,2,63"));
	assert_true(takes(&command_lru_crawler, "metadump hash"));
	assert_true(takes(&command_shutdown, ""));
	assert_false(takes(&command_lru_crawler, "crawl hash"));
	assert_false(takes(&command_lru_crawler, "crawl 1,,2"));
	assert_false(takes(&command_lru_crawler, "crawl 1,"));
	assert_false(takes(&command_lru_crawler, "crawl 64"));
	assert_false(takes(&command_cache_memlimit, ""));
	assert_false(takes(&command_cache_memlimit, "7"));
	assert_true(takes(&command_cache_memlimit, "8"));
}

TEST(a_number_is_within_its_range)
{
	static const struct {
		const char *line;
		bool good;
	} lines[] = {
	    {"automove ratio 0.8", true},     {"automove ratio 1", true},
	    {"automove ratio 1.0", true},     {"automove ratio .5", true},
	    {"automove ratio 1.001", false},  {"automove ratio 0", false},
	    {"automove ratio 0.0001", false}, {"automove ratio -1", false},
	    {"automove ratio 1e3", false},    {"automove ratio .", false},
	    {"automove ratio 0..8", false},   {"automove ratio 99999999999999999999", false},
	    {"automove window 3", true},      {"automove window 1800", true},
	    {"automove window 2", false},     {"automove window 1801", false},
	    {"automove window 3.0", false},   {"reassign 63 0", true},
	    {"reassign 64 1", false},         {"reassign -2 1", false},
	    {"reassign 1 -1", false},
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (takes(&command_slabs, lines[i].line) != lines[i].good)
			fail_msg("slabs %s", lines[i].line);
	}
}

/* No line with part of a word for the whole is sent: a server may take it for the whole. */
TEST(an_abbreviation_is_refused)
{
	static const char *const words[] = {"r", "re", "res", "rese", "s", "set", "d", "c", "cach"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_false(takes(&command_stats, words[i]));
	assert_true(takes(&command_stats, "resetx"));
	assert_true(takes(&command_stats, "malloc"));
	assert_false(takes(&command_stats, "malloc 1"));
	refuses(&command_stats, "r", "stats: \"r\" is an abbreviation",
	        "write the whole word, reset: a server may take part of one for it");
	refuses(&command_lru_crawler, "m all", "lru_crawler: \"m\" is an abbreviation",
	        "write the whole word, metadump|mgdump: a server may take part of one for it");
}

TEST(an_error_says_what_may_stand_there)
{
	refuses(&command_slabs, "reassign 1", "slabs reassign 1: a word is missing",
	        "DST is a slab class from 1 to 63, or 0 for the free pages");
	refuses(&command_slabs, "reassign x 1", "slabs reassign: SRC cannot be \"x\"",
	        "SRC is a slab class from 1 to 63, -1 for any, or 0 for the free pages");
	refuses(&command_slabs, "reassign 1 2 3", "slabs reassign 1 2 takes no more words",
	        "leave out \"3\"; see .help slabs");
	refuses(&command_slabs, "automove 3", "slabs automove: the next word cannot be \"3\"",
	        "it takes 0|1|2|ratio|freeratio|window; .help slabs");
	refuses(
	    &command_lru_crawler, "crawl x", "lru_crawler crawl: the next word cannot be \"x\"",
	    "it takes all|CLASSES; CLASSES is slab classes from 1 to 63 with commas between, or "
	    "all");
	refuses(&command_stats, "detail settings",
	        "stats detail: the next word cannot be \"settings\"",
	        "it takes on|off|dump; .help stats");
}

/* Whatever a row's forms name is known: a form with a name that is not would take anything. */
TEST(forms_name_values_that_are_checked)
{
	size_t forms = 0;
	for (const struct command *const *c = command_table; *c; c++) {
		for (const struct command_form *f = (*c)->forms; f && f->words; f++, forms++) {
			struct slice rest = slice_str(f->words);
			struct operand o;
			assert_true(f->summary && f->summary[0]);
			bool values = false;
			while (operand_next(&rest, &o))
				values |= !operand_is_choice(o.name) &&
				          !slice_eq_str(o.name, "WORD");
			/* The name itself is not a value of it. */
			assert_true(!values || !takes(*c, f->words));
		}
	}
	assert_true(forms > 40);
}

UNIT_MAIN(cmocka_unit_test(a_line_is_one_of_the_forms),
          cmocka_unit_test(a_number_is_within_its_range),
          cmocka_unit_test(an_abbreviation_is_refused),
          cmocka_unit_test(an_error_says_what_may_stand_there),
          cmocka_unit_test(forms_name_values_that_are_checked))
