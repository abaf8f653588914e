#include "lib/unit.h"
#include "lib/view.h"
#include "view/format/format.h"

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

UNIT_MAIN(cmocka_unit_test(json_values), cmocka_unit_test(json_keys_that_are_not_utf8),
          cmocka_unit_test(json_other_answers), cmocka_unit_test(json_stats_and_lines),
          cmocka_unit_test(json_stats_with_names_that_come_again_among_lines),
          cmocka_unit_test(json_an_answer_that_broke_off_claims_no_misses))
