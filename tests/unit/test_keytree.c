#include "lib/unit.h"
#include "view/tree/keytree.h"

#include <stdio.h>
#include <string.h>

static struct separators separators_of(const char *bytes)
{
	struct separators s;
	separators_init(&s, slice_str(bytes));
	return s;
}

/* The segments of KEY, with blanks between. */
static void folds_by(const char *separators, const char *key, const char *want)
{
	struct separators s = separators_of(separators);
	struct slice rest = slice_str(key);
	struct buf out = BUF_INIT;
	while (fold_next(&s, &rest, &out))
		buf_add_char(&out, ' ');
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
}

static void folds(const char *key, const char *want)
{
	folds_by(SEPARATORS_USUAL, key, want);
}

TEST(segments_end_after_their_separators)
{
	folds("", "");
	folds("foo", "foo ");
	folds("a:b/c.d|e-f_g", "a: b/ c. d| e- f_ g ");
	folds("a::b:", "a:: b: ");
	folds("/var/x", "/ var/ x ");
	folds_by("", "a:b", "a:b ");
	folds_by("b", "aabac", "aab ac ");
}

TEST(digits_are_folded)
{
	folds("user:42:profile", "user: <n>: profile ");
	folds("v2beta10", "v<n>beta<n> ");
	folds("2024-01-31", "<n>- <n>- <n> ");
	folds("00000000000000000000000000000000", "<n> ");
	folds("a b1c", "a b<n>c ");
}

TEST(a_uuid_is_one_thing_whatever_separates)
{
	folds("s/0f5c9a1e-7d7b-4b0e-9f0c-2f1d3c4b5a69", "s/ <uuid> ");
	folds("0F5C9A1E-7D7B-4B0E-9F0C-2F1D3C4B5A69:x", "<uuid>: x ");
	folds("x0f5c9a1e-7d7b-4b0e-9f0c-2f1d3c4b5a6",
	      "x<n>f<n>c<n>a<n>e- <n>d<n>b- <n>b<n>e- <n>f<n>c- <hash> ");
	folds("0f5c9a1e-7d7b-4b0e-9f0c-2f1d3c4b5a69f",
	      "<hash>- <n>d<n>b- <n>b<n>e- <n>f<n>c- <hash> ");
}

TEST(hashes_are_letters_mixed_with_digits)
{
	folds("page-9e107d9d372bb6826bd81d3542a419d6.html", "page- <hash>. html ");
	folds("deadbeef", "deadbeef ");
	folds("deadbee1", "<hash> ");
	folds("deadbe1", "deadbe<n> ");
	folds("gQx81kLmPz04rTyUbNc", "gQx<n>kLmPz<n>rTyUbNc ");
	folds("gQx81kLmPz04rTyUbNcV", "<hash> ");
	folds("internationalization", "internationalization ");
}

TEST(bytes_that_are_no_text_stay)
{
	folds("\x01\xc3\xa9:\xff", "\x01\xc3\xa9: \xff ");
}

static struct buf shown = BUF_INIT;

static void on_row(void *ctx, const struct keytree_row *row)
{
	(void)ctx;
	buf_addf(&shown, "%u %.*s%s %llu %llu %llu\n", row->depth, (int)row->path.len,
	         row->path.len ? row->path.data : "", row->others ? "(others)" : "",
	         (unsigned long long)row->sums.items, (unsigned long long)row->sums.bytes,
	         (unsigned long long)row->sums.forever);
}

static void plant(struct keytree *t, size_t most)
{
	struct separators s = separators_of(":");
	keytree_init(t, &s, most);
}

static void add(struct keytree *t, const char *key, uint64_t size, int64_t ttl)
{
	struct crawled item = {.size = size, .now = 1000, .exptime = ttl < 0 ? 0 : 1000 + ttl};
	keytree_add(t, slice_str(key), &item);
}

static void shows(struct keytree *t, unsigned depth, size_t top, bool by_items, const char *want)
{
	struct keytree_view view = {
	    .depth = depth, .top = top, .by_items = by_items, .row = on_row};
	buf_clear(&shown);
	keytree_show(t, &view);
	assert_bytes(buf_slice(&shown), slice_str(want));
	keytree_release(t);
}

static void plant_some(struct keytree *t)
{
	plant(t, 1000);
	add(t, "user:1:name", 10, -1);
	add(t, "user:2:name", 10, 60);
	add(t, "user:2:mail", 15, 60);
	add(t, "page:a:b:c", 100, -1);
	add(t, "page:a:b:c", 100, 5);
	add(t, "alone", 1, -1);
}

TEST(a_tree_has_what_lies_below_each_branch_the_largest_first)
{
	struct keytree t;
	plant_some(&t);
	shows(&t, 9, 9, false,
	      "0  6 236 3\n"
	      "1 page:a:b:c 2 200 1\n"
	      "1 user:<n>: 3 35 1\n"
	      "2 user:<n>:name 2 20 1\n"
	      "2 user:<n>:mail 1 15 0\n"
	      "1 alone 1 1 1\n");
}

TEST(by_items_the_most_are_first)
{
	struct keytree t;
	plant_some(&t);
	shows(&t, 1, 9, true,
	      "0  6 236 3\n1 user:<n>: 3 35 1\n1 page:a:b:c 2 200 1\n1 alone 1 1 1\n");
}

