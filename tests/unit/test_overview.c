#include "base/json_read.h"
#include "lib/unit.h"
#include "view/overview/show.h"

#include <stdio.h>

#define NOW 1800000000

static const char *const labels[] = {"10.0.0.1:11211", "10.0.0.2:11211"};

/* Servers that are in use and well. */
static void well(struct overview *o, size_t servers)
{
	static const struct {
		const char *name, *value;
	} stats[] = {
	    {"version", "1.6.18"},      {"uptime", "100000"},
	    {"curr_connections", "10"}, {"max_connections", "1024"},
	    {"cmd_get", "10000"},       {"get_hits", "9500"},
	    {"get_misses", "500"},      {"cmd_set", "20000"},
	    {"bytes", "1000000"},       {"limit_maxbytes", "67108864"},
	    {"curr_items", "5000"},     {"total_items", "20000"},
	    {"evictions", "0"},         {"store_too_large", "0"},
	    {"get_expired", "100"},
	};
	overview_init(o, labels, servers);
	o->time = NOW;
	o->listed = o->whole = true;
	for (size_t i = 0; i < servers; i++) {
		for (size_t k = 0; k < sizeof(stats) / sizeof(stats[0]); k++)
			overview_take_stat(o, i, slice_str(stats[k].name),
			                   slice_str(stats[k].value));
	}
}

static void says(struct overview *o, size_t server, const char *name, const char *value)
{
	overview_take_stat(o, server, slice_str(name), slice_str(value));
}

struct made {
	const char *prefix;
	unsigned count, size, ttl, age;
	bool unread, misplaced;
};

static void items(struct overview *o, size_t server, struct made m)
{
	char key[40];
	for (unsigned i = 0; i < m.count; i++) {
		struct crawled item = {.now = NOW,
		                       .exptime = m.ttl > 0 ? NOW + m.ttl : 0,
		                       .bumped = NOW - m.age,
		                       .size = m.size,
		                       .known = CRAWLED_EXPTIME | CRAWLED_BUMPED | CRAWLED_CAS |
		                                CRAWLED_FETCHED | CRAWLED_CLASS | CRAWLED_SIZE,
		                       .fetched = !m.unread};
		snprintf(key, sizeof(key), "%s%u", m.prefix, i);
		item.key = slice_str(key);
		overview_item(o, server, &item, m.misplaced);
	}
}

/* Ends O, releases it, and returns whether RULE was found, with the levels and the text in F. */
static bool finds(struct overview *o, const char *rule, const char *level, const char *evidence)
{
	struct findings f = {0};
	bool found = false;
	overview_end(o);
	findings_find(&f, o);
	for (size_t i = 0; i < f.count; i++) {
		struct overview_finding *one = &f.list[i];
		if (strcmp(one->rule, rule) != 0)
			continue;
		found = true;
		assert_true(one->advice.len > 0 && one->source[0]);
		if (level)
			assert_string_equal(finding_level(one), level);
		if (evidence && !strstr(buf_cstr(&one->evidence), evidence))
			fail_msg("%s: %s", rule, buf_cstr(&one->evidence));
	}
	/* Bad ones stand first. */
	for (size_t i = 1; i < f.count; i++)
		assert_true(f.list[i - 1].level == PAINT_BAD || f.list[i].level != PAINT_BAD);
	findings_release(&f);
	overview_release(o);
	return found;
}

TEST(a_cache_that_is_well_has_no_finding)
{
	struct overview o;
	struct findings f = {0};
	well(&o, 2);
	items(&o, 0, (struct made){"user:", 2000, 100, 60, 10, .unread = true});
	items(&o, 1, (struct made){"user:", 2000, 100, 0, 9000, .unread = false});
	overview_end(&o);
	findings_find(&f, &o);
	for (size_t i = 0; i < f.count; i++)
		fail_msg("%s: %s", f.list[i].rule, buf_cstr(&f.list[i].evidence));
	findings_release(&f);
	overview_release(&o);
}

