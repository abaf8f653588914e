#include "base/quote.h"
#include "shell/session.h"
#include "shell/tracing.h"
#include "view/advice.h"

struct exchange {
	struct session *session;
	const struct question *question;
	enum status status;
};

/* "set foo" or "stats": the command and its first key, for an error. */
static void name_command(const struct question *q, struct buf *out)
{
	buf_add_str(out, q->command);
	if (q->request->key_count > 0) {
		buf_add_char(out, ' ');
		quote_add_word(out, q->request->keys[0]);
		if (q->request->key_count > 1)
			buf_add_str(out, " ...");
	}
	if (q->label)
		buf_addf(out, " at %s", q->server);
}

static void tell_server_error(struct session *s, const struct question *q,
                              const struct reply *reply)
{
	struct buf name = BUF_INIT, words = BUF_INIT;
	struct error error;
	name_command(q, &name);
	escape_add_field(&words, reply->value);
	error_set(&error, advice_for(q->request, reply), "%s: %s%s%s", buf_cstr(&name),
	          reply_word(reply->kind), words.len ? " " : "", buf_cstr(&words));
	session_fail(s, STATUS_SERVER, &error);
	buf_release(&name);
	buf_release(&words);
}

static void on_reply(void *ctx, const struct reply *reply)
{
	struct exchange *e = ctx;
	struct session *s = e->session;
	if (!s->quiet)
		view_reply(&s->view, reply);
	else if (reply->kind == REPLY_VALUE)
		s->view.values++;
	output_tick(&s->output);
	if (!reply_is_last(reply->kind))
		return;
	e->status = reply_status(reply->kind);
	s->timing = *reply->timing;
	s->exchanges++;
	if (reply_is_error(reply->kind))
		tell_server_error(s, e->question, reply);
	else if (reply->kind == REPLY_LOST)
		session_fail(s, STATUS_LOST, reply->error);
	else if (request_expects(e->question->request) == EXPECT_VALUES &&
	         view_misses(&s->view) > 0)
		e->status = STATUS_NEGATIVE;
}

enum status session_exchange(struct session *s, const char *command, const struct request *request,
                             size_t server)
{
	struct error error;
	size_t count = client_server_count(s->client);
	size_t at = server != SERVER_BY_KEY ? server
	            : request->key_count > 0 && count > 1
	                ? client_server_for(s->client, request->keys[0])
	                : 0;
	struct question question = {
	    .command = command,
	    .request = request,
	    .server = at < count ? conn_address(client_server(s->client, at))->label : "",
	    .label = server != SERVER_BY_KEY && count > 1,
	};
	struct exchange e = {.session = s, .question = &question, .status = STATUS_LOST};

	view_begin(&s->view, &question);
	tracing_begin(s);
	if (client_submit(s->client, request, at, on_reply, &e, &error))
		client_run(s->client);
	else
		e.status = session_fail(s, STATUS_USAGE, &error);
	tracing_end(s);
	return e.status;
}
