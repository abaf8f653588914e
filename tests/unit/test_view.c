#include "base/json_read.h"
#include "base/utf8.h"
#include "codec/codec.h"
#include "lib/unit.h"
#include "view/format/format.h"
#include "view/view.h"

/* One view with all that it borrows. */
struct bench {
	struct style style;
	struct buf out;
	struct view view;
	struct request request;
	struct question question;
	struct slice keys[4];
};

static const struct timing timing = {0, 3000, 80000, 1499, 84499};

static void bench_init(struct bench *b, enum format format)
{
	*b = (struct bench){.style = {.format = format, .columns = 80, .json = true, .utf8 = true}};
	b->keys[0] = SLICE("foo");
	b->keys[1] = SLICE("nope");
	b->keys[2] = SLICE("k\xc3\xa9y");
	b->keys[3] = SLICE("zoo");
	b->request = (struct request){.verb = VERB_GET, .keys = b->keys, .key_count = 1};
	b->question = (struct question){
	    .command = "get", .request = &b->request, .server = "127.0.0.1:11211"};
	view_init(&b->view, &b->style, &b->out);
}

static void bench_release(struct bench *b)
{
	view_release(&b->view);
	buf_release(&b->out);
}

static void ask(struct bench *b, enum verb verb, const char *command, size_t keys)
{
	buf_clear(&b->out);
	b->request.verb = verb;
	b->request.key_count = keys;
	b->question.command = command;
	view_begin(&b->view, &b->question);
}

static void value_at(struct bench *b, size_t index, struct slice value, uint64_t flags)
{
	struct reply reply = {.kind = REPLY_VALUE,
	                      .key_index = index,
	                      .key = b->keys[index],
	                      .flags = flags,
	                      .value = value,
	                      .wire = SLICE("<value>")};
	if (b->request.verb == VERB_GETS || b->request.verb == VERB_GATS) {
		reply.has_cas = true;
		reply.cas = UINT64_MAX;
	}
	view_reply(&b->view, &reply);
}

static void stat_line(struct bench *b, struct slice name, struct slice value)
{
	struct reply reply = {
	    .kind = REPLY_STAT, .key = name, .value = value, .wire = SLICE("<s>")};
	view_reply(&b->view, &reply);
}

static void text_line(struct bench *b, struct slice line)
{
	struct reply reply = {.kind = REPLY_LINE, .value = line, .wire = SLICE("<line>")};
	view_reply(&b->view, &reply);
}

static void end_with(struct bench *b, enum reply_kind kind, struct slice words)
{
	struct error error;
	error_set(&error, "start it", "cannot connect");
	struct reply reply = {.kind = kind,
	                      .value = words,
	                      .number = UINT64_MAX,
	                      .timing = &timing,
	                      .error = kind == REPLY_LOST ? &error : NULL};
	if (kind != REPLY_NONE && kind != REPLY_LOST)
		reply.wire = SLICE("<end>");
	view_reply(&b->view, &reply);
}

static void end(struct bench *b)
{
	end_with(b, REPLY_END, SLICE(""));
}

static void get_one(struct bench *b, struct slice value, uint64_t flags)
{
	ask(b, VERB_GET, "get", 1);
	value_at(b, 0, value, flags);
	end(b);
}

#define assert_out(b, want) assert_text(buf_slice(&(b)->out), want)

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

TEST(plain_one_value)
{
	struct bench b;
	bench_init(&b, FORMAT_PLAIN);
	get_one(&b, SLICE("bar"), 8);
	assert_out(&b, "bar\n");
	get_one(&b, SLICE(""), 0);
	assert_out(&b, "\n");
	get_one(&b, SLICE("a\\b\tc\r\nd\x1b\0\xff"), 0);
	assert_out(&b, "a\\b\tc\r\nd\\e\\0\\xff\n");
	ask(&b, VERB_GAT, "gat", 1);
	end(&b);
	assert_out(&b, "");
	assert_int_equal(view_misses(&b.view), 1);
	bench_release(&b);
}

