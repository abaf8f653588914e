#include "base/glob.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "proto/attributes.h"
#include "shell/execute.h"
#include "shell/io/bulk_file.h"
#include "shell/report.h"
#include "shell/watchers.h"
#include "view/live/watched.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"

#define STREAMS                                                                                    \
	"fetchers mutations evictions connevents proxyreqs proxyevents proxyuser rawcmds "         \
	"sysevents deletions"

/* What is shown of the events. */
struct filter {
	bool matches, misses;
	struct slice match;
	uint64_t limit;
};

struct watching {
	struct session *s;
	struct watchers_plan plan;
	struct filter filter;
	struct buf ask, key;
	bool of_server; /* streams that are about the server itself are among those watched */
	struct bulk_out out;
	struct rows rows;
	struct row_column columns[WATCHED_COLUMNS];
	uint64_t shown; /* events */
};

static bool passes(const struct filter *f, const struct event *e, struct slice key)
{
	struct slice status = e->fields[EVENT_STATUS];
	if (f->misses &&
	    (!slice_eq_str(e->fields[EVENT_TYPE], "item_get") || slice_eq_str(status, "found")))
		return false;
	return !f->matches || (key.len > 0 && glob_match(f->match, key));
}

static bool show(void *ctx, size_t server, const struct event *e)
{
	struct watching *w = ctx;
	buf_clear(&w->key);
	if (!attribute_decode(&w->key, e->fields[EVENT_KEY]))
		buf_add_slice(&w->key, e->fields[EVENT_KEY]);
	if (!passes(&w->filter, e, buf_slice(&w->key)))
		return true;
	watched_add(&w->rows, servers_label(&w->s->servers, server), e, buf_slice(&w->key));
	w->shown++;
	return w->shown < w->filter.limit;
}

static void add_summary(struct watching *w, uint64_t missing, int64_t elapsed)
{
	struct session *s = w->s;
	struct buf *out = &s->output.results;
	if (missing > 0)
		report_errorf(s, STATUS_OK,
		              "servers drop what they cannot log in time: watch fewer streams, or "
		              "write to a file",
		              "note: at least %s not shown",
		              count_text(missing, " event was", " events were").s);
	if (s->style.format == FORMAT_JSON) {
		json_open(out, '{');
		json_string_member(out, "command", "watch");
		json_u64_member(out, "events", w->shown);
		json_u64_member(out, "not_shown", missing);
		json_u64_member(out, "time_us", (uint64_t)elapsed / 1000);
		buf_add_str(out, "}\n");
	} else if (s->style.format == FORMAT_PRETTY) {
		paint_addf(out, s->style.color, PAINT_DIM, "(%s%s)",
		           count_text(w->shown, " event in ", " events in ").s,
		           time_text(elapsed).s);
		buf_add_char(out, '\n');
	}
}

static enum status watch_servers(struct watching *w)
{
	struct watchers_result result;
	watchers_run(&w->plan, &result);
	if (!w->out.failed)
		add_summary(w, result.missing, result.elapsed);
	w->s->mode.leaving |= result.leaves;
	return result.status;
}

static bool read_streams(struct watching *w, const struct args *args, struct error *error)
{
	bool fetchers = args->count == 0;
	buf_add_str(&w->ask, "watch");
	for (size_t i = 0; i < args->count; i++) {
		struct slice word = args->operands[i];
		if (!slice_is_among(word, STREAMS))
			return error_set(error, "the streams are " STREAMS,
			                 "unknown stream \"%.*s\"", SLICE_ARGS(word, 60));
		w->of_server |= slice_is_among(word, "proxyevents sysevents");
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
	w->filter.matches = args_option(args, "--match", &w->filter.match);
	w->filter.misses = args_option(args, "--misses", NULL);
	w->filter.limit = UINT64_MAX;
	return argument_count(args, "--limit", "events", UINT64_MAX, &w->filter.limit, error) &&
	       watchers_span(args, &w->plan.span, error) && read_streams(w, args, error);
}

static void prepare(struct watching *w)
{
	struct session *s = w->s;
	watched_columns(w->columns, s->style.columns, w->of_server);
	rows_init(&w->rows, &s->style, &w->out.text, "watch", w->columns, WATCHED_COLUMNS);
	for (size_t i = w->plan.first; w->plan.end - w->plan.first > 1 && i < w->plan.end; i++)
		rows_label(&w->rows, servers_label(&s->servers, i));
	w->plan.ask = buf_cstr(&w->ask);
}

static enum status run_watch(struct session *s, struct args *args)
{
	struct watching w = {.s = s};
	struct error error;
	enum status status;
	w.plan = (struct watchers_plan){.session = s,
	                                .out = &w.out,
	                                .greeting = "watching; Ctrl-C ends it",
	                                .ctx = &w,
	                                .event = show};
	if (read_options(&w, args, &error) &&
	    execute_servers(s, args, &w.plan.first, &w.plan.end, &error) &&
	    watchers_can(&w.plan, &error) && bulk_out_open(&w.out, s, SLICE("-"), &error)) {
		prepare(&w);
		status = watch_servers(&w);
		rows_release(&w.rows);
		bulk_out_release(&w.out);
	} else {
		status = report_error(s, STATUS_USAGE, &error);
	}
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
	"at a key, and that is not always a get: set, add, touch, delete, incr and the meta "
	"commands look first and show an item_get too. mutations are stores, with the command "
	"(cmd) that asked for each; deletions (1.6.20), evictions, connevents, sysevents; "
	"proxyreqs, proxyevents and proxyuser of memcached's proxy. Each server is watched on a "
	"connection of its own, which is read whatever becomes of the output. Servers leave out "
	"what they cannot log in time, and events are not always in their order (gid): how many "
	"were not shown is said at the end, as far as it is known. A server takes 20 watchers. In "
	"json each event is an object, then comes one with the status; in plain its fields are "
	"divided by tabs: ts, gid, type, key, status, cmd, ttl, clsid, cfd, size, fetch, la, rip, "
	"rport, transport, reason, text.",
    .sends =
	"stats\\r\\n and watch <stream>...\\r\\n, on a connection of its own; stats\\r\\n again",
    .replies = "OK, then a line an event; ERROR, CLIENT_ERROR, WATCHER_TOO_MANY",
    .example = "> watch --for 100ms evictions\n",
    .effect = EFFECT_READS,
    .run = run_watch,
};