TEST(an_empty_cache_and_one_that_says_nothing_have_no_finding)
{
	struct overview o;
	struct findings f = {0};
	overview_init(&o, labels, 2);
	o.listed = true;
	overview_end(&o);
	findings_find(&f, &o);
	assert_int_equal(f.count, 0);
	findings_release(&f);
	overview_release(&o);
}

/* Each counter rule: the counter, a value that triggers, and what the evidence then says. */
TEST(counters_that_should_be_0)
{
	static const struct {
		const char *counter, *rule, *level, *evidence;
	} rules[] = {
	    {"store_no_memory", "no_memory", "bad", "7 values were refused for want of memory"},
	    {"malloc_fails", "malloc_fails", "bad", "7 times the machine had no memory"},
	    {"read_buf_oom", "buffers", "bad", "7 connections were closed"},
	    {"response_obj_oom", "buffers", "bad", "7 connections were closed"},
	    {"rejected_connections", "rejected_connections", "bad",
	     "7 connections were turned away"},
	    {"listen_disabled_num", "waiting_connections", "bad", "7 times the limit"},
	    {"store_too_large", "too_large", "notice", "7 values were refused as too large"},
	};
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct overview o;
		well(&o, 1);
		says(&o, 0, rules[i].counter, "7");
		assert_true(finds(&o, rules[i].rule, rules[i].level, rules[i].evidence));
		well(&o, 1);
		says(&o, 0, rules[i].counter, "0");
		assert_false(finds(&o, rules[i].rule, NULL, NULL));
	}
}

TEST(no_memory_of_a_server_that_never_evicts)
{
	struct overview o;
	struct findings f = {0};
	well(&o, 1);
	says(&o, 0, "store_no_memory", "1");
	slabs_take(&o.servers[0].slabs, SLICE("evictions"), SLICE("off"));
	overview_end(&o);
	findings_find(&f, &o);
	assert_int_equal(f.count, 1);
	assert_non_null(strstr(buf_cstr(&f.list[0].advice), "-M"));
	assert_text(buf_slice(&f.list[0].evidence), "1 value was refused for want of memory");
	findings_release(&f);
	overview_release(&o);
}

TEST(connections_near_the_limit)
{
	struct overview o;
	well(&o, 2);
	says(&o, 1, "curr_connections", "820");
	assert_true(finds(&o, "connections", "notice", "820 of 1,024 connections are open"));
	well(&o, 1);
	says(&o, 0, "curr_connections", "1000");
	assert_true(finds(&o, "connections", "bad", NULL));
	well(&o, 1);
	says(&o, 0, "curr_connections", "800");
	assert_false(finds(&o, "connections", NULL, NULL));
}

TEST(hit_ratio)
{
	struct overview o;
	well(&o, 1);
	says(&o, 0, "get_hits", "7000");
	says(&o, 0, "get_misses", "3000");
	assert_true(finds(&o, "hit_ratio", "notice",
	                  "70.0 % of 10,000 gets found something; of the misses 3.3 % met an "
	                  "expired item"));
	well(&o, 1);
	says(&o, 0, "get_hits", "400");
	says(&o, 0, "get_misses", "600");
	assert_true(finds(&o, "hit_ratio", "bad", NULL));
	well(&o, 1);
	says(&o, 0, "get_hits", "8000");
	says(&o, 0, "get_misses", "2000");
	assert_false(finds(&o, "hit_ratio", NULL, NULL));
	well(&o, 1); /* too few to say anything */
	says(&o, 0, "get_hits", "100");
	says(&o, 0, "get_misses", "899");
	assert_false(finds(&o, "hit_ratio", NULL, NULL));
}

