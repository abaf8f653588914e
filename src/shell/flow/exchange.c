#include "shell/flow/exchange.h"

#include "base/quote.h"
#include "base/xalloc.h"
#include "client/many.h"
#include "proto/meta.h"
#include "shell/answer.h"
#include "shell/flow/exchange_private.h"
#include "shell/flow/live.h"
#include "shell/flow/pipeline.h"
#include "shell/tracing.h"
#include "view/advice.h"

#include <stdlib.h>

/* "set foo" or "stats": the command and its first key, for an error. */
static void name_command(const char *command, const struct request *request, const char *at,
                         struct buf *out)
{
	buf_add_str(out, command);
	if (request->key_count > 0) {
		buf_add_char(out, ' ');
		quote_add_word(out, request->keys[0]);
		if (request->key_count > 1)
			buf_add_str(out, " ...");
	}
	if (at)
		buf_addf(out, " at %s", at);
}

enum status exchange_tell(struct session *s, const char *command, const struct request *request,
                          const char *at, const struct reply *reply)
{
	tracing_write(s);
	if (reply->kind == REPLY_LOST)
		return session_fail(s, STATUS_LOST, reply->error);
	struct buf name = BUF_INIT, words = BUF_INIT;
	struct error error;
	name_command(command, request, at, &name);
	escape_add_field(&words, reply->value);
	error_set(&error, advice_for(request, reply), "%s: %s%s%s", buf_cstr(&name),
	          reply_word(reply->kind), words.len ? " " : "", buf_cstr(&words));
	buf_release(&name);
	buf_release(&words);
	return session_fail(s, STATUS_SERVER, &error);
}

static bool is_failure(const struct reply *reply)
{
	return reply_is_error(reply->kind) || reply->kind == REPLY_LOST;
}

/* Of .raw, a line with which the server refuses. */
static bool is_error_line(struct slice line)
{
	return slice_starts(line, SLICE("ERROR")) || slice_starts(line, SLICE("CLIENT_ERROR")) ||
	       slice_starts(line, SLICE("SERVER_ERROR"));
}

/* There is more of the answer than may be kept until it can be shown. */
static void give_up(struct exchange *e, size_t limit, const char *otherwise)
{
	struct error error;
	error_set(&error, otherwise,
	          "the answer is longer than %zu bytes, and shown only when it is whole", limit);
	e->too_long = true;
	e->session->failure = error;
	client_give_up(e->session->client, &error);
}

/* Keeps REPLY for later; of values the server can send no more than was asked for. */
static void keep(struct exchange *e, const struct reply *reply)
{
	struct session *s = e->session;
	size_t before = gather_size(e->gather), limit = s->settings.max_answer;
	if (e->too_long && !reply_is_last(reply->kind))
		return;
	gather_add(e->gather, reply);
	s->gathered += gather_size(e->gather) - before;
	if (request_expects(e->question->request) == EXPECT_VALUES)
		limit += s->options.value_max;
	if (s->gathered <= limit || reply_is_last(reply->kind))
		return;
	s->gathered -= gather_size(e->gather);
	gather_clear(e->gather);
	give_up(e, limit, "--server asks one server alone; .set max_answer raises it");
}

/* Shows one reply; its key is shown as it was asked for. */
static void show(struct exchange *e, const struct reply *reply)
{
	struct session *s = e->session;
	const struct question *q = e->question;
	struct reply shown = *reply;
	if (reply->kind == REPLY_VALUE)
		shown.key = q->request->keys[reply->key_index];
	else if (reply->kind == REPLY_LINE && !reply->block && is_error_line(reply->value))
		e->status = STATUS_SERVER;
	/* It may have gone elsewhere than it was meant to. */
	if (reply->server && !e->divided)
		s->view.question.server = reply->server;
	if (!s->quiet)
		view_reply(&s->view, &shown);
	else
		view_count(&s->view, &shown);
	e->ended |= !s->quiet && reply_is_last(reply->kind);
	if (s->view.overflow && !e->too_long)
		give_up(e, s->settings.max_answer,
		        "--format=plain shows lines as they come; .set max_answer raises it");
	output_tick(&s->output);
}

