/* .watch: what happens to a few keys, live, with their cards before and after. */
#include "base/deadline.h"
#include "base/glob.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "command/arguments.h"
#include "command/peek.h"
#include "command/rows.h"
#include "proto/attributes.h"
#include "proto/software.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/io/bulk_file.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "shell/watchers.h"
#include "view/live/followed.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"

#include <stdlib.h>

/* How long a look-up waits for the store that it may belong to. */
#define SETTLE_NS ((int64_t)300 * NSEC_PER_MSEC)

#define STREAMS "watch fetchers mutations evictions connevents"

/* memcached has the stream deletions since 1.6.20. */
#define DELETIONS_SINCE 20

struct following {
	struct session *s;
	const struct args *args;
	struct watchers_plan plan;
	struct slice own_prefix;
	struct followed *followed;
	struct bulk_out out;
	struct buf key;
	uint64_t limit;
	bool deletions;
};

static bool is_glob(struct slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (strchr("*?[\\", word.data[i]))
			return true;
	}
	return false;
}

/* The events so far. */
static uint64_t shown(const struct following *f)
{
	uint64_t sum = 0;
	for (enum followed_event e = 0; e < FOLLOWED_EVENTS; e++)
		sum += followed_count(f->followed, e);
	return sum;
}

/* The event's key without the session's prefix; empty: it is about none that is watched. */
static struct slice watched_key(struct following *f, const struct event *event)
{
	struct slice key = event->fields[EVENT_KEY];
	buf_clear(&f->key);
	if (attribute_decode(&f->key, key))
		key = buf_slice(&f->key);
	if (key.len == 0 || !slice_starts(key, f->own_prefix))
		return slice_of(NULL, 0);
	key = slice_skip(key, f->own_prefix.len);
	for (size_t i = 0; i < f->args->count; i++) {
		if (glob_match(f->args->operands[i], key))
			return key;
	}
	return slice_of(NULL, 0);
}

static bool on_event(void *ctx, size_t server, const struct event *event)
{
	struct following *f = ctx;
	followed_add(f->followed, server, servers_label(&f->s->servers, server), event,
	             watched_key(f, event));
	return shown(f) < f->limit;
}

static bool on_tick(void *ctx, int64_t elapsed)
{
	struct following *f = ctx;
	(void)elapsed;
	followed_settle(f->followed, SETTLE_NS, clock_now());
	return shown(f) < f->limit;
}

static void on_client(void *ctx, size_t server, uint64_t fd, struct slice address)
{
	struct following *f = ctx;
	if (address.len > 0)
		followed_client(f->followed, server, fd, address);
}

/* The cards of the keys that are named whole, where a format has space for them. */
static void show_cards(struct following *f)
{
	struct session *s = f->s;
	struct peek p;
	struct buf arena = BUF_INIT;
	if (s->style.format != FORMAT_PRETTY && s->style.format != FORMAT_JSON)
		return;
	struct slice *keys = ask_prefixed(f->own_prefix, f->args->operands, f->args->count, &arena);
	peek_begin(&p, s, f->args->command->name);
	for (size_t i = 0; i < f->args->count; i++) {
		struct look look = {0};
		struct error ignored;
		size_t server;
		if (is_glob(f->args->operands[i]) ||
		    !look_server(s, f->args, keys[i], &server, &ignored) ||
		    !look_can(s, server, &ignored))
			continue;
		look_at(s, keys[i], server, server + 1, &look);
		if (look.status == STATUS_OK)
			peek_show(&p, f->args->operands[i], keys[i], server, &look);
		look_release(&look);
	}
	peek_end(&p);
	free(keys);
	buf_release(&arena);
}

static void add_summary(struct following *f, uint64_t missing, int64_t elapsed)
{
	struct session *s = f->s;
	struct buf *out = &s->output.results;
	if (missing > 0)
		report_errorf(s, STATUS_OK,
		              "servers drop what they cannot log in time, of all keys",
		              "note: at least %s not reported",
		              count_text(missing, " event was", " events were").s);
	if (s->style.format == FORMAT_JSON) {
		json_open(out, '{');
		json_string_member(out, "command", ".watch");
		json_u64_member(out, "events", shown(f));
		for (enum followed_event e = 0; e < FOLLOWED_EVENTS; e++)
			json_u64_member(out, followed_names[e], followed_count(f->followed, e));
		json_u64_member(out, "not_reported", missing);
		json_u64_member(out, "time_us", (uint64_t)elapsed / 1000);
		buf_add_str(out, "}\n");
	} else if (s->style.format == FORMAT_PRETTY) {
		paint_on(out, s->style.color, PAINT_DIM);
		buf_add_char(out, '(');
		for (enum followed_event e = 0; e < FOLLOWED_EVENTS; e++) {
			if (followed_count(f->followed, e) == 0)
				continue;
			buf_add_str(out, grouped_text(followed_count(f->followed, e)).s);
			buf_addf(out, " %s, ", followed_names[e]);
		}
		buf_addf(out, "in %s)", time_text(elapsed).s);
		paint_off(out, s->style.color, PAINT_DIM);
		buf_add_char(out, '\n');
	}
}

