#include "client/watch.h"

#include "base/deadline.h"
#include "base/glob.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "client/transport.h"
#include "client/wait.h"
#include "command/rows.h"
#include "proto/attributes.h"
#include "proto/reply_reader.h"
#include "shell/bulk_file.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/interrupt.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/advice.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/watched.h"

#include <stdlib.h>

#define TICK_NS ((int64_t)100 * NSEC_PER_MSEC)

#define STREAMS                                                                                    \
	"fetchers mutations evictions connevents proxyreqs proxyevents proxyuser rawcmds "         \
	"sysevents deletions"

/* Of the other descriptors that are waited for. */
enum {
	OUT,
	WAKE,
	OTHERS,
};

/* What is shown of the events. */
struct filter {
	bool matches, misses, limited;
	struct slice match;
	uint64_t limit;
};

/* A server that is watched. */
struct watched {
	size_t place; /* of its descriptor (shell/interrupt.h) */
	struct watch_plan plan;
	struct watch *watch; /* NULL: it is over */
	bool cut;            /* Ctrl-Z has closed the connection: it will be seen to be */
	uint64_t dropped_before, dropped_after; /* log_worker_dropped, as far as it is known */
};

struct watching {
	struct session *s;
	struct filter filter;
	struct buf ask, key;
	struct watched *servers;
	size_t first, count; /* of the servers */
	struct bulk_out out;
	struct rows rows;
	struct row_column columns[WATCHED_COLUMNS];
	uint64_t shown, skipped; /* events; and those that servers or mcsh left out */
	int64_t until;           /* clock_now() at which --for is over */
	bool ended;              /* by Ctrl-C, --for, --limit, or because nobody reads any more */
	bool resumed;            /* Ctrl-Z had closed connections */
	enum status status;
};

static void guard(void *ctx, int fd)
{
	const struct watched *t = ctx;
	interrupt_guard_stop(t->place, fd, conn_cut);
}

/* log_worker_dropped: events that a thread of the server had no space for. */
static void on_stat(void *ctx, const struct reply *reply)
{
	if (reply->kind == REPLY_STAT && slice_eq_str(reply->key, "log_worker_dropped"))
		number_parse_u64(reply->value, ctx);
}

/* It goes into PLACE, of the first server, and the same of the others. */
static void ask_dropped(struct watching *w, uint64_t *place)
{
	static const struct request stats = {.verb = VERB_STATS, .own = true};
	ask_servers(w->s, &stats, w->first, w->first + w->count, on_stat, place,
	            sizeof(*w->servers));
}

static bool passes(const struct filter *f, const struct event *e, struct slice key)
{
	struct slice status = e->fields[EVENT_STATUS];
	if (f->misses &&
	    (!slice_eq_str(e->fields[EVENT_TYPE], "item_get") || slice_eq_str(status, "found")))
		return false;
	return !f->matches || (key.len > 0 && glob_match(f->match, key));
}

static void show(struct watching *w, const char *server, struct slice line)
{
	struct event e;
	if (!event_parse(line, &e)) {
		/* A later server's own: it is shown whole. */
		e = (struct event){.text = line};
	} else if (e.skipped) {
		w->skipped += e.number;
		return;
	}
	buf_clear(&w->key);
	if (!attribute_decode(&w->key, e.fields[EVENT_KEY]))
		buf_add_slice(&w->key, e.fields[EVENT_KEY]);
	if (!passes(&w->filter, &e, buf_slice(&w->key)))
		return;
	watched_add(&w->rows, server, &e, buf_slice(&w->key));
	w->shown++;
	w->ended |= w->filter.limited && w->shown >= w->filter.limit;
}

/* Everything that waits is shown before more is written, unless the output is full. */
static void show_waiting(struct watching *w)
{
	struct slice line;
	for (size_t i = 0; i < w->count; i++) {
		struct watched *t = &w->servers[i];
		while (t->watch && !w->ended && bulk_out_full(&w->out) < 0 &&
		       watch_take(t->watch, &line))
			show(w, t->plan.address->label, line);
	}
}

static void report_end(struct watching *w, enum status status, const struct error *error)
{
	bulk_out_show(&w->out);
	w->status = status_max(w->status, report_error(w->s, status, error));
}

