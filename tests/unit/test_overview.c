#include "base/json_read.h"
#include "lib/overview.h"
#include "lib/unit.h"
#include "view/overview/show.h"

#include <stdio.h>

TEST(items_are_counted_by_size_ttl_and_age)
{
	struct overview o;
	overview_well(&o, 1);
	overview_items(&o, 0, (struct made_items){"a", 1, 63, 0, 59, .unread = false});
	overview_items(&o, 0, (struct made_items){"b", 1, 64, 59, 60, .unread = false});
	overview_items(&o, 0, (struct made_items){"c", 1, 127, 60, 3599, .unread = false});
	overview_items(&o, 0,
	               (struct made_items){"d", 1, 1048576, 2591999, 86400, .unread = false});
	overview_items(&o, 0,
	               (struct made_items){"e", 1, 3000000, 2592000, 9999999, .unread = false});
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
	overview_well(&o, 1);
	for (unsigned i = 0; i < 100; i++)
		overview_items(
		    &o, 0, (struct made_items){"k", 1, 1000 + i * 37 % 100, 0, 1, .unread = false});
	overview_end(&o);
	assert_int_equal(o.large, OVERVIEW_LARGEST);
	for (unsigned i = 0; i < OVERVIEW_LARGEST; i++)
		assert_int_equal(o.largest[i].size, 1099 - i);
	overview_release(&o);
}

TEST(prefixes_by_memory)
{
	struct overview o;
	overview_well(&o, 1);
	overview_items(&o, 0, (struct made_items){"user:", 10, 100, 0, 9000, .unread = true});
	overview_items(&o, 0, (struct made_items){"7/", 3, 1000, 60, 1, .unread = true});
	overview_items(&o, 0, (struct made_items){"8/", 3, 1000, 60, 1, .unread = false});
	overview_items(&o, 0, (struct made_items){"bare", 1, 50, 60, 1, .unread = false});
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
	overview_well(&o, 1);
	for (unsigned i = 0; i < 2 * OVERVIEW_PREFIX_COUNTERS; i++) {
		snprintf(prefix, sizeof(prefix), "p%u:", i);
		overview_items(&o, 0, (struct made_items){prefix, 1, 100, 0, 1, .unread = false});
		if (i % 8 == 0)
			overview_items(
			    &o, 0, (struct made_items){"large:", 1, 1000, 0, 1, .unread = false});
	}
	overview_end(&o);
	assert_int_equal(o.prefix_count, 1);
	assert_bytes(o.prefixes[0].name, SLICE("large:"));
	assert_int_equal(o.prefixes[0].bytes, 1024 * 1000);
	assert_int_equal(o.prefixes[0].error, 0);
	assert_in_range(o.prefix_floor, 100, 500);
	overview_release(&o);
}

static struct buf shown_in(const struct style *style, struct overview *o,
                           const struct overview_past *past)
{
	struct findings f = {0};
	struct buf out = BUF_INIT;
	overview_end(o);
	findings_find(&f, o);
	overview_show(&out, style, &(struct overview_page){o, &f, past});
	findings_release(&f);
	overview_release(o);
	return out;
}

static struct buf shown(enum format format, struct overview *o, const struct overview_past *past)
{
	return shown_in(&(struct style){.format = format, .columns = 80}, o, past);
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
	overview_well(&o, 1);
	overview_says(&o, 0, "curr_connections", "900");
	overview_items(&o, 0, (struct made_items){"a:", 2000, 300, 0, 1, .unread = true});
	struct buf then = shown(FORMAT_JSON, &o, NULL);
	assert_true(json_is_valid(slice_trim(buf_slice(&then))));
	assert_true(overview_past_read(&past, slice_trim(buf_slice(&then)), &error));
	assert_int_equal(past.time, OVERVIEW_NOW);
	assert_int_equal(past.sum.n[COUNT_HITS], 9500);
	assert_int_equal(past.all.items, 2000);
	assert_int_equal(past.unread.bytes, 600000);
	assert_false(overview_past_lacked(&past, "connections"));
	assert_true(overview_past_lacked(&past, "evictions"));

