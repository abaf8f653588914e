#include "shell/watchers.h"

#include "base/deadline.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "client/transport/transport.h"
#include "client/wait.h"
#include "client/watch.h"
#include "proto/reply_reader.h"
#include "proto/stranger.h"
#include "shell/flow/ask.h"
#include "shell/io/bulk_file.h"
#include "shell/io/interrupt.h"
#include "shell/lang/args.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/advice.h"
#include "view/text/paint.h"

#include <stdlib.h>

struct watchers;

/* A server that is watched. */
struct watched {
	struct watchers *all;
	size_t place; /* among them, and of its descriptor (shell/io/interrupt.h) */
	struct watch_plan plan;
	struct watch *watch; /* NULL: it is over */
	bool cut;            /* Ctrl-Z has closed the connection: it will be seen to be */
	uint64_t dropped_before, dropped_after; /* log_worker_dropped, */
	bool knows_before, knows_after;         /* where it is known */
};

struct watchers {
	const struct watchers_plan *plan;
	struct session *s;
	struct watched *servers;
	size_t count;
	uint64_t skipped; /* events that servers or mcsh left out */
	int64_t start;    /* clock_now() when the time began; 0: it has not */
	int64_t until;    /* and when it is over */
	bool on;          /* a server has said OK */
	bool ended;       /* by Ctrl-C, the time, or because there are enough */
	bool resumed;     /* Ctrl-Z had closed connections */
	enum status status;
};

static void guard(void *ctx, int fd)
{
	const struct watched *t = ctx;
	interrupt_guard_stop(t->place, fd, conn_cut);
}

static void on_stat(struct watched *t, const struct reply *reply, bool after)
{
	const struct watchers_plan *plan = t->all->plan;
	if (reply->kind != REPLY_STAT)
		return;
	/* log_worker_dropped: events that a thread of the server had no space for. */
	if (slice_eq_str(reply->key, "log_worker_dropped"))
		*(after ? &t->knows_after : &t->knows_before) =
		    number_parse_u64(reply->value,
		                     after ? &t->dropped_after : &t->dropped_before) == NUMBER_OK;
	if (plan->stat)
		plan->stat(plan->ctx, plan->first + t->place, reply, after);
}

static void on_stat_before(void *ctx, const struct reply *reply)
{
	struct watched *t = ctx;
	on_stat(t, reply, false);
}

static void on_stat_after(void *ctx, const struct reply *reply)
{
	struct watched *t = ctx;
	on_stat(t, reply, true);
}

static void ask_all(struct watchers *w, reply_fn *fn)
{
	ask_stats(w->s, "", w->plan->first, w->plan->end, fn, w->servers, sizeof(*w->servers));
}

static bool out_is_full(const struct watchers *w)
{
	return w->plan->out && bulk_out_full(w->plan->out) >= 0;
}

static bool out_has_failed(const struct watchers *w)
{
	return w->plan->out && w->plan->out->failed;
}

static void take_line(struct watchers *w, size_t server, struct slice line)
{
	struct event e;
	if (!event_parse(line, &e)) {
		/* A later server's own. */
		e = (struct event){.text = line};
	} else if (e.skipped) {
		w->skipped += e.number;
		return;
	}
	w->ended |= !w->plan->event(w->plan->ctx, server, &e);
}

/* Everything that waits is taken before more is written, unless the output is full. */
static void take_waiting(struct watchers *w)
{
	struct slice line;
	for (size_t i = 0; i < w->count; i++) {
		struct watched *t = &w->servers[i];
		while (t->watch && !w->ended && !out_is_full(w) && watch_take(t->watch, &line))
			take_line(w, w->plan->first + i, line);
	}
}

static void report_end(struct watchers *w, enum status status, const struct error *error)
{
	if (w->plan->out)
		bulk_out_show(w->plan->out);
	w->status = status_max(w->status, report_error(w->s, status, error));
}

/* What a server said instead of OK. */
static void report_refusal(struct watchers *w, const struct watched *t)
{
	struct slice line = watch_refusal(t->watch);
	struct request request = {.verb = VERB_LISTEN};
	struct reply reply = {.kind = REPLY_REFUSED, .value = line};
	struct error error;
	const char *advice = "the server does not know one of these streams, or has no watch, as "
			     "proxies and services such as ElastiCache Serverless: "
			     "memcached has it since 1.4.26, deletions since 1.6.20, those of the "
			     "proxy where it is built in";
	if (stranger_is(&error, t->plan.address->label, line)) {
		report_end(w, STATUS_LOST, &error);
		return;
	}
	reader_error(line, &reply);
	if (!slice_eq(line, SLICE("ERROR")))
		advice = advice_for(&request, &reply);
	error_set(&error, advice, "watch at %s: %.*s", t->plan.address->label,
	          SLICE_ARGS(line, 100));
	report_end(w, STATUS_SERVER, &error);
}

