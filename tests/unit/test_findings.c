#include "lib/overview.h"
#include "lib/unit.h"
#include "view/overview/findings.h"

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
	overview_well(&o, 2);
	overview_items(&o, 0, (struct made_items){"user:", 2000, 100, 60, 10, .unread = true});
	overview_items(&o, 1, (struct made_items){"user:", 2000, 100, 0, 9000, .unread = false});
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
	overview_init(&o, overview_labels, 2);
	o.listed = true;
	o.servers[0].answered = o.servers[1].answered = true;
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
		overview_well(&o, 1);
		overview_says(&o, 0, rules[i].counter, "7");
		assert_true(finds(&o, rules[i].rule, rules[i].level, rules[i].evidence));
		overview_well(&o, 1);
		overview_says(&o, 0, rules[i].counter, "0");
		assert_false(finds(&o, rules[i].rule, NULL, NULL));
	}
}

TEST(no_memory_of_a_server_that_never_evicts)
{
	struct overview o;
	struct findings f = {0};
	overview_well(&o, 1);
	overview_says(&o, 0, "store_no_memory", "1");
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
	overview_well(&o, 2);
	overview_says(&o, 1, "curr_connections", "820");
	assert_true(finds(&o, "connections", "notice", "820 of 1,024 connections are open"));
	overview_well(&o, 1);
	overview_says(&o, 0, "curr_connections", "1000");
	assert_true(finds(&o, "connections", "bad", NULL));
	overview_well(&o, 1);
	overview_says(&o, 0, "curr_connections", "800");
	assert_false(finds(&o, "connections", NULL, NULL));
}

TEST(hit_ratio)
{
	struct overview o;
	overview_well(&o, 1);
	overview_says(&o, 0, "get_hits", "7000");
	overview_says(&o, 0, "get_misses", "3000");
	assert_true(finds(&o, "hit_ratio", "notice",
	                  "70.0 % of 10,000 gets found something; of the misses 3.3 % met an "
	                  "expired item"));
	overview_well(&o, 1);
	overview_says(&o, 0, "get_hits", "400");
	overview_says(&o, 0, "get_misses", "600");
	assert_true(finds(&o, "hit_ratio", "bad", NULL));
	overview_well(&o, 1);
	overview_says(&o, 0, "get_hits", "8000");
	overview_says(&o, 0, "get_misses", "2000");
	assert_false(finds(&o, "hit_ratio", NULL, NULL));
	overview_well(&o, 1); /* too few to say anything */
	overview_says(&o, 0, "get_hits", "100");
	overview_says(&o, 0, "get_misses", "899");
	assert_false(finds(&o, "hit_ratio", NULL, NULL));
}

TEST(evictions)
{
	struct overview o;
	overview_well(&o, 1);
	overview_says(&o, 0, "evictions", "200");
	overview_says(&o, 0, "evicted_unfetched", "50");
	assert_true(
	    finds(&o, "evictions", "notice",
	          "200 items (1.0 % of what was stored) had to leave before they expired, 50 "
	          "of them unread"));
	overview_well(&o, 1);
	overview_says(&o, 0, "evictions", "2000");
	assert_true(finds(&o, "evictions", "bad", NULL));
	overview_well(&o, 1);
	overview_says(&o, 0, "evictions", "199");
	assert_false(finds(&o, "evictions", NULL, NULL));
	overview_well(&o, 1);
	overview_says(&o, 0, "total_items", "99");
	overview_says(&o, 0, "evictions", "99");
	assert_false(finds(&o, "evictions", NULL, NULL));
}

TEST(memory_that_nobody_reads)
{
	struct overview o;
	overview_well(&o, 1);
	overview_items(&o, 0, (struct made_items){"log:", 1000, 300, 9000, 600, .unread = true});
	overview_items(&o, 0, (struct made_items){"user:", 1000, 300, 9000, 600, .unread = false});
	assert_true(finds(&o, "unread", "notice",
	                  "50.0 % of the memory of items, 1,000 items (293 KiB), was stored 10 min "
	                  "ago or before, and never read since; most of it under \"log:\""));
	overview_well(&o, 1); /* just stored */
	overview_items(&o, 0, (struct made_items){"log:", 2000, 300, 9000, 599, .unread = true});
	assert_false(finds(&o, "unread", NULL, NULL));
	overview_well(&o, 1); /* less than half */
	overview_items(&o, 0, (struct made_items){"log:", 1000, 300, 9000, 6000, .unread = true});
	overview_items(&o, 0, (struct made_items){"user:", 1000, 301, 9000, 6000, .unread = false});
	assert_false(finds(&o, "unread", NULL, NULL));
	overview_well(&o, 1); /* too few */
	overview_items(&o, 0, (struct made_items){"log:", 999, 300, 9000, 6000, .unread = true});
	assert_false(finds(&o, "unread", NULL, NULL));
	overview_well(&o, 1); /* nobody reads anything */
	overview_says(&o, 0, "get_hits", "0");
	overview_items(&o, 0, (struct made_items){"log:", 2000, 300, 9000, 6000, .unread = true});
	assert_false(finds(&o, "unread", NULL, NULL));
}

