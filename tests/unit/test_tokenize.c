#include "base/quote.h"
#include "lib/unit.h"
#include "shell/lang/tokenize.h"

#include <stdlib.h>

/* What a line is made of: its words between '<' and '>', then what stands after an operator. */
struct split_case {
	struct slice line;
	const char *words;
	enum sink sink;
	const char *target;
};

static void add_words(struct buf *out, const struct words *w)
{
	for (size_t i = 0; i < w->count; i++) {
		buf_add_char(out, '<');
		buf_add_slice(out, w->list[i].text);
		buf_add_char(out, '>');
	}
}

/* Lines come from memory of their own size, so that a sanitizer sees every look beyond the end. The
 * words point into it: it lasts until the next line. */
static enum tokenize_result split(struct slice line, struct words *w, struct error *error)
{
	static char *exact;
	free(exact);
	char *copy = malloc(line.len + 1);
	assert_non_null(copy);
	if (line.len > 0)
		memcpy(copy, line.data, line.len);
	exact = realloc(copy, line.len ? line.len : 1);
	assert_non_null(exact);
	return tokenize(slice_of(exact, line.len), w, error);
}

static void check_split(const struct split_case *cases, size_t count)
{
	struct words w = {0};
	for (size_t i = 0; i < count; i++) {
		struct buf got = BUF_INIT;
		struct error error = {.what = ""};
		enum tokenize_result result = split(cases[i].line, &w, &error);
		assert_string_equal(error.what, "");
		assert_int_equal(result, TOKENIZE_OK);
		add_words(&got, &w);
		assert_bytes(buf_slice(&got), slice_str(cases[i].words));
		assert_int_equal(w.sink, cases[i].sink);
		assert_bytes(w.target, slice_str(cases[i].target));
		buf_release(&got);
	}
	words_release(&w);
}

#define CHECK_SPLIT(cases) check_split((cases), sizeof(cases) / sizeof((cases)[0]))

TEST(blanks_separate_words)
{
	static const struct split_case cases[] = {
	    {SLICE(""), "", SINK_NONE, ""},
	    {SLICE(" \t\r\n "), "", SINK_NONE, ""},
	    {SLICE("get"), "<get>", SINK_NONE, ""},
	    {SLICE("get foo"), "<get><foo>", SINK_NONE, ""},
	    {SLICE("\t get \t foo\r\n"), "<get><foo>", SINK_NONE, ""},
	    {SLICE("get foo\r"), "<get><foo>", SINK_NONE, ""},
	    {SLICE("a\nb"), "<a><b>", SINK_NONE, ""},
	    {SLICE("get caf\xc3\xa9 \xff"), "<get><caf\xc3\xa9><\xff>", SINK_NONE, ""},
	    {SLICE("set k -1 --x=y --"), "<set><k><-1><--x=y><-->", SINK_NONE, ""},
	};
	CHECK_SPLIT(cases);
}

TEST(quotes_join_and_protect)
{
	static const struct split_case cases[] = {
	    {SLICE("'a b'"), "<a b>", SINK_NONE, ""},
	    {SLICE("\"a b\""), "<a b>", SINK_NONE, ""},
	    {SLICE("'' \"\""), "<><>", SINK_NONE, ""},
	    {SLICE("''\"\"''"), "<>", SINK_NONE, ""},
	    {SLICE("a'b c'd"), "<ab cd>", SINK_NONE, ""},
	    {SLICE("'a'\"b\"c'd'"), "<abcd>", SINK_NONE, ""},
	    {SLICE("a\"b\"'c'\"d\"e"), "<abcde>", SINK_NONE, ""},
	    {SLICE("'\"' \"'\""), "<\"><'>", SINK_NONE, ""},
	    {SLICE("'\\n' '\\'"), "<\\n><\\>", SINK_NONE, ""},
	    {SLICE("'a\nb' \"c\r\nd\""), "<a\nb><c\r\nd>", SINK_NONE, ""},
	    {SLICE("\"#\" a#b # c"), "<#><a#b><#><c>", SINK_NONE, ""},
	};
	CHECK_SPLIT(cases);
}