	overview_well(&o, 1);
	o.time = OVERVIEW_NOW + 100;
	overview_says(&o, 0, "get_hits", "9600");
	overview_says(&o, 0, "get_misses", "800");
	overview_says(&o, 0, "evictions", "3000");
	overview_says(&o, 0, "bytes", "5");
	assert_int_equal(overview_past_span(&past, &o), 100);
	struct buf now = shown(FORMAT_JSON, &o, &past);
	has(&now, "\"since\":{\"time\":1800000000,\"seconds\":100,\"restarted\":false,\"rises\":{");
	has(&now, "\"get_hits\":100,\"get_misses\":300,");
	has(&now, "},\"hit_ratio\":0.250,\"findings_new\":[\"evictions\"],\"findings_gone\":["
	          "\"connections\"]}");
	buf_release(&now);
	overview_well(&o, 1);
	o.time = OVERVIEW_NOW + 100;
	overview_says(&o, 0, "get_hits", "9600");
	overview_says(&o, 0, "get_misses", "800");
	now = shown(FORMAT_PRETTY, &o, &past);
	has(&now, "since then 25.0 % of\n              400\n");
	has(&now, "gone    connections\n");
	buf_release(&now);

	/* Reset. */
	overview_well(&o, 1);
	o.time = OVERVIEW_NOW + 100;
	overview_says(&o, 0, "get_hits", "9400");
	overview_end(&o);
	assert_true(overview_past_restarted(&past, &o));
	assert_false(overview_past_rise(&past, &o, COUNT_HITS, &rise));
	overview_release(&o);
	overview_well(&o, 1);
	o.time = OVERVIEW_NOW + 200000;
	overview_end(&o);
	assert_true(overview_past_restarted(&past, &o));
	overview_release(&o);
	buf_release(&then);
}

/* A cache that has findings about its keys. */
static void ignored(struct overview *o, const char *scope, bool listed)
{
	overview_well(o, 1);
	o->scope = slice_str(scope);
	o->listed = listed;
	if (listed)
		overview_items(o, 0, (struct made_items){"a:", 2000, 300, 0, 1000, .unread = true});
	o->looked_at = 5000;
}

TEST(a_report_of_a_part_of_the_keys_says_so_and_judges_no_whole)
{
	struct overview o;
	ignored(&o, "a:* --larger 10", true);
	struct buf out = shown(FORMAT_PRETTY, &o, NULL);
	has(&out, "\nWhat is in it, of a:* --larger 10\nListed        2,000 items of 5,000 looked "
	          "at, 585.9 KiB, 300 B on average\n");
	has(&out, "\nNothing stands out.\n(not looked for, since they take all keys: unread, "
	          "forever, misplaced)\n");
	buf_release(&out);
	ignored(&o, "a:* --larger 10", true);
	out = shown(FORMAT_JSON, &o, NULL);
	has(&out, "\"keys\":{\"whole\":true,\"scope\":\"a:* --larger "
	          "10\",\"looked_at\":5000,\"all\":{");
	has(&out, "\"findings_left_out\":[\"unread\",\"forever\",\"misplaced\"],"
	          "\"findings\":[]}\n");
	buf_release(&out);
	ignored(&o, "a:* --larger 10", true);
	out = shown(FORMAT_PLAIN, &o, NULL);
	has(&out, "\nkeys\tlooked_at\t\t5000\t\ta:* --larger 10\n");
	buf_release(&out);
	ignored(&o, "", false);
	out = shown(FORMAT_PRETTY, &o, NULL);
	has(&out, "\nNothing stands out.\n(not looked for, since they take all keys: unread, ");
	buf_release(&out);
	ignored(&o, "", true);
	out = shown(FORMAT_JSON, &o, NULL);
	has(&out, "\"rule\":\"unread\"");
	assert_null(strstr(buf_cstr(&out), "scope"));
	assert_null(strstr(buf_cstr(&out), "left_out"));
	buf_release(&out);
}

/* What is said of "unread" where THEN is compared with NOW. */
static void compares(const char *then, bool then_listed, const char *now, bool now_listed,
                     const char *want)
{
	struct overview o;
	struct overview_past past;
	struct error error;
	ignored(&o, then, then_listed);
	struct buf text = shown(FORMAT_JSON, &o, NULL);
	assert_true(overview_past_read(&past, slice_trim(buf_slice(&text)), &error));
	buf_release(&text);
	ignored(&o, now, now_listed);
	text = shown(FORMAT_JSON, &o, &past);
	has(&text, want);
	buf_release(&text);
}

TEST(what_was_not_judged_is_neither_new_nor_gone)
{
	const char *neither = "\"findings_new\":[],\"findings_gone\":[]";
	compares("", true, "", true, neither);
	compares("", true, "a:*", true, neither);
	compares("", true, "", false, neither);
	compares("a:*", true, "", true, neither);
	compares("", false, "", true, neither);
}