TEST(plain_several_values_are_fields)
{
	struct bench b;
	bench_init(&b, FORMAT_PLAIN);
	ask(&b, VERB_GET, "get", 3);
	value_at(&b, 0, SLICE("a\tb\nc\\"), 0);
	value_at(&b, 2, SLICE(""), 0);
	end(&b);
	assert_out(&b, "foo\ta\\tb\\nc\\\\\nk\xc3\xa9y\t\n");
	assert_int_equal(view_misses(&b.view), 1);
	bench_release(&b);
}

TEST(one_value_answers_a_key_asked_twice)
{
	for (size_t answered = 0; answered < 3; answered += 2) {
		struct bench b;
		bench_init(&b, FORMAT_PRETTY);
		b.keys[2] = b.keys[0];
		ask(&b, VERB_GET, "get", 3);
		value_at(&b, answered, SLICE("bar"), 0);
		end(&b);
		assert_int_equal(view_misses(&b.view), 1);
		bench_release(&b);
	}
}

TEST(plain_a_keyed_question_names_a_single_key)
{
	struct bench b;
	bench_init(&b, FORMAT_PLAIN);
	b.question.keyed = true;
	get_one(&b, SLICE("bar"), 0);
	assert_out(&b, "foo\tbar\n");
	bench_release(&b);
}

TEST(plain_gets_tells_the_cas)
{
	struct bench b;
	bench_init(&b, FORMAT_PLAIN);
	ask(&b, VERB_GETS, "gets", 1);
	value_at(&b, 0, SLICE("b\nr"), 0);
	end(&b);
	assert_out(&b, "foo\t18446744073709551615\tb\\nr\n");
	bench_release(&b);
}

TEST(plain_words_are_the_servers)
{
	static const struct {
		enum reply_kind kind;
		const char *want;
	} cases[] = {
	    {REPLY_STORED, "STORED\n"},
	    {REPLY_NOT_STORED, "NOT_STORED\n"},
	    {REPLY_EXISTS, "EXISTS\n"},
	    {REPLY_NOT_FOUND, "NOT_FOUND\n"},
	    {REPLY_DELETED, "DELETED\n"},
	    {REPLY_TOUCHED, "TOUCHED\n"},
	    {REPLY_OK, "OK\n"},
	    {REPLY_RESET, "RESET\n"},
	    {REPLY_VERSION, "1.6.18\n"},
	    {REPLY_NUMBER, "18446744073709551615\n"},
	    {REPLY_NONE, ""},
	    {REPLY_LOST, ""},
	    {REPLY_ERROR, ""},
	    {REPLY_CLIENT_ERROR, ""},
	    {REPLY_SERVER_ERROR, ""},
	    {REPLY_END, ""},
	};
	static const enum format formats[] = {FORMAT_PLAIN, FORMAT_RAW, FORMAT_CSV};
	for (size_t f = 0; f < 3; f++) {
		struct bench b;
		bench_init(&b, formats[f]);
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			ask(&b, VERB_ADD, "add", 1);
			end_with(&b, cases[i].kind, SLICE("1.6.18"));
			assert_bytes(buf_slice(&b.out), slice_str(cases[i].want));
		}
		bench_release(&b);
	}
}

TEST(plain_stats_and_lines)
{
	struct bench b;
	bench_init(&b, FORMAT_PLAIN);
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("pid"), SLICE("7"));
	stat_line(&b, SLICE("x\x1b"), SLICE("a\tb"));
	end(&b);
	assert_out(&b, "pid\t7\nx\\e\ta\\tb\n");
	ask(&b, VERB_RAW, ".raw", 0);
	text_line(&b, SLICE("MN \x1b[2J"));
	end(&b);
	assert_out(&b, "MN \\e[2J\n");
	bench_release(&b);
}

TEST(plain_fields_stay_in_their_line)
{
	struct bench b;
	bench_init(&b, FORMAT_PLAIN);
	b.style.fields = true;
	get_one(&b, SLICE("a\\b\tc\r\nd\x1b\0\xff"), 0);
	assert_out(&b, "a\\\\b\\tc\\r\\nd\\e\\0\\xff\n");
	ask(&b, VERB_RAW, ".raw", 0);
	text_line(&b, SLICE("two\nlines"));
	end(&b);
	assert_out(&b, "two\\nlines\n");
	bench_release(&b);
}

