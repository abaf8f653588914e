#include "shell/io/sink.h"

#include "base/file.h"

#include "shell/io/interrupt.h"
#include "shell/io/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file without a name. -1: errno says why. */
static int open_nameless(void)
{
	FILE *file = tmpfile();
	int fd = file ? fcntl(fileno(file), F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1;
	if (file)
		fclose(file);
	return fd;
}

/* Shows what the sink's program printed. */
static void show_caught(struct output *o)
{
	output_unmark(o);
	lseek(o->caught, 0, SEEK_SET);
	for (;;) {
		char *space = buf_reserve(&o->results, OUTPUT_BLOCK);
		ssize_t n = read(o->caught, space, OUTPUT_BLOCK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		o->results.len += (size_t)n;
		output_flush(o);
	}
	close(o->caught);
	o->caught = -1;
}

/* Sends results into a pipe that COMMAND reads. False: errno says why. */
static bool open_pipe(struct output *o, const char *command, bool shielded)
{
	int fds[2];
	pid_t child;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	int code = spawn_shell(command, fds[0], o->caught, shielded, &child);
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

/* The same, with a file for what COMMAND prints where that is copied. */
static bool open_program(struct output *o, const char *command, struct error *error)
{
	bool copied = output_copied(o);
	o->caught = copied ? open_nameless() : -1;
	if ((!copied || o->caught >= 0) && open_pipe(o, command, interrupt_fd() >= 0))
		return true;
	error_set(error, "nothing was sent", "cannot run \"%s\": %s", command, strerror(errno));
	file_close(&o->caught);
	return false;
}

static bool open_file(struct output *o, const char *name, bool append, struct error *error)
{
	int how = append ? O_APPEND : O_TRUNC;
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
	if (fd < 0)
		return error_set(error, "nothing was sent; check the path and its rights",
		                 "cannot write \"%s\": %s", name, strerror(errno));
	o->fd = fd;
	return true;
}

bool sink_open(struct output *o, enum sink sink, struct slice target, struct error *error)
{
	if (o->marked && sink == SINK_PIPE)
		return error_set(
		    error, "nothing was sent; take the reply's lines, or write to a file by >",
		    "a driver cannot read what a program would print");
	if (target.len > 0 && memchr(target.data, '\0', target.len))
		return error_set(error, "nothing was sent",
		                 "a NUL byte is in the name of a file or a program");
	struct buf name = BUF_INIT;
	buf_add_slice(&name, target);
	const char *text = buf_cstr(&name);
	output_flush(o);
	bool ok = sink == SINK_PIPE ? open_program(o, text, error)
	                            : open_file(o, text, sink == SINK_APPEND, error);
	if (ok)
		o->sink = sink;
	o->fed = false;
	buf_release(&name);
	return ok;
}

bool sink_appends(const struct output *o)
{
	struct stat st;
	return o->sink == SINK_APPEND && fstat(o->fd, &st) == 0 && st.st_size > 0;
}

/* Waits for the program that reads our results; its exit status, as the shell gives it. One that
 * goes on after its input has ended is ended by Ctrl-C, of which PRESSED were for the command. */
static int wait_child(struct output *o, int pressed)
{
	int status = 0, signal = SIGTERM;
	do {
		if (interrupt_count() > pressed) {
			pressed = interrupt_count();
			kill(o->child, signal);
			signal = SIGKILL;
		}
	} while (waitpid(o->child, &status, 0) < 0 && errno == EINTR);
	o->child = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

bool sink_close(struct output *o, bool given_up, int *code, struct error *error)
{
	*code = 0;
	if (o->sink == SINK_NONE)
		return true;
	output_flush(o);
	int failed = o->failed;
	if (close(o->fd) != 0 && !failed)
		failed = errno;
	if (o->child) {
		/* One that has nothing to read, or does not, is not waited for. */
		bool reads = o->fed && failed != EINTR;
		*code = wait_child(o, given_up && reads ? interrupt_count() : 0);
		o->adrift = o->caught < 0;
	}
	/* A reader that has seen enough and leaves is not a failure: `| head -1`. Ctrl-C is
	 * reported by the command. */
	if (o->sink == SINK_PIPE && (failed == EPIPE || failed == EINTR))
		failed = 0;
	o->fd = STDOUT_FILENO;
	o->failed = 0;
	o->sink = SINK_NONE;
	if (o->caught >= 0)
		show_caught(o);
	if (failed)
		error_set(error, "what was written before is there", "cannot write the output: %s",
		          strerror(failed));
	return failed == 0;
}

/* Whether a program of that name is in PATH. */
static bool is_installed(const char *name)
{
	struct slice rest = slice_str(getenv("PATH"));
	struct buf path = BUF_INIT;
	bool found = false;
	while (rest.len > 0 && !found) {
		buf_clear(&path);
		buf_add_slice(&path, slice_take(&rest, ':'));
		buf_addf(&path, "/%s", name);
		found = access(buf_cstr(&path), X_OK) == 0;
	}
	buf_release(&path);
	return found;
}

/* What less needs to show colours, to leave short text alone and the screen as it is. Of the
 * options that the user has chosen all stay, and -R stands before them, without which a colour is
 * ESC[32m. */
static void set_less(void)
{
	const char *chosen = getenv("LESS");
	struct buf options = BUF_INIT;
	if (!chosen)
		buf_add_str(&options, "FRX");
	else if (strncmp(chosen, "-R ", 3) == 0)
		buf_add_str(&options, chosen);
	else
		buf_addf(&options, "-R %s", chosen);
	setenv("LESS", buf_cstr(&options), 1);
	buf_release(&options);
}

/* Gives PAGER what has gathered, and waits for its end. Its exit status; 127 when it cannot be run.
 */
static int page_through(struct output *o, const char *pager)
{
	set_less();
	if (!open_pipe(o, pager, false))
		return 127;
	output_show(o, o->fd);
	close(o->fd);
	o->fd = STDOUT_FILENO;
	return wait_child(o, INT_MAX);
}

/* The user's pager; NULL for none. */
static const char *find_pager(void)
{
	const char *pager = getenv("PAGER");
	if (!pager || !*pager)
		pager = is_installed("less") ? "less" : "cat";
	return strcmp(pager, "cat") != 0 ? pager : NULL;
}

bool sink_page(struct output *o, struct error *error)
{
	const char *pager = find_pager();
	int code = 0;
	if (pager) {
		code = page_through(o, pager);
		o->adrift = true;
	}
	if (pager && code == 0)
		output_forget(o);
	else if (pager) /* what it may not have shown is not lost */
		error_set(error,
		          "its whole output follows; change $PAGER or $LESS, or .set pager off",
		          "the pager \"%s\" ended with status %d", pager, code);
	return code == 0;
}
