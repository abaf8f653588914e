#include "lib/unit.h"
#include "view/stats/outliers.h"
#include "view/stats/since.h"

#include <math.h>
#include <stdlib.h>

/* Fills S with "name value" lines, taken at SECONDS. */
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

static const struct change *change(const struct interval *v, const char *name)
{
	for (size_t i = 0; i < v->count; i++) {
		if (slice_eq_str(v->changes[i].name, name))
			return &v->changes[i];
	}
	return NULL;
}

TEST(an_interval_is_what_counters_rose_by)
{
	struct sample before = {0}, after = {0};
	struct interval v;
	uint64_t rise;
	fill(&before, 10, "pid 1\nuptime 5\ncmd_get 100\ncurr_items 9\nversion 1.6\n");
	fill(&after, 12.5,
	     "pid 1\nuptime 7\ntime 8\ncmd_get 150\ncurr_items 4\nversion 1.6\nnew 3\n");
	interval_of(&v, &before, &after);
	assert_int_equal(v.since, SINCE_LOOK);
	assert_false(v.reset);
	assert_true(v.seconds > 2.49 && v.seconds < 2.51);
	assert_int_equal(v.count, 3);
	assert_true(interval_rise(&v, "cmd_get", &rise));
	assert_int_equal(rise, 50);
	assert_true(interval_rise(&v, "new", &rise));
	assert_int_equal(rise, 3);
	assert_true(interval_rise(&v, "curr_items", &rise));
	assert_int_equal(rise, 0);
	assert_false(interval_rise(&v, "uptime", &rise));
	assert_true(change(&v, "curr_items")->gauge);
	assert_int_equal(change(&v, "curr_items")->before, 9);
	interval_release(&v);
	sample_release(&before);
	sample_release(&after);
}

TEST(without_a_look_before_it_is_since_the_start)
{
	struct sample before = {0}, after = {0};
	struct interval v;
	fill(&after, 12, "pid 1\nuptime 100\ncmd_get 150\ncurr_items 4\n");
	for (int i = 0; i < 2; i++) {
		interval_of(&v, i == 0 ? NULL : &before, &after);
		assert_int_equal(v.since, SINCE_START);
		assert_true(v.seconds > 99.9 && v.seconds < 100.1);
		assert_int_equal(change(&v, "cmd_get")->before, 0);
		assert_int_equal(change(&v, "curr_items")->before, 4);
		interval_release(&v);
	}
	sample_release(&after);
}

TEST(a_restarted_server_counts_from_its_start)
{
	static const char *const afters[] = {"pid 2\nuptime 9\ncmd_get 150\n",
	                                     "pid 1\nuptime 4\ncmd_get 150\n"};
	struct sample before = {0}, after = {0};
	struct interval v;
	for (size_t i = 0; i < 2; i++) {
		fill(&before, 10, "pid 1\nuptime 5\ncmd_get 100\n");
		fill(&after, 20, afters[i]);
		interval_of(&v, &before, &after);
		assert_int_equal(v.since, SINCE_RESTART);
		assert_int_equal(change(&v, "cmd_get")->before, 0);
		assert_true(v.seconds > (i == 0 ? 8.9 : 3.9) && v.seconds < (i == 0 ? 9.1 : 4.1));
		interval_release(&v);
	}
	sample_release(&before);
	sample_release(&after);
}

TEST(a_counter_that_fell_was_reset)
{
	struct sample before = {0}, after = {0};
	struct interval v;
	uint64_t rise;
	fill(&before, 10, "cmd_get 100\ncurr_items 9\n");
	fill(&after, 20, "cmd_get 5\ncurr_items 4\n");
	interval_of(&v, &before, &after);
	assert_true(v.reset);
	assert_true(interval_rise(&v, "cmd_get", &rise));
	assert_int_equal(rise, 5);
	interval_release(&v);
	fill(&after, 20, "cmd_get 100\ncurr_items 4\n");
	interval_of(&v, &before, &after);
	assert_false(v.reset);
	interval_release(&v);
	sample_release(&before);
	sample_release(&after);
}

TEST(a_sample_is_bounded)
{
	static char name[SAMPLE_TEXT_MAX + 2];
	struct sample s = {0};
	memset(name, 'x', SAMPLE_TEXT_MAX + 1);
	sample_add(&s, slice_of(name, SAMPLE_TEXT_MAX + 1), SLICE("1"));
	sample_add(&s, SLICE("a"), slice_of(name, SAMPLE_TEXT_MAX + 1));
	assert_int_equal(s.count, 0);
	for (size_t i = 0; i < SAMPLE_STATS_MAX + 5; i++)
		sample_add(&s, slice_of(name, SAMPLE_TEXT_MAX), SLICE("1"));
	assert_int_equal(s.count, SAMPLE_STATS_MAX);
	sample_release(&s);
}

static void check_outliers(const double *values, size_t count, double least, const char *want)
{
	bool marks[16];
	size_t marked = outliers_mark(values, count, least, marks), expected = 0;
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(marks[i], want[i] == '*');
		expected += want[i] == '*';
	}
	assert_int_equal(marked, expected);
}