TEST(plain_labels_begin_each_line)
{
	struct bench b;
	bench_init(&b, FORMAT_PLAIN);
	b.question.label = true;
	get_one(&b, SLICE("a\nb"), 0);
	assert_out(&b, "127.0.0.1:11211\ta\\nb\n");
	ask(&b, VERB_FLUSH_ALL, "flush_all", 0);
	end_with(&b, REPLY_OK, SLICE(""));
	assert_out(&b, "127.0.0.1:11211\tOK\n");
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("pid"), SLICE("7"));
	end(&b);
	assert_out(&b, "127.0.0.1:11211\tpid\t7\n");
	bench_release(&b);
}

TEST(plain_does_not_allocate_once_its_buffer_is_warm)
{
	struct bench b;
	bench_init(&b, FORMAT_PLAIN);
	get_one(&b, SLICE("bar"), 0);
	const char *data = b.out.data;
	for (int i = 0; i < 1000; i++)
		get_one(&b, SLICE("bar"), 0);
	assert_ptr_equal(b.out.data, data);
	assert_null(b.view.arena.data);
	assert_null(b.view.seen.data);
	bench_release(&b);
}

TEST(raw_is_the_bytes)
{
	struct bench b;
	bench_init(&b, FORMAT_RAW);
	ask(&b, VERB_GET, "get", 3);
	value_at(&b, 0, SLICE("\x1b\0"), 0);
	value_at(&b, 2, SLICE("x\n"), 0);
	end(&b);
	assert_out(&b, "\x1b\0x\n");
	bench_release(&b);
}

TEST(a_redirected_value_is_its_bytes)
{
	struct bench b;
	static const enum format formats[] = {FORMAT_PRETTY, FORMAT_PLAIN};
	for (size_t i = 0; i < 2; i++) {
		bench_init(&b, formats[i]);
		b.style.value_bytes = true;
		get_one(&b, SLICE("\x1b\0"), 0);
		assert_out(&b, "\x1b\0");
		b.style.timing = TIMING_OFF;
		ask(&b, VERB_SET, "set", 1);
		end_with(&b, REPLY_STORED, SLICE(""));
		assert_out(&b, "STORED\n");
		bench_release(&b);
	}
	bench_init(&b, FORMAT_PLAIN);
	b.style.value_bytes = true;
	ask(&b, VERB_GETS, "gets", 1);
	value_at(&b, 0, SLICE("x"), 0);
	end(&b);
	assert_out(&b, "foo\t18446744073709551615\tx\n");
	bench_release(&b);
}

TEST(wire_is_what_came)
{
	struct bench b;
	bench_init(&b, FORMAT_WIRE);
	get_one(&b, SLICE("bar"), 0);
	assert_out(&b, "<value><end>");
	ask(&b, VERB_GET, "get", 1);
	end_with(&b, REPLY_SERVER_ERROR, SLICE("x"));
	assert_out(&b, "<end>");
	ask(&b, VERB_GET, "get", 1);
	end_with(&b, REPLY_LOST, SLICE(""));
	assert_out(&b, "");
	bench_release(&b);
}

#define TIME_US "\"time_us\":{\"connect\":0,\"send\":3,\"wait\":80,\"receive\":1,\"total\":84}}\n"
#define SERVER  "\"server\":\"127.0.0.1:11211\""