static void finish(struct exchange *e, const struct reply *reply)
{
	struct session *s = e->session;
	const struct question *q = e->question;
	if (!live_is_unread(s, reply))
		e->status = status_max(e->status, reply_status(reply->kind));
	s->timing = *reply->timing;
	s->exchanges++;
	if (request_expects(q->request) == EXPECT_VALUES && e->status == STATUS_OK &&
	    view_misses(&s->view) > 0)
		e->status = STATUS_NEGATIVE;
}

void exchange_reply(void *exchange, const struct reply *reply)
{
	struct exchange *e = exchange;
	const struct question *q = e->question;
	if (e->listing && reply->kind == REPLY_LINE) {
		listing_add(e->listing, reply);
		return;
	}
	if (e->gather) {
		keep(e, reply);
		return;
	}
	struct reply lost = *reply;
	if (e->too_long && reply_is_last(reply->kind) && !is_failure(reply)) {
		/* Its end was here already. */
		lost.kind = REPLY_LOST;
		lost.error = &e->session->failure;
		reply = &lost;
	}
	if (is_failure(reply) && !live_is_unread(e->session, reply)) {
		struct request asked = *q->request;
		asked.meta |= e->meta;
		if (!e->told)
			exchange_tell(e->session, q->command, &asked, q->label ? q->server : NULL,
			              reply);
		e->status = status_max(e->status, reply_status(reply->kind));
		e->failed = true;
		if (!reply->timing)
			return; /* one server's share; the others' go on */
	}
	show(e, reply);
	if (reply->timing)
		finish(e, reply);
}

/* Shows what was gathered: values in the order of their keys, then the end. */
static void replay(struct exchange *e, struct gather *g)
{
	e->gather = NULL;
	gather_sort(g);
	for (size_t i = 0; i < g->count; i++) {
		struct reply reply = gather_at(g, i);
		if (reply.kind == REPLY_END && e->failed) {
			/* The whole is as lost as its worst part. */
			reply.kind = REPLY_LOST;
			reply.error = &e->session->failure;
			show(e, &reply);
			finish(e, &reply);
		} else {
			exchange_reply(e, &reply);
		}
	}
	gather_release(g);
}

/* Shows a list of keys, which is over. */
static void replay_list(struct exchange *e)
{
	struct session *s = e->session;
	struct listing *l = e->listing;
	struct reply line;
	bool stopped = listing_end();
	e->listing = NULL;
	if (stopped)
		e->status = session_failf(s, STATUS_LOST, "give the command again",
		                          "stopped while the keys were being listed: the list was "
		                          "closed, because a server stands still with one that is "
		                          "not read");
	while (!s->output.failed && listing_take(l, &line))
		show(e, &line);
	if (l->cut)
		e->status = session_fail(s, STATUS_LOST, &l->error);
	e->told = stopped;
}

const char *exchange_label(const struct session *s, size_t server)
{
	return server < client_server_count(s->client)
	           ? conn_address(client_server(s->client, server))->label
	           : "";
}

size_t exchange_server(const struct session *s, const struct target *target,
                       const struct request *wire)
{
	if (target->kind == TARGET_SERVER)
		return target->server;
	if (target->kind == TARGET_HASH)
		return client_server_for_hash(s->client, target->hash);
	return wire->key_count > 0 ? client_server_for(s->client, wire->keys[0]) : 0;
}

bool exchange_submit(struct session *s, const struct target *target, const struct request *wire,
                     reply_fn *fn, void *ctx, struct error *error)
{
	if (target->kind == TARGET_HASH)
		return client_submit_hash(s->client, wire, target->hash, fn, ctx, error);
	return client_submit(s->client, wire,
	                     target->kind == TARGET_SERVER ? target->server : SERVER_BY_KEY, fn,
	                     ctx, error);
}

bool exchange_divides(const struct session *s, const struct ask *ask)
{
	const struct request *r = ask->request;
	return ask->target.kind == TARGET_KEYS && request_expects(r) == EXPECT_VALUES &&
	       r->key_count > 1 &&
	       (client_server_count(s->client) > 1 || r->key_count > 1000 || r->verb == VERB_GAT ||
	        r->verb == VERB_GATS);
}