TEST(escapes_are_the_same_bare_and_quoted)
{
	static const struct {
		const char *escape;
		char byte;
	} rows[] = {
	    {"\\n", '\n'},     {"\\r", '\r'},     {"\\t", '\t'},  {"\\0", '\0'},   {"\\e", 0x1b},
	    {"\\\\", '\\'},    {"\\\"", '"'},     {"\\'", '\''},  {"\\x00", '\0'}, {"\\x0a", '\n'},
	    {"\\xfF", '\xff'}, {"\\xAb", '\xab'}, {"\\x20", ' '}, {"\\x7c", '|'},
	};
	struct words w = {0};
	struct error error;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (int quoted = 0; quoted < 2; quoted++) {
			struct buf line = BUF_INIT;
			buf_addf(&line, quoted ? "\"%s\" \"<%s0\"" : "%s <%s0", rows[i].escape,
			         rows[i].escape);
			assert_int_equal(split(buf_slice(&line), &w, &error), TOKENIZE_OK);
			assert_int_equal(w.count, 2);
			assert_bytes(w.list[0].text, slice_of(&rows[i].byte, 1));
			assert_bytes(w.list[1].text, slice_of((char[]){'<', rows[i].byte, '0'}, 3));
			assert_true(w.list[0].quoted);
			assert_int_equal(w.sink, SINK_NONE);
			buf_release(&line);
		}
	}
	words_release(&w);
}

TEST(a_comment_is_a_whole_line)
{
	static const struct split_case cases[] = {
	    {SLICE("# get foo"), "", SINK_NONE, ""},
	    {SLICE("#"), "", SINK_NONE, ""},
	    {SLICE("#don't \"open \\"), "", SINK_NONE, ""},
	    {SLICE("get foo # bar"), "<get><foo><#><bar>", SINK_NONE, ""},
	    {SLICE("'#' foo"), "<#><foo>", SINK_NONE, ""},
	};
	CHECK_SPLIT(cases);
}

TEST(bare_operators_end_the_command)
{
	static const struct split_case cases[] = {
	    {SLICE("get k | jq ."), "<get><k>", SINK_PIPE, "jq ."},
	    {SLICE("get k |   sort | uniq -c > 'x y' "), "<get><k>", SINK_PIPE,
	     "sort | uniq -c > 'x y'"},
	    {SLICE("get k | grep \"open"), "<get><k>", SINK_PIPE, "grep \"open"},
	    {SLICE("get k | tr \\q x"), "<get><k>", SINK_PIPE, "tr \\q x"},
	    {SLICE("get k > file"), "<get><k>", SINK_FILE, "file"},
	    {SLICE("get k > 'a file'"), "<get><k>", SINK_FILE, "a file"},
	    {SLICE("get k > a\" \"file\\t \t"), "<get><k>", SINK_FILE, "a file\t"},
	    {SLICE("get k >> file\r"), "<get><k>", SINK_APPEND, "file"},
	    {SLICE("get k > |"), "<get><k>", SINK_FILE, "|"},
	    {SLICE("get k > >"), "<get><k>", SINK_FILE, ">"},
	    {SLICE("get k > #x"), "<get><k>", SINK_FILE, "#x"},
	};
	CHECK_SPLIT(cases);
}

TEST(quoted_or_joined_operators_are_data)
{
	static const struct split_case cases[] = {
	    {SLICE("set k '|' '>' \">>\""), "<set><k><|><>><>>>", SINK_NONE, ""},
	    {SLICE("set k \\x7c \\x3e"), "<set><k><|><>>", SINK_NONE, ""},
	    {SLICE("set k ''| \"\"> >''"), "<set><k><|><>><>>", SINK_NONE, ""},
	    {SLICE("set k a|b a>b |x >x x> || >>>"), "<set><k><a|b><a>b><|x><>x><x>><||><>>>>",
	     SINK_NONE, ""},
	};
	CHECK_SPLIT(cases);
}

TEST(words_know_where_they_stand)
{
	struct words w = {0};
	struct error error;
	assert_int_equal(split(SLICE("  set 'a b'c \"x\"  y"), &w, &error), TOKENIZE_OK);
	static const size_t places[][2] = {{2, 5}, {6, 12}, {13, 16}, {18, 19}};
	assert_int_equal(w.count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(w.list[i].start, places[i][0]);
		assert_int_equal(w.list[i].end, places[i][1]);
		assert_int_equal(w.list[i].quoted, i == 1 || i == 2);
	}
	words_release(&w);
}

