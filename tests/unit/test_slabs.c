#include "lib/unit.h"
#include "view/stats/slab_rules.h"
#include "view/stats/slab_table.h"

#include <stdio.h>
#include <stdlib.h>

/* Takes "name value" lines of stats slabs, stats items and stats settings. */
static void take(struct slabs *s, const char *lines)
{
	struct slice text = slice_str(lines);
	while (text.len > 0) {
		struct slice value = slice_take(&text, '\n'), name = slice_take(&value, ' ');
		slabs_take(s, name, value);
	}
	slabs_sort(s);
}

/* Expects the finding of RULE, about the classes at MARKS (as "01" of the first two), or, with NULL
 * for MARKS, that there is none. */
static void check_rule(const char *rule, const char *lines, const char *marks, const char *evidence,
                       const char *advice)
{
	struct slabs s = {0};
	struct slab_finding f;
	size_t i = 0;
	take(&s, lines);
	while (i < SLAB_RULES && strcmp(slab_rule_name(i), rule) != 0)
		i++;
	assert_in_range(i, 0, SLAB_RULES - 1);
	bool found = slab_find(&s, i, &f);
	assert_int_equal(found, marks != NULL);
	if (found) {
		assert_string_equal(f.rule, rule);
		for (size_t n = 0; n < s.count; n++)
			assert_int_equal(f.marks[n], marks[n] == '1');
		assert_bytes(buf_slice(&f.evidence), slice_str(evidence));
		assert_bytes(buf_slice(&f.advice), slice_str(advice));
		slab_finding_release(&f);
	}
	slabs_release(&s);
}

TEST(the_answers_are_joined_by_the_class)
{
	struct slabs s = {0};
	take(&s, "items:12:number 5\nitems:12:mem_requested 600\nitems:12:age 70\n"
	         "items:12:evicted 3\nitems:12:evicted_unfetched 2\nitems:12:evicted_time 9\n"
	         "items:12:reclaimed 1\nitems:12:outofmemory 4\nitems:12:nosuch 8\n"
	         "12:chunk_size 1184\n12:chunks_per_page 885\n12:total_pages 7\n"
	         "12:free_chunks 11\n3:chunk_size 152\nactive_slabs 2\n"
	         "growth_factor 1.08\nslab_automove 0\nslab_reassign no\nevictions off\n");
	assert_int_equal(s.count, 2);
	assert_int_equal(s.classes[0].id, 3);
	const struct slab_class *c = &s.classes[1];
	assert_int_equal(c->id, 12);
	assert_int_equal(c->items, 5);
	assert_int_equal(c->requested, 600);
	assert_int_equal(c->age, 70);
	assert_int_equal(c->evicted, 3);
	assert_int_equal(c->evicted_unfetched, 2);
	assert_int_equal(c->evicted_time, 9);
	assert_int_equal(c->reclaimed, 1);
	assert_int_equal(c->outofmemory, 4);
	assert_int_equal(c->pages, 7);
	assert_int_equal(c->free_chunks, 11);
	assert_int_equal(slab_page_size(c), 1184 * 885);
	assert_string_equal(s.factor, "1.08");
	assert_true(s.automove_known && s.automove == 0 && s.never_moves && s.never_evicts);
	slabs_release(&s);
}

TEST(what_is_no_counter_of_a_class_is_passed_over)
{
	struct slabs s = {0};
	take(&s, "x:number 5\n1:number x\n1:chunk_size 99999999999999999999\n:number 1\n"
	         "growth_factor \033[2J\ngrowth_factor 1234567890123456\nslab_automove x\n");
	assert_int_equal(s.count, 0);
	assert_string_equal(s.factor, "");
	assert_false(s.automove_known);
	for (unsigned i = 0; i < SLABS_MAX + 2; i++) {
		char line[64];
		snprintf(line, sizeof(line), "%u:chunk_size 96\n", i);
		take(&s, line);
	}
	assert_int_equal(s.count, SLABS_MAX);
	assert_int_equal(s.cut, 2);
	slabs_release(&s);
}