TEST(json_values)
{
	struct bench b;
	bench_init(&b, FORMAT_JSON);
	get_one(&b, SLICE("bar"), 0);
	assert_out(&b, "{\"command\":\"get\",\"key\":\"foo\"," SERVER ",\"status\":\"ok\","
	               "\"values\":[{\"key\":\"foo\",\"flags\":0,\"bytes\":3,\"value\":\"bar\"}],"
	               "\"missing\":[]," TIME_US);
	ask(&b, VERB_GETS, "gets", 3);
	value_at(&b, 0, SLICE("\xff\x01"), 4294967295);
	value_at(&b, 2, SLICE("\"\\\n\x1b\x7f\xc2\x9b\xe2\x80\xae\0"), 0);
	end(&b);
	assert_out(&b, "{\"command\":\"gets\",\"keys\":[\"foo\",\"nope\",\"k\xc3\xa9y\"]," SERVER
	               ",\"status\":\"negative\",\"values\":["
	               "{\"key\":\"foo\",\"flags\":4294967295,\"bytes\":2,"
	               "\"cas\":18446744073709551615,\"value\":\"/wE=\",\"encoding\":\"base64\"},"
	               "{\"key\":\"k\xc3\xa9y\",\"flags\":0,\"bytes\":11,"
	               "\"cas\":18446744073709551615,"
	               "\"value\":\"\\\"\\\\\\n\\u001b\\u007f\\u009b\\u202e\\u0000\"}],"
	               "\"missing\":[\"nope\"]," TIME_US);
	bench_release(&b);
}

TEST(json_keys_that_are_not_utf8)
{
	struct bench b;
	bench_init(&b, FORMAT_JSON);
	b.keys[0] = SLICE("\xff");
	get_one(&b, SLICE(""), 0);
	assert_out(&b,
	           "{\"command\":\"get\",\"key\":\"/w==\",\"key_encoding\":\"base64\"," SERVER
	           ",\"status\":\"ok\",\"values\":[{\"key\":\"/w==\",\"key_encoding\":"
	           "\"base64\",\"flags\":0,\"bytes\":0,\"value\":\"\"}],\"missing\":[]," TIME_US);
	ask(&b, VERB_GET, "get", 2);
	end(&b);
	assert_out(&b, "{\"command\":\"get\",\"keys\":[{\"base64\":\"/w==\"},\"nope\"]," SERVER
	               ",\"status\":\"negative\",\"values\":[],\"missing\":["
	               "{\"base64\":\"/w==\"},\"nope\"]," TIME_US);
	bench_release(&b);
}

#define SET "{\"command\":\"set\",\"key\":\"foo\"," SERVER

TEST(json_other_answers)
{
	static const struct {
		enum reply_kind kind;
		const char *want;
	} cases[] = {
	    {REPLY_STORED, SET ",\"status\":\"ok\",\"reply\":\"STORED\"," TIME_US},
	    {REPLY_NOT_STORED, SET ",\"status\":\"negative\",\"reply\":\"NOT_STORED\"," TIME_US},
	    {REPLY_NUMBER, SET ",\"status\":\"ok\",\"number\":18446744073709551615," TIME_US},
	    {REPLY_VERSION, SET ",\"status\":\"ok\",\"version\":\"x y\"," TIME_US},
	    {REPLY_NONE, SET ",\"status\":\"ok\",\"noreply\":true," TIME_US},
	    {REPLY_ERROR, SET ",\"status\":\"server\",\"error\":\"ERROR x y\"," TIME_US},
	    {REPLY_SERVER_ERROR,
	     SET ",\"status\":\"server\",\"error\":\"SERVER_ERROR x y\"," TIME_US},
	    {REPLY_LOST, SET ",\"status\":\"lost\",\"error\":\"cannot connect\","
	                     "\"hint\":\"start it\"," TIME_US},
	};
	struct bench b;
	bench_init(&b, FORMAT_JSON);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ask(&b, VERB_SET, "set", 1);
		end_with(&b, cases[i].kind, SLICE("x y"));
		assert_bytes(buf_slice(&b.out), slice_str(cases[i].want));
	}
	bench_release(&b);
}

