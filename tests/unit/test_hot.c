#include "lib/unit.h"
#include "view/hot/hot.h"

#include <stdio.h>

static struct hot_row rows[16];
static size_t count;

static void adds(struct hot_counts *c, size_t server, const char *line)
{
	struct event e;
	char whole[300];
	snprintf(whole, sizeof(whole), "ts=1.2 gid=5 %s", line);
	assert_true(event_parse(slice_str(whole), &e));
	hot_counts_add(c, server, &e);
}

static void ends(struct hot_counts *c)
{
	hot_counts_end(c);
	count = hot_counts_top(c, rows, 16);
}

static void is_row(size_t i, const char *name, uint64_t hits, uint64_t misses, uint64_t stores)
{
	assert_true(i < count);
	assert_bytes(rows[i].name, slice_str(name));
	assert_int_equal(rows[i].hits, hits);
	assert_int_equal(rows[i].misses, misses);
	assert_int_equal(rows[i].stores, stores);
	assert_int_equal(rows[i].count, hits + misses + stores);
	assert_int_equal(rows[i].error, 0);
}

#define GET(key, status, fd) "type=item_get key=" key " status=" status " clsid=1 cfd=" fd " size=9"
#define STORE(key, fd)                                                                             \
	"type=item_store key=" key " status=stored cmd=set ttl=0 clsid=1 cfd=" fd " size=20"

TEST(a_look_up_that_belongs_to_a_store_is_no_get)
{
	struct hot_counts *c = hot_counts_new(HOT_KEY, false);
	adds(c, 0, GET("a%20b", "found", "7"));
	adds(c, 0, GET("a%20b", "found", "7"));
	adds(c, 0, STORE("a%20b", "7"));
	adds(c, 0, STORE("a%20b", "7"));
	ends(c);
	assert_int_equal(count, 1);
	is_row(0, "a b", 1, 0, 2);
	assert_int_equal(rows[0].bytes, 9 + 20 + 20);
	assert_int_equal(rows[0].sized, 3);
	assert_int_equal(hot_counts_totals(c)->hits, 1);
	assert_int_equal(hot_counts_totals(c)->stores, 2);
	hot_counts_free(c);
}

TEST(a_store_takes_no_look_up_of_another_connection_key_or_server)
{
	struct hot_counts *c = hot_counts_new(HOT_KEY, false);
	adds(c, 0, GET("a", "not_found", "7"));
	adds(c, 0, STORE("a", "8"));
	adds(c, 0, STORE("b", "7"));
	adds(c, 1, GET("b", "found", "9"));
	adds(c, 0, STORE("b", "9"));
	ends(c);
	assert_int_equal(count, 3);
	is_row(0, "a", 0, 1, 1);
	is_row(1, "b", 0, 0, 2);
	is_row(2, "b", 1, 0, 0);
	assert_int_equal(rows[2].server, 1);
	hot_counts_free(c);
}

TEST(misses_alone)
{
	struct hot_counts *c = hot_counts_new(HOT_KEY, true);
	adds(c, 0, GET("a", "found", "7"));
	adds(c, 0, GET("b", "not_found", "7"));
	adds(c, 0, GET("c", "expired", "7"));
	adds(c, 0, GET("d", "not_found", "7"));
	adds(c, 0, STORE("d", "7"));
	ends(c);
	assert_int_equal(count, 2);
	is_row(0, "b", 0, 1, 0);
	is_row(1, "c", 0, 1, 0);
	assert_int_equal(hot_counts_totals(c)->hits, 1);
	assert_int_equal(hot_counts_totals(c)->misses, 2);
	hot_counts_free(c);
}

