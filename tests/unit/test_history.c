#include "base/buf.h"
#include "lib/unit.h"
#include "term/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A directory for one test, and the history file in it. */
struct place {
	char dir[64], path[128];
};

static void place_init(struct place *p)
{
	snprintf(p->dir, sizeof(p->dir), "/tmp/test_history.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/history", p->dir);
}

static void place_release(struct place *p)
{
	(void)unlink(p->path);
	assert_int_equal(rmdir(p->dir), 0); /* nothing else was left */
}

static void write_file(const char *path, struct slice text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
}

static void read_file(const char *path, struct buf *text)
{
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	buf_clear(text);
	for (int c; (c = getc(file)) != EOF;)
		buf_add_char(text, (char)c);
	fclose(file);
}

static void assert_file(const char *path, const char *want)
{
	struct buf text = BUF_INIT;
	read_file(path, &text);
	assert_bytes(buf_slice(&text), slice_str(want));
	buf_release(&text);
}

static struct history *load(const char *path)
{
	struct error warning;
	struct history *h = history_new(path, &warning);
	assert_string_equal(warning.what, "");
	return h;
}

static void add(struct history *h, const char *entry)
{
	struct error warning;
	assert_true(history_add(h, slice_str(entry), false, &warning));
	assert_string_equal(warning.what, "");
}

static mode_t mode_of(const char *path)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

TEST(entries_come_newest_first)
{
	struct history *h = load(NULL);
	add(h, "get a");
	add(h, "get b");
	assert_int_equal(history_count(h), 2);
	assert_text(history_get(h, 0), "get b");
	assert_text(history_get(h, 1), "get a");
	history_free(h);
}

TEST(an_entry_is_in_the_file_at_once_and_comes_back)
{
	struct place p;
	place_init(&p);
	struct history *h = load(p.path);
	add(h, "set k \"one\ntwo\\n\"");
	add(h, "get \xe6\x97\xa5\xe6\x9c\xac");
	assert_file(p.path, "set k \"one\\ntwo\\\\n\"\nget \xe6\x97\xa5\xe6\x9c\xac\n");
	struct history *other = load(p.path);
	assert_text(history_get(other, 1), "set k \"one\ntwo\\n\"");
	assert_text(history_get(other, 0), "get \xe6\x97\xa5\xe6\x9c\xac");
	history_free(other);
	history_free(h);
	place_release(&p);
}

TEST(an_older_equal_entry_is_dropped)
{
	struct history *h = load(NULL);
	add(h, "get a");
	add(h, "get b");
	add(h, "get a");
	add(h, "get a");
	assert_int_equal(history_count(h), 2);
	assert_text(history_get(h, 0), "get a");
	assert_text(history_get(h, 1), "get b");
	history_free(h);
}

TEST(an_entry_repeated_at_once_is_written_once)
{
	struct place p;
	place_init(&p);
	struct history *h = load(p.path);
	add(h, "get a");
	add(h, "get a");
	assert_file(p.path, "get a\n");
	history_free(h);
	place_release(&p);
}

TEST(a_secret_is_recalled_but_never_written)
{
	struct place p;
	place_init(&p);
	struct history *h = load(p.path);
	struct error warning;
	assert_true(history_add(h, SLICE(".auth me secret"), true, &warning));
	assert_text(history_get(h, 0), ".auth me secret");
	add(h, "get a");
	assert_file(p.path, "get a\n");
	history_free(h);
	place_release(&p);
}

TEST(some_entries_are_kept_nowhere)
{
	struct place p;
	place_init(&p);
	struct history *h = load(p.path);
	struct error warning;
	add(h, "");
	add(h, " get a");
	add(h, "\tget a");
	assert_true(history_add(h, SLICE("a\0b"), false, &warning));
	char *large = malloc(HISTORY_ENTRY_MAX + 1);
	assert_non_null(large);
	memset(large, 'x', HISTORY_ENTRY_MAX + 1);
	assert_true(history_add(h, slice_of(large, HISTORY_ENTRY_MAX + 1), false, &warning));
	assert_int_equal(history_count(h), 0);
	assert_file(p.path, "");
	assert_true(history_add(h, slice_of(large, HISTORY_ENTRY_MAX), false, &warning));
	assert_int_equal(history_count(h), 1);
	history_free(h);
	h = load(p.path);
	assert_int_equal(history_get(h, 0).len, HISTORY_ENTRY_MAX);
	history_free(h);
	free(large);
	place_release(&p);
}

TEST(file_and_directories_are_for_the_user_alone)
{
	struct place p;
	place_init(&p);
	char home[128], dir[192], path[256];
	snprintf(home, sizeof(home), "%s/state", p.dir);
	snprintf(dir, sizeof(dir), "%s/mcsh", home);
	snprintf(path, sizeof(path), "%s/history", dir);
	mode_t old = umask(0);
	struct history *h = load(path);
	add(h, "get a");
	history_free(h);
	umask(old);
	assert_int_equal(mode_of(home), 0700);
	assert_int_equal(mode_of(dir), 0700);
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(chmod(path, 0644), 0);
	history_free(load(path));
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(unlink(path) | rmdir(dir) | rmdir(home), 0);
	place_release(&p);
}

