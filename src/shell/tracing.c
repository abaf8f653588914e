#include "shell/tracing.h"

#include "base/file.h"
#include "base/xalloc.h"
#include "shell/report.h"
#include "view/explain/explain.h"
#include "view/text/fit.h"
#include "view/text/paint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* So much may wait to be written before no more is asked for, and so much at all. */
#define WAITING_MAX ((size_t)256 * 1024)
#define HELD_MAX    ((size_t)32 * 1024 * 1024)

/* Of the lines of one form in an answer, such as STAT, so many are explained. */
#define ALIKE_MAX 3

static bool to_terminal(const struct tracing *t)
{
	return t->session->mode.interactive && t->session->output.sink == SINK_NONE &&
	       !t->session->settings.trace_file[0];
}

/* Where what has been traced gathers. */
static struct buf *text_of(struct tracing *t)
{
	return to_terminal(t) ? &t->session->output.results : &t->text;
}

/* Writes the trace where much has gathered. */
static void write_gathered(struct tracing *t)
{
	if (t->text.len >= OUTPUT_BLOCK) {
		if (t->holding)
			tracing_write_some(t);
		else
			tracing_write(t);
	}
	if (!t->holding)
		output_tick(&t->session->output);
}

/* A request that was explained when it was queued: it is shown when it is sent. */
struct unsent {
	const char *server;
	struct buf text;
};

/* Shows the explained requests to SERVER; with NULL they are dropped, whoever they were for. */
static void end_unsent(struct tracing *t, const char *server)
{
	size_t kept = 0;
	for (size_t i = 0; i < t->unsent_count; i++) {
		struct unsent *u = &t->unsent[i];
		if (server && u->server != server) {
			t->unsent[kept++] = *u;
			continue;
		}
		if (server)
			buf_add_slice(text_of(t), buf_slice(&u->text));
		buf_release(&u->text);
	}
	t->unsent_count = kept;
}

/* Says how many lines were left out since the last that was explained. */
static void end_alike(struct tracing *t)
{
	if (t->alike_count > ALIKE_MAX) {
		size_t more = t->alike_count - ALIKE_MAX;
		paint_on(text_of(t), t->session->style.color && to_terminal(t), PAINT_DIM);
		buf_addf(text_of(t), "%s %zu more line%s like %s",
		         fit_ellipsis(t->session->style.utf8), more, more == 1 ? "" : "s",
		         more == 1 ? "this" : "these");
		paint_off(text_of(t), t->session->style.color && to_terminal(t), PAINT_DIM);
		buf_add_str(text_of(t), "\n\n");
	}
	t->alike_count = 0;
}

/* Whether REPLY is a line like enough others that were explained already. */
static bool is_more_alike(struct tracing *t, const char *server, const struct reply *reply)
{
	bool listed = reply && !reply->block &&
	              (reply->kind == REPLY_STAT || reply->kind == REPLY_LINE);
	if (!listed || t->alike != reply->kind || t->alike_server != server)
		end_alike(t);
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
	struct tracing *t = ctx;
	struct message m = {.request = request,
	                    .reply = reply,
	                    .bytes = bytes,
	                    .fields = fields,
	                    .own = own,
	                    .profile = codecs[t->session->settings.profile],
	                    .now = time(NULL)};
	struct buf *out = text_of(t);
	struct style style = t->session->style;
	bool json = style.format == FORMAT_JSON;
	if (t->holding && t->text.len > HELD_MAX) {
		t->cut = true;
		return;
	}
	if (!json && is_more_alike(t, server, reply))
		return;
	style.color = style.color && to_terminal(t);
	if (json || client_server_count(t->session->servers.client) > 1)
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
	write_gathered(t);
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
	struct tracing *t = ctx;
	t->trace.server = client_server_count(t->session->servers.client) > 1 ? server : NULL;
	if (t->holding && t->text.len > HELD_MAX) {
		t->cut = true;
		return;
	}
	trace_add(&t->trace, text_of(t), sent ? TRACE_SENT : TRACE_RECEIVED, bytes,
	          (marks & CLIENT_TRACE_SECRET ? TRACE_SECRET : 0) |
	              (marks & CLIENT_TRACE_OWN ? TRACE_OWN : 0) |
	              (marks & CLIENT_TRACE_QUESTION ? TRACE_QUESTION : 0) |
	              (marks & CLIENT_TRACE_PACKETS ? TRACE_PACKETS : 0));
	write_gathered(t);
}