TEST(prefixes_are_of_all_servers)
{
	struct hot_counts *c = hot_counts_new(HOT_PREFIX, false);
	adds(c, 0, GET("user%3A1", "found", "7"));
	adds(c, 1, GET("user%3A2", "found", "7"));
	adds(c, 0, GET("user-1", "found", "7"));
	adds(c, 0, GET("plain", "found", "7"));
	ends(c);
	assert_int_equal(count, 3);
	is_row(0, "user:", 2, 0, 0);
	is_row(1, "", 1, 0, 0);
	is_row(2, "user-", 1, 0, 0);
	hot_counts_free(c);
}

TEST(clients_are_named_as_long_as_a_connection_is_theirs)
{
	struct hot_counts *c = hot_counts_new(HOT_CLIENT, false);
	hot_counts_client(c, 0, 7, SLICE("10.0.0.1:4711"));
	adds(c, 0, GET("a", "found", "7"));
	adds(c, 0, GET("b", "found", "7"));
	adds(c, 0, GET("b", "found", "7"));
	adds(c, 0, GET("b", "found", "8"));
	adds(c, 0, GET("c", "found", "8"));
	adds(c, 0, "type=conn_new rip=::1 rport=99 transport=tcp cfd=7");
	adds(c, 0, GET("b", "found", "7"));
	ends(c);
	assert_int_equal(count, 3);
	is_row(0, "10.0.0.1:4711", 3, 0, 0);
	is_row(1, "fd 8", 2, 0, 0);
	is_row(2, "[::1]:99", 1, 0, 0);
	hot_counts_free(c);
}

static const struct hot_row shown[] = {
    {.server = 1,
     .name = SLICE_INIT("user:1"),
     .count = 1500,
     .hits = 900,
     .misses = 100,
     .stores = 500,
     .bytes = 14000,
     .sized = 1400},
    {.name = SLICE_INIT("a\tb"), .count = 500, .error = 20, .misses = 480},
};
static const char *const labels[] = {"10.0.0.1:11211", "10.0.0.2:11211"};

static void shows(enum format format, const struct hot *h, const char *text)
{
	struct style style = {.format = format, .columns = 80};
	struct buf out = BUF_INIT;
	hot_show(&out, &style, h);
	assert_bytes(buf_slice(&out), slice_str(text));
	buf_release(&out);
}

TEST(it_is_shown_in_each_format)
{
	struct hot h = {.command = ".hot",
	                .servers = labels,
	                .rows = shown,
	                .count = 2,
	                .totals = {1400, 600, 500},
	                .names = 4096,
	                .floor = 25,
	                .missing = 7,
	                .elapsed = 2000000000,
	                .several = true,
	                .cpu = 0.123};
	shows(FORMAT_PRETTY, &h,
	      "server          count  error   found  stores  per s   share         size  key\n"
	      "10.0.0.2:11211  1,500      0  90.0 %     500    750  60.0 %  #####  10 B  user:1\n"
	      "10.0.0.1:11211    500     20   0.0 %       0    250  20.0 %  ##        -  a\\tb\n"
	      "(2,000 gets and 500 stores in 2.000 s, 1,250 a second; found: 70.0 %; meanwhile\n"
	      "the servers used 12 % of a core)\n"
	      "(more keys than counters: a count may be too high by at most 25)\n");
	shows(FORMAT_PLAIN, &h,
	      "10.0.0.2:11211\tuser:1\t1500\t0\t900\t100\t500\t750.0\t10\n"
	      "10.0.0.1:11211\ta\\tb\t500\t20\t0\t480\t0\t250.0\t\n");
	shows(FORMAT_CSV, &h,
	      "server,key,count,error,hits,misses,stores,per_second,bytes\n"
	      "10.0.0.2:11211,user:1,1500,0,900,100,500,750.0,10\n"
	      "10.0.0.1:11211,a\tb,500,20,0,480,0,250.0,\n");
	shows(
	    FORMAT_JSON, &h,
	    "{\"command\":\".hot\",\"by\":\"key\",\"counted\":\"gets and "
	    "stores\",\"seconds\":2.000,\"hits\":1400,\"misses\":600,\"stores\":500,"
	    "\"not_counted\":7,\"names\":4096,\"error_max\":25,\"server_cpu\":0.123,\"rows\":[{"
	    "\"server\":\"10.0.0.2:11211\",\"key\":\"user:1\",\"count\":1500,\"error\":0,\"hits\":"
	    "900,\"misses\":100,\"stores\":500,\"per_second\":750.0,\"bytes\":10},{\"server\":"
	    "\"10.0.0.1:11211\",\"key\":\"a\\tb\",\"count\":500,\"error\":20,\"hits\":0,\"misses\":"
	    "480,\"stores\":0,\"per_second\":250.0}]}\n");
}

