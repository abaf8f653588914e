#include "lib/unit.h"
#include "lib/view.h"
#include "view/format/format.h"
#include "view/view.h"

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

UNIT_MAIN(cmocka_unit_test(plain_one_value), cmocka_unit_test(plain_several_values_are_fields),
          cmocka_unit_test(one_value_answers_a_key_asked_twice),
          cmocka_unit_test(plain_a_keyed_question_names_a_single_key),
          cmocka_unit_test(plain_gets_tells_the_cas), cmocka_unit_test(plain_words_are_the_servers),
          cmocka_unit_test(plain_stats_and_lines),
          cmocka_unit_test(plain_fields_stay_in_their_line),
          cmocka_unit_test(plain_labels_begin_each_line),
          cmocka_unit_test(plain_does_not_allocate_once_its_buffer_is_warm),
          cmocka_unit_test(raw_is_the_bytes), cmocka_unit_test(a_redirected_value_is_its_bytes),
          cmocka_unit_test(wire_is_what_came), cmocka_unit_test(csv_values),
          cmocka_unit_test(csv_stats_have_one_header_for_all_servers))
