#include "base/deadline.h"
#include "lib/unit.h"
#include "shell/replay/match.h"

/* Whether GOT is what WANT says, and what WANT becomes if it is not (NULL: not looked at). */
static void check(enum format format, const char *command, const char *want, const char *got,
                  bool same, const char *becomes)
{
	struct normaliser *normaliser = normaliser_new();
	struct match l = {normaliser, format, slice_str(command), 10000};
	struct lines wants = {0}, gots = {0};
	struct buf merged = BUF_INIT;
	struct error error = {.what = ""};
	lines_add(&wants, slice_str(want));
	lines_add(&gots, slice_str(got));
	bool is = match_merge(&l, wants.list, wants.count, &gots, &merged, &error);
	if (is != same)
		fail_msg("\"%s\" and \"%s\": %s", want, got, is ? "the same" : "not the same");
	if (becomes)
		assert_bytes(buf_slice(&merged), slice_str(becomes));
	buf_release(&merged);
	lines_release(&wants);
	lines_release(&gots);
	normaliser_free(normaliser);
}

static void like(const char *want, const char *got)
{
	check(FORMAT_PLAIN, "get", want, got, true, NULL);
}

static void unlike(const char *want, const char *got, const char *becomes)
{
	check(FORMAT_PLAIN, "get", want, got, false, becomes);
}

TEST(lines_are_compared_whole)
{
	like("", "");
	like("a\n", "a\n");
	like("a\nb\n", "a\nb\n");
	unlike("a\n", "ab\n", "ab\n");
	unlike("", "a\n", "a\n");
	unlike("a\n", "", "");
	unlike("a\nb\nc\n", "a\nc\n", "a\nc\n");
	unlike("a\nc\n", "a\nb\nc\n", "a\nb\nc\n");
	unlike("a (no-eol)\n", "a\n", "a\n");
	like("\\x61 (esc)\n", "a\n");
	like("\\e (esc)\n", "\\x1b (esc)\n");
}

TEST(expressions_match_lines)
{
	like("[a-c]+ (re)\n", "abc\n");
	unlike("[a-c]+ (re)\n", "abcd\n", "abcd\n");
	unlike("a|ab (re)\n", "xab\n", "xab\n");
	like("a.b (re)\n", "a\\x01b (esc)\n");
	unlike("x\n[a-c]+ (re)\n", "y\nabc\n", "y\n[a-c]+ (re)\n");
	unlike("a (re)\n", "a (no-eol)\n", "a (no-eol)\n");
	like("a. (re) (no-eol)\n", "ab (no-eol)\n");
}

TEST(an_expression_that_cannot_be_read_matches_nothing)
{
	struct normaliser *normaliser = normaliser_new();
	struct match l = {normaliser, FORMAT_PLAIN, SLICE("get"), 10000};
	struct slice want = SLICE("( (re)");
	struct lines got = {0};
	struct buf merged = BUF_INIT;
	struct error error = {.what = ""};
	lines_add(&got, SLICE("(\n"));
	assert_false(match_merge(&l, &want, 1, &got, &merged, &error));
	assert_text(buf_slice(&merged), "(\n");
	assert_memory_equal(error.what, "cannot read the expression \"(\"", 30);
	buf_release(&merged);
	lines_release(&got);
	normaliser_free(normaliser);
}

TEST(any_stands_for_bytes_of_a_line)
{
	like("a<any>\n", "a\n");
	like("a<any>\n", "abc\n");
	like("<any>c\n", "abc\n");
	like("a<any>c<any>e\n", "abcde\n");
	like("<any>b<any>\n", "abab\n");
	like("a<any>b\n", "abab\n");
	unlike("a<any>a\n", "a\n", "a\n");
	unlike("a<any>c<any>\n", "abd\n", "abd\n");
	unlike("b<any>\n", "ab\n", "ab\n");
	unlike("a<any> (esc)\n", "ab\n", "ab\n");
}

TEST(any_alone_stands_for_lines)
{
	like("<any>\n", "");
	like("<any>\n", "a\nb\n");
	like("a\n<any>\nd\n", "a\nb\nc\nd\n");
	like("a\n<any>\nd\n", "a\nd\n");
	like("<any>\nb\n<any>\n", "b\nb\nb\n");
	unlike("a\n<any>\nd\n", "a\nb\n", "a\n<any>\nb\n");
	unlike("a\n<any>\nd\n", "x\nb\nd\n", "x\n<any>\nd\n");
}

