#include "base/json_read.h"
#include "base/utf8.h"
#include "lib/unit.h"
#include "lib/view.h"
#include "view/format/format.h"

/* Nothing that drives a terminal: valid UTF-8 without controls but line feeds, tabs, CR before LF.
 */
static void assert_safe(const struct bench *b)
{
	struct slice rest = buf_slice(&b->out);
	while (rest.len > 0) {
		uint32_t code = 0;
		size_t n = utf8_decode(rest, &code);
		bool fine = n > 0 && (!utf8_dangerous(code) || code == '\n' || code == '\t' ||
		                      (code == '\r' && rest.len > 1 && rest.data[1] == '\n'));
		if (!fine)
			fail_msg("an unsafe byte 0x%02x was let out", (unsigned char)rest.data[0]);
		rest = slice_skip(rest, n);
	}
}

TEST(pretty_one_value)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	get_one(&b, SLICE("bar"), 0);
	assert_out(&b, "\"bar\"  (3 bytes)\n");
	b.style.timing = TIMING_ON;
	get_one(&b, SLICE("2"), 4294967295);
	assert_out(&b, "\"2\"  (1 byte, flags 4294967295, 0.084 ms)\n");
	get_one(&b, SLICE(""), 0);
	assert_out(&b, "\"\"  (0 bytes, 0.084 ms)\n");
	get_one(&b, SLICE("a\"b\\c\t\n"), 0);
	assert_out(&b, "\"a\\\"b\\\\c\\t\\n\"  (7 bytes, 0.084 ms)\n");
	bench_release(&b);
}

TEST(pretty_gets_tells_the_cas)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.timing = TIMING_FULL;
	ask(&b, VERB_GETS, "gets", 1);
	value_at(&b, 0, SLICE("bar"), 1);
	end(&b);
	assert_out(&b, "\"bar\"  (3 bytes, flags 1, cas 18446744073709551615)\n"
	               "0.084 ms: send 0.003, wait 0.080, receive 0.001\n");
	bench_release(&b);
}

TEST(pretty_few_bytes_that_are_no_text_can_be_typed_back)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	get_one(&b, SLICE("\x1b[31m\0\xff\xc2\x9b\xe2\x80\xae"), 0);
	assert_out(&b, "\"\\e[31m\\0\\xff\\xc2\\x9b\\xe2\\x80\\xae\"  (12 bytes)\n");
	bench_release(&b);
}

TEST(pretty_binary_is_dumped_and_cut)
{
	static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0";
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.timing = TIMING_ON;
	get_one(&b, slice_of(png, 18), 8);
	assert_out(&b, "<binary, 18 bytes, flags 8>\n"
	               "  00000000  89 50 4e 47 0d 0a 1a 0a  00 00 00 0d 49 48 44 52  "
	               "|.PNG........IHDR|\n"
	               "  00000010  00 00                                             |..|\n"
	               "0.084 ms\n");
	b.style.timing = TIMING_OFF;
	b.style.max_shown = 17;
	get_one(&b, slice_of(png, 18), 0);
	assert_out(&b, "<binary, 18 bytes>\n"
	               "  00000000  89 50 4e 47 0d 0a 1a 0a  00 00 00 0d 49 48 44 52  "
	               "|.PNG........IHDR|\n"
	               "  ... 2 more bytes (.set max_shown)\n");
	bench_release(&b);
}

TEST(pretty_long_text)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.columns = 20;
	get_one(&b, SLICE("0123456"), 0);
	assert_out(&b, "\"0123456\"  (7 bytes)\n");
	get_one(&b, SLICE("01234567"), 0);
	assert_out(&b, "\"01234567\"\n(8 bytes)\n");
	b.style.columns = 80;
	b.style.max_shown = 4;
	get_one(&b,
	        SLICE("abc\xc3\xa9"
	              "f"),
	        0);
	assert_out(&b, "\"abc\"\n  ... 3 more bytes (.set max_shown)  (6 bytes)\n");
	bench_release(&b);
}

