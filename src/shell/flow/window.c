#include "shell/flow/window.h"

#include "base/xalloc.h"
#include "client/client_wait.h"
#include "proto/dialect.h"
#include "shell/answer.h"
#include "shell/flow/batch.h"
#include "shell/flow/live.h"
#include "shell/flow/order.h"
#include "shell/flow/parts.h"
#include "shell/flow/protocol.h"
#include "shell/io/interrupt.h"
#include "shell/report.h"
#include "shell/tracing.h"

#include <stdlib.h>

/* When they are so many, what has come is read until so many are left. */
#define SLOTS_LOW (SLOTS_MAX / 2)

/* What the keys of one command may have of the memory for keys. */
#define KEYS_MOST ((size_t)32 * 1024)

/* Bytes queued for a server before what can be sent is sent, and before we wait for it. */
#define SEND_AT  ((size_t)64 * 1024)
#define SEND_MAX ((size_t)256 * 1024)

struct window {
	struct order order;
	struct batches batches;
	size_t total;    /* commands that were pipelined in all */
	uint32_t opaque; /* of the last one that has one */
	size_t fresh;    /* bytes queued since the servers were last served */
	struct buf key;  /* the first of the command being asked, with its prefix */
};

static struct window *window_of(struct session *s)
{
	if (!s->flow.window) {
		s->flow.window = xcalloc(1, sizeof(*s->flow.window));
		s->flow.window->order.session = s;
	}
	return s->flow.window;
}

void window_free(struct window *w)
{
	if (!w)
		return;
	batches_release(&w->batches);
	order_release(&w->order);
	buf_release(&w->key);
	free(w);
}

bool window_busy(const struct session *s)
{
	return s->flow.window && s->flow.window->order.count > 0;
}

/* Waits for something to come, once all is queued. False when nothing will. */
static bool step(struct window *w)
{
	struct client *client = w->order.session->servers.client;
	batch_send_all(&w->batches, client);
	return client_step(client);
}

/* The same; a person sees at once what came before. */
static bool wait_on(struct session *s)
{
	if (s->mode.interactive)
		output_flush(&s->output);
	return step(s->flow.window);
}

void window_drain(struct session *s)
{
	while (window_busy(s) && wait_on(s))
		;
}

/* Whether Ctrl-C has come: nothing more of a script is sent then. */
static bool is_interrupted(struct session *s)
{
	report_new_line(s);
	return interrupt_pending();
}

bool window_barrier(struct session *s)
{
	if (!window_busy(s))
		return true;
	window_drain(s);
	output_mark(&s->output);
	return !is_interrupted(s);
}

void window_idle(struct session *s)
{
	while (window_busy(s) && !input_ready(s->input) && wait_on(s))
		;
}

/* One server's answer. */
static enum status await_one(struct window *w, const struct ask *ask, const struct request *wire,
                             const struct destination *to)
{
	struct session *s = w->order.session;
	struct slot *slot = order_await(&w->order, ask, to->server, wire->dialect);
	enum status status;
	struct error error;
	if (client_submit_routed(s->servers.client, wire, to->server, to->route, order_reply, slot,
	                         &error)) {
		client_run(s->servers.client);
		status = w->order.status;
	} else {
		status = report_error(s, STATUS_USAGE, &error);
	}
	order_await_end(&w->order);
	return status;
}

static enum status await(struct window *w, const struct ask *ask, const struct destination *to)
{
	struct session *s = w->order.session;
	struct request wire = *ask->request;
	struct buf arena = BUF_INIT;
	struct slice *prefixed = NULL;
	enum status status = STATUS_OK;