TEST(json_stats_and_lines)
{
	struct bench b;
	bench_init(&b, FORMAT_JSON);
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("pid"), SLICE("7"));
	stat_line(&b, SLICE("max"), SLICE("18446744073709551615"));
	stat_line(&b, SLICE("over"), SLICE("18446744073709551616"));
	stat_line(&b, SLICE("least"), SLICE("-9223372036854775808"));
	stat_line(&b, SLICE("octal"), SLICE("0700"));
	stat_line(&b, SLICE("none"), SLICE(""));
	stat_line(&b, SLICE("cpu"), SLICE("0.5"));
	end(&b);
	assert_out(&b, "{\"command\":\"stats\"," SERVER ",\"status\":\"ok\",\"stats\":{"
	               "\"pid\":7,\"max\":18446744073709551615,"
	               "\"over\":\"18446744073709551616\",\"least\":-9223372036854775808,"
	               "\"octal\":\"0700\",\"none\":\"\",\"cpu\":\"0.5\"}," TIME_US);
	ask(&b, VERB_STATS, "stats", 0);
	end(&b);
	assert_out(&b, "{\"command\":\"stats\"," SERVER ",\"status\":\"ok\",\"stats\":{}," TIME_US);
	ask(&b, VERB_STATS, "stats", 0);
	text_line(&b, SLICE("ITEM a [1 b; 0 s]"));
	text_line(&b, SLICE("\xff"));
	end(&b);
	assert_out(&b, "{\"command\":\"stats\"," SERVER ",\"status\":\"ok\",\"lines\":["
	               "\"ITEM a [1 b; 0 s]\",{\"base64\":\"/w==\"}]," TIME_US);
	bench_release(&b);
}

/* What a server should not send. */
TEST(json_stats_with_names_that_come_again_among_lines)
{
	struct bench b;
	bench_init(&b, FORMAT_JSON);
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("id"), SLICE("5"));
	text_line(&b, SLICE("PREFIX a get 1"));
	stat_line(&b, SLICE("x"), SLICE("6"));
	stat_line(&b, SLICE("id"), SLICE("a"));
	stat_line(&b, SLICE("base64:/w=="), SLICE("1"));
	stat_line(&b, SLICE("\xff"), SLICE("2"));
	stat_line(&b, SLICE("id"), SLICE("7"));
	end(&b);
	assert_out(&b, "{\"command\":\"stats\"," SERVER ",\"status\":\"ok\",\"stats\":{"
	               "\"id\":5,\"x\":6,\"base64:/w==\":1},\"repeated\":["
	               "{\"name\":\"id\",\"value\":\"a\"},{\"name\":\"base64:/w==\",\"value\":2},"
	               "{\"name\":\"id\",\"value\":7}],\"lines\":[\"PREFIX a get 1\"]," TIME_US);
	bench_release(&b);
}

TEST(json_an_answer_that_broke_off_claims_no_misses)
{
	struct bench b;
	bench_init(&b, FORMAT_JSON);
	ask(&b, VERB_GET, "get", 2);
	value_at(&b, 0, SLICE("1"), 0);
	end_with(&b, REPLY_LOST, SLICE(""));
	assert_out(&b, "{\"command\":\"get\",\"keys\":[\"foo\",\"nope\"]," SERVER
	               ",\"status\":\"lost\",\"values\":["
	               "{\"key\":\"foo\",\"flags\":0,\"bytes\":1,\"value\":\"1\"}],"
	               "\"error\":\"cannot connect\",\"hint\":\"start it\"," TIME_US);
	bench_release(&b);
}

TEST(csv_values)
{
	struct bench b;
	bench_init(&b, FORMAT_CSV);
	ask(&b, VERB_GET, "get", 4);
	value_at(&b, 0, SLICE("a,\"b\"\r\n"), 8);
	value_at(&b, 2, SLICE("\x1b"), 0);
	value_at(&b, 3, SLICE(""), 0);
	end(&b);
	assert_out(&b, "key,flags,bytes,value,encoding\n"
	               "foo,8,7,\"a,\"\"b\"\"\r\n\",\n"
	               "k\xc3\xa9y,0,1,Gw==,base64\n"
	               "zoo,0,0,,\n");
	ask(&b, VERB_GETS, "gets", 1);
	value_at(&b, 0, SLICE(" x"), 0);
	end(&b);
	assert_out(&b, "key,flags,bytes,cas,value,encoding\n"
	               "foo,0,2,18446744073709551615,\" x\",\n");
	ask(&b, VERB_GET, "get", 1);
	end(&b);
	assert_out(&b, "key,flags,bytes,value,encoding\n");
	ask(&b, VERB_GET, "get", 1);
	end_with(&b, REPLY_LOST, SLICE(""));
	assert_out(&b, "");
	bench_release(&b);
}