TEST(prefixes_of_a_part_are_one_level_further)
{
	struct overview o;
	overview_well(&o, 1);
	o.below = SLICE("user:");
	overview_items(&o, 0, (struct made_items){"user:7:", 3, 100, 0, 1, .unread = false});
	overview_items(&o, 0, (struct made_items){"user:8:", 2, 100, 0, 1, .unread = false});
	overview_items(&o, 0, (struct made_items){"user:x.", 4, 100, 0, 1, .unread = false});
	overview_items(&o, 0, (struct made_items){"user:", 1, 100, 0, 1, .unread = false});
	overview_end(&o);
	assert_int_equal(o.prefix_count, 3);
	assert_bytes(o.prefixes[0].name, SLICE("user:<n>:"));
	assert_int_equal(o.prefixes[0].all.items, 5);
	assert_bytes(o.prefixes[1].name, SLICE("user:x."));
	assert_bytes(o.prefixes[2].name, SLICE("user:"));
	overview_release(&o);
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
	overview_well(&o, 2);
	overview_says(&o, 1, "bytes", "60000000");
	overview_says(&o, 1, "uptime", "200000");
	overview_items(&o, 0, (struct made_items){"user:", 3, 100, 0, 9000, .unread = true});
	overview_items(&o, 1, (struct made_items){"k", 1, 100, 90, 10, .unread = false});
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

TEST(blocks_and_colours_count_as_what_they_take_on_the_screen)
{
	struct style style = {.format = FORMAT_PRETTY, .columns = 80, .utf8 = true, .color = true};
	struct overview o;
	overview_well(&o, 1);
	overview_items(&o, 0, (struct made_items){"user:", 20000, 1700, 0, 9000, .unread = true});
	struct buf out = shown_in(&style, &o, NULL);
	has(&out, " of the memory of items: 20,000 items,\n              32.4 MiB\n");
	buf_release(&out);
}

TEST(lines_for_programs)
{
	struct overview o;
	overview_well(&o, 1);
	overview_says(&o, 0, "store_too_large", "2");
	overview_items(&o, 0, (struct made_items){"a:", 2, 100, 0, 1, .unread = false});
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
	overview_well(&o, 1);
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
	overview_well(&o, 3);
	o.servers[2].answered = false;
	o.servers[1].label = "<evil>&\"\x1b[31m";
	overview_says(&o, 1, "rejected_connections", "2");
	overview_says(&o, 1, "curr_connections", "900");
	overview_items(&o, 0, (struct made_items){"<script>:", 2, 100, 0, 1, .unread = false});
	overview_items(&o, 0, (struct made_items){"user:", 1, 600, 90, 1, .unread = true});
	overview_end(&o);
	findings_find(&f, &o);
	overview_show_html(&out, &(struct overview_page){&o, &f, NULL});
	has(&out, "<!DOCTYPE html>\n<html lang=\"en\">");
	has(&out, "2027-01-15 08:00:00 UTC, 2 servers, up 1&nbsp;d 3&nbsp;h");
	has(&out, "<a href=\"#findings\">3 findings</a>, 2 of them bad.");
	has(&out, "<td class=\"name\">&lt;evil&gt;&amp;&quot;\\e[31m</td>");
	has(&out, "<td class=\"name\">10.0.0.3:11211</td><td class=\"bad level\">down</td><td "
	          "colspan=\"6\"></td></tr>");
	has(&out, "<td class=\"name\">&lt;script&gt;:</td>");
	has(&out, "<td class=\"name\">user:0</td>");
	has(&out, "<span class=\"level\">bad</span> rejected_connections: <span>2 connections were "
	          "turned away at the limit.</span><p>What to do: -c allows more; ");
	has(&out, ">1 min+</text><text x=\"170\" y=\"15\" text-anchor=\"end\">1</text><rect "
	          "class=\"bar\" x=\"180\" y=\"3\" width=\"374\"");
	has(&out, "of 128&nbsp;MiB (1.5&nbsp;%)</span>");
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

UNIT_MAIN(cmocka_unit_test(a_report_of_a_part_of_the_keys_says_so_and_judges_no_whole),
          cmocka_unit_test(what_was_not_judged_is_neither_new_nor_gone),
          cmocka_unit_test(prefixes_of_a_part_are_one_level_further),
          cmocka_unit_test(items_are_counted_by_size_ttl_and_age),
          cmocka_unit_test(the_ten_largest_are_kept_whatever_their_order),
          cmocka_unit_test(prefixes_by_memory),
          cmocka_unit_test(of_more_prefixes_than_counters_the_large_one_is_listed),
          cmocka_unit_test(a_report_in_json_is_read_back_and_compared),
          cmocka_unit_test(what_is_no_report_is_refused), cmocka_unit_test(the_page_for_eyes),
          cmocka_unit_test(blocks_and_colours_count_as_what_they_take_on_the_screen),
          cmocka_unit_test(lines_for_programs), cmocka_unit_test(the_page_for_a_browser))