/* What a server said instead of OK. */
static void report_refusal(struct watching *w, const struct watched *t)
{
	struct slice line = watch_refusal(t->watch);
	struct request request = {.verb = VERB_LISTEN};
	struct reply reply = {.kind = REPLY_REFUSED, .value = line};
	struct error error;
	const char *advice = "the server does not know one of these streams, or knows no watch: "
			     "memcached has it since 1.4.26, deletions since 1.6.20, those of the "
			     "proxy where it is built in";
	reader_error(line, &reply);
	if (!slice_eq(line, SLICE("ERROR")))
		advice = advice_for(&request, &reply);
	error_set(&error, advice, "watch at %s: %.*s", t->plan.address->label,
	          (int)(line.len < 100 ? line.len : 100), line.data);
	report_end(w, STATUS_SERVER, &error);
}

/* Connections that were cut for Ctrl-Z are made again; others that broke off are reported. */
static void end_or_resume(struct watching *w, struct watched *t)
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

static void settle(struct watching *w)
{
	bool cut = interrupt_was_cut();
	for (size_t i = 0; i < w->count; i++) {
		struct watched *t = &w->servers[i];
		t->cut |= cut;
		if (t->watch && watch_state(t->watch) >= WATCH_REFUSED &&
		    bulk_out_full(&w->out) < 0)
			end_or_resume(w, t);
	}
}

/* One round: waits until something can be done, and does it. False: nothing is watched any more. */
static bool step(struct watching *w, struct wait_set *set)
{
	for (size_t i = 0; i < w->count; i++)
		set->conns[i] = w->servers[i].watch ? watch_conn(w->servers[i].watch) : NULL;
	size_t waiting = wait_prepare(set);
	for (size_t i = 0; i < w->count; i++) {
		if (w->servers[i].watch)
			watch_prepare(w->servers[i].watch);
	}
	struct pollfd out = bulk_out_pollfd(&w->out);
	bool writes = out.fd >= 0 && out.events;
	*wait_other(set, OUT) = out;
	*wait_other(set, WAKE) =
	    (struct pollfd){.fd = w->s->servers.options.wake_fd, .events = POLLIN};
	int64_t due = deadline_min(deadline_min(set->deadline, w->until), clock_now() + TICK_NS);
	if (waiting > 0 || writes)
		wait_poll(set, deadline_poll_ms(due));
	else
		set->now = clock_now();
	w->ended |= wait_other(set, WAKE)->revents != 0 || set->now >= w->until;
	wait_pump(set);
	for (size_t i = 0; i < w->count; i++) {
		if (w->servers[i].watch)
			watch_step(w->servers[i].watch, set->now);
	}
	show_waiting(w);
	bulk_out_show(&w->out);
	bulk_out_polled(&w->out, wait_other(set, OUT)->revents);
	settle(w);
	tracing_write_some(w->s);
	size_t left = 0;
	for (size_t i = 0; i < w->count; i++)
		left += w->servers[i].watch != NULL;
	return left > 0 || w->out.text.len > 0;
}

static void watch_all(struct watching *w)
{
	struct wait_set set;
	wait_init(&set, w->count, OTHERS);
	for (size_t i = 0; i < w->count; i++)
		w->servers[i].watch = watch_new(&w->servers[i].plan);
	while (!w->ended && !w->out.failed && step(w, &set))
		;
	for (size_t i = 0; i < w->count; i++) {
		if (w->servers[i].watch)
			w->skipped += watch_dropped(w->servers[i].watch);
		watch_free(w->servers[i].watch);
	}
	wait_release(&set);
}

/* How many events happened, as far as it is known, and were not shown. */
static uint64_t count_missing(struct watching *w)
{
	uint64_t missing = w->skipped;
	ask_dropped(w, &w->servers->dropped_after);
	for (size_t i = 0; i < w->count; i++) {
		const struct watched *t = &w->servers[i];
		if (t->dropped_after > t->dropped_before)
			missing += t->dropped_after - t->dropped_before;
	}
	return missing;
}