TEST(waste_is_what_items_leave_of_their_chunks)
{
	uint64_t wasted = 1;
	struct slab_class c = {.chunk_size = 100, .items = 10, .requested = 850};
	assert_true(slab_wasted(&c, &wasted));
	assert_int_equal(wasted, 150);
	c.items = 0;
	assert_true(slab_wasted(&c, &wasted));
	assert_int_equal(wasted, 0);
	/* Large items span chunks. */
	c = (struct slab_class){.chunk_size = 524288, .items = 2, .requested = 2000000};
	assert_false(slab_wasted(&c, &wasted));
	c.requested = 0;
	assert_false(slab_wasted(&c, &wasted));
	c = (struct slab_class){.chunk_size = UINT64_MAX, .items = 2, .requested = 5};
	assert_false(slab_wasted(&c, &wasted));
}

TEST(a_class_that_could_not_store_is_bad)
{
	const char *classes = "items:5:outofmemory 0\nitems:42:outofmemory 1200\n";
	struct buf lines = BUF_INIT;
	check_rule("out_of_memory", classes, "01",
	           "class 42 refused 1,200 items for want of memory",
	           "-m gives the server more memory");
	buf_addf(&lines, "%sslab_automove 0\n", classes);
	check_rule("out_of_memory", buf_cstr(&lines), "01",
	           "class 42 refused 1,200 items for want of memory",
	           "slabs automove 1 lets it have pages of other classes; -m gives more");
	buf_add_str(&lines, "evictions off\n");
	check_rule("out_of_memory", buf_cstr(&lines), "01",
	           "class 42 refused 1,200 items for want of memory",
	           "it was started with -M and evicts nothing; -m gives it more memory");
	check_rule("out_of_memory", "items:5:outofmemory 0\n", NULL, NULL, NULL);
	buf_release(&lines);
}

TEST(a_class_that_evicts_beside_free_pages_is_found)
{
	check_rule(
	    "evicts_beside_free",
	    "5:chunks_per_page 100\n5:free_chunks 0\nitems:5:evicted 1234\n"
	    "12:chunks_per_page 10\n12:free_chunks 30\nslab_automove 0\n",
	    "10", "class 5 has evicted 1,234 items while class 12 has 3 pages of free chunks",
	    "slabs automove 1 lets the server move pages by itself; slabs reassign 12 5 moves "
	    "one now");
	check_rule(
	    "evicts_beside_free",
	    "5:chunks_per_page 100\nitems:5:evicted 1\n7:chunks_per_page 100\n"
	    "items:7:evicted 2\n12:chunks_per_page 10\n12:free_chunks 25\nslab_automove 1\n",
	    "110", "classes 5 and 7 have evicted 3 items while class 12 has 2 pages of free chunks",
	    "the server moves pages by itself (automove 1), slowly; slabs reassign 12 7 moves "
	    "one now");
	check_rule("evicts_beside_free",
	           "5:chunks_per_page 100\nitems:5:evicted 1\n12:chunks_per_page 10\n"
	           "12:free_chunks 25\nslab_reassign no\n",
	           "10", "class 5 has evicted 1 item while class 12 has 2 pages of free chunks",
	           "it was started with no_slab_reassign, so that no page moves; start it without");
	/* 2.4 pages are what a class may keep; free pages of its own are none of another. */
	check_rule("evicts_beside_free",
	           "5:chunks_per_page 100\nitems:5:evicted 1\n12:chunks_per_page 10\n"
	           "12:free_chunks 24\n",
	           NULL, NULL, NULL);
	check_rule("evicts_beside_free",
	           "5:chunks_per_page 10\n5:free_chunks 99\nitems:5:evicted 1\n", NULL, NULL, NULL);
	check_rule("evicts_beside_free", "5:chunks_per_page 10\n5:free_chunks 99\n", NULL, NULL,
	           NULL);
}

