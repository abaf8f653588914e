#include "shell/flow/show.h"

#include "base/quote.h"
#include "client/client_wait.h"
#include "proto/reply_reader.h"
#include "shell/flow/live.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/advice.h"
#include "view/format/format.h"

/* "set foo" or "stats": the command and its first key, for an error. */
static void name_command(const struct question *q, struct buf *out)
{
	const struct request *request = q->request;
	buf_add_str(out, q->command);
	if (request_expects(request) == EXPECT_ADMIN && request->text.len > 0) {
		buf_add_char(out, ' ');
		quote_add_word(out, slice_before(request->text, ' '));
	}
	if (request->key_count > 0) {
		buf_add_char(out, ' ');
		quote_add_word(out, request->keys[0]);
		if (request->key_count > 1)
			buf_add_str(out, " ...");
	}
	if (q->label)
		buf_addf(out, " at %s", q->server);
}

/* Reports REPLY, an error, after the bytes that explain it. */
static void report_reply(struct show *w, const struct reply *reply)
{
	struct session *s = w->session;
	tracing_write(&s->tracing);
	if (reply->kind == REPLY_LOST) {
		report_error(s, STATUS_LOST, reply->error);
		return;
	}
	struct buf name = BUF_INIT;
	name_command(&w->question, &name);
	report_errorf(s, STATUS_SERVER, advice_for(w->question.request, reply), "%s: %s",
	              buf_cstr(&name), reply_text(reply).s);
	buf_release(&name);
}

static bool is_failure(const struct reply *reply)
{
	return reply_is_error(reply->kind) || reply->kind == REPLY_LOST;
}

/* There is more of the answer than may be kept until it can be shown. */
static void cancel(struct show *w, size_t limit, const char *otherwise)
{
	struct session *s = w->session;
	struct error error;
	error_set(&error, otherwise,
	          "the answer is longer than %zu bytes, and shown only when it is whole", limit);
	w->too_long = true;
	verdict_failed(&s->verdict, &error);
	client_give_up(s->servers.client, &error);
}

void show_keep(struct show *w, struct gather *g, size_t *kept, const struct reply *reply)
{
	struct session *s = w->session;
	size_t before = gather_size(g), limit = s->settings.max_answer;
	if (w->too_long && !reply_is_last(reply->kind))
		return;
	gather_add(g, reply);
	*kept += gather_size(g) - before;
	/* The server can send no more values than were asked for. */
	if (request_expects(w->question.request) == EXPECT_VALUES)
		limit += s->servers.options.value_max;
	if (*kept <= limit || reply_is_last(reply->kind))
		return;
	*kept -= gather_size(g);
	gather_clear(g);
	cancel(w, limit, "--server asks one server alone; .set max_answer raises it");
}

/* Hands REPLY to the view; its key is shown as it was asked for. */
static void view_one(struct show *w, const struct reply *reply)
{
	struct session *s = w->session;
	struct reply shown;
	if (reply->kind == REPLY_VALUE) {
		shown = *reply;
		shown.key = w->question.request->keys[reply->key_index];
		reply = &shown;
	} else if (reply->kind == REPLY_LINE && !reply->block &&
	           reply_line_is_error(reply->value)) {
		w->status = STATUS_SERVER;
	}
	/* It may have gone elsewhere than it was meant to. */
	if (reply->server && !w->shares)
		s->view.question.server = reply->server;
	looks_take(&s->run.looks, w->question.request, reply);
	if (!s->run.quiet)
		view_reply(&s->view, reply);
	else
		view_count(&s->view, reply);
	w->ended |= !s->run.quiet && reply_is_last(reply->kind);
	if (s->view.overflow && !w->too_long)
		cancel(w, s->settings.max_answer,
		       "--format=plain shows lines as they come; .set max_answer raises it");
	output_tick(&s->output);
}

static void finish(struct show *w, const struct reply *reply)
{
	struct session *s = w->session;
	s->flow.timing = *reply->timing;
	s->flow.exchanges++;
	if (request_expects(w->question.request) == EXPECT_VALUES && w->status == STATUS_OK &&
	    view_misses(&s->view) > 0)
		w->status = STATUS_NEGATIVE;
}

void show_begin(struct show *w, struct session *s, const struct question *question)
{
	*w = (struct show){.session = s, .question = *question};
	view_begin(&s->view, &w->question);
}

/* quit, to one of several servers, or at a prompt, that cannot be reached: that leaves all the
 * same.
 */
static bool leaves_without_it(const struct show *w, const struct reply *reply)
{
	const struct session *s = w->session;
	return w->question.request->verb == VERB_QUIT && reply->kind == REPLY_LOST &&
	       reply->unsent && (s->mode.interactive || client_server_count(s->servers.client) > 1);
}

void show_reply(struct show *w, const struct reply *reply)
{
	struct reply lost;
	if (leaves_without_it(w, reply)) {
		if (!reply->timing)
			return;
		lost = *reply;
		lost.kind = REPLY_END;
		reply = &lost;
	}
	if (w->too_long && reply_is_last(reply->kind) && !is_failure(reply)) {
		/* Its end was here already. */
		lost = *reply;
		lost.kind = REPLY_LOST;
		lost.error = &w->session->verdict.failure;
		reply = &lost;
	}
	bool unread = live_is_unread(w->session, reply);
	if (!unread)
		w->status = status_max(w->status, reply_status(reply->kind));
	if (is_failure(reply) && !unread) {
		if (!w->reported)
			report_reply(w, reply);
		w->failed = true;
		if (!reply->timing)
			return; /* one server's share; the others' go on */
	}
	view_one(w, reply);
	if (reply->timing)
		finish(w, reply);
}

void show_gathered(struct show *w, struct gather *g)
{
	gather_sort(g);
	for (size_t i = 0; i < g->count; i++) {
		struct reply reply = gather_at(g, i);
		if (reply.kind == REPLY_END && w->failed) {
			/* The whole is as lost as its worst part. */
			w->status = status_max(w->status, STATUS_LOST);
			reply.kind = REPLY_LOST;
			reply.error = &w->session->verdict.failure;
			view_one(w, &reply);
			finish(w, &reply);
		} else {
			show_reply(w, &reply);
		}
	}
	gather_release(g);
}