	wire.dialect = protocol_choose(s, &wire, to->server, 0).dialect;
	if (ask->prefix.len > 0 && wire.key_count > 0) {
		prefixed = ask_prefixed(ask->prefix, wire.keys, wire.key_count, &arena);
		wire.keys = prefixed;
		wire.keys_checked = false;
	}
	tracing_begin(&s->tracing);
	live_begin(s, &wire);
	switch (to->kind) {
	case TO_ONE:
		status = request_asks_list(&wire) ? parts_list(s, ask, &wire, to)
		                                  : await_one(w, ask, &wire, to);
		break;
	case TO_SHARES:
		status = parts_shares(s, ask, &wire);
		break;
	case TO_EACH:
		status = parts_each(s, ask, &wire);
		break;
	}
	live_end(s);
	tracing_end(&s->tracing);
	free(prefixed);
	buf_release(&arena);
	return status;
}

/* The bytes that the keys and the text of ASK take there. */
static size_t keys_size(const struct ask *ask)
{
	const struct request *r = ask->request;
	size_t n = r->key_count * (ask->prefix.len > 0 ? 2 : 1) * sizeof(struct slice) +
	           r->text.len;
	for (size_t i = 0; i < r->key_count; i++)
		n += ask->prefix.len + r->keys[i].len;
	return (n + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
}

/* Copies the keys and the text of ASK to SPACE: SLOT gets them as they were typed, WIRE with the
 * prefix. */
static void copy_keys(struct slot *slot, const struct ask *ask, struct request *wire, char *space)
{
	size_t count = ask->request->key_count, prefix = ask->prefix.len;
	struct slice *typed = (struct slice *)(void *)space, *sent = prefix ? typed + count : typed;
	char *at = (char *)(sent + count);
	for (size_t i = 0; i < count; i++) {
		struct slice key = ask->request->keys[i];
		if (prefix)
			memcpy(at, ask->prefix.data, prefix);
		memcpy(at + prefix, key.data, key.len);
		sent[i] = slice_of(at, prefix + key.len);
		typed[i] = slice_of(at + prefix, key.len);
		at += prefix + key.len;
	}
	if (wire->text.len > 0)
		memcpy(at, wire->text.data, wire->text.len);
	slot->request.keys = typed;
	slot->request.text = wire->text = slice_of(at, wire->text.len);
	wire->keys = sent;
	wire->keys_checked &= prefix == 0;
}

/* Waits until one more may go, whose keys take N bytes: *SPACE, where others are under way. False
 * when nothing moves. */
static bool wait_for_slot(struct window *w, size_t n, char **space)
{
	bool moves = true, full = w->order.count == SLOTS_MAX;
	while (moves && full && w->order.count > SLOTS_LOW)
		moves = step(w);
	while (moves && w->order.count > 0 && !(*space = order_reserve(&w->order, n)))
		moves = step(w);
	return moves;
}

static void send_some(struct window *w, struct conn *conn, size_t bytes)
{
	struct client *client = w->order.session->servers.client;
	w->fresh += bytes;
	if (w->fresh >= SEND_AT) {
		w->fresh = 0;
		client_poke(client);
	}
	while (conn_backlog(conn) >= SEND_MAX && step(w))
		;
}

/* The mark by which an answer is known to be WIRE's, and not one that was sent twice or comes in
 * place of a lost one, where its dialect carries one. Not where the bytes of a typed answer are
 * shown. */
static void give_opaque(struct window *w, struct request *wire)
{
	uint32_t most = dialect_of(wire)->opaque_max;
	bool as_typed = request_expects(wire) == EXPECT_META &&
	                w->order.session->settings.format == FORMAT_WIRE;
	if (most == 0 || as_typed)
		return;
	w->opaque = w->opaque < most ? w->opaque + 1 : 1;
	wire->opaque = w->opaque;
}

/* Whether the answer to REQUEST concerns nothing but its own output. */
static bool has_simple_answer(const struct request *request)
{
	switch (request_expects(request)) {
	case EXPECT_STORAGE:
	case EXPECT_VALUES:
	case EXPECT_TOUCH:
	case EXPECT_DELETE:
	case EXPECT_NUMBER:
		return true;
	case EXPECT_META:
	case EXPECT_NONE:
		return request->key_count > 0;
	default:
		return false;
	}
}

/* Whether a command that goes TO there can be pipelined: to a server that was reached before. */
static bool is_reached(const struct client *client, const struct destination *to)
{
	return to->kind == TO_ONE && to->server < client_server_count(client) &&
	       conn_state(client_server(client, to->server)) == CONN_OPEN;
}

/* Pipelines ASK, whose keys take N bytes and go to SPACE (anywhere, where it is alone). Returns
 * STATUS_OK when it was sent, else why it was not. */
static enum status pipeline(struct window *w, const struct ask *ask, const struct destination *to,
                            char *space, size_t n)
{
	struct session *s = w->order.session;
	if (w->order.count == 0) {
		tracing_begin(&s->tracing); /* it is off, since nothing else is pipelined */
		order_deepen(&w->order);
		space = order_reserve(&w->order, n);
	}
	struct request wire = *ask->request;
	struct slot *slot = order_next(&w->order);
	*slot = (struct slot){.order = &w->order,
	                      .command = ask->command,
	                      .request = wire,
	                      .server = (uint32_t)to->server,
	                      .place = s->run.place,
	                      .keyed = ask->keyed};
	slot->request.value.data = NULL; /* its length alone is known later */
	copy_keys(slot, ask, &wire, space);
	struct conn *conn = client_server(s->servers.client, to->server);
	struct form form = protocol_choose(s, &wire, to->server, w->total);
	wire.dialect = slot->request.dialect = form.dialect;
	give_opaque(w, &wire);
	bool shares = form.shares_line && ask->target.kind == TARGET_KEYS;
	if (is_interrupted(s))
		return STATUS_LOST;
	struct error error;
	size_t backlog = conn_backlog(conn);
	if (!shares)
		batch_send_before(&w->batches, s->servers.client, to->server, &wire);
	if (shares ? !request_check_keys(&wire, &error)
	           : !client_submit_routed(s->servers.client, &wire, to->server, to->route,
	                                   order_reply, slot, &error)) {
		window_drain(s);
		return report_error(s, STATUS_USAGE, &error);
	}
	if (shares)
		batch_add(&w->batches, s->servers.client, slot, &wire);
	order_push(&w->order, slot, n);
	w->total++;
	send_some(w, conn, conn_backlog(conn) - backlog);
	return STATUS_OK;
}

/* The first key of ASK as it goes on the wire, with the prefix in SPACE; empty: it has none. */
static struct slice first_key(const struct ask *ask, struct buf *space)
{
	const struct request *r = ask->request;
	if (r->key_count == 0 || ask->prefix.len == 0)
		return r->key_count ? r->keys[0] : slice_of(NULL, 0);
	buf_clear(space);
	buf_add_slice(space, ask->prefix);
	buf_add_slice(space, r->keys[0]);
	return buf_slice(space);
}

bool window_ask(struct session *s, const struct ask *ask, bool pipelined, enum status *status)
{
	struct window *w = window_of(s);
	size_t n = keys_size(ask);
	char *space = NULL;
	pipelined = pipelined && n <= KEYS_MOST && has_simple_answer(ask->request);
	*status = STATUS_LOST;
	if (pipelined && !wait_for_slot(w, n, &space)) {
		if (is_interrupted(s))
			return true;
		pipelined = false;
	}
	if (!pipelined && !window_barrier(s))
		return true;
	struct destination to = route(s->servers.client, ask, first_key(ask, &w->key));
	if (pipelined && is_reached(s->servers.client, &to)) {
		*status = pipeline(w, ask, &to, space, n);
		if (*status == STATUS_OK)
			answer_given(&s->run.answer);
		return *status != STATUS_OK;
	}
	if (window_busy(s)) {
		/* What is drained can show that the server is down. */
		if (!window_barrier(s))
			return true;
		to = route(s->servers.client, ask, first_key(ask, &w->key));
	}
	*status = await(w, ask, &to);
	return true;
}