TEST(memory_that_stays_with_old_items_is_calcified)
{
	check_rule("calcified",
	           "5:total_pages 2\nitems:5:number 10\nitems:5:age 40\nitems:5:evicted 7\n"
	           "12:total_pages 30\nitems:12:number 10\nitems:12:age 7200\n",
	           "10",
	           "class 5 evicts with items unused for 40 s at the most, while class 12 keeps 30 "
	           "pages with items unused for 2 h",
	           "slabs reassign 12 5 moves one now");
	/* Ages that are close, a class that has no page to give, one that does not evict. */
	check_rule("calcified",
	           "5:total_pages 2\nitems:5:number 10\nitems:5:age 721\nitems:5:evicted 7\n"
	           "12:total_pages 30\nitems:12:number 10\nitems:12:age 7200\n",
	           NULL, NULL, NULL);
	check_rule("calcified",
	           "5:total_pages 2\nitems:5:number 10\nitems:5:age 40\nitems:5:evicted 7\n"
	           "12:total_pages 2\nitems:12:number 10\nitems:12:age 7200\n",
	           NULL, NULL, NULL);
	check_rule("calcified",
	           "5:total_pages 2\nitems:5:number 10\nitems:5:age 40\n"
	           "12:total_pages 30\nitems:12:number 10\nitems:12:age 7200\n",
	           NULL, NULL, NULL);
}

TEST(chunks_that_do_not_fit_the_sizes_are_coarse)
{
	check_rule("coarse",
	           "4:chunk_size 192\nitems:4:number 50000\nitems:4:mem_requested 7500000\n"
	           "growth_factor 1.25\n",
	           "1",
	           "class 4 wastes 21.9 % of the 9.2 MiB that its items take: items of 150 B on "
	           "average in chunks of 192 B",
	           "a smaller growth factor at its start (-f, now 1.25), or sizes that fit (-o "
	           "slab_sizes=...)");
	check_rule(
	    "coarse",
	    "4:chunk_size 192\nitems:4:number 50000\nitems:4:mem_requested 7500000\n"
	    "5:chunk_size 1000\nitems:5:number 10000\nitems:5:mem_requested 7000000\n",
	    "11",
	    "classes 4 and 5 waste 26.0 % of the 18.7 MiB that their items take, class 5 most: "
	    "items of 700 B on average in chunks of 1,000 B",
	    "a smaller growth factor at its start (-f), or sizes that fit (-o "
	    "slab_sizes=...)");
	/* Less than 15 %; less than a page; large items, of which it is not known. */
	check_rule("coarse",
	           "4:chunk_size 192\nitems:4:number 50000\nitems:4:mem_requested 8200000\n", NULL,
	           NULL, NULL);
	check_rule("coarse",
	           "4:chunk_size 192\nitems:4:number 5000\nitems:4:mem_requested 750000\n", NULL,
	           NULL, NULL);
	check_rule("coarse",
	           "39:chunk_size 524288\nitems:39:number 50\nitems:39:mem_requested 50000000\n",
	           NULL, NULL, NULL);
}

TEST(evictions_of_what_nobody_read_are_found)
{
	check_rule("evicted_unread",
	           "items:4:evicted 1000\nitems:4:evicted_unfetched 501\n"
	           "items:5:evicted 99\nitems:5:evicted_unfetched 99\n",
	           "10", "501 of the 1,000 items that class 4 has evicted were never read",
	           "store less of what nobody asks for, or with a shorter time");
	check_rule("evicted_unread", "items:4:evicted 1000\nitems:4:evicted_unfetched 500\n", NULL,
	           NULL, NULL);
}

TEST(many_classes_are_counted)
{
	struct buf lines = BUF_INIT;
	for (unsigned i = 1; i <= 6; i++)
		buf_addf(&lines, "items:%u:outofmemory 1\n", i);
	check_rule("out_of_memory", buf_cstr(&lines), "111111",
	           "classes 1, 2, 3 and 3 more refused 6 items for want of memory",
	           "-m gives the server more memory");
	buf_release(&lines);
}

