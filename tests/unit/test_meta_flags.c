#include "lib/unit.h"
#include "proto/meta_flags.h"

#include "base/buf.h"

/* The flags of LINE, words with a blank between, after COMMAND: checked, what it says. */
static void check(const char *command, const char *line, const char *what, const char *hint)
{
	struct slice flags[40], rest = slice_str(line);
	size_t count = 0;
	struct error error;
	error_clear(&error);
	while (rest.len > 0)
		flags[count++] = slice_take(&rest, ' ');
	bool ok = meta_flags_check(slice_str(command), flags, count,
	                           strcmp(command, "ms") == 0 ? 2 : 1, &error);
	assert_int_equal(ok, what == NULL);
	if (what) {
		assert_bytes(slice_str(error.what), slice_str(what));
		assert_bytes(slice_str(error.hint), slice_str(hint));
	}
}

TEST(flags_of_the_documentation_are_taken)
{
	check("mg", "b c f h k l Oabc q s t u v", NULL, NULL);
	check("mg", "C1 E18446744073709551615 N30 R-1 T0 L/a P/b", NULL, NULL);
	check("ms", "b c C5 E5 F4294967295 I k O q s T-1 MA N60", NULL, NULL);
	check("md", "b C5 E5 I k O1 q T30 x", NULL, NULL);
	check("ma", "b C5 E5 N0 J13 D5 T2147483647 MD Oa q t c v k", NULL, NULL);
	check("ma", "M+", NULL, NULL);
	check("ma", "M-", NULL, NULL);
	check("me", "b", NULL, NULL);
	check("mg", "O1234567890123456789012345678901", NULL, NULL);
}

TEST(what_a_server_would_refuse_is_refused)
{
	check("mg", "y", "mg has no flag \"y\"",
	      ".help mg lists its flags; --force sends it all the same");
	check("mg", "F5", "mg has no flag \"F5\"", "F is a flag of ms; .help mg lists those of mg");
	check("md", "v", "md has no flag \"v\"",
	      "v is a flag of mg ma; .help md lists those of md");
	check("mg", "W", "mg has no flag \"W\"", "W stands in answers alone; see .help mg");
	check("mg", "vtf", "the flag v takes nothing after it: \"vtf\"",
	      "write a blank between flags");
	check("mg", "s99", "the flag s takes nothing after it: \"s99\"",
	      "leave out what follows it");
	check("mg", "v t v", "the flag v stands twice", "a server takes each flag once");
	check("mg", "Tabc", "the time in \"Tabc\" is not a number",
	      "write T and seconds, as in T90; 0 is never, and above 30 days it is a Unix time");
	check("mg", "T2147483648", "the time in \"T2147483648\" does not fit 32 bits",
	      "write T and seconds, as in T90; 0 is never, and above 30 days it is a Unix time");
	check("ms", "F4294967296", "the number in \"F4294967296\" is too large",
	      "write F and a number from 0 to 4294967295, without a blank between");
	check("ma", "D-1", "the number in \"D-1\" is negative",
	      "write D and a number from 0 to 18446744073709551615, without a blank between");
	check("ms", "Me", "\"Me\" is not a mode of ms",
	      "write M and one letter, the mode: E add, A append, P prepend, R replace, S set");
	check("ms", "MAA", "\"MAA\" is not a mode of ms",
	      "write M and one letter, the mode: E add, A append, P prepend, R replace, S set");
	check("ma", "MA", "\"MA\" is not a mode of ma",
	      "write M and one letter, the mode: I or + adds, D or - subtracts");
	check("mg", "O12345678901234567890123456789012", "the text after O has 32 bytes",
	      "31 bytes are the most that a server takes");
	check("me", "v", "me has no flag \"v\"",
	      "v is a flag of mg ma; .help me lists those of me");
	check("mg", "b c f h k l Oa q s t u v C1 E1 N1 R1 T1 L P", "the line has 21 words",
	      "memcached takes 20 on a line of meta commands, 19 before 1.6.40");
}

static void since(const char *command, const char *line, size_t others, unsigned want,
                  const char *why)
{
	struct slice flags[40], rest = slice_str(line), word;
	size_t count = 0;
	while (rest.len > 0)
		flags[count++] = slice_take(&rest, ' ');
	assert_int_equal(meta_flags_since(slice_str(command), flags, count, others, &word), want);
	assert_bytes(word, slice_str(why));
}

TEST(the_version_that_a_flag_needs_is_known)
{
	since("mg", "v t f", 1, 0, "");
	since("mg", "v E5", 1, 27, "E5");
	since("mg", "E5 C1", 1, 40, "C1");
	since("ms", "C1", 2, 0, "");
	since("ms", "s c", 2, 20, "s");
	since("mg", "s c", 1, 0, "");
	since("ms", "MA N60", 2, 20, "N60");
	since("md", "x I", 1, 27, "x");
	since("mg", "b c f h k l Oa q s t u v N1 R1 T1 L P", 1, 0, "");
	since("mg", "b c f h k l Oa q s t u v N1 R1 T1 L P E5", 1, 40, "");
}

TEST(a_meaning_is_that_of_the_command_or_of_an_answer)
{
	assert_string_equal(meta_flag_meaning(SLICE("ms"), 'I', false),
	                    "if the cas number of C is older: store, and mark it stale");
	assert_string_equal(meta_flag_meaning(SLICE("md"), 'I', false),
	                    "mark it stale in place of deleting it");
	assert_string_equal(meta_flag_meaning(SLICE(""), 'W', true),
	                    "won: it is yours to fetch again");
	assert_null(meta_flag_meaning(SLICE("mg"), 'W', false));
	assert_null(meta_flag_meaning(SLICE("mg"), 'v', true));
	assert_string_equal(meta_mode_meaning(SLICE("ms"), 'A'), "append");
	assert_null(meta_mode_meaning(SLICE("ma"), 'A'));
	assert_text(meta_answers(SLICE("ma")), "HD VA NF NS EX");
}

UNIT_MAIN(cmocka_unit_test(flags_of_the_documentation_are_taken),
          cmocka_unit_test(what_a_server_would_refuse_is_refused),
          cmocka_unit_test(the_version_that_a_flag_needs_is_known),
          cmocka_unit_test(a_meaning_is_that_of_the_command_or_of_an_answer))