TEST(csv_stats_have_one_header_for_all_servers)
{
	struct bench b;
	bench_init(&b, FORMAT_CSV);
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("pid"), SLICE("7"));
	end(&b);
	assert_out(&b, "name,value\npid,7\n");
	b.question.label = true;
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("pid"), SLICE("7"));
	end(&b);
	assert_out(&b, "server,name,value\n127.0.0.1:11211,pid,7\n");
	b.question.part = 1;
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("pid"), SLICE("8"));
	end(&b);
	assert_out(&b, "127.0.0.1:11211,pid,8\n");
	bench_release(&b);
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
	               "  ... 2 more bytes\n");
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
	assert_out(&b, "\"abc\"\n  ... 3 more bytes  (6 bytes)\n");
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
	assert_out(&b, "<text, 3 lines, 25 bytes>\n  one line\n  t\n  ... 15 more bytes\n");
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
	assert_out(&b, "<JSON, 40 bytes>\n[\n  \"0123456789\",\n  ... 26 more bytes\n");
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

static void some_stats(struct bench *b)
{
	b->request.text = SLICE("");
	ask(b, VERB_STATS, "stats", 0);
	stat_line(b, SLICE("uptime"), SLICE("273600"));
	stat_line(b, SLICE("time"), SLICE("1709251199"));
	stat_line(b, SLICE("new_counter"), SLICE("1234567"));
	stat_line(b, SLICE("cmd_get"), SLICE("2736000"));
	stat_line(b, SLICE("get_hits"), SLICE("3"));
	stat_line(b, SLICE("get_misses"), SLICE("1"));
	stat_line(b, SLICE("accepting_conns"), SLICE("1"));
	stat_line(b, SLICE("limit_maxbytes"), SLICE("67108864"));
	end(b);
}

TEST(pretty_stats_are_grouped)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	some_stats(&b);
	assert_out(&b, "Summary\n"
	               "  hit ratio                  75.0 %  get_hits / (get_hits + get_misses)\n"
	               "  gets a second                10.0  cmd_get / uptime\n"
	               "\n"
	               "Server\n"
	               "  uptime              3 d 4 h  273600\n"
	               "  time             1709251199  2024-02-29 23:59:59 UTC\n"
	               "\n"
	               "Connections\n"
	               "  accepting_conns         yes\n"
	               "\n"
	               "Commands\n"
	               "  cmd_get           2,736,000\n"
	               "  get_hits                  3\n"
	               "  get_misses                1\n"
	               "\n"
	               "Memory\n"
	               "  limit_maxbytes       64 MiB  67108864\n"
	               "\n"
	               "Other\n"
	               "  new_counter         1234567\n");
	bench_release(&b);
}

TEST(pretty_stats_tell_meanings_where_there_is_room)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.columns = 100;
	some_stats(&b);
	const char *text = buf_cstr(&b.out);
	assert_non_null(
	    strstr(text, "\n  uptime              3 d 4 h  273600    since it was started\n"));
	assert_non_null(strstr(text, "\n  get_hits                  3            keys found\n"));
	assert_non_null(strstr(text, "\n  new_counter         1234567\n"));
	bench_release(&b);
}

static void answer_of(struct bench *b, const char *server, size_t part, size_t parts)
{
	struct question question = {.command = "stats",
	                            .request = &b->request,
	                            .server = server,
	                            .label = true,
	                            .part = part,
	                            .parts = parts};
	b->request.verb = VERB_STATS;
	b->request.key_count = 0;
	view_begin(&b->view, &question);
}