/* Connections that were cut for Ctrl-Z are made again; others that broke off are reported. */
static void end_or_resume(struct watchers *w, struct watched *t)
{
	bool cut = t->cut && watch_state(t->watch) == WATCH_OVER;
	if (watch_state(t->watch) == WATCH_REFUSED)
		report_refusal(w, t);
	else if (!cut)
		report_end(w, STATUS_LOST, watch_error(t->watch));
	w->skipped += watch_dropped(t->watch);
	watch_free(t->watch);
	t->watch = NULL;
	if (!cut)
		return;
	t->watch = watch_new(&t->plan);
	t->cut = false;
	if (!w->resumed)
		report_errorf(w->s, STATUS_OK, "what happened meanwhile is not shown",
		              "note: stopped, and so were the connections that were watched");
	w->resumed = true;
}

static void settle(struct watchers *w)
{
	bool cut = interrupt_was_cut();
	for (size_t i = 0; i < w->count; i++) {
		struct watched *t = &w->servers[i];
		t->cut |= cut;
		if (t->watch && watch_state(t->watch) >= WATCH_REFUSED && !out_is_full(w))
			end_or_resume(w, t);
	}
}

static void begin_time(struct watchers *w, int64_t now)
{
	w->start = now;
	w->until = w->plan->span > 0 ? now + w->plan->span : DEADLINE_NEVER;
}

/* The first server has said OK. */
static void begin(struct watchers *w, int64_t now)
{
	const struct style *style = &w->s->style;
	w->on = true;
	if (w->start == 0)
		begin_time(w, now);
	if (!w->plan->greeting || !session_chats(w->s) || style->format != FORMAT_PRETTY)
		return;
	paint_add(&w->plan->out->text, style->color, PAINT_DIM, w->plan->greeting);
	buf_add_char(&w->plan->out->text, '\n');
}

static int64_t elapsed(const struct watchers *w, int64_t now)
{
	return w->start > 0 ? now - w->start : 0;
}

/* Waits until something can be done, and lets the connections do it. */
static void wait_for_events(struct watchers *w, struct wait_set *set)
{
	for (size_t i = 0; i < w->count; i++)
		set->conns[i] = w->servers[i].watch ? watch_conn(w->servers[i].watch) : NULL;
	size_t waiting = wait_prepare(set);
	for (size_t i = 0; i < w->count; i++) {
		if (w->servers[i].watch)
			watch_prepare(w->servers[i].watch);
	}
	bool woken =
	    !bulk_wait(set, waiting, w->plan->out, w->s->servers.options.wake_fd, w->until);
	w->ended |= woken || set->now >= w->until;
	wait_pump(set);
	for (size_t i = 0; i < w->count; i++) {
		if (!w->servers[i].watch)
			continue;
		watch_step(w->servers[i].watch, set->now);
		if (!w->on && watch_state(w->servers[i].watch) == WATCH_ON)
			begin(w, set->now);
	}
}

/* One round. False: nothing is watched any more. */
static bool step(struct watchers *w, struct wait_set *set)
{
	struct bulk_out *out = w->plan->out;
	wait_for_events(w, set);
	take_waiting(w);
	if (out)
		bulk_out_show(out);
	bulk_waited(set, out);
	if (w->plan->tick)
		w->ended |= !w->plan->tick(w->plan->ctx, elapsed(w, set->now));
	settle(w);
	tracing_write_some(&w->s->tracing);
	size_t left = 0;
	for (size_t i = 0; i < w->count; i++)
		left += w->servers[i].watch != NULL;
	return left > 0 || (out && out->text.len > 0);
}

static void watch_all(struct watchers *w)
{
	struct wait_set set;
	wait_init(&set, w->count, BULK_WAIT_OTHERS);
	for (size_t i = 0; i < w->count; i++)
		w->servers[i].watch = watch_new(&w->servers[i].plan);
	while (!w->ended && !out_has_failed(w) && step(w, &set))
		;
	for (size_t i = 0; i < w->count; i++) {
		if (w->servers[i].watch)
			w->skipped += watch_dropped(w->servers[i].watch);
		watch_free(w->servers[i].watch);
	}
	wait_release(&set);
}