TEST(memory_that_never_expires)
{
	struct overview o;
	overview_well(&o, 1);
	overview_says(&o, 0, "evictions", "100");
	overview_items(&o, 0, (struct made_items){"a:", 1000, 300, 0, 1, .unread = false});
	overview_items(&o, 0, (struct made_items){"b:", 1000, 300, 60, 1, .unread = false});
	assert_true(finds(&o, "forever", "notice", "50.0 % of the memory of items, 1,000 items"));
	overview_well(&o, 1); /* and nothing had to leave */
	overview_items(&o, 0, (struct made_items){"a:", 2000, 300, 0, 1, .unread = false});
	assert_false(finds(&o, "forever", NULL, NULL));
	overview_well(&o, 1);
	overview_says(&o, 0, "evictions", "100");
	overview_items(&o, 0, (struct made_items){"a:", 1000, 300, 0, 1, .unread = false});
	overview_items(&o, 0, (struct made_items){"b:", 1000, 301, 60, 1, .unread = false});
	assert_false(finds(&o, "forever", NULL, NULL));
}

TEST(items_on_servers_that_are_not_asked)
{
	struct overview o;
	overview_well(&o, 2);
	overview_items(&o, 0, (struct made_items){"a:", 10, 100, 0, 1, .misplaced = true});
	overview_items(&o, 1, (struct made_items){"a:", 990, 100, 0, 1, .unread = false});
	assert_true(finds(&o, "misplaced", "notice", "10 items (1,000 B), 1.0 % of the memory"));
	overview_well(&o, 2);
	overview_items(&o, 0, (struct made_items){"a:", 9, 100, 0, 1, .misplaced = true});
	overview_items(&o, 1, (struct made_items){"a:", 991, 100, 0, 1, .unread = false});
	assert_false(finds(&o, "misplaced", NULL, NULL));
}

TEST(gets_that_go_to_one_server)
{
	struct overview o;
	overview_well(&o, 2);
	overview_says(&o, 1, "cmd_get", "30000");
	assert_true(finds(&o, "uneven", "notice", "75.0 % of the gets go to one of 2 servers"));
	overview_well(&o, 2);
	overview_says(&o, 1, "cmd_get", "29000");
	assert_false(finds(&o, "uneven", NULL, NULL));
	overview_well(&o, 1);
	assert_false(finds(&o, "uneven", NULL, NULL));
}

static void make_down(struct overview *o, size_t server)
{
	o->servers[server].answered = false;
	o->servers[server].counts = (struct overview_counts){0};
}

TEST(servers_that_are_down_are_reported_and_have_no_share)
{
	struct overview o;
	overview_well(&o, 2);
	make_down(&o, 0);
	assert_true(finds(&o, "down", "bad", "1 of 2 servers has not answered"));
	overview_well(&o, 2);
	make_down(&o, 0);
	assert_false(finds(&o, "uneven", NULL, NULL));
	overview_well(&o, 3);
	make_down(&o, 0);
	overview_says(&o, 1, "cmd_get", "30000");
	assert_true(finds(&o, "uneven", "notice", "75.0 % of the gets go to one of 2 servers"));
	overview_well(&o, 3);
	make_down(&o, 0);
	make_down(&o, 2);
	assert_true(finds(&o, "down", "bad", "2 of 3 servers have not answered"));
}

TEST(the_rules_of_slab_classes_are_among_them)
{
	struct overview o;
	overview_well(&o, 2);
	slabs_take(&o.servers[1].slabs, SLICE("items:5:outofmemory"), SLICE("3"));
	slabs_take(&o.servers[1].slabs, SLICE("5:chunk_size"), SLICE("240"));
	assert_true(finds(&o, "out_of_memory", "bad", "class 5 refused 3 items"));
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
          cmocka_unit_test(servers_that_are_down_are_reported_and_have_no_share),
          cmocka_unit_test(the_rules_of_slab_classes_are_among_them))
