#include "shell/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void output_init(struct output *o)
{
	*o = (struct output){.fd = STDOUT_FILENO};
	buf_init(&o->results, 0);
}

void output_release(struct output *o)
{
	buf_release(&o->results);
}

/* All of TEXT, or errno. */
static int write_all(int fd, struct slice text)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.data, text.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		text = slice_skip(text, (size_t)n);
	}
	return 0;
}

bool output_flush(struct output *o)
{
	if (!o->failed)
		o->failed = write_all(o->fd, buf_slice(&o->results));
	buf_clear(&o->results);
	return !o->failed;
}

void output_complain(struct output *o, struct slice text)
{
	output_flush(o);
	write_all(STDERR_FILENO, text);
}

/* Starts COMMAND under the system's shell with its standard input from FD. */
static int spawn_shell(const char *command, int fd, long *child)
{
	const char *argv[] = {"sh", "-c", command, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t defaults;
	pid_t pid;

	/* SIGPIPE is ignored here; what runs in a pipeline expects its default. */
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	int code = posix_spawn(&pid, "/bin/sh", &actions, &attr, (char *const *)argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	*child = pid;
	return code;
}

/* Sends results into a pipe that COMMAND reads. False: errno says why. */
static bool open_pipe(struct output *o, const char *command)
{
	int fds[2];
	long child;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	int code = spawn_shell(command, fds[0], &child);
	close(fds[0]);
	if (code != 0) {
		close(fds[1]);
		errno = code;
		return false;
	}
	o->fd = fds[1];
	o->child = child;
	return true;
}

bool output_redirect(struct output *o, enum sink sink, struct slice target, struct error *error)
{
	struct buf name = BUF_INIT;
	buf_add_slice(&name, target);
	const char *text = buf_cstr(&name);
	bool ok;

	output_flush(o);
	if (sink == SINK_PIPE) {
		ok = open_pipe(o, text);
		if (!ok)
			error_set(error, "nothing was sent", "cannot run \"%s\": %s", text,
			          strerror(errno));
	} else {
		int how = sink == SINK_APPEND ? O_APPEND : O_TRUNC;
		int fd = open(text, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
		ok = fd >= 0 && strlen(text) == target.len;
		if (ok)
			o->fd = fd;
		else
			error_set(error, "nothing was sent; check the path and its rights",
			          "cannot write \"%s\": %s", text, strerror(errno));
	}
	if (ok)
		o->sink = sink;
	buf_release(&name);
	return ok;
}

/* Waits for the program that reads our results. */
static void wait_child(struct output *o)
{
	while (waitpid((pid_t)o->child, NULL, 0) < 0 && errno == EINTR)
		;
	o->child = 0;
}

bool output_restore(struct output *o, struct error *error)
{
	if (o->sink == SINK_NONE)
		return true;
	output_flush(o);
	int failed = o->failed;
	if (close(o->fd) != 0 && !failed)
		failed = errno;
	if (o->child)
		wait_child(o);
	/* A reader that has seen enough and leaves is no failure: `| head -1`. */
	if (o->sink == SINK_PIPE && failed == EPIPE)
		failed = 0;
	o->fd = STDOUT_FILENO;
	o->failed = 0;
	o->sink = SINK_NONE;
	if (failed)
		error_set(error, "what was written before is there", "cannot write the output: %s",
		          strerror(failed));
	return failed == 0;
}

static size_t count_lines(struct slice text)
{
	size_t lines = 0;
	for (const char *p = text.data, *end = text.data + text.len; p < end; p++) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p)
			break;
		lines++;
	}
	return lines;
}

void output_page(struct output *o, unsigned rows)
{
	if (o->results.len == 0 || count_lines(buf_slice(&o->results)) < rows) {
		output_flush(o);
		return;
	}
	const char *pager = getenv("PAGER");
	if (!pager || !*pager)
		pager = "less";
	/* What less needs to show colours, to leave short text alone and the screen as it is. */
	setenv("LESS", "FRX", 0);
	if (strcmp(pager, "cat") == 0 || !open_pipe(o, pager)) {
		output_flush(o);
		return;
	}
	output_flush(o);
	close(o->fd);
	wait_child(o);
	o->fd = STDOUT_FILENO;
	o->failed = 0;
}