TEST(what_is_not_shown_of_a_level_is_the_others)
{
	struct keytree t;
	plant_some(&t);
	shows(&t, 1, 1, false, "0  6 236 3\n1 page:a:b:c 2 200 1\n1 (others) 4 36 2\n");
	plant_some(&t);
	shows(&t, 2, 1, true,
	      "0  6 236 3\n"
	      "1 user:<n>: 3 35 1\n"
	      "2 user:<n>:name 2 20 1\n"
	      "2 user:<n>:(others) 1 15 0\n"
	      "1 (others) 3 201 2\n");
}

TEST(a_key_that_ends_where_a_branch_begins_is_among_the_others)
{
	struct keytree t;
	plant(&t, 100);
	add(&t, "a:", 1, -1);
	add(&t, "a:b", 2, -1);
	shows(&t, 9, 9, false, "0  2 3 2\n1 a: 2 3 2\n2 a:b 1 2 1\n2 a:(others) 1 1 1\n");
}

TEST(an_empty_tree_is_its_root)
{
	struct keytree t;
	plant(&t, 100);
	shows(&t, 9, 9, false, "0  0 0 0\n");
}

TEST(segments_beyond_the_depth_count_for_the_last)
{
	struct keytree t;
	char key[100] = "";
	plant(&t, 100);
	for (int i = 0; i < KEYTREE_DEPTH; i++)
		strcat(key, "x:");
	add(&t, key, 1, -1);
	strcat(key, "y");
	add(&t, key, 1, -1);
	assert_int_equal(t.count, KEYTREE_DEPTH + 1);
	keytree_release(&t);
}

/* Of 200,000 names of one key each and a few of many, in 200 nodes. */
TEST(branches_of_many_keys_outlive_those_of_few)
{
	struct keytree t;
	char key[40];
	plant(&t, 200);
	for (unsigned i = 0; i < 200000; i++) {
		snprintf(key, sizeof(key), "once:%c%c%c%c", 'g' + i % 17, 'g' + i / 17 % 17,
		         'g' + i / 289 % 17, 'g' + i / 4913 % 17);
		add(&t, key, 1, -1);
		add(&t, i % 2 ? "many:a" : "many:b", 10, -1);
		assert_true(t.count <= 200);
	}
	assert_true(t.given_up > 0);
	struct keytree_view view = {.depth = 2, .top = 2, .row = on_row};
	buf_clear(&shown);
	keytree_show(&t, &view);
	static const char begins[] = "0  400000 2200000 400000\n"
				     "1 many: 200000 2000000 200000\n"
				     "2 many:a 100000 1000000 100000\n"
				     "2 many:b 100000 1000000 100000\n"
				     "1 once: 200000 200000 200000\n";
	assert_true(slice_starts(buf_slice(&shown), slice_str(begins)));
	assert_non_null(strstr(buf_cstr(&shown), "2 once:(others) 199"));
	keytree_release(&t);
}

static int64_t median(const int64_t *ttls, size_t count)
{
	struct keytree t;
	plant(&t, 100);
	for (size_t i = 0; i < count; i++)
		add(&t, "k", 1, ttls[i]);
	int64_t ttl = keytree_median_ttl(&t.nodes[0].sums);
	keytree_release(&t);
	return ttl;
}

static void is_about(int64_t got, int64_t want)
{
	assert_true(got >= want * 4 / 5 && got <= want * 5 / 4);
}

TEST(the_median_of_what_expires_is_about_right)
{
	static const int64_t all[] = {-1, -1, -1};
	static const int64_t some[] = {-1, 60, -1, 60, 3600, -1, 60};
	static const int64_t long_ones[] = {2592000, 2592000, 1};
	assert_int_equal(median(all, 3), -1);
	is_about(median(some, 7), 60);
	is_about(median(long_ones, 3), 2592000);
}

TEST(the_median_of_what_expires_is_between_the_first_and_the_last_of_it)
{
	static const int64_t minutes[] = {599, 600, -1, 600};
	assert_in_range(median(minutes, 4), 599, 600);
	assert_int_equal(median((const int64_t[]){3600}, 1), 3600);
	assert_int_equal(median((const int64_t[]){0}, 1), 0);
	assert_in_range(median((const int64_t[]){-1, 20000000, 90000000}, 3), 20000000, 90000000);
}

TEST(memory_is_released)
{
	buf_release(&shown);
}

UNIT_MAIN(cmocka_unit_test(segments_end_after_their_separators),
          cmocka_unit_test(digits_are_folded),
          cmocka_unit_test(a_uuid_is_one_thing_whatever_separates),
          cmocka_unit_test(hashes_are_letters_mixed_with_digits),
          cmocka_unit_test(bytes_that_are_no_text_stay),
          cmocka_unit_test(a_tree_has_what_lies_below_each_branch_the_largest_first),
          cmocka_unit_test(by_items_the_most_are_first),
          cmocka_unit_test(what_is_not_shown_of_a_level_is_the_others),
          cmocka_unit_test(a_key_that_ends_where_a_branch_begins_is_among_the_others),
          cmocka_unit_test(an_empty_tree_is_its_root),
          cmocka_unit_test(segments_beyond_the_depth_count_for_the_last),
          cmocka_unit_test(branches_of_many_keys_outlive_those_of_few),
          cmocka_unit_test(the_median_of_what_expires_is_about_right),
          cmocka_unit_test(the_median_of_what_expires_is_between_the_first_and_the_last_of_it),
          cmocka_unit_test(memory_is_released))