static void add_summary(struct watching *w, uint64_t missing, int64_t elapsed)
{
	struct session *s = w->s;
	struct buf *out = &s->output.results;
	if (missing > 0)
		report_errorf(s, STATUS_OK,
		              "servers drop what they cannot log in time: watch fewer streams, or "
		              "write to a file",
		              "note: at least %llu events were not shown",
		              (unsigned long long)missing);
	if (s->style.format == FORMAT_JSON) {
		json_open(out, '{');
		json_string_member(out, "command", "watch");
		json_u64_member(out, "events", w->shown);
		json_u64_member(out, "not_shown", missing);
		json_u64_member(out, "time_us", (uint64_t)elapsed / 1000);
		buf_add_str(out, "}\n");
	} else if (s->style.format == FORMAT_PRETTY) {
		paint_on(out, s->style.color, PAINT_DIM);
		buf_add_char(out, '(');
		time_add_count(out, w->shown, " event in ", " events in ");
		time_add(out, elapsed);
		buf_add_char(out, ')');
		paint_off(out, s->style.color, PAINT_DIM);
		buf_add_char(out, '\n');
	}
}

/* Until something happens, a person sees that it is waited for. */
static void greet(struct watching *w)
{
	if (!session_chats(w->s) || w->s->style.format != FORMAT_PRETTY)
		return;
	paint_add(&w->out.text, w->s->style.color, PAINT_DIM, "watching; Ctrl-C ends it");
	buf_add_char(&w->out.text, '\n');
}

static enum status watch_servers(struct watching *w)
{
	struct session *s = w->s;
	struct interrupt_scope scope;
	int wake_fd = s->servers.options.wake_fd;
	s->servers.options.wake_fd = interrupt_enter(&scope, wake_fd);
	ask_dropped(w, &w->servers->dropped_before);
	int64_t start = clock_now();
	w->until = w->until > 0 ? start + w->until : DEADLINE_NEVER;
	greet(w);
	tracing_begin(s);
	s->tracing.holding = true;
	watch_all(w);
	s->tracing.holding = false;
	tracing_end(s);
	int64_t elapsed = clock_now() - start;
	/* Ctrl-C is the end that was asked for; what follows is not cancelled by it. */
	report_new_line(s);
	bool leaves = interrupt_leave(&scope);
	if (!leaves)
		interrupt_take();
	s->servers.options.wake_fd = wake_fd;
	bulk_out_close(&w->out, BULK_WHOLE);
	uint64_t missing = w->out.failed ? 0 : count_missing(w);
	if (!w->out.failed)
		add_summary(w, missing, elapsed);
	s->mode.leaving |= leaves;
	return w->status;
}

static bool read_streams(struct watching *w, const struct args *args, struct error *error)
{
	bool fetchers = args->count == 0;
	buf_add_str(&w->ask, "watch");
	for (size_t i = 0; i < args->count; i++) {
		struct slice word = args->operands[i];
		if (!list_names(STREAMS, word))
			return error_set(error, "the streams are " STREAMS,
			                 "unknown stream \"%.*s\"",
			                 (int)(word.len < 60 ? word.len : 60), word.data);
		fetchers |= slice_eq_str(word, "fetchers");
		buf_addf(&w->ask, " %.*s", (int)word.len, word.data);
	}
	buf_add_str(&w->ask, "\r\n");
	if (w->filter.misses && !fetchers)
		return error_set(error, "add the stream fetchers",
		                 "--misses: only fetchers have misses");
	return true;
}

static bool read_options(struct watching *w, const struct args *args, struct error *error)
{
	struct slice text;
	uint64_t ms = 0;
	w->filter.matches = args_option(args, "--match", &w->filter.match);
	w->filter.misses = args_option(args, "--misses", NULL);
	if (args_option(args, "--for", &text) &&
	    (number_parse_duration(text, 1000, &ms) != NUMBER_OK || ms == 0 || ms > UINT32_MAX))
		return error_set(error, "write 500ms, 5s or 2m", "--for takes a time");
	w->until = (int64_t)ms * NSEC_PER_MSEC;
	w->filter.limited = args_option(args, "--limit", &text);
	if (w->filter.limited &&
	    (number_parse_u64(text, &w->filter.limit) != NUMBER_OK || w->filter.limit == 0))
		return error_set(error, "write a number from 1 on",
		                 "--limit takes a number of events");
	return read_streams(w, args, error);
}