/* One answer: of one server, or of several that make up one. */
static enum status ask_one(struct session *s, const struct ask *ask, const struct request *wire)
{
	struct error error;
	struct gather gather = {0};
	struct listing listing;
	bool many = exchange_divides(s, ask), list = ask->request->is_list;
	struct question question = {
	    .command = ask->command,
	    .request = ask->request,
	    .server = many && client_server_count(s->client) > 1
	                  ? "all"
	                  : exchange_label(s, exchange_server(s, &ask->target, wire)),
	    .keyed = ask->keyed,
	};
	struct exchange e = {.session = s, .question = &question, .meta = wire->meta};
	e.divided = many && client_server_count(s->client) > 1;
	if (e.divided || list)
		e.gather = &gather;
	if (list)
		e.listing = &listing;
	listing_init(&listing, s);
	view_begin(&s->view, &question);
	bool ok = many ? client_get_many(s->client, wire, exchange_reply, &e, &error)
	               : exchange_submit(s, &ask->target, wire, exchange_reply, &e, &error);
	if (ok && !many)
		client_run(s->client);
	if (ok && list)
		replay_list(&e);
	if (!ok)
		e.status = session_fail(s, STATUS_USAGE, &error);
	else if (e.divided || list)
		replay(&e, &gather);
	if (e.ended)
		answer_given(s);
	listing_release(&listing);
	return e.status;
}

/* Every server's answer, in the order of the list; one that is down hides none of the others. */
static enum status ask_all(struct session *s, const struct ask *ask)
{
	size_t count = client_server_count(s->client);
	struct question question = {
	    .command = ask->command, .request = ask->request, .label = count > 1, .parts = count};
	struct gather *answers = xcalloc(count, sizeof(*answers));
	struct exchange *asked = xcalloc(count, sizeof(*asked));
	enum status status = STATUS_OK;
	struct error error;
	for (size_t i = 0; i < count; i++) {
		asked[i] =
		    (struct exchange){.session = s, .question = &question, .gather = &answers[i]};
		if (!client_submit(s->client, ask->request, i, exchange_reply, &asked[i], &error)) {
			struct reply lost = {
			    .kind = REPLY_LOST, .error = &error, .timing = &s->timing};
			gather_add(&answers[i], &lost);
		}
	}
	client_run(s->client);
	for (size_t i = 0; i < count; i++) {
		question.server = exchange_label(s, i);
		question.part = i;
		view_begin(&s->view, &question);
		replay(&asked[i], &answers[i]);
		status = status_max(status, asked[i].status);
	}
	if (!s->quiet) {
		view_end_parts(&s->view, status);
		answer_given(s);
	}
	free(asked);
	free(answers);
	return status;
}

struct slice *exchange_prefixed(struct slice prefix, const struct slice *keys, size_t count,
                                struct buf *arena)
{
	struct slice *prefixed = xcalloc(count, sizeof(*prefixed));
	for (size_t i = 0; i < count; i++) {
		buf_add_slice(arena, prefix);
		buf_add_slice(arena, keys[i]);
	}
	const char *at = arena->data;
	for (size_t i = 0; i < count; i++) {
		prefixed[i] = slice_of(at, prefix.len + keys[i].len);
		at += prefixed[i].len;
	}
	return prefixed;
}

enum status exchange(struct session *s, const struct ask *ask)
{
	enum status status;
	if (pipeline_add(s, ask, &status)) {
		if (status == STATUS_OK)
			answer_given(s);
		return status;
	}
	if (!pipeline_turn(s))
		return STATUS_LOST;

	struct request wire = *ask->request;
	struct buf arena = BUF_INIT;
	struct slice *prefixed = NULL;

	wire.meta = s->settings.protocol == PROTOCOL_META && meta_has_form(&wire);
	if (ask->prefix.len > 0 && wire.key_count > 0) {
		prefixed = exchange_prefixed(ask->prefix, wire.keys, wire.key_count, &arena);
		wire.keys = prefixed;
	}
	s->gathered = 0;
	tracing_begin(s);
	live_begin(s, &wire);
	status = ask->target.kind == TARGET_ALL && client_server_count(s->client) > 1
	             ? ask_all(s, ask)
	             : ask_one(s, ask, &wire);
	live_end(s);
	tracing_end(s);
	free(prefixed);
	buf_release(&arena);
	return status;
}