TEST(evictions)
{
	struct overview o;
	well(&o, 1);
	says(&o, 0, "evictions", "200");
	says(&o, 0, "evicted_unfetched", "50");
	assert_true(
	    finds(&o, "evictions", "notice",
	          "200 items (1.0 % of what was stored) had to leave before they expired, 50 "
	          "of them unread"));
	well(&o, 1);
	says(&o, 0, "evictions", "2000");
	assert_true(finds(&o, "evictions", "bad", NULL));
	well(&o, 1);
	says(&o, 0, "evictions", "199");
	assert_false(finds(&o, "evictions", NULL, NULL));
	well(&o, 1);
	says(&o, 0, "total_items", "99");
	says(&o, 0, "evictions", "99");
	assert_false(finds(&o, "evictions", NULL, NULL));
}

TEST(memory_that_nobody_reads)
{
	struct overview o;
	well(&o, 1);
	items(&o, 0, (struct made){"log:", 1000, 300, 9000, 600, .unread = true});
	items(&o, 0, (struct made){"user:", 1000, 300, 9000, 600, .unread = false});
	assert_true(finds(&o, "unread", "notice",
	                  "50.0 % of the memory of items, 1,000 items (293 KiB), was stored 10 min "
	                  "ago or before, and never read since; most of it under \"log:\""));
	well(&o, 1); /* just stored */
	items(&o, 0, (struct made){"log:", 2000, 300, 9000, 599, .unread = true});
	assert_false(finds(&o, "unread", NULL, NULL));
	well(&o, 1); /* less than half */
	items(&o, 0, (struct made){"log:", 1000, 300, 9000, 6000, .unread = true});
	items(&o, 0, (struct made){"user:", 1000, 301, 9000, 6000, .unread = false});
	assert_false(finds(&o, "unread", NULL, NULL));
	well(&o, 1); /* too few */
	items(&o, 0, (struct made){"log:", 999, 300, 9000, 6000, .unread = true});
	assert_false(finds(&o, "unread", NULL, NULL));
	well(&o, 1); /* nobody reads anything */
	says(&o, 0, "get_hits", "0");
	items(&o, 0, (struct made){"log:", 2000, 300, 9000, 6000, .unread = true});
	assert_false(finds(&o, "unread", NULL, NULL));
}

TEST(memory_that_never_expires)
{
	struct overview o;
	well(&o, 1);
	says(&o, 0, "evictions", "100");
	items(&o, 0, (struct made){"a:", 1000, 300, 0, 1, .unread = false});
	items(&o, 0, (struct made){"b:", 1000, 300, 60, 1, .unread = false});
	assert_true(finds(&o, "forever", "notice", "50.0 % of the memory of items, 1,000 items"));
	well(&o, 1); /* and nothing had to leave */
	items(&o, 0, (struct made){"a:", 2000, 300, 0, 1, .unread = false});
	assert_false(finds(&o, "forever", NULL, NULL));
	well(&o, 1);
	says(&o, 0, "evictions", "100");
	items(&o, 0, (struct made){"a:", 1000, 300, 0, 1, .unread = false});
	items(&o, 0, (struct made){"b:", 1000, 301, 60, 1, .unread = false});
	assert_false(finds(&o, "forever", NULL, NULL));
}

TEST(items_on_servers_that_are_not_asked)
{
	struct overview o;
	well(&o, 2);
	items(&o, 0, (struct made){"a:", 10, 100, 0, 1, .misplaced = true});
	items(&o, 1, (struct made){"a:", 990, 100, 0, 1, .unread = false});
	assert_true(finds(&o, "misplaced", "notice", "10 items (1000 B), 1.0 % of the memory"));
	well(&o, 2);
	items(&o, 0, (struct made){"a:", 9, 100, 0, 1, .misplaced = true});
	items(&o, 1, (struct made){"a:", 991, 100, 0, 1, .unread = false});
	assert_false(finds(&o, "misplaced", NULL, NULL));
}