static void prepare(struct watching *w)
{
	struct session *s = w->s;
	watched_columns(w->columns, s->style.columns);
	rows_init(&w->rows, &s->style, &w->out.text, "watch", w->columns, WATCHED_COLUMNS);
	w->servers = xcalloc(w->count, sizeof(*w->servers));
	for (size_t i = 0; i < w->count; i++) {
		struct watched *t = &w->servers[i];
		t->place = i;
		t->plan = (struct watch_plan){
		    .address = conn_address(client_server(s->servers.client, w->first + i)),
		    .options = &s->servers.options,
		    .ask = buf_cstr(&w->ask),
		    .ctx = t,
		    .guard = guard};
		if (w->count > 1)
			rows_label(&w->rows, t->plan.address->label);
	}
}

/* Whether each server can be watched: not over UDP. */
static bool can_watch(struct watching *w, struct error *error)
{
	struct session *s = w->s;
	for (size_t i = 0; i < w->count; i++) {
		if (!transport_carries(conn_address(client_server(s->servers.client, w->first + i)),
		                       &s->servers.options, &(struct request){.verb = VERB_LISTEN},
		                       error))
			return false;
	}
	return true;
}

static enum status run_watch(struct session *s, struct args *args)
{
	struct watching w = {.s = s};
	struct error error;
	enum status status;
	size_t end;
	bool good = read_options(&w, args, &error) &&
	            execute_servers(s, args, &w.first, &end, &error);
	w.count = good ? end - w.first : 0;
	if (good && can_watch(&w, &error) && bulk_out_open(&w.out, s, SLICE("-"), &error)) {
		prepare(&w);
		status = watch_servers(&w);
		rows_release(&w.rows);
		bulk_out_release(&w.out);
	} else {
		status = report_error(s, STATUS_USAGE, &error);
	}
	free(w.servers);
	buf_release(&w.ask);
	buf_release(&w.key);
	return status;
}

static const struct command_option watch_options[] = {
    {"--match", "GLOB", "only events of keys that fit, as shells have it: * ? [a-z] \\", NULL},
    {"--misses", NULL, "only what was looked for and not found", NULL},
    {"--for", "T", "end after this long (500ms, 5s, 2m)", NULL},
    {"--limit", "N", "end after N events", NULL},
    {0},
};

const struct command command_watch = {
    .name = "watch",
    .group = GROUP_SERVER,
    .flags = COMMAND_ROUTED | COMMAND_MIXED,
    .operands = "[STREAM...]",
    .suggest = STREAMS,
    .options = watch_options,
    .habits = "monitor",
    .summary = "show what happens on the servers",
    .about =
	"Shows the events of the streams named, of fetchers without a name, as they happen, until "
	"Ctrl-C, --for or --limit ends it, or nobody reads them any more. fetchers is every look "
	"at "
	"a key, and that is not always a get: set, add, touch, delete, incr and the meta commands "
	"look first and show an item_get too. mutations are stores, with the command (cmd) that "
	"asked for each; deletions (1.6.20), evictions, connevents, sysevents; proxyreqs, "
	"proxyevents and proxyuser of memcached's proxy. Each server is watched on a connection of "
	"its own, which is read whatever becomes of the output. Servers leave out what they cannot "
	"log in time, and events are not always in their order (gid): how many were not shown is "
	"said at the end, as far as it is known. A server takes 20 watchers. In json each event is "
	"an object, then comes one with the status; in plain its fields are divided by tabs: ts, "
	"gid, type, key, status, cmd, ttl, clsid, cfd, size, fetch, la, rip, rport, transport, "
	"reason, text.",
    .sends =
	"stats\\r\\n and watch <stream>...\\r\\n, on a connection of its own; stats\\r\\n again",
    .replies = "OK, then a line an event; ERROR, CLIENT_ERROR, WATCHER_TOO_MANY",
    .example = "> watch --for 100ms evictions\n",
    .effect = EFFECT_READS,
    .run = run_watch,
};