TEST(lines_of_another_format_are_skipped_and_left_alone)
{
	struct place p;
	place_init(&p);
	static const char text[] = "_HiStOrY_V2_\nget\\040a\n\nget b\nends in \\\n blank\nget c";
	write_file(p.path, SLICE(text));
	struct history *h = load(p.path);
	assert_int_equal(history_count(h), 3);
	assert_text(history_get(h, 0), "get c");
	assert_text(history_get(h, 1), "get b");
	/* The last line had no end. */
	add(h, "get d");
	history_free(h);
	struct buf want = BUF_INIT;
	buf_addf(&want, "%s\nget d\n", text);
	assert_file(p.path, buf_cstr(&want));
	buf_release(&want);
	place_release(&p);
}

TEST(a_line_that_is_too_long_is_skipped)
{
	struct place p;
	place_init(&p);
	struct buf text = BUF_INIT;
	buf_add_str(&text, "get a\n");
	buf_add_repeat(&text, 'x', HISTORY_ENTRY_MAX + 1);
	buf_add_str(&text, "\nget b\n");
	write_file(p.path, buf_slice(&text));
	struct history *h = load(p.path);
	assert_int_equal(history_count(h), 2);
	assert_text(history_get(h, 1), "get a");
	history_free(h);
	buf_release(&text);
	place_release(&p);
}

TEST(repeated_lines_are_dropped_when_a_file_is_rewritten)
{
	struct place p;
	place_init(&p);
	struct buf text = BUF_INIT;
	for (size_t i = 0; i <= HISTORY_SLACK; i++)
		buf_add_str(&text, "get a\n");
	write_file(p.path, buf_slice(&text)); /* one too few to be worth it */
	history_free(load(p.path));
	assert_file(p.path, buf_cstr(&text));
	buf_add_str(&text, "get b\nget a\n");
	write_file(p.path, buf_slice(&text));
	struct history *h = load(p.path);
	assert_file(p.path, "get b\nget a\n");
	assert_int_equal(mode_of(p.path), 0600);
	add(h, "get c"); /* goes to the new file */
	assert_file(p.path, "get b\nget a\nget c\n");
	history_free(h);
	buf_release(&text);
	place_release(&p);
}

TEST(rewriting_keeps_a_symbolic_link)
{
	struct place p;
	place_init(&p);
	char link[128];
	snprintf(link, sizeof(link), "%s/link", p.dir);
	assert_int_equal(symlink("history", link), 0);
	struct buf text = BUF_INIT;
	for (size_t i = 0; i < HISTORY_SLACK + 2; i++)
		buf_add_str(&text, "get a\n");
	write_file(p.path, buf_slice(&text));
	history_free(load(link));
	assert_file(p.path, "get a\n");
	struct stat st;
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(unlink(link), 0);
	buf_release(&text);
	place_release(&p);
}

TEST(the_oldest_entries_give_way)
{
	struct place p;
	place_init(&p);
	struct buf text = BUF_INIT;
	for (size_t i = 0; i < HISTORY_ENTRIES_MAX + 5; i++)
		buf_addf(&text, "get %zu\n", i);
	write_file(p.path, buf_slice(&text));
	struct history *h = load(p.path);
	assert_int_equal(history_count(h), HISTORY_ENTRIES_MAX);
	assert_text(history_get(h, HISTORY_ENTRIES_MAX - 1), "get 5");
	add(h, "get new");
	assert_int_equal(history_count(h), HISTORY_ENTRIES_MAX);
	assert_text(history_get(h, HISTORY_ENTRIES_MAX - 1), "get 6");
	history_free(h);
	buf_release(&text);
	place_release(&p);
}

TEST(of_a_file_that_is_too_large_the_end_counts)
{
	struct place p;
	place_init(&p);
	struct buf text = BUF_INIT;
	buf_add_str(&text, "get first\n");
	for (size_t i = 0; text.len <= HISTORY_FILE_MAX; i++) {
		buf_addf(&text, "get %zu ", i % 500);
		buf_add_repeat(&text, 'x', 30000);
		buf_add_char(&text, '\n');
	}
	buf_add_str(&text, "get last\n");
	write_file(p.path, buf_slice(&text));
	struct history *h = load(p.path);
	assert_text(history_get(h, 0), "get last");
	assert_int_equal(history_count(h), 501);
	struct stat st;
	assert_int_equal(stat(p.path, &st), 0);
	assert_true((size_t)st.st_size < HISTORY_FILE_MAX);
	history_free(h);
	buf_release(&text);
	place_release(&p);
}

