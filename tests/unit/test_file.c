#include "base/file.h"
#include "lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/mcsh-file-XXXXXX";

static int enter(void **state)
{
	(void)state;
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	(void)state;
	return chdir("/") == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_true(file_write(fd, slice_str(text)));
	close(fd);
}

static void holds(const char *path, const char *text)
{
	struct buf got = BUF_INIT;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(file_read(fd, 1000, &got));
	close(fd);
	assert_string_equal(buf_cstr(&got), text);
	buf_release(&got);
}

static void has_mode(const char *path, mode_t mode)
{
	struct stat st;
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	assert_true(S_ISREG(st.st_mode));
}

static void begin(struct file_draft *f, const char *path, const char *text)
{
	assert_true(file_draft_open(f, path, ".part"));
	assert_true(file_write(f->fd, slice_str(text)));
}

TEST(new_file_is_private_until_it_is_whole)
{
	struct file_draft f;
	mode_t mask = umask(022);
	begin(&f, "new", "text");
	has_mode(buf_cstr(&f.name), 0600);
	assert_int_equal(access("new", F_OK), -1);
	assert_true(file_draft_finish(&f));
	assert_string_equal(buf_cstr(&f.name), "new");
	file_draft_release(&f);
	has_mode("new", 0644);
	holds("new", "text");
	umask(mask);
	unlink("new");
}

TEST(old_file_leaves_its_mode)
{
	struct file_draft f;
	put("old", "before");
	chmod("old", 0640);
	begin(&f, "old", "after");
	has_mode(buf_cstr(&f.name), 0640);
	holds("old", "before");
	assert_true(file_draft_finish(&f));
	file_draft_release(&f);
	has_mode("old", 0640);
	holds("old", "after");
	unlink("old");
}

TEST(two_drafts_of_one_file_do_not_meet)
{
	struct file_draft f, g;
	begin(&f, "both", "first");
	begin(&g, "both", "second, longer");
	assert_string_not_equal(buf_cstr(&f.name), buf_cstr(&g.name));
	assert_true(file_draft_finish(&f));
	holds("both", "first");
	assert_true(file_draft_finish(&g));
	holds("both", "second, longer");
	file_draft_release(&f);
	file_draft_release(&g);
	unlink("both");
}

TEST(what_is_not_whole_replaces_what_was_planted)
{
	struct file_draft f;
	put("victim", "precious");
	assert_int_equal(symlink("victim", "x.part"), 0);
	begin(&f, "x", "half");
	assert_true(file_draft_keep(&f));
	assert_string_equal(buf_cstr(&f.name), "x.part");
	file_draft_release(&f);
	holds("victim", "precious");
	holds("x.part", "half");
	has_mode("x.part", 0600);
	unlink("x.part");
	unlink("victim");
}

TEST(dropped_draft_leaves_nothing)
{
	struct file_draft f;
	begin(&f, "dropped", "text");
	file_draft_drop(&f);
	file_draft_release(&f);
	/* The directory is empty at the end: leave() removes it. */
}

TEST(own_link_is_followed_and_stays)
{
	struct file_draft f;
	struct stat st;
	put("target", "before");
	assert_int_equal(symlink("target", "link"), 0);
	begin(&f, "link", "after");
	assert_true(file_draft_finish(&f));
	file_draft_release(&f);
	holds("target", "after");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	int fd = file_open("link", O_WRONLY | O_APPEND, 0600);
	assert_true(fd >= 0);
	close(fd);
	unlink("link");
	unlink("target");
}

/* Only root can make what belongs to another. */
TEST(link_and_fifo_of_another_are_refused)
{
	struct file_draft f;
	if (geteuid() != 0)
		return;
	put("target", "before");
	assert_int_equal(symlink("target", "planted"), 0);
	assert_int_equal(lchown("planted", 65534, 65534), 0);
	assert_int_equal(mkfifo("fifo", 0666), 0);
	assert_int_equal(chown("fifo", 65534, 65534), 0);
	assert_int_equal(file_open("planted", O_WRONLY | O_APPEND, 0600), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(file_open("fifo", O_WRONLY | O_APPEND, 0600), -1);
	assert_int_equal(errno, EPERM);
	assert_false(file_draft_open(&f, "planted", ""));
	assert_int_equal(errno, EPERM);
	holds("target", "before");
	unlink("planted");
	unlink("fifo");
	unlink("target");
}

TEST(directory_that_is_not_there)
{
	struct file_draft f;
	assert_false(file_draft_open(&f, "nowhere/file", ".part"));
	assert_int_equal(errno, ENOENT);
}

TEST(writing_waits_for_the_reader_of_a_pipe_that_does_not_block)
{
	static char bytes[1 << 20];
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	pid_t reader = fork();
	if (reader == 0) {
		char space[4096];
		size_t got = 0;
		close(ends[1]);
		usleep(20000);
		fcntl(ends[0], F_SETFL, 0);
		for (ssize_t n; (n = read(ends[0], space, sizeof(space))) > 0;)
			got += (size_t)n;
		_exit(got == sizeof(bytes) ? 0 : 1);
	}
	close(ends[0]);
	assert_true(file_write(ends[1], slice_of(bytes, sizeof(bytes))));
	close(ends[1]);
	int status;
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(new_file_is_private_until_it_is_whole),
	    cmocka_unit_test(old_file_leaves_its_mode),
	    cmocka_unit_test(two_drafts_of_one_file_do_not_meet),
	    cmocka_unit_test(what_is_not_whole_replaces_what_was_planted),
	    cmocka_unit_test(dropped_draft_leaves_nothing),
	    cmocka_unit_test(own_link_is_followed_and_stays),
	    cmocka_unit_test(link_and_fifo_of_another_are_refused),
	    cmocka_unit_test(directory_that_is_not_there),
	    cmocka_unit_test(writing_waits_for_the_reader_of_a_pipe_that_does_not_block),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, enter, leave) == 0 ? 0 : 1;
}
