#include "lib/unit.h"
#include "view/items/items.h"

#include <stdio.h>

static const struct item_format *named(const char *name)
{
	const struct item_format *f = item_format_named(slice_str(name));
	assert_non_null(f);
	return f;
}

/* What FORMAT writes of ITEM. */
static void check_written(const char *format, const struct item *item, bool cas, struct slice want)
{
	struct buf out = BUF_INIT;
	assert_true(named(format)->add(&out, item, cas));
	assert_bytes(buf_slice(&out), want);
	buf_release(&out);
}

TEST(written)
{
	static const struct item plain = {.key = {"foo", 3}, .value = {"bar", 3}};
	static const struct item full = {.key = {"a\"b,c", 5},
	                                 .value = {"x\ty\n\\", 5},
	                                 .flags = 4294967295,
	                                 .exptime = 1800000000,
	                                 .cas = 12,
	                                 .has_cas = true};
	static const struct item binary = {.key = {"\xff", 1}, .value = {"\0\xfe", 2}, .flags = 1};
	check_written("jsonl", &plain, false,
	              SLICE("{\"key\":\"foo\",\"flags\":0,\"exptime\":0,\"value\":\"bar\"}\n"));
	check_written("jsonl", &full, true,
	              SLICE("{\"key\":\"a\\\"b,c\",\"flags\":4294967295,\"exptime\":1800000000,"
	                    "\"cas\":12,\"value\":\"x\\ty\\n\\\\\"}\n"));
	check_written("jsonl", &binary, false,
	              SLICE("{\"key\":\"/w==\",\"key_encoding\":\"base64\",\"flags\":1,\"exptime\":"
	                    "0,\"value\":\"AP4=\",\"encoding\":\"base64\"}\n"));
	check_written("csv", &plain, false, SLICE("foo,0,0,bar,,\n"));
	check_written("csv", &full, true,
	              SLICE("\"a\"\"b,c\",4294967295,1800000000,12,\"x\ty\n\\\",,\n"));
	check_written("csv", &binary, true, SLICE("/w==,1,0,,AP4=,base64,base64\n"));
	check_written("tsv", &plain, false, SLICE("foo\tbar\n"));
	check_written("tsv", &full, true, SLICE("a\"b,c\tx\\ty\\n\\\\\t4294967295\t1800000000\n"));
	check_written("tsv", &binary, false, SLICE("\\xff\t\\0\\xfe\t1\n"));
	check_written("mcsh", &plain, true, SLICE("set foo bar\n"));
	check_written("mcsh", &full, false,
	              SLICE("set --flags 4294967295 \"a\\\"b,c\" \"x\\ty\\n\\\\\" @1800000000\n"));
	check_written("mcsh", &binary, false, SLICE("set --flags 1 \"\\xff\" \"\\0\\xfe\"\n"));
}