TEST(pretty_long_text_of_several_lines_is_shown_as_lines)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.columns = 10;
	get_one(&b, SLICE("one line\n\ttwo\\\nthree\r\n\nfive"), 0);
	assert_out(&b, "<text, 5 lines, 27 bytes>\n"
	               "  one line\n  \ttwo\\\n  three\\r\n\n  five\n");
	b.style.max_shown = 10;
	get_one(&b, SLICE("one line\ntwo\nthree lines\n"), 0);
	assert_out(
	    &b,
	    "<text, 3 lines, 25 bytes>\n  one line\n  t\n  ... 15 more bytes (.set max_shown)\n");
	b.style.columns = 80;
	b.style.max_shown = 0;
	get_one(&b, SLICE("a\nb\r\n"), 0);
	assert_out(&b, "<text, 2 lines, 5 bytes>\n  a\n  b\\r\n");
	get_one(&b, SLICE("a\n"), 0);
	assert_out(&b, "\"a\\n\"  (2 bytes)\n");
	bench_release(&b);
}

TEST(pretty_json_is_laid_out)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	get_one(&b, SLICE(" {\"a\" : [1,-2.5e+3 ,null], \"b\":{},\"c\":[]}\n"), 0);
	assert_out(&b, "{\"a\": [1, -2.5e+3, null], \"b\": {}, \"c\": []}  (JSON, 42 bytes)\n");
	b.style.columns = 20;
	get_one(&b, SLICE("{\"a\":[1,2,{\"k\":\"a long string here\"}],\"b\":{},\"c\":[true]}"), 1);
	assert_out(&b, "<JSON, 56 bytes, flags 1>\n"
	               "{\n"
	               "  \"a\": [\n"
	               "    1,\n"
	               "    2,\n"
	               "    {\n"
	               "      \"k\": \"a long string here\"\n"
	               "    }\n"
	               "  ],\n"
	               "  \"b\": {},\n"
	               "  \"c\": [true]\n"
	               "}\n");
	b.style.max_shown = 16;
	get_one(&b, SLICE("[\"0123456789\",\"0123456789\",\"0123456789\"]"), 0);
	assert_out(
	    &b, "<JSON, 40 bytes>\n[\n  \"0123456789\",\n  ... 26 more bytes (.set max_shown)\n");
	b.style.json = false;
	b.style.columns = 80;
	b.style.max_shown = 0;
	get_one(&b, SLICE("[1]"), 0);
	assert_out(&b, "\"[1]\"  (3 bytes)\n");
	bench_release(&b);
}

TEST(pretty_json_is_strict)
{
	static const char *const invalid[] = {
	    "{",     "[1,]",  "{\"a\":1,}", "{a:1}",     "[01]",  "[1.]",
	    "[.5]",  "[+1]",  "[1e]",       "[\"\\x\"]", "[tru]", "[\"\\u12g4\"]",
	    "[1] 2", "[\"a]", "{\"a\"}",    "[1 2]",     "[-]",   "[\"\t\"]",
	    "]",     "{1:2}", "[NaN]",
	};
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		get_one(&b, slice_str(invalid[i]), 0);
		if (b.out.data[0] != '"')
			fail_msg("taken for JSON: %s", invalid[i]);
	}
	enum {
		TOO_DEEP = JSON_DEPTH_MAX + 1
	};
	char deep[2 * TOO_DEEP];
	memset(deep, '[', TOO_DEEP);
	memset(deep + TOO_DEEP, ']', TOO_DEEP);
	get_one(&b, slice_of(deep, sizeof(deep)), 0);
	assert_int_equal(b.out.data[0], '"');
	get_one(&b, slice_of(deep + 1, sizeof(deep) - 2), 0);
	assert_int_not_equal(b.out.data[0], '"');
	bench_release(&b);
}

TEST(pretty_misses)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.timing = TIMING_ON;
	ask(&b, VERB_GET, "get", 1);
	end(&b);
	assert_out(&b, "(miss)  (foo is not in the cache, 0.084 ms)\n");
	ask(&b, VERB_GET, "get", 1);
	end_with(&b, REPLY_LOST, SLICE(""));
	assert_out(&b, "");
	bench_release(&b);
}