/* Every beginning of a line with a quote in it is open exactly while the quote is. */
TEST(an_open_quote_wants_more)
{
	static const struct {
		const char *line, *open; /* '^' below each end at which the line is open */
	} rows[] = {
	    {"set k \"a b\"", "       ^^^^ "}, {"set k 'a b'", "       ^^^^ "},
	    {"set 'k' \"\"", "     ^^  ^ "},   {"a\"b'c\"d'e\"f'", "  ^^^^  ^^^^ "},
	    {"a \"b\\\"c\" d", "   ^^^^^   "}, {"a 'b\\' c", "   ^^^   "},
	    {"a b\\\\ c", "    ^   "},         {"a \\\nb", "   ^   "},
	    {"# 'a \"b", "         "},
	};
	struct words w = {0};
	struct error error;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t end = 0; end <= strlen(rows[i].line); end++) {
			bool open = end < strlen(rows[i].open) && rows[i].open[end] == '^';
			enum tokenize_result result =
			    split(slice_of(rows[i].line, end), &w, &error);
			if ((result == TOKENIZE_OPEN) != open)
				print_error("'%.*s'\n", (int)end, rows[i].line);
			assert_int_equal(result, open ? TOKENIZE_OPEN : TOKENIZE_OK);
		}
	}
	words_release(&w);
}

TEST(a_backslash_before_the_line_feed_joins_lines)
{
	static const struct split_case cases[] = {
	    {SLICE("set \\\nfoo bar"), "<set><foo><bar>", SINK_NONE, ""},
	    {SLICE("set f\\\noo \"b\\\nar\""), "<set><foo><bar>", SINK_NONE, ""},
	    {SLICE("set 'a\\\nb'"), "<set><a\\\nb>", SINK_NONE, ""},
	};
	CHECK_SPLIT(cases);
}

TEST(the_words_before_the_trouble_are_there)
{
	struct words w = {0};
	struct error error;
	struct buf got = BUF_INIT;
	assert_int_equal(split(SLICE("set \"two words\" 'op en"), &w, &error), TOKENIZE_OPEN);
	add_words(&got, &w);
	assert_text(buf_slice(&got), "<set><two words><op en>");
	assert_int_equal(w.list[2].start, 16);
	assert_int_equal(w.list[2].end, 22);
	buf_release(&got);
	words_release(&w);
}

TEST(errors_say_what_and_where)
{
	static const struct {
		struct slice line;
		const char *what;
	} rows[] = {
	    {SLICE("set k a\\q"), "unknown escape \\q at column 8"},
	    {SLICE("set k \"a\\q\""), "unknown escape \\q at column 9"},
	    {SLICE("\\ x"), "unknown escape \\  at column 1"},
	    {SLICE("set k \\x4"), "the \\x at column 7 is not followed by two hex digits"},
	    {SLICE("set k \\xg0"), "the \\x at column 7 is not followed by two hex digits"},
	    {SLICE("set k \\x0g"), "the \\x at column 7 is not followed by two hex digits"},
	    {SLICE("set k \"\\x\""), "the \\x at column 8 is not followed by two hex digits"},
	    {SLICE("| sort"), "no command before |"},
	    {SLICE("> file"), "no command before >"},
	    {SLICE(">> file"), "no command before >>"},
	    {SLICE("get k |"), "nothing after |"},
	    {SLICE("get k | \t "), "nothing after |"},
	    {SLICE("get k >"), "nothing after >"},
	    {SLICE("get k >> "), "nothing after >>"},
	    {SLICE("get k > a b"), "too many words after > and its file"},
	    {SLICE("get k >> a | b"), "too many words after >> and its file"},
	    {SLICE("get k > \\q"), "unknown escape \\q at column 9"},
	};
	struct words w = {0};
	struct error error;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(split(rows[i].line, &w, &error), TOKENIZE_BAD);
		assert_string_equal(error.what, rows[i].what);
		assert_true(error.hint[0]);
	}
	words_release(&w);
}

/* One word of the bytes, written by QUOTE between other words, is read back. */
static void check_round_trip(void (*quote)(struct buf *, struct slice), struct slice bytes)
{
	struct buf line = BUF_INIT;
	struct words w = {0};
	struct error error;
	buf_add_str(&line, "set ");
	quote(&line, bytes);
	buf_add_str(&line, " end");
	assert_int_equal(split(buf_slice(&line), &w, &error), TOKENIZE_OK);
	assert_int_equal(w.count, 3);
	assert_bytes(w.list[1].text, bytes);
	assert_text(w.list[2].text, "end");
	assert_int_equal(w.sink, SINK_NONE);
	/* It is one line, and nothing in it drives a terminal. */
	for (size_t i = 0; i < line.len; i++)
		assert_true((unsigned char)line.data[i] >= 0x20 && line.data[i] != 0x7f);
	buf_release(&line);
	words_release(&w);
}

