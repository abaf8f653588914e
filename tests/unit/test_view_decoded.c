#include "lib/unit.h"
#include "lib/view.h"
#include "view/format/format.h"

/* python-memcached's flags. */
enum {
	PICKLE = 1,
	INT = 2,
	ZLIB = 8,
	TEXT = 16,
};

/* A hundred letters x as python-memcached compresses them. */
#define STREAM SLICE("\x78\x9c\xab\xa8\xa0\x3d\0\0\x40\x1b\x2e\xe1")
#define X10    "xxxxxxxxxx"
#define X100   X10 X10 X10 X10 X10 X10 X10 X10 X10 X10

TEST(pretty_a_value_is_what_its_client_meant)
{
	static const struct {
		const char *profile;
		uint64_t flags;
		struct slice stored;
		const char *want;
	} cases[] = {
	    {"python-memcached", INT, SLICE("42"), "42  (int, 2 bytes, flags 2)\n"},
	    {"python-memcached", 4, SLICE("-7"), "-7  (long, 2 bytes, flags 4)\n"},
	    {"python-memcached", TEXT, SLICE("42"), "\"42\"  (text, 2 bytes, flags 16)\n"},
	    {"python-memcached", TEXT, SLICE(""), "\"\"  (text, 0 bytes, flags 16)\n"},
	    {"python-memcached", 0, SLICE("42"), "\"42\"  (2 bytes)\n"},
	    {"python-memcached", TEXT, SLICE("[1,2]"),
	     "[1, 2]  (JSON as text, 5 bytes, flags 16)\n"},
	    {"python-memcached", TEXT | ZLIB, STREAM,
	     "\"" X100 "\"\n(text, 100 bytes, 12 as zlib, flags 24)\n"},
	    {"python-memcached", ZLIB, STREAM, "\"" X100 "\"\n(100 bytes, 12 as zlib, flags 8)\n"},
	    {"python-memcached", PICKLE, SLICE("(dp0\nVa\np1\nI1\ns."),
	     "{\"a\": 1}  (outline of pickle protocol 0, 16 bytes, flags 1)\n"},
	    {"python-memcached", PICKLE, SLICE("(I1\nI2\ntp0\n."),
	     "(1, 2)  (outline of pickle protocol 0, 12 bytes, flags 1)\n"},
	    {"php-memcached", 3, SLICE("1"), "true  (bool, 1 byte, flags 3)\n"},
	    {"php-memcached", 2, SLICE("1.5"), "1.5  (double, 3 bytes, flags 2)\n"},
	    {"php-memcached", 6, SLICE("{\"a\":[]}"), "{\"a\": []}  (JSON, 8 bytes, flags 6)\n"},
	    {"php-memcached", 6, SLICE(" \"x\"\n"), "\"x\"  (JSON, 5 bytes, flags 6)\n"},
	    {"spymemcached", 512, SLICE("\xff\xff\xff\xf9"), "-7  (int, 4 bytes, flags 512)\n"},
	    {"spymemcached", 1024, SLICE("\x01\x23\x45\x67\x89\xab"),
	     "2009-08-23T03:58:16.491Z  (time, 6 bytes, flags 1024)\n"},
	    {"node-memcached", 4, SLICE("\xc3\xbf"),
	     "\"\\xff\"  (1 byte, 2 as latin-1 in UTF-8, flags 4)\n"},
	    {"node-memcached", 0, SLICE("a\\\nb"), "<text, 2 lines, 4 bytes>\n  a\n  b\n"},
	    {"none", INT, SLICE("42"), "\"42\"  (2 bytes, flags 2)\n"},
	};
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		believe(&b, cases[i].profile);
		get_one(&b, cases[i].stored, cases[i].flags);
		assert_bytes(buf_slice(&b.out), slice_str(cases[i].want));
	}
	bench_release(&b);
}

