#include "shell/tracing.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a pipe that poll(2) calls writable takes without waiting (PIPE_BUF on Linux). */
#define PIPE_STEP ((size_t)4096)
/* So much may wait to be written before no more is asked for, and so much at all. */
#define WAITING_MAX ((size_t)256 * 1024)
#define HELD_MAX    ((size_t)32 * 1024 * 1024)

static bool to_terminal(const struct session *s)
{
	return s->interactive && s->output.sink == SINK_NONE && !s->settings.trace_file[0];
}

static void on_bytes(void *ctx, const char *server, bool sent, struct slice bytes, unsigned marks)
{
	struct session *s = ctx;
	s->trace.server = client_server_count(s->client) > 1 ? server : NULL;
	if (s->holding && s->trace_text.len > HELD_MAX) {
		s->trace_cut = true;
		return;
	}
	trace_add(&s->trace, to_terminal(s) ? &s->output.results : &s->trace_text,
	          sent ? TRACE_SENT : TRACE_RECEIVED, bytes,
	          (marks & CLIENT_TRACE_SECRET ? TRACE_SECRET : 0) |
	              (marks & CLIENT_TRACE_OWN ? TRACE_OWN : 0));
	if (s->trace_text.len >= OUTPUT_BLOCK) {
		if (s->holding)
			tracing_write_some(s);
		else
			tracing_write(s);
	}
	if (!s->holding)
		output_tick(&s->output);
}

void tracing_begin(struct session *s)
{
	bool on = s->settings.trace != TRACE_OFF && !s->quiet;
	s->options.trace = on ? on_bytes : NULL;
	s->options.trace_ctx = s;
	s->trace.mode = s->settings.trace;
	s->trace.color = to_terminal(s) && s->style.color;
	s->trace.line_max = to_terminal(s) ? s->settings.max_shown : 0;
}

/* The file cannot be had, or takes no more: that is reported once, and counts. */
static void give_file_up(struct session *s, int code)
{
	struct error error;
	error_set(&error, "the trace goes to standard error",
	          "cannot write the trace file \"%s\": %s", s->settings.trace_file, strerror(code));
	s->settings.trace_file[0] = '\0';
	session_fail(s, STATUS_LOST, &error);
	s->worst = status_max(s->worst, STATUS_LOST);
	s->reply = status_max(s->reply, STATUS_LOST);
}

/* The file's descriptor; opened when its name is new. A file that cannot be opened is told once,
 * and the trace goes to standard error. */
static int trace_file(struct session *s)
{
	if (!s->settings.trace_file[0])
		return STDERR_FILENO;
	if (s->trace_fd < 0 || strcmp(s->trace_open, s->settings.trace_file) != 0) {
		if (s->trace_fd >= 0)
			close(s->trace_fd);
		s->trace_fd = file_open(s->settings.trace_file,
		                        O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0600);
		snprintf(s->trace_open, sizeof(s->trace_open), "%s", s->settings.trace_file);
	}
	if (s->trace_fd < 0) {
		give_file_up(s, errno);
		return STDERR_FILENO;
	}
	return s->trace_fd;
}

/* Writes a part of the trace to FD, and to standard error what the file does not take. */
static void put(struct session *s, int fd, struct slice text)
{
	if (fd != STDERR_FILENO) {
		int code = output_write(&s->output, fd, text);
		if (code == 0)
			return;
		give_file_up(s, code);
	}
	output_hear(&s->output, text);
	int code = s->output.mute ? 0 : output_write(&s->output, STDERR_FILENO, text);
	/* Where there is no standard error, or nobody reads it, nothing is missed. */
	if (code != 0 && code != EBADF && code != EPIPE)
		s->worst = status_max(s->worst, STATUS_LOST);
}

void tracing_write(struct session *s)
{
	if (s->trace_text.len > 0) {
		put(s, trace_file(s), buf_slice(&s->trace_text));
		buf_clear(&s->trace_text);
	}
}

static bool is_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	return poll(&p, 1, 0) > 0;
}

int tracing_write_some(struct session *s)
{
	struct stat st;
	size_t done = 0;
	if (s->trace_text.len == 0)
		return -1;
	int fd = trace_file(s);
	if ((fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) || s->output.mute) {
		tracing_write(s);
		return -1;
	}
	while (done < s->trace_text.len && is_writable(fd)) {
		struct slice piece = slice_skip(buf_slice(&s->trace_text), done);
		if (piece.len > PIPE_STEP)
			piece.len = PIPE_STEP;
		put(s, fd, piece);
		fd = trace_file(s);
		done += piece.len;
	}
	buf_drop(&s->trace_text, done);
	return s->trace_text.len > WAITING_MAX ? fd : -1;
}

void tracing_end(struct session *s)
{
	if (!s->options.trace)
		return;
	trace_flush(&s->trace, to_terminal(s) ? &s->output.results : &s->trace_text);
	tracing_write(s);
	if (s->trace_cut)
		session_failf(s, STATUS_OK, "a list of keys does not wait for who reads the trace",
		              "note: a part of the trace was left out, because it was read slowly");
	s->trace_cut = false;
}

void tracing_release(struct session *s)
{
	if (s->trace_fd >= 0)
		close(s->trace_fd);
	buf_release(&s->trace_text);
	trace_release(&s->trace);
}