TEST(each_rule_has_a_name_and_a_source)
{
	for (size_t i = 0; i < SLAB_RULES; i++) {
		assert_true(strlen(slab_rule_name(i)) > 0);
		assert_non_null(strstr(slab_rule_source(i), "memcached"));
	}
}

static const char two_classes[] =
    "4:chunk_size 192\n4:chunks_per_page 5461\n4:total_pages 9\n4:free_chunks 0\n"
    "items:4:number 49149\nitems:4:mem_requested 7618093\nitems:4:evicted 10751\n"
    "items:4:evicted_unfetched 10\nitems:4:age 3700\nitems:4:reclaimed 2\n"
    "39:chunk_size 524288\n39:chunks_per_page 2\n39:total_pages 1\n39:free_chunks 1\n"
    "items:39:number 1\nitems:39:mem_requested 1000000\n";

static void check_table(struct style style, size_t count, const char *want)
{
	struct slabs_of list[2] = {{.server = "a:1"}, {.server = "b:2"}};
	struct buf out = BUF_INIT;
	take(&list[0].slabs, two_classes);
	slab_table_show(&out, &style, list, count);
	assert_bytes(buf_slice(&out), slice_str(want));
	slabs_release(&list[0].slabs);
	buf_release(&out);
}

#define COARSE                                                                                     \
	"\n"                                                                                       \
	"  1 notice: class 4 wastes 19.3 % of the 9 MiB that its items take: items of 154 B on\n"  \
	"  average in chunks of 192 B: a smaller growth factor at its start (-f), or sizes that\n" \
	"  fit (-o slab_sizes=...)\n"

TEST(pretty_is_one_table_where_it_fits)
{
	check_table(
	    (struct style){.format = FORMAT_PRETTY, .columns = 120}, 1,
	    "class    chunk  pages   items       used   wasted  evicted  unread   tail age  "
	    "reclaimed  oom  see\n"
	    "    4    192 B      9  49,149    7.3 MiB  1.7 MiB   10,751      10  1 h 1 min  "
	    "        2    0  1\n"
	    "   39  512 KiB      1       1  976.6 KiB        -        0       0        0 s  "
	    "        0    0\n"
	    "total        -     10  49,150    8.2 MiB  1.7 MiB   10,751      10          -  "
	    "        2    0\n" COARSE);
}

TEST(pretty_is_two_tables_on_a_narrow_screen_and_names_servers)
{
	check_table((struct style){.format = FORMAT_PRETTY, .columns = 88}, 2,
	            "a:1\n"
	            "Memory\n"
	            "class    chunk  pages   items       used   wasted  see\n"
	            "    4    192 B      9  49,149    7.3 MiB  1.7 MiB  1\n"
	            "   39  512 KiB      1       1  976.6 KiB        -\n"
	            "total        -     10  49,150    8.2 MiB  1.7 MiB\n"
	            "\n"
	            "Evictions\n"
	            "class  evicted  unread   tail age  reclaimed  oom  see\n"
	            "    4   10,751      10  1 h 1 min          2    0  1\n"
	            "   39        0       0        0 s          0    0\n"
	            "total   10,751      10          -          2    0\n" COARSE "\n"
	            "b:2\n"
	            "no class has memory yet: nothing was stored\n");
}

TEST(colours_mark_what_stands_out)
{
	struct slabs_of one = {.server = "a:1"};
	struct style style = {.format = FORMAT_PRETTY, .columns = 120, .color = true};
	struct buf out = BUF_INIT;
	take(&one.slabs, "4:chunk_size 96\nitems:4:number 1\nitems:4:mem_requested 70\n"
	                 "items:4:outofmemory 3\n");
	slab_table_show(&out, &style, &one, 1);
	assert_non_null(strstr(buf_cstr(&out), "    \033[1;31m4\033[0m"));
	assert_non_null(strstr(buf_cstr(&out), "    \033[1;31m3\033[0m  \033[1;31m1\033[0m\n"));
	assert_non_null(strstr(buf_cstr(&out), "  1 \033[1;31mbad\033[0m: class 4 refused"));
	slabs_release(&one.slabs);
	buf_release(&out);
}