TEST(pretty_tells_what_auto_went_by_below_the_value)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	believe(&b, "auto");
	b.style.timing = TIMING_ON;
	get_one(&b, SLICE("bar"), 0);
	assert_out(&b, "\"bar\"  (3 bytes, 0.084 ms)\n");
	get_one(&b, SLICE("bar"), TEXT);
	assert_out(&b, "\"bar\"  (text, 3 bytes, flags 16, 0.084 ms)\n"
	               "flags 16 and valid UTF-8: text as python-memcached writes it\n");
	get_one(&b, SLICE("bar"), 123456);
	assert_out(
	    &b, "\"bar\"  (text, 3 bytes, flags 123456, 0.084 ms)\n"
		"flags 123456 with such bytes fit no client known here, and the bytes are valid\n"
		"UTF-8: text\n");
	get_one(&b, SLICE("\x80\x02N."), 0);
	assert_out(&b, "None  (outline of pickle protocol 2, 4 bytes, 0.084 ms)\n"
	               "no flags set, and the bytes begin like those of a serialiser\n");
	bench_release(&b);
}

TEST(pretty_tells_what_is_wrong_below_the_value)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	believe(&b, "python-memcached");
	get_one(&b, SLICE("4x"), INT);
	assert_out(&b, "\"4x\"  (text, 2 bytes, flags 2)\n"
	               "the flags say an integer, and the bytes are not decimal digits\n");
	get_one(&b, SLICE("xyz"), TEXT | ZLIB);
	assert_out(&b, "\"xyz\"  (text, 3 bytes of zlib, flags 24)\n"
	               "the zlib stream is damaged after 2 of its 3 bytes, 0 bytes came out\n");
	b.style.inflate_max = 20;
	get_one(&b, STREAM, TEXT | ZLIB);
	assert_out(
	    &b, "\"" X10 X10 "\"  (text, 20 bytes, 12 as zlib, flags 24)\n"
		"the zlib stream expands to more than the 20 bytes allowed: what follows is left\n"
		"out\n");
	b.style.color = true;
	get_one(&b, SLICE("7"), INT);
	assert_out(&b, "\033[36m7\033[0m  \033[2m(int, 1 byte, flags 2)\033[0m\n");
	get_one(&b, SLICE("x"), INT);
	assert_out(&b, "\033[32m\"x\"\033[0m  \033[2m(text, 1 byte, flags 2)\033[0m\n\033[1;31mthe "
	               "flags say an integer, and the bytes are not decimal digits\033[0m\n");
	bench_release(&b);
}

TEST(pretty_many_lines_of_a_decoded_value)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	believe(&b, "python-memcached");
	b.style.columns = 20;
	get_one(&b, SLICE("[\"0123456789\",\"0123456789\"]"), TEXT);
	assert_out(&b, "<JSON as text, 27 bytes, flags 16>\n"
	               "[\n  \"0123456789\",\n  \"0123456789\"\n]\n");
	b.style.json = false;
	believe(&b, "php-memcached");
	get_one(&b, SLICE("[1,\n2]"), 6);
	assert_out(&b, "<JSON, 2 lines, 6 bytes, flags 6>\n  [1,\n  2]\n");
	b.style.columns = 80;
	get_one(&b, SLICE("[1,2]"), 6);
	assert_out(&b, "[1,2]  (JSON, 5 bytes, flags 6)\n");
	believe(&b, "spymemcached");
	get_one(&b, SLICE("\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0"), 2048);
	assert_out(&b, "<binary, 17 bytes, flags 2048>\n"
	               "  00000000  00 01 02 03 04 05 06 07  00 01 02 03 04 05 06 07  "
	               "|................|\n"
	               "  00000010  00                                                |.|\n");
	b.style.max_shown = 16;
	believe(&b, "python-memcached");
	get_one(&b, SLICE("12345678901234567890"), INT);
	assert_out(
	    &b,
	    "1234567890123456\n  ... 4 more bytes (.set max_shown)  (int, 20 bytes, flags 2)\n");
	bench_release(&b);
}