TEST(a_long_line_of_slashes_is_read_once)
{
	struct buf line = BUF_INIT;
	int64_t before = clock_now();
	for (size_t i = 0; i < 200000; i++)
		buf_add_char(&line, '/');
	buf_add_str(&line, " a=/tmp/mcsh-Ab12cd/3.sock /x\n");
	like(buf_cstr(&line), buf_cstr(&line));
	assert_true(clock_now() - before < 10 * (int64_t)NSEC_PER_SEC);
	buf_release(&line);
	like("//x=/tmp/mcsh-Ab12cd/3.sock,/a \"/t/mcsh-Ab12cd/0.sock\"\n",
	     "//x=/tmp/mcsh-Zz12cd/4.sock,/a \"/u/mcsh-Zz12cd/0.sock\"\n");
	unlike("x/tmp/mcsh-Ab12cd/3.sock\n", "y/tmp/mcsh-Ab12cd/3.sock\n",
	       "y/tmp/mcsh-Ab12cd/3.sock\n");
}

TEST(times_never_differ)
{
	check(FORMAT_PRETTY, "get", "\"a\"  (1 byte, 0.098 ms)\n", "\"a\"  (1 byte, 12.3 ms)\n",
	      true, NULL);
	check(FORMAT_PRETTY, "get", "0.1 ms: send 0.018, wait 0.089, receive 0.005\n",
	      "1.204 s: send 1.018, wait 0.080, receive 0.001\n", true, NULL);
	check(FORMAT_PRETTY, "get", "a  (1 byte, 0.098 ms)\n", "a  (2 bytes, 0.098 ms)\n", false,
	      NULL);
	/* Those that are data do. */
	check(FORMAT_PRETTY, "get", "\"in 5 s\"  (1 ms)\n", "\"in 6 s\"  (1 ms)\n", false, NULL);
	check(FORMAT_PRETTY, "get", "\"\\\"in 5 s\"  (1 ms)\n", "\"\\\"in 6 s\"  (1 ms)\n", false,
	      NULL);
	check(FORMAT_PLAIN, "get", "in 5 s\n", "in 6 s\n", false, NULL);
	check(FORMAT_JSON, "get", "{\"status\":\"ok\",\"time_us\":{\"connect\":9,\"total\":805}}\n",
	      "{\"status\":\"ok\",\"time_us\":{\"connect\":0,\"total\":5}}\n", true, NULL);
	check(FORMAT_PLAIN, ".repeat", "count\t5\nmin\t11.717\n", "count\t5\nmin\t1.000\n", true,
	      NULL);
	check(FORMAT_PLAIN, ".repeat", "count\t5\n", "count\t6\n", false, NULL);
	check(FORMAT_PLAIN, "get", "min\t11.717\n", "min\t1.000\n", false, NULL);
	check(FORMAT_CSV, ".repeat", ".repeat,5,11.988,14\n", ".repeat,5,12,13\n", true, NULL);
	check(FORMAT_CSV, ".bench", ".bench,1,1,100,0,0,0.002,3\n", ".bench,1,1,100,0,1,0.002,3\n",
	      false, NULL);
}

TEST(histograms_never_differ)
{
	static const char one[] = "10 samples\n   0.030 ms+  8  ####\n   0.040 ms+  2  #\n(end)\n";
	static const char two[] = "10 samples\n   1,000.0 s+  10  #######\n(end)\n";
	check(FORMAT_PRETTY, ".repeat", one, two, true, NULL);
	check(FORMAT_PRETTY, ".repeat", two, one, true, NULL);
}

TEST(times_and_cas_numbers_of_meta_commands_never_differ)
{
	check(FORMAT_PLAIN, "mg", "bar\tt90\tc1\tl0\n", "bar\tt88\tc45\tl2\n", true, NULL);
	check(FORMAT_PLAIN, "mg", "bar\tt-1\n", "bar\tt88\n", false, NULL);
	check(FORMAT_PLAIN, "mg", "bar\tf1\n", "bar\tf2\n", false, NULL);
	check(FORMAT_PLAIN, "get", "k\tt90\n", "k\tt88\n", false, NULL);
	check(FORMAT_PLAIN, "me", "exp\t-90\nla\t0\ncas\t1\n", "exp\t-2\nla\t12\ncas\t3\n", true,
	      NULL);
	check(FORMAT_PLAIN, "me", "exp\t-1\n", "exp\t-90\n", false, NULL);
	check(FORMAT_WIRE, "mg", "VA 3 t90 c1 l0\nbar\n", "VA 3 t88 c7 l5\nbar\n", true, NULL);
	check(FORMAT_WIRE, "mg", "HD t90 f1\n", "HD t88 f2\n", false, NULL);
	check(FORMAT_WIRE, "me", "ME foo exp=-90 la=0 cas=1 fetch=yes\n",
	      "ME foo exp=-80 la=10 cas=2 fetch=yes\n", true, NULL);
	check(FORMAT_JSON, "mg", "{\"meta\":{\"ttl\":90,\"cas\":1,\"idle\":0}}\n",
	      "{\"meta\":{\"ttl\":5,\"cas\":9,\"idle\":3}}\n", true, NULL);
	check(FORMAT_JSON, "mg", "{\"meta\":{\"ttl\":-1}}\n", "{\"meta\":{\"ttl\":5}}\n", false,
	      NULL);
	check(FORMAT_PRETTY, "mg",
	      "(3 bytes, expires in 1 min 30 s, 2026-11-26 18:59:12 UTC, cas 1, used just now)\n",
	      "(3 bytes, expires in 9 s, 2027-01-02 03:04:05 UTC, cas 2, last used 4 s ago)\n",
	      true, NULL);
	check(FORMAT_PRETTY, "mg", "5  (never expires, cas 2)\n",
	      "5  (expires in 9 s, 2027-01-02 03:04:05 UTC, cas 2)\n", false, NULL);
}

