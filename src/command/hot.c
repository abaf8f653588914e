#include "view/hot/hot.h"
#include "base/deadline.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/xalloc.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/io/progress.h"
#include "shell/report.h"
#include "shell/watchers.h"
#include "view/text/time.h"

#include <stdlib.h>

#define SPAN_DEFAULT ((int64_t)5 * NSEC_PER_SEC)
#define TOP_DEFAULT  10
#define TOP_MAX      1000

/* The processor time that a server has used, in microseconds, before and after. */
struct used {
	uint64_t before, after;
	unsigned known; /* of the four numbers */
};

struct hottest {
	struct session *s;
	struct watchers_plan plan;
	enum hot_by by;
	bool misses;
	uint64_t top, events;
	struct hot_counts *counts;
	struct used *used; /* of each server of the plan */
	struct progress progress;
};

static bool on_event(void *ctx, size_t server, const struct event *event)
{
	struct hottest *h = ctx;
	hot_counts_add(h->counts, server, event);
	h->events++;
	return true;
}

/* rusage_user 12.345678 */
static bool read_usec(struct slice text, uint64_t *out)
{
	struct slice seconds = slice_take(&text, '.');
	uint64_t s, usec;
	if (text.len != 6 || number_parse_u64(seconds, &s) != NUMBER_OK ||
	    number_parse_u64(text, &usec) != NUMBER_OK || s > UINT32_MAX)
		return false;
	*out = s * 1000000 + usec;
	return true;
}

static void on_stat(void *ctx, size_t server, const struct reply *reply, bool after)
{
	struct hottest *h = ctx;
	struct used *used = &h->used[server - h->plan.first];
	uint64_t usec;
	if (!slice_starts(reply->key, SLICE("rusage_")) || !read_usec(reply->value, &usec))
		return;
	*(after ? &used->after : &used->before) += usec;
	used->known++;
}

/* "3 of 5 s: 302,112 events, most: user:1:profile" */
static bool on_tick(void *ctx, int64_t elapsed)
{
	struct hottest *h = ctx;
	struct progress *p = &h->progress;
	struct hot_row row;
	int64_t now = clock_now();
	if (!p->shown || now < p->due)
		return true;
	p->due = now + (int64_t)500 * NSEC_PER_MSEC;
	struct buf text = BUF_INIT, ascii = BUF_INIT;
	buf_addf(&text, "%lld of %s: %s events", (long long)(elapsed / NSEC_PER_SEC),
	         span_text((uint64_t)(h->plan.span / NSEC_PER_SEC)).s, grouped_text(h->events).s);
	if (hot_counts_top(h->counts, &row, 1) == 1) {
		buf_add_str(&text, ", most: ");
		escape_add_field(&text, row.name);
	}
	ascii_add(&ascii, buf_slice(&text), false);
	progress_draw(p, buf_slice(&ascii));
	buf_release(&text);
	buf_release(&ascii);
	return true;
}

static void on_client(void *ctx, size_t server, uint64_t fd, struct slice address)
{
	struct hottest *h = ctx;
	hot_counts_client(h->counts, server, fd, address);
}

/* Of a core, what the servers used; below 0 where one of them does not say. */
static double used_of_a_core(const struct hottest *h, int64_t elapsed)
{
	uint64_t usec = 0;
	for (size_t i = 0; i < h->plan.end - h->plan.first; i++) {
		if (h->used[i].known != 4 || h->used[i].after < h->used[i].before)
			return -1;
		usec += h->used[i].after - h->used[i].before;
	}
	return elapsed > 0 ? (double)usec * 1000 / (double)elapsed : -1;
}

static void report_missing(struct session *s, uint64_t missing)
{
	if (missing > 0)
		report_errorf(s, STATUS_OK,
		              "counts are \"at least\"; servers leave out what they cannot log in "
		              "time (worker_logbuf_size, watcher_logbuf_size)",
		              "note: at least %llu events were not counted",
		              (unsigned long long)missing);
}

static void show(struct hottest *h, const struct watchers_result *result)
{
	struct session *s = h->s;
	bool several = h->plan.end - h->plan.first > 1, labelled = several && h->by != HOT_PREFIX;
	const char **labels = xcalloc(h->plan.end, sizeof(*labels));
	struct hot_row *rows = xcalloc((size_t)h->top, sizeof(*rows));
	for (size_t i = 0; i < h->plan.end; i++)
		labels[i] = servers_label(&s->servers, i);
	hot_counts_end(h->counts);
	struct hot shown = {
	    .command = ".hot",
	    .by = h->by,
	    .misses = h->misses,
	    .servers = labelled ? labels : NULL,
	    .rows = rows,
	    .count = hot_counts_top(h->counts, rows, (size_t)h->top),
	    .totals = *hot_counts_totals(h->counts),
	    .names = hot_counts_names(h->counts),
	    .floor = hot_counts_floor(h->counts),
	    .missing = result->missing,
	    .elapsed = result->elapsed,
	    .several = several,
	    .cpu = used_of_a_core(h, result->elapsed),
	};
	hot_show(&s->output.results, &s->style, &shown);
	free(rows);
	free(labels);
}

