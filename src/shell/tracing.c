#include "shell/tracing.h"
#include "shell/report.h"

#include "base/file.h"
#include "base/xalloc.h"
#include "shell/session.h"
#include "view/explain/explain.h"
#include "view/text/fit.h"
#include "view/text/paint.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What a pipe that poll(2) calls writable takes without waiting (PIPE_BUF on Linux). */
#define PIPE_STEP ((size_t)4096)
/* So much may wait to be written before no more is asked for, and so much at all. */
#define WAITING_MAX ((size_t)256 * 1024)
#define HELD_MAX    ((size_t)32 * 1024 * 1024)

/* Of the lines of one form in an answer, such as STAT, so many are explained. */
#define ALIKE_MAX 3

static bool to_terminal(const struct session *s)
{
	return s->mode.interactive && s->output.sink == SINK_NONE && !s->settings.trace_file[0];
}

/* Where what has been traced gathers. */
static struct buf *text_of(struct session *s)
{
	return to_terminal(s) ? &s->output.results : &s->tracing.text;
}

/* Writes the trace where much has gathered. */
static void write_gathered(struct session *s)
{
	if (s->tracing.text.len >= OUTPUT_BLOCK) {
		if (s->tracing.holding)
			tracing_write_some(s);
		else
			tracing_write(s);
	}
	if (!s->tracing.holding)
		output_tick(&s->output);
}

/* A request that was explained when it was queued: it is shown when it is sent. */
struct unsent {
	const char *server;
	struct buf text;
};

/* Shows the explained requests to SERVER; with NULL they are dropped, whoever they were for. */
static void end_unsent(struct session *s, const char *server)
{
	struct tracing *t = &s->tracing;
	size_t kept = 0;
	for (size_t i = 0; i < t->unsent_count; i++) {
		struct unsent *u = &t->unsent[i];
		if (server && u->server != server) {
			t->unsent[kept++] = *u;
			continue;
		}
		if (server)
			buf_add_slice(text_of(s), buf_slice(&u->text));
		buf_release(&u->text);
	}
	t->unsent_count = kept;
}

/* Says how many lines were left out since the last that was explained. */
static void end_alike(struct session *s)
{
	struct tracing *t = &s->tracing;
	if (t->alike_count > ALIKE_MAX) {
		size_t more = t->alike_count - ALIKE_MAX;
		paint_on(text_of(s), s->style.color && to_terminal(s), PAINT_DIM);
		buf_addf(text_of(s), "%s %zu more line%s like %s", fit_ellipsis(s->style.utf8),
		         more, more == 1 ? "" : "s", more == 1 ? "this" : "these");
		paint_off(text_of(s), s->style.color && to_terminal(s), PAINT_DIM);
		buf_add_str(text_of(s), "\n\n");
	}
	t->alike_count = 0;
}

/* Whether REPLY is a line like enough others that were explained already. */
static bool is_more_alike(struct session *s, const char *server, const struct reply *reply)
{
	struct tracing *t = &s->tracing;
	bool listed = reply && !reply->block &&
	              (reply->kind == REPLY_STAT || reply->kind == REPLY_LINE);
	if (!listed || t->alike != reply->kind || t->alike_server != server)
		end_alike(s);
	if (!listed)
		return false;
	t->alike = reply->kind;
	t->alike_server = server;
	return ++t->alike_count > ALIKE_MAX;
}

static void on_message(void *ctx, const char *server, const struct request *request,
                       const struct reply *reply, struct slice bytes, const struct fields *fields,
                       bool own)
{
	struct session *s = ctx;
	struct tracing *t = &s->tracing;
	struct message m = {.request = request,
	                    .reply = reply,
	                    .bytes = bytes,
	                    .fields = fields,
	                    .own = own,
	                    .profile = codecs[s->settings.profile],
	                    .now = time(NULL)};
	struct buf *out = text_of(s);
	struct style style = s->style;
	bool json = style.format == FORMAT_JSON;
	if (t->holding && t->text.len > HELD_MAX) {
		t->cut = true;
		return;
	}
	if (!json && is_more_alike(s, server, reply))
		return;
	style.color = style.color && to_terminal(s);
	if (json || client_server_count(s->servers.client) > 1)
		m.server = server;
	if (!reply) {
		t->unsent =
		    xgrow(t->unsent, &t->unsent_cap, t->unsent_count + 1, sizeof(*t->unsent));
		struct unsent *u = &t->unsent[t->unsent_count++];
		*u = (struct unsent){.server = server};
		out = &u->text;
	}
	if (json) {
		explain_json(out, &m);
		buf_add_char(out, '\n');
	} else {
		explain_draw(out, &style, &m);
	}
	write_gathered(s);
}

/* In the mode explain: bytes say no more than that requests are being sent. */
static void on_send(void *ctx, const char *server, bool sent, struct slice bytes, unsigned marks)
{
	(void)bytes;
	(void)marks;
	if (sent)
		end_unsent(ctx, server);
}