TEST(programs_get_numbers_and_names)
{
	check_table((struct style){.format = FORMAT_PLAIN}, 1,
	            "4\t192\t9\t0\t49149\t7618093\t1818515\t10751\t10\t3700\t2\t0\tcoarse\n"
	            "39\t524288\t1\t1\t1\t1000000\t\t0\t0\t0\t0\t0\t\n");
	check_table((struct style){.format = FORMAT_PLAIN}, 2,
	            "a:1\t4\t192\t9\t0\t49149\t7618093\t1818515\t10751\t10\t3700\t2\t0\tcoarse\n"
	            "a:1\t39\t524288\t1\t1\t1\t1000000\t\t0\t0\t0\t0\t0\t\n");
	check_table((struct style){.format = FORMAT_CSV}, 1,
	            "server,class,chunk_size,pages,free_chunks,items,used,wasted,evicted,"
	            "evicted_unfetched,age,reclaimed,outofmemory,note\n"
	            "a:1,4,192,9,0,49149,7618093,1818515,10751,10,3700,2,0,coarse\n"
	            "a:1,39,524288,1,1,1,1000000,,0,0,0,0,0,\n");
	check_table(
	    (struct style){.format = FORMAT_JSON}, 2,
	    "{\"command\":\"slabs\",\"rows\":[{\"server\":\"a:1\",\"class\":4,"
	    "\"chunk_size\":192,\"pages\":9,\"free_chunks\":0,\"items\":49149,"
	    "\"used\":7618093,\"wasted\":1818515,\"evicted\":10751,"
	    "\"evicted_unfetched\":10,\"age\":3700,\"reclaimed\":2,\"outofmemory\":0,"
	    "\"note\":[\"coarse\"]},{\"server\":\"a:1\",\"class\":39,"
	    "\"chunk_size\":524288,\"pages\":1,\"free_chunks\":1,\"items\":1,"
	    "\"used\":1000000,\"wasted\":null,\"evicted\":0,\"evicted_unfetched\":0,"
	    "\"age\":0,\"reclaimed\":0,\"outofmemory\":0,\"note\":[]}],\"findings\":["
	    "{\"server\":\"a:1\",\"rule\":\"coarse\",\"level\":\"notice\",\"classes\":[4],"
	    "\"evidence\":\"class 4 wastes 19.3 % of the 9 MiB that its items take: items of "
	    "154 B on average in chunks of 192 B\",\"advice\":\"a smaller growth factor at "
	    "its start (-f), or sizes that fit (-o slab_sizes=...)\"}]}\n");
}

UNIT_MAIN(cmocka_unit_test(the_answers_are_joined_by_the_class),
          cmocka_unit_test(what_is_no_counter_of_a_class_is_passed_over),
          cmocka_unit_test(waste_is_what_items_leave_of_their_chunks),
          cmocka_unit_test(a_class_that_could_not_store_is_bad),
          cmocka_unit_test(a_class_that_evicts_beside_free_pages_is_found),
          cmocka_unit_test(memory_that_stays_with_old_items_is_calcified),
          cmocka_unit_test(chunks_that_do_not_fit_the_sizes_are_coarse),
          cmocka_unit_test(evictions_of_what_nobody_read_are_found),
          cmocka_unit_test(many_classes_are_counted),
          cmocka_unit_test(each_rule_has_a_name_and_a_source),
          cmocka_unit_test(pretty_is_one_table_where_it_fits),
          cmocka_unit_test(pretty_is_two_tables_on_a_narrow_screen_and_names_servers),
          cmocka_unit_test(colours_mark_what_stands_out),
          cmocka_unit_test(programs_get_numbers_and_names))
