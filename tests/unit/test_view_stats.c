#include "lib/unit.h"
#include "lib/view.h"
#include "view/format/format.h"
#include "view/stats/stat.h"
#include "view/view.h"

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

TEST(what_is_not_well_on_several_servers_is_said_once_for_each_level)
{
	static const char *const servers[] = {"a:1", "b:2", "c:3", "d:4"};
	static const char *const hits[] = {"300", "50", "40", "950"};
	struct bench b;
	bench_init(&b, FORMAT_PRETTY);
	buf_clear(&b.out);
	for (size_t i = 0; i < 4; i++) {
		answer_of(&b, servers[i], i, 4);
		stat_line(&b, SLICE("get_hits"), slice_str(hits[i]));
		stat_line(&b, SLICE("get_misses"), SLICE("100"));
		stat_line(&b, SLICE("auth_errors"), slice_str(i == 3 ? "1" : "0"));
		end(&b);
	}
	static const char want[] =
	    "  bad b:2, c:3 hit ratio: many keys that are asked for are not there:\n"
	    "    expired, evicted, or never stored\n"
	    "  notice a:1 hit ratio: many keys that are asked for are not there: expired,\n"
	    "    evicted, or never stored\n"
	    "  notice d:4 auth_errors: logins were refused\n";
	assert_bytes(slice_of(b.out.data, sizeof(want) - 1), slice_str(want));
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
	    ("  \033[1;31mbad\033[0m rejected_connections: clients were turned away at the limit "
	     "of\n"),
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
	b.request.text = SLICE("detail dump");
	ask(&b, VERB_STATS, "stats", 0);
	end(&b);
	assert_out(&b, "nothing to show  (stats detail on starts the counting)\n");
	bench_release(&b);
}

static void check_gets_a_second(const char *gets, const char *expected)
{
	const struct stat stats[] = {{SLICE("cmd_get"), slice_str(gets), true},
	                             {SLICE("uptime"), SLICE("2"), true}};
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < STATS_RATIOS; i++) {
		if (strcmp(stats_ratio_name(i), "gets a second") == 0)
			stats_ratio(stats, 2, i, &out);
	}
	assert_string_equal(buf_cstr(&out), expected);
	buf_release(&out);
}

TEST(rates_from_1000_on_have_separators)
{
	check_gets_a_second("1999", "999.5");
	check_gets_a_second("2000", "1,000");
	check_gets_a_second("2469135", "1,234,567");
}

UNIT_MAIN(cmocka_unit_test(rates_from_1000_on_have_separators),
          cmocka_unit_test(what_is_not_well_on_several_servers_is_said_once_for_each_level),
          cmocka_unit_test(pretty_stats_are_grouped),
          cmocka_unit_test(pretty_stats_tell_meanings_where_there_is_room),
          cmocka_unit_test(pretty_stats_of_several_servers_stand_side_by_side),
          cmocka_unit_test(pretty_stats_are_coloured_by_health),
          cmocka_unit_test(pretty_stats_of_classes_are_a_table),
          cmocka_unit_test(pretty_stats_of_connections_are_a_table_of_text))