TEST(pretty_several_values_in_the_order_asked)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.timing = TIMING_ON;
	ask(&b, VERB_GET, "get", 4);
	value_at(&b, 2, SLICE("\x1b"), 16);
	value_at(&b, 3, SLICE(""), 0);
	value_at(&b, 0, SLICE("bar"), 0);
	end(&b);
	assert_out(&b, "foo   \"bar\"  (3 bytes)\n"
	               "nope  (miss)\n"
	               "k\xc3\xa9y   \"\\e\"  (1 byte, flags 16)\n"
	               "zoo   \"\"  (0 bytes)\n"
	               "(3 of 4 keys found, 0.084 ms)\n");
	ask(&b, VERB_GET, "get", 2);
	end(&b);
	assert_out(&b, "foo   (miss)\nnope  (miss)\n(0 of 2 keys found, 0.084 ms)\n");
	bench_release(&b);
}

TEST(pretty_what_came_before_an_answer_broke_off)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	ask(&b, VERB_GET, "get", 3);
	value_at(&b, 2, SLICE("x"), 0);
	end_with(&b, REPLY_LOST, SLICE(""));
	assert_out(&b, "k\xc3\xa9y   \"x\"  (1 byte)\n");
	ask(&b, VERB_GET, "get", 1);
	value_at(&b, 0, SLICE("x"), 0);
	end_with(&b, REPLY_SERVER_ERROR, SLICE(""));
	assert_out(&b, "\"x\"  (1 byte)\n");
	bench_release(&b);
}

TEST(pretty_long_keys_and_values_fit_the_line)
{
	struct bench b;
	char key[250], value[5000];
	memset(key, 'k', sizeof(key));
	memset(value, 'v', sizeof(value));
	bench_init(&b, FORMAT_PRETTY);
	b.keys[0] = slice_of(key, sizeof(key));
	b.style.columns = 40;
	ask(&b, VERB_GET, "get", 2);
	value_at(&b, 0, slice_of(value, sizeof(value)), 0);
	end(&b);
	assert_out(&b, "kkkkkkkkkkkkkkk\xe2\x80\xa6  \"vvvvvvvvvvvvvvvvvvv\"\xe2\x80\xa6\n"
	               "                  (5,000 bytes)\n"
	               "nope              (miss)\n"
	               "(1 of 2 keys found)\n");
	bench_release(&b);
}

TEST(pretty_words_and_why)
{
	static const struct {
		enum verb verb;
		enum reply_kind kind;
		const char *want;
	} cases[] = {
	    {VERB_SET, REPLY_STORED, "STORED  (0.084 ms)\n"},
	    {VERB_SET, REPLY_NOT_STORED, "NOT_STORED  (0.084 ms)\n"},
	    {VERB_ADD, REPLY_NOT_STORED, "NOT_STORED  (the key exists already, 0.084 ms)\n"},
	    {VERB_REPLACE, REPLY_NOT_STORED, "NOT_STORED  (no such key, 0.084 ms)\n"},
	    {VERB_APPEND, REPLY_NOT_STORED,
	     "NOT_STORED  (no such key, or the result would be too large, 0.084 ms)\n"},
	    {VERB_CAS, REPLY_EXISTS, "EXISTS  (changed since its cas was read, 0.084 ms)\n"},
	    {VERB_INCR, REPLY_NOT_FOUND, "NOT_FOUND  (no such key, 0.084 ms)\n"},
	    {VERB_INCR, REPLY_NUMBER, "18446744073709551615  (0.084 ms)\n"},
	    {VERB_VERSION, REPLY_VERSION, "memcached 1.6\\e  (0.084 ms)\n"},
	    {VERB_SET, REPLY_NONE, "sent, no reply asked for  (0.084 ms)\n"},
	    {VERB_SET, REPLY_ERROR, ""},
	};
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.timing = TIMING_ON;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ask(&b, cases[i].verb, "x", 1);
		end_with(&b, cases[i].kind, SLICE("1.6\x1b"));
		assert_bytes(buf_slice(&b.out), slice_str(cases[i].want));
	}
	bench_release(&b);
}