TEST(pretty_stats_of_several_servers_stand_side_by_side)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	buf_clear(&b.out);
	answer_of(&b, "10.0.0.1:11211", 0, 2);
	stat_line(&b, SLICE("version"), SLICE("1.6.18"));
	stat_line(&b, SLICE("get_hits"), SLICE("900"));
	stat_line(&b, SLICE("get_misses"), SLICE("100"));
	stat_line(&b, SLICE("odd"), SLICE("7"));
	end(&b);
	assert_out(&b, "");
	answer_of(&b, "10.0.0.2:11211", 1, 2);
	stat_line(&b, SLICE("version"), SLICE("1.6.38"));
	stat_line(&b, SLICE("get_hits"), SLICE("300"));
	stat_line(&b, SLICE("get_misses"), SLICE("700"));
	end(&b);
	assert_out(&b,
	           "  bad 10.0.0.2:11211 hit ratio: many keys that are asked for are not there:\n"
	           "    expired, evicted, or never stored\n"
	           "\n"
	           "              10.0.0.1:11211  10.0.0.2:11211   total\n"
	           "\n"
	           "Summary\n"
	           "  hit ratio           90.0 %          30.0 %  60.0 %\n"
	           "\n"
	           "Server\n"
	           "  version             1.6.18          1.6.38\n"
	           "\n"
	           "Commands\n"
	           "  get_hits               900             300   1,200\n"
	           "  get_misses             100             700     800\n"
	           "\n"
	           "Other\n"
	           "  odd                      7               -\n");
	bench_release(&b);
}

TEST(pretty_stats_are_coloured_by_health)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.style.color = true;
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("rejected_connections"), SLICE("3"));
	stat_line(&b, SLICE("auth_errors"), SLICE("1"));
	stat_line(&b, SLICE("conn_yields"), SLICE("0"));
	stat_line(&b, SLICE("total_connections"), SLICE("12"));
	end(&b);
	const char *lines[] = {
	    "\033[1;31m3\033[0m\n",
	    "  \033[1;31mbad\033[0m rejected_connections: clients were turned away at the limit "
	    "of\n",
	    "  \033[35mnotice\033[0m auth_errors: logins were refused\n",
	    "\033[32m0\033[0m",
	    "  total_connections     12\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!memmem(b.out.data, b.out.len, lines[i], strlen(lines[i])))
			print_error("no line %s in %s\n", lines[i], buf_cstr(&b.out));
		assert_non_null(memmem(b.out.data, b.out.len, lines[i], strlen(lines[i])));
	}
	bench_release(&b);
}

TEST(pretty_stats_of_classes_are_a_table)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.request.text = SLICE("slabs");
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("1:chunk_size"), SLICE("96"));
	stat_line(&b, SLICE("1:used_chunks"), SLICE("10922"));
	stat_line(&b, SLICE("12:chunk_size"), SLICE("1184"));
	stat_line(&b, SLICE("active_slabs"), SLICE("2"));
	end(&b);
	assert_out(&b, "class  chunk_size  used_chunks\n"
	               "    1        96 B       10,922\n"
	               "   12     1.2 KiB            -\n"
	               "\n"
	               "  active_slabs  2\n");
	b.style.columns = 24;
	b.request.text = SLICE("items");
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("items:3:evicted"), SLICE("0"));
	stat_line(&b, SLICE("items:3:number"), SLICE("5"));
	stat_line(&b, SLICE("items:3:age"), SLICE("61"));
	stat_line(&b,
	          SLICE("items:3:od\x1b"
	                "d"),
	          SLICE("0"));
	end(&b);
	assert_out(&b, "class            3\n"
	               "number           5\n"
	               "age      1 min 1 s\n"
	               "evicted          0\n"
	               "od\\ed            0\n");
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("items:3:number"), SLICE("5"));
	stat_line(&b, SLICE("items:3:age"), SLICE("61"));
	stat_line(&b, SLICE("items:4:number"), SLICE("1234567"));
	stat_line(&b, SLICE("items:5:evicted"), SLICE("6"));
	end(&b);
	assert_out(&b, "class            3\n"
	               "number           5\n"
	               "age      1 min 1 s\n"
	               "evicted          -\n"
	               "\n"
	               "class            4  5\n"
	               "number   1,234,567  -\n"
	               "age              -  -\n"
	               "evicted          -  6\n");
	bench_release(&b);
}

TEST(pretty_stats_of_connections_are_a_table_of_text)
{
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	b.request.text = SLICE("conns");
	ask(&b, VERB_STATS, "stats", 0);
	stat_line(&b, SLICE("23:addr"), SLICE("tcp:127.0.0.1:41927"));
	stat_line(&b, SLICE("23:state"), SLICE("conn_listening\x1b"));
	end(&b);
	assert_out(&b, "fd  addr                 state\n"
	               "23  tcp:127.0.0.1:41927  conn_listening\\e\n");
	b.request.text = SLICE("items");
	ask(&b, VERB_STATS, "stats", 0);
	end(&b);
	assert_out(&b, "nothing to show\n");
	bench_release(&b);
}

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