static void prepare(struct watchers *w)
{
	const struct client *client = w->s->servers.client;
	w->servers = xcalloc(w->count, sizeof(*w->servers));
	for (size_t i = 0; i < w->count; i++) {
		struct watched *t = &w->servers[i];
		t->all = w;
		t->place = i;
		t->plan = (struct watch_plan){
		    .address = conn_address(client_server(client, w->plan->first + i)),
		    .options = &w->s->servers.options,
		    .ask = w->plan->ask,
		    .ctx = t,
		    .guard = guard};
	}
}

static uint64_t count_missing(struct watchers *w)
{
	uint64_t missing = w->skipped;
	if (out_has_failed(w))
		return missing;
	ask_all(w, on_stat_after);
	for (size_t i = 0; i < w->count; i++) {
		const struct watched *t = &w->servers[i];
		if (t->knows_before && t->knows_after && t->dropped_after > t->dropped_before)
			missing += t->dropped_after - t->dropped_before;
	}
	return missing;
}

bool watchers_can(const struct watchers_plan *plan, struct error *error)
{
	const struct servers *servers = &plan->session->servers;
	for (size_t i = plan->first; i < plan->end; i++) {
		if (!transport_carries(conn_address(client_server(servers->client, i)),
		                       &servers->options, &(struct request){.verb = VERB_LISTEN},
		                       error))
			return false;
	}
	return true;
}

void watchers_run(const struct watchers_plan *plan, struct watchers_result *result)
{
	struct session *s = plan->session;
	struct watchers w = {.plan = plan, .s = s, .count = plan->end - plan->first};
	struct interrupt_scope scope;
	int wake_fd = s->servers.options.wake_fd;
	prepare(&w);
	s->servers.options.wake_fd = interrupt_enter(&scope, wake_fd);
	ask_all(&w, on_stat_before);
	w.until = DEADLINE_NEVER;
	if (!plan->from_answer)
		begin_time(&w, clock_now());
	tracing_begin(&s->tracing);
	s->tracing.holding = true;
	watch_all(&w);
	s->tracing.holding = false;
	tracing_end(&s->tracing);
	result->elapsed = elapsed(&w, clock_now());
	/* Ctrl-C is the end that was asked for; what follows is not cancelled by it. */
	report_new_line(s);
	result->leaves = interrupt_leave(&scope);
	result->interrupted = interrupt_take() || result->leaves;
	s->servers.options.wake_fd = wake_fd;
	if (plan->out)
		bulk_out_close(plan->out, BULK_WHOLE);
	result->missing = count_missing(&w);
	result->status = w.status;
	free(w.servers);
}

/* Whose connections those of a server are. */
struct naming {
	const struct watchers_plan *plan;
	size_t server;
	void (*fn)(void *ctx, size_t server, uint64_t fd, struct slice address);
};

/* STAT 24:addr tcp:127.0.0.1:4711 */
static void on_conn(void *ctx, const struct reply *reply)
{
	const struct naming *n = ctx;
	struct slice name = reply->key, address = reply->value;
	uint64_t fd;
	if (reply->kind != REPLY_STAT ||
	    number_parse_u64(slice_take(&name, ':'), &fd) != NUMBER_OK ||
	    !slice_eq_str(name, "addr"))
		return;
	if (!slice_starts(slice_take(&address, ':'), SLICE("tcp")))
		address = slice_of(NULL, 0);
	n->fn(n->plan->ctx, n->server, fd, address);
}

void watchers_name_clients(const struct watchers_plan *plan,
                           void (*fn)(void *ctx, size_t server, uint64_t fd, struct slice address))
{
	for (size_t i = plan->first; i < plan->end; i++) {
		struct naming n = {plan, i, fn};
		ask_stats(plan->session, "conns", i, i + 1, on_conn, &n, 0);
	}
}

bool watchers_span(const struct args *args, int64_t *span, struct error *error)
{
	struct slice text;
	uint64_t ms = 0;
	if (!args_option(args, "--for", &text))
		return true;
	if (number_parse_duration(text, 1000, &ms) != NUMBER_OK || ms == 0 || ms > UINT32_MAX)
		return error_set(error, "write 500ms, 5s or 2m", "--for takes a time");
	*span = (int64_t)ms * NSEC_PER_MSEC;
	return true;
}