TEST(a_server_far_from_the_median_is_an_outlier)
{
	check_outliers((double[]){1000, 1100, 100}, 3, 10, "--*");
	check_outliers((double[]){1000, 1000, 1000, 1700}, 4, 10, "---*");
	check_outliers((double[]){1000, 1000, 1000, 1499}, 4, 10, "----");
	check_outliers((double[]){0, 0, 0, 99}, 4, 100, "----");
	check_outliers((double[]){0, 0, 0, 101}, 4, 100, "---*");
	/* No majority; too few; not known. */
	check_outliers((double[]){100, 1000, 5000}, 3, 10, "---");
	check_outliers((double[]){1, 1000}, 2, 10, "--");
	check_outliers((double[]){1000, NAN, 1}, 3, 10, "---");
	check_outliers((double[]){1000, NAN, 1000, 1, 1000}, 5, 10, "---*-");
}

static void check_shown(struct style style, const char *before, const char *after, const char *want)
{
	struct sample a = {0}, b = {0};
	struct since_of of = {.server = "a:1"};
	struct buf out = BUF_INIT;
	fill(&a, before ? 10 : 0, before ? before : "");
	fill(&b, 14, after);
	interval_of(&of.interval, &a, &b);
	since_show(&out, &style, &of, 1);
	assert_bytes(buf_slice(&out), slice_str(want));
	interval_release(&of.interval);
	sample_release(&a);
	sample_release(&b);
	buf_release(&out);
}

static const char first[] = "uptime 50\ncmd_get 10\nget_hits 5\nget_misses 5\nbytes 500\n"
			    "limit_maxbytes 1000\ncurr_items 9\nevictions 0\nother 1\n";
static const char second[] = "uptime 54\ncmd_get 1010\nget_hits 405\nget_misses 605\nbytes 100\n"
			     "limit_maxbytes 1000\ncurr_items 4\nevictions 7\nother 3\n";

TEST(pretty_has_ratios_health_and_what_changed)
{
	check_shown((struct style){.format = FORMAT_PRETTY, .columns = 80}, first, second,
	            "4.0 s since the last look\n"
	            "  hit ratio         40.0 %\n"
	            "  memory used       10.0 %\n"
	            "  gets a second      250.0\n"
	            "\n"
	            "Health\n"
	            "  bad hit ratio: many keys that are asked for are not there: expired,\n"
	            "    evicted, or never stored\n"
	            "\n"
	            "counter     change  a second    now\n"
	            "cmd_get      1,000     250.0  1,010\n"
	            "get_hits       400     100.0    405\n"
	            "get_misses     600     150.0    605\n"
	            "bytes       -400 B         -  100 B\n"
	            "curr_items      -5         -      4\n"
	            "evictions        7      1.75      7\n"
	            "other            2      0.50      3\n"
	            "1 of 8 did not change\n");
	check_shown((struct style){.format = FORMAT_PRETTY, .columns = 80}, NULL,
	            "uptime 90\ncmd_get 9\ncurr_items 4\n",
	            "1 min 30 s since the start: this is the first look, the next one counts from "
	            "now\n"
	            "  gets a second        0.1\n"
	            "\n"
	            "counter  change  a second  now\n"
	            "cmd_get       9      0.10    9\n");
}

TEST(programs_get_every_counter)
{
	static const char before[] = "uptime 1\ncmd_get 10\ncurr_items 9\nevictions 0\nversion x\n";
	static const char after[] = "uptime 5\ncmd_get 12\ncurr_items 4\nevictions 0\nversion x\n";
	check_shown((struct style){.format = FORMAT_PLAIN}, before, after,
	            "4.000\tcmd_get\t12\t2\t0.500\n"
	            "4.000\tcurr_items\t4\t-5\t\n"
	            "4.000\tevictions\t0\t0\t0.000\n");
	check_shown((struct style){.format = FORMAT_CSV}, before, after,
	            "server,seconds,name,now,change,per_second\n"
	            "a:1,4.000,cmd_get,12,2,0.500\n"
	            "a:1,4.000,curr_items,4,-5,\n"
	            "a:1,4.000,evictions,0,0,0.000\n");
	check_shown((struct style){.format = FORMAT_JSON}, before, after,
	            "{\"command\":\"stats\",\"servers\":[{\"server\":\"a:1\",\"since\":\"look\","
	            "\"reset\":false,\"seconds\":4.000,\"hit_ratio\":null,\"memory_used\":null,"
	            "\"connections_used\":null,\"evicted_of_all_stored\":null,"
	            "\"gets_a_second\":0.500,\"sets_a_second\":null,\"stats\":{"
	            "\"cmd_get\":{\"now\":12,\"change\":2,\"per_second\":0.500},"
	            "\"curr_items\":{\"now\":4,\"change\":-5},"
	            "\"evictions\":{\"now\":0,\"change\":0,\"per_second\":0.000}}}]}\n");
	check_shown((struct style){.format = FORMAT_JSON}, NULL, "a 1\na 2\n\xff 3\n",
	            "{\"command\":\"stats\",\"servers\":[{\"server\":\"a:1\",\"since\":\"start\","
	            "\"reset\":false,\"seconds\":0.000,\"hit_ratio\":null,\"memory_used\":null,"
	            "\"connections_used\":null,\"evicted_of_all_stored\":null,"
	            "\"gets_a_second\":null,\"sets_a_second\":null,\"stats\":{"
	            "\"a\":{\"now\":1,\"change\":1}}}]}\n");
}