TEST(pretty_labels)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.question.label = true;
	ask(&b, VERB_FLUSH_ALL, "flush_all", 0);
	end_with(&b, REPLY_OK, SLICE(""));
	assert_out(&b, "127.0.0.1:11211  OK\n");
	b.question.part = 1;
	b.request.text = SLICE("sizes");
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("64"), SLICE("1"));
	end(&b);
	assert_out(&b, "\n127.0.0.1:11211\n  64  1\n");
	bench_release(&b);
}

TEST(pretty_colours)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.color = true;
	get_one(&b, SLICE("bar"), 0);
	assert_out(&b, "\033[32m\"bar\"\033[0m  \033[2m(3 bytes)\033[0m\n");
	ask(&b, VERB_GET, "get", 1);
	end(&b);
	assert_out(&b, "\033[35m(miss)\033[0m  \033[2m(foo is not in the cache)\033[0m\n");
	get_one(&b, SLICE("{\"a\":1}"), 0);
	assert_out(&b, "{\033[1m\"a\"\033[0m: \033[36m1\033[0m}  \033[2m(JSON, 7 bytes)\033[0m\n");
	bench_release(&b);
}

/* Every byte, every pair that matters, through each format that a terminal may see. */
TEST(nothing_that_drives_a_terminal_gets_out)
{
	static const enum format formats[] = {FORMAT_PRETTY, FORMAT_PLAIN, FORMAT_CSV, FORMAT_JSON};
	static const size_t lengths[] = {1, 2, 17, 300};
	for (size_t f = 0; f < 4; f++) {
		struct bench b;
		bench_init(&b, formats[f]);
		believe(&b, "auto");
		for (int byte = 0; byte < 256; byte++) {
			for (size_t l = 0; l < 4; l++) {
				char bytes[300];
				memset(bytes, byte, sizeof(bytes));
				bytes[lengths[l] / 2] = '\x9b';
				if (lengths[l] > 1)
					bytes[0] = '\xc2';
				struct slice s = slice_of(bytes, lengths[l]);
				get_one(&b, s, 0);
				assert_safe(&b);
				get_one(&b, s, (uint64_t)byte);
				assert_safe(&b);
				ask(&b, VERB_GET, "get", 2);
				value_at(&b, 0, s, (uint64_t)byte << 8);
				value_at(&b, 1, s, 0);
				end(&b);
				assert_safe(&b);
				ask(&b, VERB_STATS, "stats", 0);
				stat_line(&b, s, s);
				end(&b);
				assert_safe(&b);
				ask(&b, VERB_RAW, ".raw", 0);
				text_line(&b, s);
				end_with(&b, REPLY_VERSION, s);
				assert_safe(&b);
			}
		}
		bench_release(&b);
	}
}

UNIT_MAIN(cmocka_unit_test(pretty_one_value), cmocka_unit_test(pretty_gets_tells_the_cas),
          cmocka_unit_test(pretty_few_bytes_that_are_no_text_can_be_typed_back),
          cmocka_unit_test(pretty_binary_is_dumped_and_cut), cmocka_unit_test(pretty_long_text),
          cmocka_unit_test(pretty_long_text_of_several_lines_is_shown_as_lines),
          cmocka_unit_test(pretty_json_is_laid_out), cmocka_unit_test(pretty_json_is_strict),
          cmocka_unit_test(pretty_misses),
          cmocka_unit_test(pretty_several_values_in_the_order_asked),
          cmocka_unit_test(pretty_what_came_before_an_answer_broke_off),
          cmocka_unit_test(pretty_long_keys_and_values_fit_the_line),
          cmocka_unit_test(pretty_words_and_why), cmocka_unit_test(pretty_labels),
          cmocka_unit_test(pretty_colours),
          cmocka_unit_test(nothing_that_drives_a_terminal_gets_out))