TEST(set_takes_no_blank_in_a_key)
{
	static const struct item blank = {.key = {"a b", 3}, .value = {"", 0}};
	struct buf out = BUF_INIT;
	assert_false(named("mcsh")->add(&out, &blank, false));
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

/* Reads all records of TEXT; each item is written as "key|value|flags|exptime;", a bad record as
 * "!", a bad header as "!!". */
static void read_all(const char *format, struct slice text, struct buf *out, struct error *error)
{
	struct item_reader r = {.format = named(format)};
	buf_clear(out);
	while (text.len > 0) {
		struct item item;
		struct item_scan scan = {0};
		size_t n = r.format->record(text, &scan);
		struct slice record = slice_of(text.data, n > 0 ? n - 1 : text.len);
		text = slice_skip(text, n > 0 ? n : text.len);
		switch (r.format->parse(&r, record, &item, error)) {
		case ITEM_READ:
			buf_add_slice(out, item.key);
			buf_add_char(out, '|');
			buf_add_slice(out, item.value);
			buf_addf(out, "|%llu|%lld;", (unsigned long long)item.flags,
			         (long long)item.exptime);
			break;
		case ITEM_NONE:
			break;
		case ITEM_BAD:
			buf_add_char(out, '!');
			break;
		case ITEM_BAD_HEADER:
			buf_add_str(out, "!!");
		}
	}
	item_reader_release(&r);
}

/* Every byte in key and value, alone and among others. */
TEST(every_byte_comes_back)
{
	struct buf file = BUF_INIT, want = BUF_INIT, got = BUF_INIT;
	struct error error;
	for (size_t f = 0; item_formats[f]; f++) {
		if (!item_formats[f]->parse)
			continue;
		buf_clear(&file);
		buf_clear(&want);
		if (item_formats[f]->begin)
			item_formats[f]->begin(&file, true);
		for (unsigned byte = 0; byte < 256; byte++) {
			char one[] = {(char)byte}, some[] = {'a', (char)byte, '"', 'b', (char)byte};
			const struct slice texts[] = {slice_of(one, 1), slice_of(some, 5),
			                              slice_of(some, byte % 6)};
			for (size_t i = 0; i < 3; i++) {
				struct item item = {.key = texts[i > 1 ? 0 : i],
				                    .value = texts[i],
				                    .flags = byte * 16777216u + byte,
				                    .exptime = byte % 3 ? 1800000000 + byte : 0,
				                    .cas = byte,
				                    .has_cas = byte % 2 == 0};
				if (!item_formats[f]->add(&file, &item, true)) {
					assert_false(item_key_is_classic(item.key));
					continue;
				}
				buf_add_slice(&want, item.key);
				buf_add_char(&want, '|');
				buf_add_slice(&want, item.value);
				buf_addf(&want, "|%llu|%lld;", (unsigned long long)item.flags,
				         (long long)item.exptime);
			}
		}
		read_all(item_formats[f]->name, buf_slice(&file), &got, &error);
		assert_bytes(buf_slice(&got), buf_slice(&want));
	}
	buf_release(&file);
	buf_release(&want);
	buf_release(&got);
}

/* What else is read. */
TEST(read)
{
	static const struct {
		const char *format;
		struct slice text, want;
	} cases[] = {
	    {"jsonl", SLICE("{\"value\":1.50,\"key\":\"a\"}\n\n {\"key\":7,\"value\":\"\"}\r\n"),
	     SLICE("a|1.50|0|0;7||0|0;")},
	    {"jsonl",
	     SLICE("{\"mcsh_items\":1}\n{\"key\":\"\\u0061\",\"value\":\"\\ud83d\\ude00\"}"),
	     SLICE("a|\xf0\x9f\x98\x80|0|0;")},
	    {"jsonl", SLICE("{\"key\":\"a\",\"value\":\"b\"}\n{\"mcsh_items\":1}\n"),
	     SLICE("a|b|0|0;")},
	    {"jsonl", SLICE("{\"key\":\"a\",\"value\":\"b\",\"exptime\":-1}\n"),
	     SLICE("a|b|0|-1;")},
	    {"csv", SLICE("value,key\r\nb,a\r\n\"x\ny\",\"c,\"\"\"\r\n"),
	     SLICE("a|b|0|0;c,\"|x\ny|0|0;")},
	    {"csv", SLICE("key,bytes,value,flags\na,1,b,\n"), SLICE("a|b|0|0;")},
	    {"protocol",
	     SLICE("set a 7 1800000000 3\r\nx\r\n\r\nadd b 0 0 0 noreply\n\nreplace c 0 -1 "
	           "2\r\n\r\n\r\n\r\n"),
	     SLICE("a|x\r\n|7|1800000000;b||0|0;c|\r\n|0|-1;")},
	    {"protocol", SLICE("set a 0 0 1\r\nxy\r\nset b 0 0 1\r\nx\r\n"), SLICE("!!!!b|x|0|0;")},
	    {"protocol", SLICE("set a 4294967296 0 1\r\nx\r\nset b 0 0 1\r\nx\r\n"),
	     SLICE("!b|x|0|0;")},
	    {"tsv", SLICE("a\tb\n\nc\t\t\t5\nd\t\\x41\\X"), SLICE("a|b|0|0;c||0|5;!")},
	    {"tsv", SLICE("a\tb \t7\n"), SLICE("a|b |7|0;")},
	    {"tsv", SLICE("a\tb\r\n\r\nc\td\\r\r\ne\tf\t7\r\n"),
	     SLICE("a|b|0|0;c|d\r|0|0;e|f|7|0;")},
	    {"tsv", SLICE("a\tb\rc\r\r\n"), SLICE("a|b\rc\r|0|0;")},
	};
	struct buf got = BUF_INIT;
	struct error error;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_all(cases[i].format, cases[i].text, &got, &error);
		assert_bytes(buf_slice(&got), cases[i].want);
	}
	buf_release(&got);
}