TEST(several_servers_stand_side_by_side_with_outliers_marked)
{
	static const char *const before = "uptime 1\ncmd_get 0\nget_hits 0\nget_misses 0\n";
	static const char *const afters[] = {
	    "uptime 11\ncmd_get 1000\nget_hits 970\nget_misses 30\n",
	    "uptime 11\ncmd_get 1000\nget_hits 980\nget_misses 20\n",
	    "uptime 11\ncmd_get 5000\nget_hits 4000\nget_misses 1000\n"};
	static const char *const names[] = {"a:1", "b:2", "c:3"};
	struct style style = {.format = FORMAT_PRETTY, .columns = 80};
	struct sample a[3] = {0}, b[3] = {0};
	struct since_of list[3];
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < 3; i++) {
		fill(&a[i], 10, before);
		fill(&b[i], 20, afters[i]);
		list[i].server = names[i];
		interval_of(&list[i].interval, &a[i], &b[i]);
	}
	since_show(&out, &style, list, 3);
	assert_text(buf_slice(&out),
	            "10.0 s since the last look\n"
	            "\n"
	            "* is far from what most of these servers have\n"
	            "\n"
	            "                    a:1     b:2      c:3   total  a second\n"
	            "\n"
	            "Summary\n"
	            "  hit ratio      97.0 %  98.0 %  *80.0 %  85.0 %\n"
	            "  gets a second   100.0   100.0   *500.0\n"
	            "\n"
	            "Commands\n"
	            "  cmd_get         1,000   1,000   *5,000   7,000     700.0\n"
	            "  get_hits          970     980   *4,000   5,950     595.0\n"
	            "  get_misses         30      20   *1,000   1,050     105.0\n");
	for (size_t i = 0; i < 3; i++) {
		interval_release(&list[i].interval);
		sample_release(&a[i]);
		sample_release(&b[i]);
	}
	buf_release(&out);
}

TEST(servers_are_compared_by_what_they_do_a_second)
{
	static const char *const before = "uptime 1\ncmd_get 0\ncurr_items 100\n";
	static const char *const afters[] = {"uptime 11\ncmd_get 1000\ncurr_items 70\n",
	                                     "uptime 11\ncmd_get 1010\ncurr_items 80\n",
	                                     "uptime 41\ncmd_get 4000\ncurr_items 90\n"};
	static const double ends[] = {20, 20, 50};
	static const char *const names[] = {"a:1", "b:2", "c:3"};
	struct style style = {.format = FORMAT_PRETTY, .columns = 80};
	struct sample a[3] = {0}, b[3] = {0};
	struct since_of list[3];
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < 3; i++) {
		fill(&a[i], 10, before);
		fill(&b[i], ends[i], afters[i]);
		list[i].server = names[i];
		interval_of(&list[i].interval, &a[i], &b[i]);
	}
	since_show(&out, &style, list, 3);
	assert_text(buf_slice(&out), "a:1: 10.0 s since the last look\n"
	                             "b:2: 10.0 s since the last look\n"
	                             "c:3: 40.0 s since the last look\n"
	                             "\n"
	                             "                   a:1    b:2    c:3  total  a second\n"
	                             "\n"
	                             "Summary\n"
	                             "  gets a second  100.0  101.0  100.0\n"
	                             "\n"
	                             "Commands\n"
	                             "  cmd_get        1,000  1,010  4,000  6,010     301.0\n"
	                             "\n"
	                             "Items\n"
	                             "  curr_items        70     80     90    240\n");
	for (size_t i = 0; i < 3; i++) {
		interval_release(&list[i].interval);
		sample_release(&a[i]);
		sample_release(&b[i]);
	}
	buf_release(&out);
}

UNIT_MAIN(cmocka_unit_test(servers_are_compared_by_what_they_do_a_second),
          cmocka_unit_test(an_interval_is_what_counters_rose_by),
          cmocka_unit_test(without_a_look_before_it_is_since_the_start),
          cmocka_unit_test(a_restarted_server_counts_from_its_start),
          cmocka_unit_test(a_counter_that_fell_was_reset), cmocka_unit_test(a_sample_is_bounded),
          cmocka_unit_test(a_server_far_from_the_median_is_an_outlier),
          cmocka_unit_test(pretty_has_ratios_health_and_what_changed),
          cmocka_unit_test(programs_get_every_counter),
          cmocka_unit_test(several_servers_stand_side_by_side_with_outliers_marked))
