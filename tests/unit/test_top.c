#include "lib/unit.h"
#include "view/live/top.h"

#include <math.h>
#include <stdlib.h>

static void fill(struct sample *s, double seconds, const char *lines)
{
	struct slice text = slice_str(lines);
	sample_clear(s);
	while (text.len > 0) {
		struct slice value = slice_take(&text, '\n'), name = slice_take(&value, ' ');
		sample_add(s, name, value);
	}
	s->at = (int64_t)(seconds * 1e9);
}

/* What happened between BEFORE (NULL: nobody looked) and AFTER, two seconds later. */
static struct top_look look_of(const char *before, const char *after)
{
	struct sample a = {0}, b = {0};
	struct interval v;
	struct top_look look;
	if (before)
		fill(&a, 10, before);
	fill(&b, 12, after);
	interval_of(&v, &a, &b);
	top_look_of(&look, &v);
	interval_release(&v);
	sample_release(&a);
	sample_release(&b);
	return look;
}

static const char before[] =
    "uptime 5\ncmd_get 100\nget_hits 80\nget_misses 20\ncmd_set 10\ndelete_hits 1\n"
    "delete_misses 1\nincr_hits 0\nincr_misses 0\ndecr_hits 0\ndecr_misses 0\ncmd_touch 0\n"
    "cmd_meta 0\nevictions 5\nbytes_read 1000\nbytes_written 2000\ncurr_connections 3\n"
    "max_connections 1024\ncurr_items 9\nbytes 100\nlimit_maxbytes 1000\n";
static const char after[] =
    "uptime 7\ncmd_get 300\nget_hits 230\nget_misses 70\ncmd_set 30\ndelete_hits 3\n"
    "delete_misses 5\nincr_hits 1\nincr_misses 2\ndecr_hits 3\ndecr_misses 4\ncmd_touch 5\n"
    "cmd_meta 0\nevictions 15\nbytes_read 5000\nbytes_written 2000\ncurr_connections 4\n"
    "max_connections 1024\ncurr_items 7\nbytes 250\nlimit_maxbytes 1000\n";

static double value(const struct top_look *look, const char *name)
{
	for (size_t i = 0; i < TOP_FIGURES; i++) {
		if (strcmp(top_name(i), name) == 0)
			return top_value(look, i);
	}
	fail_msg("no figure %s", name);
	return NAN;
}

static void is_value(const struct top_look *look, const char *name, double want)
{
	double got = value(look, name);
	if (isnan(want) ? !isnan(got) : !(fabs(got - want) < 0.001))
		fail_msg("%s: %f, expected %f", name, got, want);
}

TEST(figures_are_rates_ratios_and_what_there_is)
{
	struct top_look look = look_of(before, after);
	is_value(&look, "gets", 100);
	is_value(&look, "sets", 10);
	is_value(&look, "deletes", 3);
	is_value(&look, "counts", 5);
	is_value(&look, "touches", 2.5);
	is_value(&look, "metas", 0);
	is_value(&look, "hit_ratio", 75);
	is_value(&look, "evictions", 5);
	is_value(&look, "bytes_in", 2000);
	is_value(&look, "bytes_out", 0);
	is_value(&look, "connections", 4);
	is_value(&look, "items", 7);
	is_value(&look, "memory", 25);
}

TEST(what_nobody_looked_at_before_has_no_rate)
{
	struct top_look look = look_of(NULL, after);
	is_value(&look, "gets", NAN);
	is_value(&look, "hit_ratio", NAN);
	is_value(&look, "connections", 4);
	look = look_of("pid 1\ncmd_get 4\n", "pid 2\ncmd_get 9\n");
	is_value(&look, "gets", NAN);
	look = look_of("x 1\n", "x 2\n");
	is_value(&look, "gets", NAN);
	is_value(&look, "memory", NAN);
}

TEST(servers_add_up_and_those_that_are_down_do_not_count)
{
	struct top_look total, one = look_of(before, after), none;
	top_look_unknown(&total);
	top_look_unknown(&none);
	top_look_add(&total, &none);
	is_value(&total, "gets", NAN);
	top_look_add(&total, &one);
	top_look_add(&total, &none);
	top_look_add(&total, &one);
	is_value(&total, "gets", 200);
	is_value(&total, "hit_ratio", 75);
	is_value(&total, "memory", 25);
	is_value(&total, "connections", 8);
}

TEST(a_key_chooses_what_servers_are_sorted_by)
{
	assert_string_equal(top_name((size_t)top_sort_of('g')), "gets");
	assert_string_equal(top_name((size_t)top_sort_of('m')), "memory");
	assert_int_equal(top_sort_of('n'), TOP_FIGURES);
	assert_int_equal(top_sort_of('x'), -1);
	assert_int_equal(top_sort_of('\0'), -1);
}

static void check_drawn(struct style style, unsigned rows, const struct top_view *v,
                        const char *want)
{
	struct buf out = BUF_INIT;
	top_draw(&out, &style, rows, v);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
}