TEST(gets_that_go_to_one_server)
{
	struct overview o;
	well(&o, 2);
	says(&o, 1, "cmd_get", "30000");
	assert_true(finds(&o, "uneven", "notice", "75.0 % of the gets go to one of 2 servers"));
	well(&o, 2);
	says(&o, 1, "cmd_get", "29000");
	assert_false(finds(&o, "uneven", NULL, NULL));
	well(&o, 1);
	assert_false(finds(&o, "uneven", NULL, NULL));
}

TEST(the_rules_of_slab_classes_are_among_them)
{
	struct overview o;
	well(&o, 2);
	slabs_take(&o.servers[1].slabs, SLICE("items:5:outofmemory"), SLICE("3"));
	slabs_take(&o.servers[1].slabs, SLICE("5:chunk_size"), SLICE("240"));
	assert_true(finds(&o, "out_of_memory", "bad", "class 5 refused 3 items"));
}

TEST(items_are_counted_by_size_ttl_and_age)
{
	struct overview o;
	well(&o, 1);
	items(&o, 0, (struct made){"a", 1, 63, 0, 59, .unread = false});
	items(&o, 0, (struct made){"b", 1, 64, 59, 60, .unread = false});
	items(&o, 0, (struct made){"c", 1, 127, 60, 3599, .unread = false});
	items(&o, 0, (struct made){"d", 1, 1048576, 2591999, 86400, .unread = false});
	items(&o, 0, (struct made){"e", 1, 3000000, 2592000, 9999999, .unread = false});
	overview_end(&o);
	assert_int_equal(o.sizes[0].items, 1);
	assert_int_equal(o.sizes[1].items, 2);
	assert_int_equal(o.sizes[1].bytes, 64 + 127);
	assert_int_equal(o.sizes[OVERVIEW_SIZES - 1].items, 2);
	assert_int_equal(o.ttls[OVERVIEW_TTLS - 1].items, 1); /* never */
	assert_int_equal(o.ttls[0].items, 1);
	assert_int_equal(o.ttls[1].items, 1);
	assert_int_equal(o.ttls[6].items, 1);
	assert_int_equal(o.ttls[7].items, 1);
	assert_int_equal(o.ages[0].items, 1);
	assert_int_equal(o.ages[1].items, 1);
	assert_int_equal(o.ages[2].items, 1);
	assert_int_equal(o.ages[5].items, 1);
	assert_int_equal(o.ages[7].items, 1);
	assert_int_equal(o.large, 5);
	assert_int_equal(o.largest[0].size, 3000000);
	assert_int_equal(o.largest[4].size, 63);
	assert_bytes(slice_of(o.largest[0].key, o.largest[0].key_len), SLICE("e0"));
	overview_release(&o);
}

TEST(the_ten_largest_are_kept_whatever_their_order)
{
	struct overview o;
	well(&o, 1);
	for (unsigned i = 0; i < 100; i++)
		items(&o, 0, (struct made){"k", 1, 1000 + i * 37 % 100, 0, 1, .unread = false});
	overview_end(&o);
	assert_int_equal(o.large, OVERVIEW_LARGEST);
	for (unsigned i = 0; i < OVERVIEW_LARGEST; i++)
		assert_int_equal(o.largest[i].size, 1099 - i);
	overview_release(&o);
}

TEST(prefixes_by_memory)
{
	struct overview o;
	well(&o, 1);
	items(&o, 0, (struct made){"user:", 10, 100, 0, 9000, .unread = true});
	items(&o, 0, (struct made){"7/", 3, 1000, 60, 1, .unread = true});
	items(&o, 0, (struct made){"8/", 3, 1000, 60, 1, .unread = false});
	items(&o, 0, (struct made){"bare", 1, 50, 60, 1, .unread = false});
	overview_end(&o);
	assert_int_equal(o.prefix_count, 3);
	assert_bytes(o.prefixes[0].name, SLICE("<n>/"));
	assert_int_equal(o.prefixes[0].bytes, 6000);
	assert_int_equal(o.prefixes[0].all.items, 6);
	assert_int_equal(o.prefixes[0].unread, 3000);
	assert_int_equal(o.prefixes[0].ignored, 0);
	assert_bytes(o.prefixes[1].name, SLICE("user:"));
	assert_int_equal(o.prefixes[1].ignored, 1000);
	assert_int_equal(o.prefixes[1].forever, 1000);
	assert_bytes(o.prefixes[2].name, SLICE(""));
	overview_release(&o);
}

