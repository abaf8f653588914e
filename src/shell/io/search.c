#include "shell/io/search.h"

#include "base/deadline.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "shell/io/interrupt.h"
#include "view/text/time.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

/* As many matches are read at once. */
#define BATCH 64

/* A child process closes the descriptors below this. */
#define FDS_MAX 1024

/* What runs in the child process: gives what it finds to found. */
typedef enum search_end search_fn(const struct search *s);

static enum search_end each_line(const struct search *s)
{
	struct slice rest = s->text;
	struct search_match m = {0};
	for (m.line_number = 1; m.line_number == 1 || rest.len > 0; m.line_number++) {
		struct slice line = slice_take(&rest, '\n');
		m.len = line.len;
		if (interrupt_pending())
			return SEARCH_INTERRUPTED;
		if (clock_now() > s->deadline)
			return SEARCH_LATE;
		if (line.data && pattern_find(s->pattern, line, &m.at, &m.found_len) &&
		    !s->found(s->ctx, &m))
			break;
		m.line += line.len + 1;
	}
	return SEARCH_DONE;
}

static enum search_end whole_text(const struct search *s)
{
	struct search_match m = {.line_number = 1, .len = s->text.len};
	if (clock_now() > s->deadline)
		return SEARCH_LATE;
	if (pattern_matches(s->pattern, s->text))
		s->found(s->ctx, &m);
	return SEARCH_DONE;
}

/* In the child process: what was found is handed over at once, the next line may take its time. */
static bool hand_over(void *ctx, const struct search_match *m)
{
	const int *fd = ctx;
	return file_write(*fd, slice_of((const char *)m, sizeof(*m)));
}

static bool read_whole(int fd, void *to, size_t len)
{
	char *at = to;
	while (len > 0) {
		ssize_t n = read(fd, at, len);
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		at += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* In the child process: a length and as many bytes are a text, whose matches go out, and after them
 * one of line 0. */
static _Noreturn void serve(struct search *s, search_fn *run, int in, int out)
{
	struct search_match end = {0};
	size_t len;
	s->ctx = &out;
	s->found = hand_over;
	s->deadline = DEADLINE_NEVER;
	while (read_whole(in, &len, sizeof(len))) {
		char *text = xmalloc(len + 1);
		text[len] = '\0';
		s->text = slice_of(text, len);
		if (!read_whole(in, text, len) || run(s) != SEARCH_DONE || !hand_over(&out, &end))
			break;
		free(text);
	}
	_exit(0);
}

/* Signals stay blocked here: Ctrl-C and Ctrl-Z are for the parent, which kills this process. Its
 * connections are not kept open here. */
static _Noreturn void be_child(struct search s, search_fn *run, int in, int out, pid_t parent)
{
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
#else
	(void)parent;
#endif
	xalloc_at_end(NULL, NULL); /* what the parent has to write and to remove is its own */
	for (int fd = STDERR_FILENO + 1; fd < FDS_MAX; fd++) {
		if (fd != in && fd != out)
			close(fd);
	}
	serve(&s, run, in, out);
}

static bool start_child(const struct search *s, search_fn *run, struct search_child *c)
{
	int to[2], from[2];
	sigset_t all, before;
	pid_t self = getpid();
	if (pipe2(to, O_CLOEXEC) != 0)
		return false;
	if (pipe2(from, O_CLOEXEC) != 0) {
		close(to[0]);
		close(to[1]);
		return false;
	}
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	c->pid = fork();
	if (c->pid == 0)
		be_child(*s, run, to[0], from[1], self);
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(to[0]);
	close(from[1]);
	c->to = to[1];
	c->from = from[0];
	if (c->pid < 0)
		search_child_end(c);
	return c->pid > 0;
}

void search_child_end(struct search_child *c)
{
	if (c->pid == 0)
		return;
	if (c->pid > 0)
		kill(c->pid, SIGKILL);
	while (c->pid > 0 && waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(c->to);
	close(c->from);
	c->pid = 0;
}

/* Passes on what comes from FD. True at the end of the text, or when it was enough. */
static bool collect(const struct search *s, int fd, bool *enough)
{
	struct search_match matches[BATCH];
	size_t have = 0;
	while (interrupt_wait(fd, POLLIN, s->deadline)) {
		ssize_t n = read(fd, (char *)matches + have, sizeof(matches) - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		have += (size_t)n;
		size_t count = have / sizeof(matches[0]);
		for (size_t i = 0; i < count; i++) {
			if (matches[i].line_number == 0)
				return true;
			*enough = !s->found(s->ctx, &matches[i]);
			if (*enough)
				return true;
		}
		have -= count * sizeof(matches[0]);
		memmove(matches, matches + count, have);
	}
	return false;
}

static enum search_end in_child(const struct search *s, search_fn *run)
{
	struct search_child own = {0}, *c = s->child ? s->child : &own;
	bool enough = false;
	if (c->pid == 0 && !start_child(s, run, c))
		return SEARCH_LATE;
	bool ended = file_write(c->to, slice_of((const char *)&s->text.len, sizeof(size_t))) &&
	             file_write(c->to, s->text) && collect(s, c->from, &enough);
	if (!ended || enough || c == &own)
		search_child_end(c);
	if (ended)
		return SEARCH_DONE;
	return interrupt_pending() ? SEARCH_INTERRUPTED : SEARCH_LATE;
}

static bool has_long_line(struct slice text)
{
	while (text.len > SEARCH_LINE) {
		if (slice_take(&text, '\n').len > SEARCH_LINE)
			return true;
	}
	return false;
}

enum search_end search_lines(const struct search *s)
{
	if (pattern_is_quick(s->pattern) || !has_long_line(s->text))
		return each_line(s);
	return in_child(s, each_line);
}

static bool note(void *ctx, const struct search_match *m)
{
	bool *found = ctx;
	(void)m;
	*found = true;
	return false;
}

enum search_end search_matches(const struct pattern *pattern, struct slice text, int64_t deadline,
                               bool *found)
{
	struct search s = {
	    .pattern = pattern, .text = text, .deadline = deadline, .ctx = found, .found = note};
	*found = false;
	if (pattern_is_quick(pattern) || text.len <= SEARCH_LINE)
		return whole_text(&s);
	return in_child(&s, whole_text);
}

void search_say_late(struct error *error, uint64_t timeout_ms, size_t size)
{
	error_set(error, "write a simpler one; .set timeout gives it longer",
	          "the expression took longer than %s in %s of output",
	          time_text((int64_t)timeout_ms * NSEC_PER_MSEC).s, size_text(size).s);
}