static enum status follow(struct following *f)
{
	struct session *s = f->s;
	struct watchers_result result;
	f->plan.greeting = f->deletions ? "watching; Ctrl-C ends it"
	                                : "watching all but deletions (memcached 1.6.20); Ctrl-C "
	                                  "ends it";
	watchers_run(&f->plan, &result);
	if (!f->out.failed) {
		/* What was kept back until now. */
		buf_clear(&f->out.text);
		followed_settle(f->followed, 0, clock_now());
		buf_add_slice(&s->output.results, buf_slice(&f->out.text));
		/* In json the counts are the object that gets the status. */
		bool json = s->style.format == FORMAT_JSON;
		if (json)
			show_cards(f);
		add_summary(f, result.missing, result.elapsed);
		if (!json)
			show_cards(f);
	}
	s->mode.leaving |= result.leaves;
	return result.status;
}

/* The servers: those that are named, or the one that all of the keys belong to, or all. */
static bool choose_servers(struct following *f, struct error *error)
{
	struct session *s = f->s;
	struct watchers_plan *p = &f->plan;
	struct buf arena = BUF_INIT;
	if (!execute_servers(s, f->args, &p->first, &p->end, error))
		return false;
	struct slice *keys = ask_prefixed(f->own_prefix, f->args->operands, f->args->count, &arena);
	size_t server = 0, one = SIZE_MAX;
	bool ok = true, same = p->end - p->first > 1;
	for (size_t i = 0; ok && i < f->args->count; i++) {
		if (is_glob(f->args->operands[i])) {
			same = false;
			continue;
		}
		ok = look_server(s, f->args, keys[i], &server, error);
		same &= ok && (one == SIZE_MAX || one == server);
		one = server;
	}
	if (ok && same) {
		p->first = one;
		p->end = one + 1;
	}
	free(keys);
	buf_release(&arena);
	return ok;
}

/* Whether all of them report what is deleted. */
static bool report_deletions(struct following *f)
{
	struct session *s = f->s;
	bool all = true;
	tracing_begin(&s->tracing);
	for (size_t i = f->plan.first; i < f->plan.end; i++)
		all &=
		    software_is_since(client_version(s->servers.client, i), 1, 6, DELETIONS_SINCE);
	tracing_end(&s->tracing);
	return all;
}

static enum status run_follow(struct session *s, struct args *args)
{
	struct following f = {.s = s,
	                      .args = args,
	                      .limit = UINT64_MAX,
	                      .own_prefix = slice_str(s->settings.key_prefix)};
	struct error error;
	enum status status;
	f.plan = (struct watchers_plan){
	    .session = s, .out = &f.out, .ctx = &f, .event = on_event, .tick = on_tick};
	bool good = argument_count(args, "--limit", "events", UINT64_MAX, &f.limit, &error) &&
	            watchers_span(args, &f.plan.span, &error) && choose_servers(&f, &error) &&
	            watchers_can(&f.plan, &error);
	if (good) {
		f.deletions = report_deletions(&f);
		f.plan.ask = f.deletions ? STREAMS " deletions\r\n" : STREAMS "\r\n";
		show_cards(&f);
		good = bulk_out_open(&f.out, s, SLICE("-"), &error);
	}
	if (good) {
		f.followed = followed_new(&s->style, &f.out.text,
		                          args->count > 1 || is_glob(args->operands[0]));
		for (size_t i = f.plan.first; f.plan.end - f.plan.first > 1 && i < f.plan.end; i++)
			followed_label(f.followed, servers_label(&s->servers, i));
		watchers_name_clients(&f.plan, on_client);
		status = follow(&f);
		followed_free(f.followed);
	} else {
		status = report_error(s, STATUS_USAGE, &error);
	}
	bulk_out_release(&f.out);
	buf_release(&f.key);
	return status;
}

static const struct command_option follow_options[] = {
    {"--for", "T", "end after this long (500ms, 5s, 2m)", NULL},
    {"--limit", "N", "end after N events", NULL},
    {0},
};

const struct command command_dot_watch = {
    .name = ".watch",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "KEY...",
    .options = follow_options,
    .summary = "follow what happens to a key, live",
    .about =
	"Shows each time that a client reads, misses, stores or deletes one of the KEYs, and each "
	"time that one is evicted, with the client's address, as it happens, until Ctrl-C, --for "
	"or --limit ends it. A KEY may be a pattern, as shells have it: * ? [a-z] \\. Keys are "
	"watched on the server that they belong to; patterns, and keys of several, on all. In "
	"pretty and json the card of each key that is named whole stands before and after that, as "
	".peek --no-value shows it. It is the server's own watch stream, of which the rest is left "
	"out here: touch, incr and the meta commands look a key up, and show as a read; the "
	"look-up that belongs to a store does not. What a busy server cannot log in time is not "
	"reported: how much, of all keys, is said. Deletions are reported since memcached 1.6.20. "
	"In plain the fields are ts, event, client, cmd, status, ttl, size and key, tabs between.",
    .sends = "watch fetchers mutations evictions connevents deletions\\r\\n on a connection of its "
	     "own; stats\\r\\n, stats conns\\r\\n and me <key>\\r\\n",
    .replies = "OK, then a line an event; ERROR, CLIENT_ERROR, WATCHER_TOO_MANY",
    .example = "> .watch --for 100ms foo\n",
    .effect = EFFECT_READS,
    .run = run_follow,
};