static void believe(struct bench *b, const char *profile)
{
	b->style.profile = codec_find(slice_str(profile));
	b->style.inflate_max = 1000;
	assert_non_null(b->style.profile);
}

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
	assert_out(&b, "1234567890123456\n  ... 4 more bytes  (int, 20 bytes, flags 2)\n");
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
		const char *want; /* the members behind the key */
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

UNIT_MAIN(cmocka_unit_test(plain_one_value), cmocka_unit_test(plain_several_values_are_fields),
          cmocka_unit_test(one_value_answers_a_key_asked_twice),
          cmocka_unit_test(plain_a_keyed_question_names_a_single_key),
          cmocka_unit_test(plain_gets_tells_the_cas), cmocka_unit_test(plain_words_are_the_servers),
          cmocka_unit_test(plain_stats_and_lines),
          cmocka_unit_test(plain_fields_stay_in_their_line),
          cmocka_unit_test(plain_labels_begin_each_line),
          cmocka_unit_test(plain_does_not_allocate_once_its_buffer_is_warm),
          cmocka_unit_test(raw_is_the_bytes), cmocka_unit_test(a_redirected_value_is_its_bytes),
          cmocka_unit_test(wire_is_what_came), cmocka_unit_test(json_values),
          cmocka_unit_test(json_keys_that_are_not_utf8), cmocka_unit_test(json_other_answers),
          cmocka_unit_test(json_stats_and_lines),
          cmocka_unit_test(json_stats_with_names_that_come_again_among_lines),
          cmocka_unit_test(json_an_answer_that_broke_off_claims_no_misses),
          cmocka_unit_test(csv_values), cmocka_unit_test(csv_stats_have_one_header_for_all_servers),
          cmocka_unit_test(pretty_one_value), cmocka_unit_test(pretty_gets_tells_the_cas),
          cmocka_unit_test(pretty_few_bytes_that_are_no_text_can_be_typed_back),
          cmocka_unit_test(pretty_binary_is_dumped_and_cut), cmocka_unit_test(pretty_long_text),
          cmocka_unit_test(pretty_long_text_of_several_lines_is_shown_as_lines),
          cmocka_unit_test(pretty_json_is_laid_out), cmocka_unit_test(pretty_json_is_strict),
          cmocka_unit_test(pretty_misses),
          cmocka_unit_test(pretty_several_values_in_the_order_asked),
          cmocka_unit_test(pretty_what_came_before_an_answer_broke_off),
          cmocka_unit_test(pretty_long_keys_and_values_fit_the_line),
          cmocka_unit_test(pretty_words_and_why), cmocka_unit_test(pretty_labels),
          cmocka_unit_test(pretty_colours), cmocka_unit_test(pretty_stats_are_grouped),
          cmocka_unit_test(pretty_stats_tell_meanings_where_there_is_room),
          cmocka_unit_test(pretty_stats_of_several_servers_stand_side_by_side),
          cmocka_unit_test(pretty_stats_are_coloured_by_health),
          cmocka_unit_test(pretty_stats_of_classes_are_a_table),
          cmocka_unit_test(pretty_stats_of_connections_are_a_table_of_text),
          cmocka_unit_test(pretty_a_value_is_what_its_client_meant),
          cmocka_unit_test(pretty_tells_what_auto_went_by_below_the_value),
          cmocka_unit_test(pretty_tells_what_is_wrong_below_the_value),
          cmocka_unit_test(pretty_many_lines_of_a_decoded_value),
          cmocka_unit_test(pretty_lists_lay_out_json_and_show_lines),
          cmocka_unit_test(pretty_lists_tell_types),
          cmocka_unit_test(plain_prints_what_the_flags_say),
          cmocka_unit_test(plain_prints_what_cannot_be_read_as_stored_and_complains),
          cmocka_unit_test(json_tells_the_meaning),
          cmocka_unit_test(nothing_that_drives_a_terminal_gets_out))