TEST(pretty_lists_lay_out_json_and_show_lines)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.columns = 40;
	ask(&b, VERB_GET, "get", 4);
	value_at(&b, 0, SLICE("[1,2]"), 0);
	value_at(&b, 1, SLICE("{\"a\":\"0123456789\",\"b\":{\"c\":1}}"), 0);
	value_at(&b, 2, SLICE("one\n\ntwo\n"), 0);
	value_at(&b, 3, SLICE("x"), 0);
	end(&b);
	assert_out(&b, "foo   [1, 2]  (JSON, 5 bytes)\n"
	               "nope  (JSON, 30 bytes)\n"
	               "  {\"a\": \"0123456789\", \"b\": {\"c\": 1}}\n"
	               "k\xc3\xa9y   (text, 3 lines, 9 bytes)\n"
	               "  one\n"
	               "\n"
	               "  two\n"
	               "zoo   \"x\"  (1 byte)\n"
	               "(4 of 4 keys found)\n");
	b.style.columns = 30;
	ask(&b, VERB_GET, "get", 2);
	value_at(&b, 1, SLICE("{\"a\":\"0123456789\",\"b\":{\"c\":1}}"), 0);
	end(&b);
	assert_out(&b, "foo   (miss)\n"
	               "nope  (JSON, 30 bytes)\n"
	               "  {\n"
	               "    \"a\": \"0123456789\",\n"
	               "    \"b\": {\"c\": 1}\n"
	               "  }\n"
	               "(1 of 2 keys found)\n");
	b.style.json = false;
	ask(&b, VERB_GET, "get", 2);
	value_at(&b, 0, SLICE("[1,2]"), 0);
	value_at(&b, 1, SLICE("x"), 0);
	end(&b);
	assert_out(&b, "foo   \"[1,2]\"  (5 bytes)\n"
	               "nope  \"x\"  (1 byte)\n"
	               "(2 of 2 keys found)\n");
	bench_release(&b);
}

TEST(pretty_lists_tell_types)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	believe(&b, "auto");
	ask(&b, VERB_GET, "get", 4);
	value_at(&b, 0, SLICE("42"), INT);
	value_at(&b, 1, SLICE("bar"), 0);
	value_at(&b, 2, STREAM, TEXT | ZLIB);
	value_at(&b, 3, SLICE("(lp0\nI1\na."), PICKLE);
	end(&b);
	assert_out(&b,
	           "foo   42  (int, 2 bytes, flags 2)\n"
	           "nope  \"bar\"  (3 bytes)\n"
	           "k\xc3\xa9y   \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\xe2\x80\xa6  (text, 100 bytes, "
	           "12 as zlib, flags 24)\n"
	           "zoo   [1]  (outline of pickle protocol 0, 10 bytes, flags 1)\n"
	           "(4 of 4 keys found)\n");
	believe(&b, "python-memcached");
	b.style.columns = 30;
	ask(&b, VERB_GET, "get", 2);
	value_at(&b, 0, SLICE("12345678901234567890"), INT);
	value_at(&b, 1, SLICE("x"), INT);
	end(&b);
	assert_out(&b, "foo   12345678901234567890\n"
	               "      (int, 20 bytes, flags 2)\n"
	               "nope  \"x\"\n"
	               "      (text, 1 byte, flags 2)\n"
	               "  the flags say an integer,\n"
	               "  and the bytes are not\n"
	               "  decimal digits\n"
	               "(2 of 2 keys found)\n");
	bench_release(&b);
}

struct complaints {
	struct buf text;
};

static void complain(void *ctx, struct slice key, const char *problem)
{
	struct complaints *c = ctx;
	buf_addf(&c->text, "%.*s: %s\n", (int)key.len, key.data, problem);
}

/* One key in FORMAT with PROFILE; redirected when BYTES. */
static void assert_piped(enum format format, bool bytes, const char *profile, uint64_t flags,
                         struct slice stored, struct slice want, const char *complaint)
{
	struct bench b;
	struct complaints on_reply = {BUF_INIT};
	bench_init(&b, format);
	believe(&b, profile);
	b.style.value_bytes = bytes;
	b.view.complain = complain;
	b.view.complain_ctx = &on_reply;
	get_one(&b, stored, flags);
	assert_bytes(buf_slice(&b.out), want);
	assert_bytes(buf_slice(&on_reply.text), slice_str(complaint));
	buf_release(&on_reply.text);
	bench_release(&b);
}

