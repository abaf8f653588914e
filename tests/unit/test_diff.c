#include "lib/unit.h"
#include "view/diff.h"

#include <stdlib.h>

static void make(struct diff *d, struct lines *a, struct lines *b, struct slice one,
                 struct slice two)
{
	lines_add(a, one);
	lines_add(b, two);
	diff_make(d, a, b);
}

static void check_unified(struct slice one, struct slice two, const char *want)
{
	struct lines a = {0}, b = {0};
	struct diff d = {0};
	struct buf out = BUF_INIT;
	make(&d, &a, &b, one, two);
	diff_add_unified(&out, &d, false);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
	diff_release(&d);
	lines_release(&a);
	lines_release(&b);
}

TEST(equal_texts_have_no_difference)
{
	check_unified(SLICE(""), SLICE(""), "");
	check_unified(SLICE("a\nb\n"), SLICE("a\nb"), "");
}

TEST(changes_stand_under_their_places)
{
	check_unified(SLICE("a\n"), SLICE(""), "@@ -1 +0,0 @@\n-a\n");
	check_unified(SLICE(""), SLICE("a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
	check_unified(SLICE("a\nb\nc\n"), SLICE("a\nB\nc\n"), "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
	check_unified(SLICE("1\n2\n3\n4\n5\n6\n7\n8\n9\n"), SLICE("1\n2\n3\n4\nx\n6\n7\n8\n9\n"),
	              "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
}

TEST(changes_far_apart_have_hunks_of_their_own)
{
	check_unified(SLICE("a\n2\n3\n4\n5\n6\n7\nb\n"), SLICE("A\n2\n3\n4\n5\n6\n7\nB\n"),
	              "@@ -1,8 +1,8 @@\n-a\n+A\n 2\n 3\n 4\n 5\n 6\n 7\n-b\n+B\n");
	/* As diff -u has it. */
	check_unified(SLICE("a\n2\n3\n4\n5\n6\n7\n8\nb\n"), SLICE("A\n2\n3\n4\n5\n6\n7\n8\n"),
	              "@@ -1,4 +1,4 @@\n-a\n+A\n 2\n 3\n 4\n@@ -6,4 +6,3 @@\n 6\n 7\n 8\n-b\n");
}

TEST(colours_and_controls)
{
	struct lines a = {0}, b = {0};
	struct diff d = {0};
	struct buf out = BUF_INIT;
	make(&d, &a, &b, SLICE("x\n"), SLICE("\033[31m\n"));
	diff_add_unified(&out, &d, true);
	assert_text(buf_slice(&out), "\033[2m@@ -1 +1 @@\033[0m\n\033[1;31m-x\033[0m\n"
	                             "\033[32m+\\e[31m\033[0m\n");
	buf_clear(&out);
	diff_add_short(&out, &d, 1, false);
	assert_text(buf_slice(&out), "- x\n(1 more lines differ)\n");
	buf_release(&out);
	diff_release(&d);
	lines_release(&a);
	lines_release(&b);
}

/* The shortest difference has as many rows as the lengths and the longest common subsequence say,
 * and applied to the one text it gives the other. */
static size_t longest_common(const char *a, size_t n, const char *b, size_t m)
{
	size_t table[17][17] = {{0}};
	for (size_t i = 1; i <= n; i++) {
		for (size_t j = 1; j <= m; j++) {
			size_t up = table[i - 1][j], left = table[i][j - 1];
			table[i][j] = a[i - 1] == b[j - 1] ? table[i - 1][j - 1] + 1
			              : up > left          ? up
			                                   : left;
		}
	}
	return table[n][m];
}

static size_t letters(char *text, struct lines *lines, unsigned *seed)
{
	size_t n = (*seed = *seed * 1103515245u + 12345u) >> 16 & 15;
	for (size_t i = 0; i < n; i++) {
		text[i] = "abc"[((*seed = *seed * 1103515245u + 12345u) >> 16) % 3];
		lines_add(lines, slice_of(text + i, 1));
	}
	return n;
}

TEST(differences_are_shortest_and_true)
{
	unsigned seed = 1;
	for (int round = 0; round < 2000; round++) {
		char one[16], two[16];
		struct lines a = {0}, b = {0};
		struct diff d = {0};
		size_t n = letters(one, &a, &seed), m = letters(two, &b, &seed), i = 0, j = 0;
		diff_make(&d, &a, &b);
		assert_int_equal(d.changed, n + m - 2 * longest_common(one, n, two, m));
		for (size_t k = 0; k < d.count; k++) {
			if (d.rows[k].sign != '+')
				assert_int_equal(d.rows[k].text.data[0], one[i++]);
			if (d.rows[k].sign != '-')
				assert_int_equal(d.rows[k].text.data[0], two[j++]);
		}
		assert_int_equal(i, n);
		assert_int_equal(j, m);
		diff_release(&d);
		lines_release(&a);
		lines_release(&b);
	}
}

TEST(texts_that_have_little_in_common_are_replaced)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct lines a = {0}, b = {0};
	struct diff d = {0};
	for (int i = 0; i < DIFF_MOST; i++) {
		buf_addf(&one, "%d\n%d left\n", i, i);
		buf_addf(&two, "%d\n%d right\n", i, i);
	}
	make(&d, &a, &b, buf_slice(&one), buf_slice(&two));
	assert_int_equal(d.changed, 4 * DIFF_MOST - 2); /* the first line is in both */
	buf_release(&one);
	buf_release(&two);
	diff_release(&d);
	lines_release(&a);
	lines_release(&b);
}

UNIT_MAIN(cmocka_unit_test(equal_texts_have_no_difference),
          cmocka_unit_test(changes_stand_under_their_places),
          cmocka_unit_test(changes_far_apart_have_hunks_of_their_own),
          cmocka_unit_test(colours_and_controls),
          cmocka_unit_test(differences_are_shortest_and_true),
          cmocka_unit_test(texts_that_have_little_in_common_are_replaced))