void tracing_begin(struct tracing *t)
{
	bool on = t->session->settings.trace != TRACE_OFF && !t->session->run.quiet;
	bool explains = t->session->settings.trace == TRACE_EXPLAIN;
	t->session->servers.options.trace = !on ? NULL : explains ? on_send : on_bytes;
	t->session->servers.options.message = on && explains ? on_message : NULL;
	t->session->servers.options.trace_ctx = t;
	t->trace.mode = t->session->settings.trace;
	t->trace.color = to_terminal(t) && t->session->style.color;
	t->trace.line_max = to_terminal(t) ? t->session->settings.max_shown : 0;
}

/* The file cannot be had, or takes no more: that is reported once, and counts. */
static void give_file_up(struct tracing *t, int code)
{
	struct error error;
	error_set(&error, "the trace goes to standard error",
	          "cannot write the trace file \"%s\": %s", t->session->settings.trace_file,
	          strerror(code));
	t->session->settings.trace_file[0] = '\0';
	report_error(t->session, STATUS_LOST, &error);
	verdict_raise(&t->session->verdict, STATUS_LOST);
}

/* The file's descriptor; opened when its name is new. A file that cannot be opened is reported
 * once, and the trace goes to standard error. */
static int trace_file(struct tracing *t)
{
	if (!t->session->settings.trace_file[0])
		return STDERR_FILENO;
	if (t->fd < 0 || strcmp(t->open, t->session->settings.trace_file) != 0) {
		file_close(&t->fd);
		t->fd = file_open(t->session->settings.trace_file,
		                  O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0600);
		snprintf(t->open, sizeof(t->open), "%s", t->session->settings.trace_file);
	}
	if (t->fd < 0) {
		give_file_up(t, errno);
		return STDERR_FILENO;
	}
	return t->fd;
}

/* Writes a part of the trace to FD, and to standard error what the file does not take. */
static void put(struct tracing *t, int fd, struct slice text)
{
	if (fd != STDERR_FILENO) {
		int code = output_write(&t->session->output, fd, text);
		if (code == 0)
			return;
		give_file_up(t, code);
	}
	output_capture(&t->session->output, text);
	int code = t->session->output.mute ? 0
	                                   : output_write(&t->session->output, STDERR_FILENO, text);
	/* Without standard error, or without a reader of it, nothing is missed. */
	if (code != 0 && code != EBADF && code != EPIPE)
		verdict_raise(&t->session->verdict, STATUS_LOST);
}

void tracing_write(struct tracing *t)
{
	if (t->text.len > 0) {
		put(t, trace_file(t), buf_slice(&t->text));
		buf_clear(&t->text);
	}
}

int tracing_write_some(struct tracing *t)
{
	struct stat st;
	size_t done = 0;
	if (t->text.len == 0)
		return -1;
	int fd = trace_file(t);
	if ((fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) || t->session->output.mute) {
		tracing_write(t);
		return -1;
	}
	while (done < t->text.len && file_is_writable(fd)) {
		struct slice piece = slice_skip(buf_slice(&t->text), done);
		if (piece.len > FILE_PIPE_STEP)
			piece.len = FILE_PIPE_STEP;
		put(t, fd, piece);
		fd = trace_file(t);
		done += piece.len;
	}
	buf_drop(&t->text, done);
	return t->text.len > WAITING_MAX ? fd : -1;
}

void tracing_end(struct tracing *t)
{
	if (!t->session->servers.options.trace)
		return;
	trace_flush(&t->trace, text_of(t));
	end_alike(t);
	end_unsent(t, NULL);
	tracing_write(t);
	if (t->cut) {
		struct error error;
		error_set(&error, "a list of keys does not wait for who reads the trace",
		          "note: a part of the trace was left out, because it was read slowly");
		report_error(t->session, STATUS_OK, &error);
	}
	t->cut = false;
}

void tracing_init(struct tracing *tracing, struct session *s)
{
	*tracing = (struct tracing){.session = s, .fd = -1};
	trace_init(&tracing->trace);
}

void tracing_release(struct tracing *tracing)
{
	file_close(&tracing->fd);
	buf_release(&tracing->text);
	free(tracing->unsent);
	trace_release(&tracing->trace);
}