/* Twice as many as there are counters, and one that is large. */
TEST(of_more_prefixes_than_counters_the_large_one_is_listed)
{
	struct overview o;
	char prefix[16];
	well(&o, 1);
	for (unsigned i = 0; i < 2 * OVERVIEW_PREFIX_COUNTERS; i++) {
		snprintf(prefix, sizeof(prefix), "p%u:", i);
		items(&o, 0, (struct made){prefix, 1, 100, 0, 1, .unread = false});
		if (i % 8 == 0)
			items(&o, 0, (struct made){"large:", 1, 1000, 0, 1, .unread = false});
	}
	overview_end(&o);
	assert_int_equal(o.prefix_count, 1);
	assert_bytes(o.prefixes[0].name, SLICE("large:"));
	assert_int_equal(o.prefixes[0].bytes, 1024 * 1000);
	assert_int_equal(o.prefixes[0].error, 0);
	assert_in_range(o.prefix_floor, 100, 500);
	overview_release(&o);
}

static struct buf shown(enum format format, struct overview *o, const struct overview_past *past)
{
	struct style style = {.format = format, .columns = 80};
	struct findings f = {0};
	struct buf out = BUF_INIT;
	overview_end(o);
	findings_find(&f, o);
	overview_show(&out, &style, &(struct overview_page){o, &f, past});
	findings_release(&f);
	overview_release(o);
	return out;
}

static void has(struct buf *out, const char *text)
{
	if (!strstr(buf_cstr(out), text))
		fail_msg("\"%s\" is not in:\n%s", text, buf_cstr(out));
}

TEST(a_report_in_json_is_read_back_and_compared)
{
	struct overview o;
	struct overview_past past;
	struct error error;
	uint64_t rise;
	well(&o, 1);
	says(&o, 0, "curr_connections", "900");
	items(&o, 0, (struct made){"a:", 2000, 300, 0, 1, .unread = true});
	struct buf then = shown(FORMAT_JSON, &o, NULL);
	assert_true(json_is_valid(slice_trim(buf_slice(&then))));
	assert_true(overview_past_read(&past, slice_trim(buf_slice(&then)), &error));
	assert_int_equal(past.time, NOW);
	assert_int_equal(past.sum.n[COUNT_HITS], 9500);
	assert_int_equal(past.all.items, 2000);
	assert_int_equal(past.unread.bytes, 600000);
	assert_true(overview_past_found(&past, "connections"));
	assert_false(overview_past_found(&past, "evictions"));

	well(&o, 1);
	o.time = NOW + 100;
	says(&o, 0, "get_hits", "9600");
	says(&o, 0, "get_misses", "800");
	says(&o, 0, "evictions", "3000");
	says(&o, 0, "bytes", "5");
	assert_int_equal(overview_past_span(&past, &o), 100);
	struct buf now = shown(FORMAT_JSON, &o, &past);
	has(&now, "\"since\":{\"time\":1800000000,\"seconds\":100,\"restarted\":false,\"rises\":{");
	has(&now, "\"get_hits\":100,\"get_misses\":300,");
	has(&now, "},\"hit_ratio\":0.250,\"findings_new\":[\"evictions\"],\"findings_gone\":["
	          "\"connections\"]}");
	buf_release(&now);
	well(&o, 1);
	o.time = NOW + 100;
	says(&o, 0, "get_hits", "9600");
	says(&o, 0, "get_misses", "800");
	now = shown(FORMAT_PRETTY, &o, &past);
	has(&now, "since then 25.0 % of\n              400\n");
	has(&now, "gone    connections\n");
	buf_release(&now);

	/* Began anew. */
	well(&o, 1);
	o.time = NOW + 100;
	says(&o, 0, "get_hits", "9400");
	overview_end(&o);
	assert_true(overview_past_restarted(&past, &o));
	assert_false(overview_past_rise(&past, &o, COUNT_HITS, &rise));
	overview_release(&o);
	well(&o, 1);
	o.time = NOW + 200000;
	overview_end(&o);
	assert_true(overview_past_restarted(&past, &o));
	overview_release(&o);
	buf_release(&then);
}