TEST(plain_prints_what_the_flags_say)
{
	static const struct {
		const char *profile;
		uint64_t flags;
		struct slice stored, want;
	} cases[] = {
	    {"auto", TEXT | ZLIB, STREAM, SLICE(X100)},
	    {"auto", INT, SLICE("42"), SLICE("42")},
	    {"auto", 512, SLICE("*"), SLICE("42")},
	    /* Without flags, and with flags of nobody, auto prints what is stored. */
	    {"auto", 0, SLICE("plain"), SLICE("plain")},
	    {"auto", 0, STREAM, SLICE("x\x9c\xab\xa8\xa0=\0\0@\x1b.\xe1")},
	    {"auto", 1u << 20, STREAM, SLICE("x\x9c\xab\xa8\xa0=\0\0@\x1b.\xe1")},
	    {"auto", PICKLE, SLICE("I1\n."), SLICE("I1\n.")},
	    {"python-memcached", PICKLE, SLICE("I1\n."), SLICE("I1\n.")},
	    {"python-memcached", ZLIB, STREAM, SLICE(X100)},
	    {"pecl-memcache", 2, STREAM, SLICE(X100)},
	    {"php-memcached", 3, SLICE(""), SLICE("false")},
	    {"node-memcached", 0, SLICE("a\\\nb"), SLICE("a\nb")},
	    {"node-memcached", 4, SLICE("\xc3\xbf"), SLICE("\xff")},
	    {"none", TEXT | ZLIB, STREAM, SLICE("x\x9c\xab\xa8\xa0=\0\0@\x1b.\xe1")},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_piped(FORMAT_PLAIN, true, cases[i].profile, cases[i].flags, cases[i].stored,
		             cases[i].want, "");
	assert_piped(FORMAT_PLAIN, false, "auto", ZLIB, STREAM, SLICE(X100 "\n"), "");
	assert_piped(FORMAT_PLAIN, false, "node-memcached", 4, SLICE("\xc3\xbf"), SLICE("\\xff\n"),
	             "");
	assert_piped(FORMAT_RAW, false, "auto", TEXT | ZLIB, STREAM, STREAM, "");
	assert_piped(FORMAT_RAW, true, "auto", TEXT | ZLIB, STREAM, STREAM, "");
	assert_piped(FORMAT_WIRE, false, "auto", INT, SLICE("4"), SLICE("<value><end>"), "");
	assert_piped(FORMAT_CSV, false, "auto", 512, SLICE("*"),
	             SLICE("key,flags,bytes,value,encoding\nfoo,512,1,42,\n"), "");
}

TEST(plain_prints_what_cannot_be_read_as_stored_and_complains)
{
	static const char damaged[] =
	    "foo: the zlib stream is damaged after 2 of its 3 bytes, 0 bytes came out\n";
	static const char cut[] =
	    "foo: the zlib stream is cut short after 7 of its 7 bytes, 100 bytes came out\n";
	assert_piped(FORMAT_PLAIN, false, "python-memcached", TEXT | ZLIB, SLICE("xyz"),
	             SLICE("xyz\n"), damaged);
	assert_piped(FORMAT_PLAIN, true, "python-memcached", TEXT | ZLIB, SLICE("xyz"),
	             SLICE("xyz"), damaged);
	assert_piped(FORMAT_CSV, false, "python-memcached", ZLIB, SLICE("xyz"),
	             SLICE("key,flags,bytes,value,encoding\nfoo,8,3,xyz,\n"), damaged);
	assert_piped(FORMAT_PLAIN, true, "python-memcached", ZLIB, slice_of(STREAM.data, 7),
	             slice_of(STREAM.data, 7), cut);
	assert_piped(FORMAT_PLAIN, false, "python-memcached", INT, SLICE("4x"), SLICE("4x\n"),
	             "foo: the flags say an integer, and the bytes are not decimal digits\n");
	assert_piped(FORMAT_RAW, false, "python-memcached", INT, SLICE("4x"), SLICE("4x"), "");
}

#define GOT "{\"command\":\"get\",\"key\":\"foo\"," SERVER ",\"status\":\"ok\",\"values\":[{"

TEST(json_tells_the_meaning)
{
	static const struct {
		const char *profile;
		uint64_t flags;
		struct slice stored;
		const char *want; /* the members after the key */
	} cases[] = {
	    {"python-memcached", INT, SLICE("42"),
	     "\"flags\":2,\"bytes\":2,\"value\":\"42\",\"type\":\"int\",\"decoded\":42,"
	     "\"profile\":\"python-memcached\""},
	    {"python-memcached", INT, SLICE("18446744073709551616"),
	     "\"flags\":2,\"bytes\":20,\"value\":\"18446744073709551616\",\"type\":\"int\","
	     "\"decoded\":\"18446744073709551616\",\"profile\":\"python-memcached\""},
	    {"python-memcached", ZLIB, STREAM,
	     "\"flags\":8,\"bytes\":12,\"value\":\"eJyrqKA9AABAGy7h\",\"encoding\":\"base64\","
	     "\"type\":\"bytes\",\"decoded\":\"" X100 "\",\"profile\":\"python-memcached\","
	     "\"container\":\"zlib\",\"size\":100"},
	    {"python-memcached", PICKLE, SLICE("(lp0\nI1\na."),
	     "\"flags\":1,\"bytes\":10,\"value\":\"(lp0\\nI1\\na.\",\"type\":\"object\","
	     "\"outline\":\"[1]\",\"profile\":\"python-memcached\","
	     "\"serialiser\":\"pickle protocol 0\""},
	    {"python-memcached", TEXT, SLICE("\xff"),
	     "\"flags\":16,\"bytes\":1,\"value\":\"/w==\",\"encoding\":\"base64\",\"type\":"
	     "\"bytes\",\"decoded\":\"/w==\",\"decoded_encoding\":\"base64\",\"profile\":"
	     "\"python-memcached\",\"problem\":\"the flags say text, and the bytes are not "
	     "UTF-8\""},
	    {"python-memcached", 0, SLICE("42"), "\"flags\":0,\"bytes\":2,\"value\":\"42\""},
	    {"none", INT, SLICE("42"), "\"flags\":2,\"bytes\":2,\"value\":\"42\""},
	    {"auto", 0, SLICE("{}"), "\"flags\":0,\"bytes\":2,\"value\":\"{}\""},
	    {"auto", TEXT, SLICE("a"),
	     "\"flags\":16,\"bytes\":1,\"value\":\"a\",\"type\":\"text\",\"decoded\":\"a\","
	     "\"profile\":\"python-memcached\",\"why\":"
	     "\"flags 16 and valid UTF-8: text as python-memcached writes it\""},
	    {"php-memcached", 3, SLICE("1"),
	     "\"flags\":3,\"bytes\":1,\"value\":\"1\",\"type\":\"bool\",\"decoded\":true,"
	     "\"profile\":\"php-memcached\""},
	    {"php-memcached", 2, SLICE("1.5"),
	     "\"flags\":2,\"bytes\":3,\"value\":\"1.5\",\"type\":\"double\",\"decoded\":1.5,"
	     "\"profile\":\"php-memcached\""},
	    {"php-memcached", 2, SLICE("NaN"),
	     "\"flags\":2,\"bytes\":3,\"value\":\"NaN\",\"type\":\"double\",\"decoded\":\"NaN\","
	     "\"profile\":\"php-memcached\""},
	    {"php-memcached", 6, SLICE("[\n1 , \"a\\\"\\\\ b\xc2\x9b\" ]\n"),
	     "\"flags\":6,\"bytes\":20,\"value\":\"[\\n1 , \\\"a\\\\\\\"\\\\\\\\ b\\u009b\\\" "
	     "]\\n\",\"type\":\"json\",\"decoded\":[1,\"a\\\"\\\\ b\\u009b\"],"
	     "\"profile\":\"php-memcached\""},
	    {"spymemcached", 1024, SLICE(""),
	     "\"flags\":1024,\"bytes\":0,\"value\":\"\",\"type\":\"time\","
	     "\"decoded\":\"1970-01-01T00:00:00Z\",\"profile\":\"spymemcached\""},
	};
	struct bench b;
	struct buf want = BUF_INIT;
	bench_init(&b, FORMAT_JSON);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		believe(&b, cases[i].profile);
		get_one(&b, cases[i].stored, cases[i].flags);
		buf_clear(&want);
		buf_addf(&want, GOT "\"key\":\"foo\",%s}],\"missing\":[]," TIME_US, cases[i].want);
		assert_bytes(buf_slice(&b.out), buf_slice(&want));
	}
	buf_release(&want);
	bench_release(&b);
}

UNIT_MAIN(cmocka_unit_test(pretty_a_value_is_what_its_client_meant),
          cmocka_unit_test(pretty_tells_what_auto_went_by_below_the_value),
          cmocka_unit_test(pretty_tells_what_is_wrong_below_the_value),
          cmocka_unit_test(pretty_many_lines_of_a_decoded_value),
          cmocka_unit_test(pretty_lists_lay_out_json_and_show_lines),
          cmocka_unit_test(pretty_lists_tell_types),
          cmocka_unit_test(plain_prints_what_the_flags_say),
          cmocka_unit_test(plain_prints_what_cannot_be_read_as_stored_and_complains),
          cmocka_unit_test(json_tells_the_meaning))