TEST(one_server_has_a_line_for_each_figure)
{
	struct top_server *server = calloc(1, sizeof(*server));
	struct top_look look = look_of(NULL, after);
	struct top_view v = {.servers = server,
	                     .count = 1,
	                     .total = &server->history,
	                     .sort = TOP_FIGURES,
	                     .interval = 1000000000};
	*server = (struct top_server){.label = "a:1", .version = "1.6.18", .uptime = 7};
	top_history_add(&server->history, &look);
	look = look_of(before, after);
	top_history_add(&server->history, &look);
	check_drawn((struct style){.columns = 56}, 24, &v,
	            "a:1  1.6.18, up 7 s, every 1 s\n"
	            "\n"
	            "  gets a second               100                      #\n"
	            "  sets a second                10                      #\n"
	            "  deletes a second            3.0                      #\n"
	            "  incr, decr a second         5.0                      #\n"
	            "  touches a second            2.5                      #\n"
	            "  of these meta                 0                       \n"
	            "  hit ratio                75.0 %                      #\n"
	            "  evictions a second          5.0                      #\n"
	            "  received a second         2 KiB                      #\n"
	            "  sent a second               0 B                       \n"
	            "  connections                   4 of 1,024            ##\n"
	            "  items                         7                     ##\n"
	            "  memory                   25.0 % of 1,000 B          ##\n"
	            "\n"
	            "q leaves\n");
	server->problem = "cannot connect to a:1";
	check_drawn((struct style){.columns = 30}, 4, &v,
	            "a:1  1.6.18, up 7 s, every 1 s\n"
	            "cannot connect to a:1\n"
	            "  gets a second               100\n"
	            "  sets a second                10\n");
	free(server);
}

TEST(several_servers_are_sorted_and_what_has_no_row_is_counted)
{
	struct top_server *servers = calloc(3, sizeof(*servers));
	struct top_history *total = calloc(1, sizeof(*total));
	struct top_look look = look_of(before, after), sum;
	struct top_view v = {.servers = servers,
	                     .count = 3,
	                     .total = total,
	                     .sort = top_sort_of('g'),
	                     .interval = 500000000};
	servers[0].label = "10.0.0.1:11211";
	servers[1].label = "10.0.0.2:11211";
	servers[2].label = "10.0.0.3:11211";
	servers[2].problem = "cannot connect to 10.0.0.3:11211";
	top_look_unknown(&sum);
	top_look_add(&sum, &look);
	look.sums[TOP_COUNTS] = look.sums[TOP_TOUCHES] = look.sums[TOP_DELETES] = 0;
	top_history_add(&servers[0].history, &look);
	look.sums[TOP_GETS] = 123456;
	look.sums[TOP_IN] = 1048576 * 3.5;
	look.sums[TOP_HITS] = look.sums[TOP_MISSES];
	top_history_add(&servers[1].history, &look);
	top_look_unknown(&sum);
	top_look_add(&sum, &look);
	top_history_add(total, &sum);
	top_look_unknown(&look);
	top_history_add(&servers[2].history, &look);
	check_drawn(
	    (struct style){.columns = 80}, 24, &v,
	    "3 servers, 1 of them down, every 500 ms\n"
	    "  gets a second           123,456                                              #\n"
	    "  sets a second                10                                              #\n"
	    "  hit ratio                50.0 %                                              #\n"
	    "  evictions a second          5.0                                              #\n"
	    "  received a second       3.5 MiB                                              #\n"
	    "  sent a second               0 B                                               \n"
	    "  connections                   4 of 1,024                                     #\n"
	    "  items                         7                                              #\n"
	    "  memory                   25.0 % of 1,000 B                                   #\n"
	    "\n"
	    "server             gets*   sets    hit  evict     in    out  conns    mem  gets\n"
	    "2 10.0.0.2:11211    123k     10  50.0%      5   3.5M      0      4  25.0%      #\n"
	    "1 10.0.0.1:11211     100     10  75.0%      5   2000      0      4  25.0%      #\n"
	    "3 10.0.0.3:11211  cannot connect to 10.0.0.3:11211\n"
	    "q leaves; sort: n number g s h e i o c m by these columns, r turns it round\n");
	v.sort = TOP_FIGURES;
	v.reverse = true;
	check_drawn(
	    (struct style){.columns = 80}, 15, &v,
	    "3 servers, 1 of them down, every 500 ms\n"
	    "  gets a second           123,456                                              #\n"
	    "  sets a second                10                                              #\n"
	    "  hit ratio                50.0 %                                              #\n"
	    "  evictions a second          5.0                                              #\n"
	    "  received a second       3.5 MiB                                              #\n"
	    "  sent a second               0 B                                               \n"
	    "  connections                   4 of 1,024                                     #\n"
	    "  items                         7                                              #\n"
	    "  memory                   25.0 % of 1,000 B                                   #\n"
	    "\n"
	    "server*             gets   sets    hit  evict     in    out  conns    mem  gets\n"
	    "3 10.0.0.3:11211  cannot connect to 10.0.0.3:11211\n"
	    "2 more, for which there are no rows\n"
	    "q leaves; sort: n number g s h e i o c m by these columns, r turns it round\n");
	v.count = 2;
	check_drawn((struct style){.columns = 40}, 15, &v,
	            "2 servers, every 500 ms\n"
	            "  gets a second           123,456\n"
	            "  sets a second                10\n"
	            "  hit ratio                50.0 %\n"
	            "  evictions a second          5.0\n"
	            "  received a second       3.5 MiB\n"
	            "  sent a second               0 B\n"
	            "  connections                   4\n"
	            "  items                         7\n"
	            "  memory                   25.0 %\n"
	            "\n"
	            "server*             gets   sets    hit\n"
	            "2 10.0.0.2:11211    123k     10  50.0%\n"
	            "1 10.0.0.1:11211     100     10  75.0%\n"
	            "q leaves; sort: n number g s h e i o ...\n");
	free(servers);
	free(total);
}

UNIT_MAIN(cmocka_unit_test(figures_are_rates_ratios_and_what_there_is),
          cmocka_unit_test(what_nobody_looked_at_before_has_no_rate),
          cmocka_unit_test(servers_add_up_and_those_that_are_down_do_not_count),
          cmocka_unit_test(a_key_chooses_what_servers_are_sorted_by),
          cmocka_unit_test(one_server_has_a_line_for_each_figure),
          cmocka_unit_test(several_servers_are_sorted_and_what_has_no_row_is_counted))