static void on_bytes(void *ctx, const char *server, bool sent, struct slice bytes, unsigned marks)
{
	struct session *s = ctx;
	s->tracing.trace.server = client_server_count(s->servers.client) > 1 ? server : NULL;
	if (s->tracing.holding && s->tracing.text.len > HELD_MAX) {
		s->tracing.cut = true;
		return;
	}
	trace_add(&s->tracing.trace, text_of(s), sent ? TRACE_SENT : TRACE_RECEIVED, bytes,
	          (marks & CLIENT_TRACE_SECRET ? TRACE_SECRET : 0) |
	              (marks & CLIENT_TRACE_OWN ? TRACE_OWN : 0) |
	              (marks & CLIENT_TRACE_QUESTION ? TRACE_QUESTION : 0) |
	              (marks & CLIENT_TRACE_PACKETS ? TRACE_PACKETS : 0));
	write_gathered(s);
}

void tracing_begin(struct session *s)
{
	bool on = s->settings.trace != TRACE_OFF && !s->run.quiet;
	bool explains = s->settings.trace == TRACE_EXPLAIN;
	s->servers.options.trace = !on ? NULL : explains ? on_send : on_bytes;
	s->servers.options.message = on && explains ? on_message : NULL;
	s->servers.options.trace_ctx = s;
	s->tracing.trace.mode = s->settings.trace;
	s->tracing.trace.color = to_terminal(s) && s->style.color;
	s->tracing.trace.line_max = to_terminal(s) ? s->settings.max_shown : 0;
}

/* The file cannot be had, or takes no more: that is reported once, and counts. */
static void give_file_up(struct session *s, int code)
{
	struct error error;
	error_set(&error, "the trace goes to standard error",
	          "cannot write the trace file \"%s\": %s", s->settings.trace_file, strerror(code));
	s->settings.trace_file[0] = '\0';
	report_error(s, STATUS_LOST, &error);
	verdict_raise(&s->verdict, STATUS_LOST);
}

/* The file's descriptor; opened when its name is new. A file that cannot be opened is reported
 * once, and the trace goes to standard error. */
static int trace_file(struct session *s)
{
	if (!s->settings.trace_file[0])
		return STDERR_FILENO;
	if (s->tracing.fd < 0 || strcmp(s->tracing.open, s->settings.trace_file) != 0) {
		if (s->tracing.fd >= 0)
			close(s->tracing.fd);
		s->tracing.fd = file_open(s->settings.trace_file,
		                          O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0600);
		snprintf(s->tracing.open, sizeof(s->tracing.open), "%s", s->settings.trace_file);
	}
	if (s->tracing.fd < 0) {
		give_file_up(s, errno);
		return STDERR_FILENO;
	}
	return s->tracing.fd;
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
	output_capture(&s->output, text);
	int code = s->output.mute ? 0 : output_write(&s->output, STDERR_FILENO, text);
	/* Without standard error, or without a reader of it, nothing is missed. */
	if (code != 0 && code != EBADF && code != EPIPE)
		verdict_raise(&s->verdict, STATUS_LOST);
}

void tracing_write(struct session *s)
{
	if (s->tracing.text.len > 0) {
		put(s, trace_file(s), buf_slice(&s->tracing.text));
		buf_clear(&s->tracing.text);
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
	if (s->tracing.text.len == 0)
		return -1;
	int fd = trace_file(s);
	if ((fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) || s->output.mute) {
		tracing_write(s);
		return -1;
	}
	while (done < s->tracing.text.len && is_writable(fd)) {
		struct slice piece = slice_skip(buf_slice(&s->tracing.text), done);
		if (piece.len > PIPE_STEP)
			piece.len = PIPE_STEP;
		put(s, fd, piece);
		fd = trace_file(s);
		done += piece.len;
	}
	buf_drop(&s->tracing.text, done);
	return s->tracing.text.len > WAITING_MAX ? fd : -1;
}

void tracing_end(struct session *s)
{
	if (!s->servers.options.trace)
		return;
	trace_flush(&s->tracing.trace, text_of(s));
	end_alike(s);
	end_unsent(s, NULL);
	tracing_write(s);
	if (s->tracing.cut)
		report_errorf(s, STATUS_OK, "a list of keys does not wait for who reads the trace",
		              "note: a part of the trace was left out, because it was read slowly");
	s->tracing.cut = false;
}

void tracing_init(struct tracing *tracing)
{
	*tracing = (struct tracing){.fd = -1};
	trace_init(&tracing->trace);
}

void tracing_release(struct tracing *tracing)
{
	if (tracing->fd >= 0)
		close(tracing->fd);
	buf_release(&tracing->text);
	free(tracing->unsent);
	trace_release(&tracing->trace);
}