TEST(two_sessions_lose_nothing_of_each_other)
{
	struct place p;
	place_init(&p);
	enum {
		SESSIONS = 4,
		EACH = 200
	};
	for (int s = 0; s < SESSIONS; s++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			struct error warning;
			bool good = true;
			for (int i = 0; i < EACH; i++) {
				/* Loading may rewrite the file while the others append. */
				struct history *h = history_new(p.path, &warning);
				char entry[64];
				snprintf(entry, sizeof(entry), "get %d-%d", s, i);
				good &= history_add(h, slice_str(entry), false, &warning);
				good &= history_add(h, SLICE("get same"), false, &warning);
				history_free(h);
			}
			_exit(good ? 0 : 1);
		}
	}
	for (int s = 0; s < SESSIONS; s++) {
		int status;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	struct history *h = load(p.path);
	assert_int_equal(history_count(h), SESSIONS * EACH + 1);
	history_free(h);
	place_release(&p);
}

TEST(what_cannot_be_a_file_gives_a_warning_and_a_history_in_memory)
{
	struct place p;
	place_init(&p);
	struct error warning;
	struct history *h = history_new(p.dir, &warning); /* a directory */
	assert_string_not_equal(warning.what, "");
	assert_string_not_equal(warning.hint, "");
	assert_true(history_add(h, SLICE("get a"), false, &warning));
	assert_text(history_get(h, 0), "get a");
	history_free(h);
	place_release(&p);
}

TEST(no_file_is_no_reason_for_a_warning)
{
	static const char *const none[] = {NULL, "", "/dev/null"};
	for (size_t i = 0; i < 3; i++) {
		struct history *h = load(none[i]);
		add(h, "get a");
		assert_int_equal(history_count(h), 1);
		history_free(h);
	}
}

TEST(a_file_that_goes_bad_is_warned_of_once)
{
	struct place p;
	place_init(&p);
	struct history *h = load(p.path);
	assert_int_equal(unlink(p.path), 0);
	assert_int_equal(mkdir(p.path, 0700), 0);
	struct error warning;
	assert_false(history_add(h, SLICE("get a"), false, &warning));
	assert_string_not_equal(warning.what, "");
	assert_true(history_add(h, SLICE("get b"), false, &warning));
	assert_int_equal(history_count(h), 2);
	history_free(h);
	assert_int_equal(rmdir(p.path), 0);
	place_release(&p);
}

TEST(find_goes_both_ways)
{
	struct history *h = load(NULL);
	size_t found = 0, at = 0;
	add(h, "set one 1");
	add(h, "get one one");
	add(h, "get two");
	assert_true(history_find(h, SLICE("one"), 0, false, &found, &at));
	assert_int_equal(found, 1);
	assert_int_equal(at, 8);
	assert_true(history_find(h, SLICE("one"), 2, false, &found, &at));
	assert_int_equal(found, 2);
	assert_int_equal(at, 4);
	assert_false(history_find(h, SLICE("one"), 3, false, &found, &at));
	assert_true(history_find(h, SLICE("get"), 1, true, &found, &at));
	assert_int_equal(found, 1);
	assert_true(history_find(h, SLICE("two"), 2, true, &found, &at));
	assert_int_equal(found, 0);
	assert_false(history_find(h, SLICE("set"), 1, true, &found, &at));
	assert_false(history_find(h, SLICE(""), 0, false, &found, &at));
	history_free(h);
}

UNIT_MAIN(cmocka_unit_test(entries_come_newest_first),
          cmocka_unit_test(an_entry_is_in_the_file_at_once_and_comes_back),
          cmocka_unit_test(an_older_equal_entry_is_dropped),
          cmocka_unit_test(an_entry_repeated_at_once_is_written_once),
          cmocka_unit_test(a_secret_is_recalled_but_never_written),
          cmocka_unit_test(some_entries_are_kept_nowhere),
          cmocka_unit_test(file_and_directories_are_for_the_user_alone),
          cmocka_unit_test(lines_of_another_format_are_skipped_and_left_alone),
          cmocka_unit_test(a_line_that_is_too_long_is_skipped),
          cmocka_unit_test(repeated_lines_are_dropped_when_a_file_is_rewritten),
          cmocka_unit_test(rewriting_keeps_a_symbolic_link),
          cmocka_unit_test(the_oldest_entries_give_way),
          cmocka_unit_test(of_a_file_that_is_too_large_the_end_counts),
          cmocka_unit_test(two_sessions_lose_nothing_of_each_other),
          cmocka_unit_test(what_cannot_be_a_file_gives_a_warning_and_a_history_in_memory),
          cmocka_unit_test(no_file_is_no_reason_for_a_warning),
          cmocka_unit_test(a_file_that_goes_bad_is_warned_of_once),
          cmocka_unit_test(find_goes_both_ways))