TEST(what_is_quoted_is_read_back)
{
	for (unsigned a = 0; a < 256; a++) {
		for (unsigned b = 0; b < 256; b++) {
			char pair[2] = {(char)a, (char)b};
			size_t len = b == 0 ? 1 : 2;
			check_round_trip(quote_add, slice_of(pair, len));
			check_round_trip(quote_add_word, slice_of(pair, len));
		}
	}
	check_round_trip(quote_add, SLICE(""));
	check_round_trip(quote_add_word, SLICE(""));
	check_round_trip(quote_add_word, SLICE("#x"));
	check_round_trip(quote_add_word, SLICE("--time"));
	check_round_trip(quote_add_word, SLICE("|"));
	check_round_trip(quote_add_word, SLICE(">>"));
}

TEST(random_bytes_are_read_back)
{
	uint32_t seed = 12345;
	char bytes[64];
	for (int i = 0; i < 20000; i++) {
		size_t len = (size_t)i % sizeof(bytes);
		for (size_t j = 0; j < len; j++) {
			seed = seed * 1664525u + 1013904223u;
			/* Half of them from the bytes that mean something. */
			bytes[j] = seed & 0x10000 ? "\\\"'x0 \n|>#-"[(seed >> 20) % 11]
			                          : (char)(seed >> 24);
		}
		check_round_trip(quote_add, slice_of(bytes, len));
		check_round_trip(quote_add_word, slice_of(bytes, len));
	}
}

/* A whole line again: the words of one line are those of the next, whatever was there before. */
TEST(words_are_reused)
{
	struct words w = {0};
	struct error error;
	assert_int_equal(split(SLICE("a b c > file"), &w, &error), TOKENIZE_OK);
	assert_int_equal(w.sink, SINK_FILE);
	assert_int_equal(split(SLICE("x 'y"), &w, &error), TOKENIZE_OPEN);
	assert_int_equal(split(SLICE("get k"), &w, &error), TOKENIZE_OK);
	assert_int_equal(w.count, 2);
	assert_int_equal(w.sink, SINK_NONE);
	assert_int_equal(w.target.len, 0);
	assert_int_equal(split(SLICE("# none"), &w, &error), TOKENIZE_OK);
	assert_int_equal(w.count, 0);
	words_release(&w);
	words_release(&w);
}

static enum tokenize_result split_many(size_t count)
{
	struct words w = {0};
	struct buf line = BUF_INIT;
	struct error error;
	for (size_t i = 0; i < count; i++)
		buf_add_str(&line, "k ");
	enum tokenize_result result = tokenize(buf_slice(&line), &w, &error);
	if (result == TOKENIZE_OK)
		assert_int_equal(w.count, count);
	words_release(&w);
	buf_release(&line);
	return result;
}

TEST(a_line_has_a_most_of_words)
{
	assert_int_equal(split_many(WORDS_MAX), TOKENIZE_OK);
	assert_int_equal(split_many(WORDS_MAX + 2), TOKENIZE_BAD);
}

UNIT_MAIN(cmocka_unit_test(blanks_separate_words), cmocka_unit_test(quotes_join_and_protect),
          cmocka_unit_test(escapes_are_the_same_bare_and_quoted),
          cmocka_unit_test(a_comment_is_a_whole_line),
          cmocka_unit_test(bare_operators_end_the_command),
          cmocka_unit_test(quoted_or_joined_operators_are_data),
          cmocka_unit_test(words_know_where_they_stand), cmocka_unit_test(an_open_quote_wants_more),
          cmocka_unit_test(a_backslash_before_the_line_feed_joins_lines),
          cmocka_unit_test(the_words_before_the_trouble_are_there),
          cmocka_unit_test(errors_say_what_and_where),
          cmocka_unit_test(what_is_quoted_is_read_back),
          cmocka_unit_test(random_bytes_are_read_back), cmocka_unit_test(words_are_reused),
          cmocka_unit_test(a_line_has_a_most_of_words))