static enum status watch(struct hottest *h)
{
	struct watchers_result result;
	h->used = xcalloc(h->plan.end - h->plan.first, sizeof(*h->used));
	h->counts = hot_counts_new(h->by, h->misses);
	progress_begin(&h->progress, h->s);
	if (h->by == HOT_CLIENT)
		watchers_name_clients(&h->plan, on_client);
	watchers_run(&h->plan, &result);
	progress_finish(&h->progress);
	h->s->mode.leaving |= result.interrupted && h->progress.scope.catches;
	report_missing(h->s, result.missing);
	if (result.status <= STATUS_NEGATIVE || h->events > 0)
		show(h, &result);
	hot_counts_free(h->counts);
	free(h->used);
	return result.status;
}

static bool read_options(struct hottest *h, const struct args *args, struct error *error)
{
	struct slice text;
	h->misses = args_option(args, "--misses", NULL);
	h->top = TOP_DEFAULT;
	if (args_option(args, "--by", &text)) {
		while (h->by <= HOT_CLIENT && !slice_eq_str(text, hot_by_names[h->by]))
			h->by++;
		if (h->by > HOT_CLIENT)
			return error_set(error, "write key, prefix or client",
			                 "--by does not know \"%.*s\"", SLICE_ARGS(text, 60));
	}
	h->plan.span = SPAN_DEFAULT;
	return argument_count(args, "--top", "rows", TOP_MAX, &h->top, error) &&
	       watchers_span(args, &h->plan.span, error);
}

static enum status run_hot(struct session *s, struct args *args)
{
	struct hottest h = {.s = s};
	struct error error;
	h.plan = (struct watchers_plan){
	    .session = s,
	    .from_answer = true,
	    .ctx = &h,
	    .event = on_event,
	    .tick = on_tick,
	    .stat = on_stat,
	};
	if (!read_options(&h, args, &error) ||
	    !execute_servers(s, args, &h.plan.first, &h.plan.end, &error) ||
	    !watchers_can(&h.plan, &error))
		return report_error(s, STATUS_USAGE, &error);
	h.plan.ask = h.by == HOT_CLIENT ? "watch fetchers mutations connevents\r\n"
	                                : "watch fetchers mutations\r\n";
	return watch(&h);
}

static const struct command_option hot_options[] = {
    {"--for", "T", "watch for this long (500ms, 5s, 2m; default 5s)", NULL},
    {"--by", "key|prefix|client", "what is counted (default key)", NULL},
    {"--misses", NULL, "count only what was asked for and not found", NULL},
    {"--top", "N", "rows, 1 to 1000 (default 10)", NULL},
    {0},
};

const struct command command_dot_hot = {
    .name = ".hot",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "",
    .options = hot_options,
    .habits = "hotkeys mctop",
    .summary = "show which keys are asked for most, now",
    .about =
	"Watches the servers' fetchers and mutations for five seconds, or as long as --for says, "
	"and shows the keys that are asked for and stored most often, with how many of the gets "
	"found something, stores, a rate, a share of all, and the mean size of a value. --by "
	"prefix counts the part of a key up to the first of : / . | - _, --by client connections, "
	"by their addresses (fd N over a unix socket). --misses counts only what was not found. "
	"Ctrl-C ends it early and shows what was found. There are 4,096 counters, so that memory "
	"stays flat: where there are more keys a count may be too high, and it is said by how "
	"much. A get that belongs to a store is none; touch, delete, incr and the meta commands "
	"look a key up like a get, and count as one. What servers left out because they could not "
	"log it in time is said: counts are \"at least\", then. Watching costs a server 5 to 9 % "
	"of a core more at 100,000 gets a second; what the servers used meanwhile is shown. In "
	"plain a line is name, count, error, hits, misses, stores, per_second, bytes, "
	"with the server first where there are several.",
    .sends = "stats\\r\\n and watch fetchers mutations\\r\\n, on a connection of its own; "
	     "stats\\r\\n again",
    .replies = "OK, then a line an event; ERROR, CLIENT_ERROR, WATCHER_TOO_MANY",
    .example = "> .hot --for 100ms\n",
    .effect = EFFECT_READS,
    .run = run_hot,
};