TEST(what_is_no_report_is_refused)
{
	static const char *const texts[] = {
	    "",
	    "{}",
	    "[1]",
	    "{\"command\":\".hot\",\"time\":1,\"counters\":{}}",
	    "{\"command\":\".report\",\"counters\":{}}",
	    "{\"command\":\".report\",\"time\":-1,\"counters\":{}}",
	    "{\"command\":\".report\",\"time\":1}",
	    "{\"command\":\".report\",\"time\":1,\"counters\":{}} x",
	};
	struct overview_past past;
	struct error error;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (overview_past_read(&past, slice_str(texts[i]), &error))
			fail_msg("%s was taken for a report", texts[i]);
		assert_string_equal(error.what, "it is not a report in json");
	}
	/* One with nothing in it that counts is one all the same. */
	assert_true(overview_past_read(
	    &past, SLICE("{\"command\":\".report\",\"time\":1,\"counters\":{\"get_hits\":\"x\"}}"),
	    &error));
	assert_int_equal(past.sum.known, 0);
}

TEST(the_page_for_eyes)
{
	struct overview o;
	well(&o, 2);
	says(&o, 1, "bytes", "60000000");
	says(&o, 1, "uptime", "200000");
	items(&o, 0, (struct made){"user:", 3, 100, 0, 9000, .unread = true});
	items(&o, 1, (struct made){"k", 1, 100, 90, 10, .unread = false});
	struct buf out = shown(FORMAT_PRETTY, &o, NULL);
	has(&out, "2027-01-15 08:00:00 UTC: 2 servers, version 1.6.18, up 1 d 3 h or more\n\n"
	          "Memory        #########........... 58.2 MiB of 128 MiB (45.4 %)\n");
	has(&out, "Hits          ###################. 95.0 % of 20,000 gets\n");
	has(&out,
	    "Never read    ###############..... 75.0 % of the memory of items: 3 items, 300 B\n");
	has(&out, "\nServers\nserver               up  items     memory      of    hits  evicted  "
	          "conns\n");
	has(&out, "\nTime to live\n   1 min+  1  ");
	has(&out, "\n    never  3  ###");
	has(&out, "\nLargest items\n size  expires in  key\n100 B       never  user:0\n");
	has(&out, "\nFindings\nNothing stands out.\n");
	buf_release(&out);
}

TEST(lines_for_programs)
{
	struct overview o;
	well(&o, 1);
	says(&o, 0, "store_too_large", "2");
	items(&o, 0, (struct made){"a:", 2, 100, 0, 1, .unread = false});
	struct buf out = shown(FORMAT_PLAIN, &o, NULL);
	has(&out, "figure\tuptime\t100000\t\t\t\n");
	has(&out, "figure\thit_ratio\t0.950\t\t\t\n");
	has(&out, "server\t10.0.0.1:11211\tup\t5000\t1000000\t1.6.18\n");
	has(&out, "keys\tall\t\t2\t200\t\n");
	has(&out, "size\t64\t\t2\t200\t\n");
	has(&out, "ttl\tnever\t\t2\t200\t\n");
	has(&out, "prefix\ta:\t0\t2\t200\t\n");
	has(&out, "largest\ta:0\t-1\t1\t100\t10.0.0.1:11211\n");
	has(&out, "finding\ttoo_large\tnotice\t\t\t2 values were refused as too large: -I allows");
	buf_release(&out);
	well(&o, 1);
	out = shown(FORMAT_CSV, &o, NULL);
	has(&out, "section,name,value,items,bytes,text\nfigure,uptime,100000,,,\n");
	buf_release(&out);
}