TEST(cas_numbers_never_differ)
{
	check(FORMAT_PRETTY, "gets", "a  \"b\"  (1 byte, cas 1)\n", "a  \"b\"  (1 byte, cas 77)\n",
	      true, NULL);
	check(FORMAT_PRETTY, "gets", "\"(1 byte, cas 1)\"\n", "\"(1 byte, cas 2)\"\n", false, NULL);
	check(FORMAT_PLAIN, "gets", "a\t1\tb\n", "a\t2\tb\n", true, NULL);
	check(FORMAT_PLAIN, "gets", "a\t1\tb\n", "a\t2\tc\n", false, NULL);
	check(FORMAT_PLAIN, "get", "a\t1\tb\n", "a\t2\tb\n", false, NULL);
	check(FORMAT_CSV, "gets", "\"a,\"\"b\",0,1,1,b,\n", "\"a,\"\"b\",0,1,9,b,\n", true, NULL);
	check(FORMAT_CSV, "gets", "a,0,1,1,b,\n", "a,0,2,1,b,\n", false, NULL);
	check(FORMAT_JSON, "gets", "{\"cas\":1,\"value\":\"b\"}\n", "{\"cas\":2,\"value\":\"b\"}\n",
	      true, NULL);
	check(FORMAT_JSON, "gets", "{\"value\":\"\\\"cas\\\":1\"}\n",
	      "{\"value\":\"\\\"cas\\\":2\"}\n", false, NULL);
	check(FORMAT_WIRE, "gets", "VALUE a 0 1 1\\r (esc)\n", "VALUE a 0 1 2\\r (esc)\n", true,
	      NULL);
	check(FORMAT_WIRE, "gets", "VALUE a 0 1 1\\r (esc)\n", "VALUE a 0 2 1\\r (esc)\n", false,
	      NULL);
	check(FORMAT_PLAIN, ".raw", "VA 3 c12 t-1\n", "VA 3 c13 t-1\n", true, NULL);
	check(FORMAT_PLAIN, ".raw", "HD kfoo c12\n", "HD kfoo c13\n", true, NULL);
	check(FORMAT_PRETTY, "get", "< VALUE a 0 1 1\\r\\n\n", "< VALUE a 0 1 23\\r\\n\n", true,
	      NULL);
}

TEST(neither_do_names_of_private_servers)
{
	check(FORMAT_PLAIN, ".servers", "1\t/tmp/mcsh-Ab12xy/1.sock\tup\n",
	      "1\t/run/user/1/mcsh-QWERTY/1.sock\tup\n", true, NULL);
	check(FORMAT_PLAIN, ".servers", "1\t/tmp/other-Ab12xy/1.sock\n",
	      "1\t/tmp/others-Ab12xy/1.sock\n", false, NULL);
	check(FORMAT_JSON, "get", "{\"server\":\"127.0.0.1:11211\",\"key\":\"a\"}\n",
	      "{\"server\":\"/tmp/a\\\"b\",\"key\":\"a\"}\n", true, NULL);
}

TEST(long_outputs_are_compared)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	for (int i = 0; i < 20000; i++) {
		buf_addf(&one, "%d\n", i);
		buf_addf(&two, "%d\n", i == 19990 ? 0 : i);
	}
	like(buf_cstr(&one), buf_cstr(&one));
	unlike(buf_cstr(&one), buf_cstr(&two), buf_cstr(&two));
	buf_clear(&two);
	buf_addf(&two, "x\n%s", buf_cstr(&one)); /* too many pairs to look for what is common */
	unlike(buf_cstr(&one), buf_cstr(&two), buf_cstr(&two));
	buf_release(&one);
	buf_release(&two);
}

UNIT_MAIN(cmocka_unit_test(lines_are_compared_whole), cmocka_unit_test(expressions_match_lines),
          cmocka_unit_test(an_expression_that_cannot_be_read_matches_nothing),
          cmocka_unit_test(any_stands_for_bytes_of_a_line),
          cmocka_unit_test(any_alone_stands_for_lines),
          cmocka_unit_test(a_long_line_of_slashes_is_read_once),
          cmocka_unit_test(times_never_differ), cmocka_unit_test(histograms_never_differ),
          cmocka_unit_test(cas_numbers_never_differ),
          cmocka_unit_test(times_and_cas_numbers_of_meta_commands_never_differ),
          cmocka_unit_test(neither_do_names_of_private_servers),
          cmocka_unit_test(long_outputs_are_compared))