TEST(misses_and_nothing_at_all)
{
	static const struct hot_row none = {.count = 30, .misses = 30};
	struct hot h = {.command = ".hot",
	                .by = HOT_PREFIX,
	                .misses = true,
	                .rows = &none,
	                .count = 1,
	                .totals = {70, 30, 0},
	                .elapsed = 1000000000,
	                .cpu = -1};
	shows(FORMAT_PRETTY, &h,
	      "misses  per s    share                                            prefix\n"
	      "    30     30  100.0 %  ########################################  (no prefix)\n"
	      "(100 gets and 0 stores in 1.000 s, 100 a second; found: 70.0 %)\n");
	h.cpu = 0.5; /* of all servers together, though none is named */
	h.several = true;
	shows(FORMAT_PRETTY, &h,
	      "misses  per s    share                                            prefix\n"
	      "    30     30  100.0 %  ########################################  (no prefix)\n"
	      "(100 gets and 0 stores in 1.000 s, 100 a second; found: 70.0 %; meanwhile the\n"
	      "servers used 50 % of a core)\n");
	h = (struct hot){.command = ".hot", .elapsed = 1000000000, .cpu = -1};
	shows(FORMAT_PRETTY, &h,
	      "(nobody asked for a key)\n(0 gets and 0 stores in 1.000 s, 0 a second)\n");
	shows(FORMAT_PLAIN, &h, "");
}

TEST(a_bar_takes_the_width_that_is_left_beside_the_longest_name)
{
	static const struct hot_row two[] = {
	    {.name = SLICE_INIT("\xc3\xa4"), .count = 800, .hits = 800},
	    {.name = SLICE_INIT("a\tb"), .count = 100, .hits = 100},
	};
	struct hot h = {.command = ".hot",
	                .rows = two,
	                .count = 2,
	                .totals = {.hits = 900},
	                .elapsed = 1000000000,
	                .cpu = -1};
	struct style style = {.format = FORMAT_PRETTY, .columns = 59, .utf8 = true};
	struct buf out = BUF_INIT;
	hot_show(&out, &style, &h);
	assert_bytes(
	    slice_before(buf_slice(&out), '('),
	    SLICE("count    found  stores  per s   share            size  key\n"
	          "  800  100.0 %       0    800  88.9 %  "
	          "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88"
	          "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88     -  \xc3\xa4\n"
	          "  100  100.0 %       0    100  11.1 %  \xe2\x96\x88            -  a\\tb\n"));
	buf_clear(&out);
	style.columns = 54; /* three are left, which show nothing */
	hot_show(&out, &style, &h);
	assert_bytes(slice_before(buf_slice(&out), '\n'),
	             SLICE("count    found  stores  per s   share  size  key"));
	buf_release(&out);
}

UNIT_MAIN(cmocka_unit_test(a_bar_takes_the_width_that_is_left_beside_the_longest_name),
          cmocka_unit_test(a_look_up_that_belongs_to_a_store_is_no_get),
          cmocka_unit_test(a_store_takes_no_look_up_of_another_connection_key_or_server),
          cmocka_unit_test(misses_alone), cmocka_unit_test(prefixes_are_of_all_servers),
          cmocka_unit_test(clients_are_named_as_long_as_a_connection_is_theirs),
          cmocka_unit_test(it_is_shown_in_each_format), cmocka_unit_test(misses_and_nothing_at_all))