static void has_not(struct buf *out, const char *text)
{
	if (strstr(buf_cstr(out), text))
		fail_msg("\"%s\" is in:\n%s", text, buf_cstr(out));
}

TEST(the_page_for_a_browser)
{
	struct overview o;
	struct findings f = {0};
	struct buf out = BUF_INIT;
	well(&o, 2);
	o.servers[1].label = "<evil>&\"\x1b[31m";
	says(&o, 1, "rejected_connections", "2");
	says(&o, 1, "curr_connections", "900");
	items(&o, 0, (struct made){"<script>:", 2, 100, 0, 1, .unread = false});
	items(&o, 0, (struct made){"user:", 1, 600, 90, 1, .unread = true});
	overview_end(&o);
	findings_find(&f, &o);
	overview_show_html(&out, &(struct overview_page){&o, &f, NULL});
	has(&out, "<!DOCTYPE html>\n<html lang=\"en\">");
	has(&out, "2027-01-15 08:00:00 UTC, 2 servers, up 1 d 3 h");
	has(&out, "<a href=\"#findings\">2 findings</a>, 1 of them bad.");
	has(&out, "<td class=\"name\">&lt;evil&gt;&amp;&quot;\\e[31m</td>");
	has(&out, "<td class=\"name\">&lt;script&gt;:</td>");
	has(&out, "<td class=\"name\">user:0</td>");
	has(&out, "<span class=\"level\">bad</span> rejected_connections: <span>2 connections were "
	          "turned away at the limit.</span><p>What to do: -c allows more; ");
	has(&out, ">1 min+</text><text x=\"170\" y=\"15\" text-anchor=\"end\">1</text><rect "
	          "class=\"bar\" x=\"180\" y=\"3\" width=\"374\"");
	has(&out, "prefers-color-scheme:dark");
	has(&out, "</body>\n</html>\n");
	/* It needs nothing else, and runs nothing. */
	has_not(&out, "<script");
	has_not(&out, "http");
	has_not(&out, "url(");
	has_not(&out, "src=");
	has_not(&out, "<link");
	has_not(&out, "@import");
	has_not(&out, "\x1b");
	buf_release(&out);
	findings_release(&f);
	overview_release(&o);
}

UNIT_MAIN(cmocka_unit_test(a_cache_that_is_well_has_no_finding),
          cmocka_unit_test(an_empty_cache_and_one_that_says_nothing_have_no_finding),
          cmocka_unit_test(counters_that_should_be_0),
          cmocka_unit_test(no_memory_of_a_server_that_never_evicts),
          cmocka_unit_test(connections_near_the_limit), cmocka_unit_test(hit_ratio),
          cmocka_unit_test(evictions), cmocka_unit_test(memory_that_nobody_reads),
          cmocka_unit_test(memory_that_never_expires),
          cmocka_unit_test(items_on_servers_that_are_not_asked),
          cmocka_unit_test(gets_that_go_to_one_server),
          cmocka_unit_test(the_rules_of_slab_classes_are_among_them),
          cmocka_unit_test(items_are_counted_by_size_ttl_and_age),
          cmocka_unit_test(the_ten_largest_are_kept_whatever_their_order),
          cmocka_unit_test(prefixes_by_memory),
          cmocka_unit_test(of_more_prefixes_than_counters_the_large_one_is_listed),
          cmocka_unit_test(a_report_in_json_is_read_back_and_compared),
          cmocka_unit_test(what_is_no_report_is_refused), cmocka_unit_test(the_page_for_eyes),
          cmocka_unit_test(lines_for_programs), cmocka_unit_test(the_page_for_a_browser))
