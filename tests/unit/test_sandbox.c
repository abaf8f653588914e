#include "lib/unit.h"
#include "shell/servers/sandbox.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Asks the server at PATH for its version; whether it answered so. */
static bool answers(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	char text[64] = "";
	size_t len = 0;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0 && strlen(path) < sizeof(to.sun_path));
	strncpy(to.sun_path, path, sizeof(to.sun_path) - 1);
	bool ok = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	          write(fd, "version\r\n", 9) == 9;
	while (ok && len < sizeof(text) - 1 && !memchr(text, '\n', len)) {
		ssize_t n = read(fd, text + len, sizeof(text) - 1 - len);
		ok = n > 0;
		len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	return ok && strncmp(text, "VERSION ", 8) == 0;
}

TEST(each_server_is_real_and_private)
{
	struct error error = {.what = ""};
	struct stat st;
	char dir[4096];
	struct sandbox *s = sandbox_new(3, &error);
	if (!s)
		fail_msg("%s", error.what);
	assert_int_equal(sandbox_count(s), 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(answers(sandbox_path(s, i)));
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(sandbox_path(s, i), sandbox_path(s, j));
	}
	snprintf(dir, sizeof(dir), "%s", sandbox_path(s, 0));
	dirname(dir);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(st.st_uid, geteuid());
	/* It waits for their end: when it returns nothing is left. */
	sandbox_free(s);
	assert_int_not_equal(stat(dir, &st), 0);
}

TEST(the_number_of_servers_has_bounds)
{
	struct error error = {.what = ""};
	assert_null(sandbox_new(0, &error));
	assert_true(error.what[0] && error.hint[0]);
	error_clear(&error);
	assert_null(sandbox_new(SANDBOX_MAX + 1, &error));
	assert_true(error.what[0] && error.hint[0]);
	sandbox_free(NULL);
}

/* A program of that name that cannot be found, and a place that cannot be written. */
TEST(what_is_missing_is_named)
{
	struct error error = {.what = ""};
	char *path = strdup(getenv("PATH"));
	char empty[] = "/tmp/mcsh-empty.XXXXXX";
	assert_non_null(path);
	assert_non_null(mkdtemp(empty));
	setenv("TMPDIR", empty, 1);
	unsetenv("XDG_RUNTIME_DIR");
	setenv("PATH", empty, 1);
	assert_null(sandbox_new(1, &error));
	assert_string_equal(error.what, "cannot start memcached: it is not installed");
	assert_non_null(strstr(error.hint, "apt-get install memcached"));
	setenv("PATH", path, 1);
	/* Nothing of it is left. */
	assert_int_equal(rmdir(empty), 0);
	unsetenv("TMPDIR");
	free(path);
}

TEST(two_sandboxes_know_nothing_of_each_other)
{
	struct error error;
	struct sandbox *a = sandbox_new(1, &error), *b = sandbox_new(1, &error);
	assert_non_null(a);
	assert_non_null(b);
	assert_string_not_equal(sandbox_path(a, 0), sandbox_path(b, 0));
	sandbox_free(a);
	assert_true(answers(sandbox_path(b, 0)));
	sandbox_free(b);
}

UNIT_MAIN(cmocka_unit_test(each_server_is_real_and_private),
          cmocka_unit_test(two_sandboxes_know_nothing_of_each_other),

          cmocka_unit_test(the_number_of_servers_has_bounds),
          cmocka_unit_test(what_is_missing_is_named))