TEST(refused)
{
	static const struct {
		const char *format, *text, *what;
	} cases[] = {
	    {"jsonl", "[]", "invalid JSON object: it begins with something else, at byte 2"},
	    {"jsonl", "{\"key\":\"a\"", "invalid JSON object: it ends too early, at byte 11"},
	    {"jsonl", "{\"key\":\"a\"}", "it has no value"},
	    {"jsonl", "{\"value\":\"a\"}", "it has no key"},
	    {"jsonl", "{\"key\":\"a\",\"key\":\"b\"}", "the member \"key\" is there twice"},
	    {"jsonl", "{\"key\":\"a\",\"ttl\":1}", "the member \"ttl\" is not one of an item"},
	    {"jsonl", "{\"key\":null}", "the member \"key\" is not a string"},
	    {"jsonl", "{\"flags\":\"1\"}", "the member \"flags\" is not a number"},
	    {"jsonl", "{\"key\":\"a\",\"value\":\"\",\"flags\":4294967296}",
	     "its flags 4294967296 are too large"},
	    {"jsonl", "{\"key\":\"a\",\"value\":\"\",\"flags\":-1}", "invalid flags: -1"},
	    {"jsonl", "{\"key\":\"a\",\"value\":\"\",\"exptime\":1.5}", "invalid exptime: 1.5"},
	    {"jsonl", "{\"key\":\"a\",\"value\":\"=\",\"encoding\":\"base64\"}",
	     "its value is said to be base64 and is not"},
	    {"jsonl", "{\"key\":\"a\",\"value\":\"\",\"encoding\":\"hex\"}",
	     "its encoding is unknown: hex"},
	    {"jsonl", "{\"key\":\"a\",\"value\":\"\\ud800\"}",
	     "in its value half of a surrogate pair stands alone"},
	    {"jsonl", "{\"mcsh_items\":2}",
	     "its format has the version 2, and this mcsh knows version 1"},
	    {"csv", "a,b", "unknown column \"a\""},
	    {"csv", "key;value", "unknown column \"key;value\""},
	    {"csv", "key,flags", "missing column value"},
	    {"csv", "key,key", "column \"key\" is there twice"},
	    {"csv", "key,value\na", "it has 1 field, the header has 2"},
	    {"csv", "key,value\na,b,c", "it has 3 fields, the header has 2"},
	    {"csv", "key,value\na,\"b", "a quote in it does not end"},
	    {"csv", "key,value\na,\"b\"c", "a comma is missing after a closing quote"},
	    {"csv", "key,value,encoding\na,b,hex", "the encoding of its value is unknown: hex"},
	    {"tsv", "a b", "a tab is missing"},
	    {"tsv", "a\tb\t1\t2\t3", "there are more than three tabs in it"},
	    {"tsv", "a\tb\tc", "invalid flags: c"},
	    {"tsv", "a\t\\q", "in its value a backslash begins no escape: \\q"},
	    {"tsv", "\\x4\tb", "in its key a backslash begins no escape: \\x4"},
	};
	struct buf got = BUF_INIT;
	struct error error;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		error_clear(&error);
		read_all(cases[i].format, slice_str(cases[i].text), &got, &error);
		bool header = strcmp(cases[i].format, "csv") == 0 && !strchr(cases[i].text, '\n');
		assert_bytes(buf_slice(&got), header ? SLICE("!!") : SLICE("!"));
		assert_string_equal(error.what, cases[i].what);
		assert_true(error.hint[0] != '\0');
	}
	buf_release(&got);
}

TEST(formats_are_told_apart)
{
	static const struct {
		const char *file, *format;
	} names[] =
	    {
		{"a.jsonl", "jsonl"},  {"a.csv.gz", "csv"}, {"x/y.tsv", "tsv"}, {"a.json", "jsonl"},
		{"dump.mcsh", "mcsh"}, {"a.csv/b", NULL},   {"dump", NULL},     {"a.gz", NULL},
		{"-", NULL},           {"a.txt", "tsv"},
	    },
	  texts[] = {
	      {"{\"mcsh_items\":1}\n", "jsonl"},
	      {"key,value\na,b\n", "csv"},
	      {"a\tb,c\n", "tsv"},
	      {"set foo bar\n", "mcsh"},
	      {"", NULL},
	      {"\n{}", NULL},
	      {"hello\n", NULL},
	      {"PK\003\004\tkey,\n", NULL},
	      {"a\tb\x7f\n", NULL},
	      {"a\tb\r\n", "tsv"},
	      {"a\t\xe4\n", "tsv"},
	  };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct item_format *f = item_format_of_file(slice_str(names[i].file));
		assert_ptr_equal(f, names[i].format ? named(names[i].format) : NULL);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct item_format *f = item_format_of_bytes(slice_str(texts[i].file));
		assert_ptr_equal(f, texts[i].format ? named(texts[i].format) : NULL);
	}
	assert_null(item_format_named(SLICE("xml")));
	assert_int_equal(item_mark(SLICE("\xef\xbb\xbfkey")), 3);
	assert_int_equal(item_mark(SLICE("\xef\xbb")), 0);
	assert_int_equal(item_mark(SLICE("key")), 0);
}

UNIT_MAIN(cmocka_unit_test(written), cmocka_unit_test(set_takes_no_blank_in_a_key),
          cmocka_unit_test(every_byte_comes_back), cmocka_unit_test(read),
          cmocka_unit_test(refused), cmocka_unit_test(formats_are_told_apart))
