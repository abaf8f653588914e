#include "shell/report.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/io/bulk_file.h"
#include "shell/io/interrupt.h"
#include "shell/items/walk.h"
#include "view/overview/show.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

/* The most that a report in json, to compare with, may be. */
#define PAST_MAX ((size_t)16 * 1024 * 1024)

struct reporting {
	struct session *s;
	size_t first, end; /* of the servers */
	struct overview overview;
	struct overview_past past;
	bool compares, keys;
	struct keyfilter filter;
	struct buf scope;  /* what it was read from; empty: all keys */
	struct slice html; /* the file; empty: none */
	struct style style;
	struct walk_end walked;
	enum status status;
};

/* One server's answers. */
struct answering {
	struct reporting *r;
	size_t server; /* of the report's */
	bool slabs;    /* they are about slab classes */
};

static void on_stat(void *ctx, const struct reply *reply)
{
	struct answering *a = ctx;
	struct reporting *r = a->r;
	if (reply->kind == REPLY_STAT && a->slabs) {
		slabs_take(&r->overview.servers[a->server].slabs, reply->key, reply->value);
	} else if (reply->kind == REPLY_STAT) {
		overview_take_stat(&r->overview, a->server, reply->key, reply->value);
	} else if (!a->slabs) {
		static const struct request stats = {.verb = VERB_STATS, .own = true};
		struct failure failure;
		if (failure_take(&failure, &stats, reply)) {
			/* Half of an answer is none: what is missing in it would not stand out. */
			r->overview.servers[a->server].answered = false;
			r->status = status_max(r->status, failure_report(r->s, &failure));
		}
	}
}

/* False: Ctrl-C came. */
static bool ask(struct reporting *r)
{
	static const char *const asked[] = {"", "slabs", "items", "settings"};
	size_t count = r->end - r->first;
	struct answering *a = xcalloc(count, sizeof(*a));
	bool whole = true;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]) && whole; i++) {
		for (size_t n = 0; n < count; n++)
			a[n] = (struct answering){r, n, i > 0};
		whole = ask_stats(r->s, asked[i], r->first, r->end, on_stat, a, sizeof(*a));
	}
	free(a);
	return whole;
}

static bool on_item(void *ctx, size_t server, const struct crawled *item)
{
	struct reporting *r = ctx;
	const struct client *client = r->s->servers.client;
	bool misplaced = client_server_count(client) > 1 &&
	                 client_home(client, item->key) != server;
	overview_item(&r->overview, server - r->first, item, misplaced);
	return true;
}

static void list_keys(struct reporting *r)
{
	struct walk_end *end = &r->walked;
	struct walk_plan plan = {.filter = &r->filter,
	                         .first = r->first,
	                         .end = r->end,
	                         .foreign = true,
	                         .ctx = r,
	                         .item = on_item};
	r->status = status_max(r->status, walk(r->s, &plan, end));
	r->overview.listed = end->looked_at > 0 || end->status == STATUS_OK;
	r->overview.whole = end->status == STATUS_OK;
	r->overview.looked_at = end->looked_at;
}

static enum status write_page(struct reporting *r, const struct overview_page *page)
{
	struct bulk_out out = {0};
	struct error error;
	if (!bulk_out_open(&out, r->s, r->html, &error))
		return report_error(r->s, STATUS_USAGE, &error);
	overview_show_html(&out.text, page);
	bulk_out_close(&out, BULK_WHOLE);
	int failed = out.failed;
	bulk_out_release(&out);
	if (!failed)
		return STATUS_OK;
	if (failed == EINTR)
		return report_errorf(r->s, STATUS_LOST, "the page is not whole", "interrupted");
	return report_errorf(r->s, STATUS_LOST, "free some room, or name another file",
	                     "cannot write \"%.*s\": %s", SLICE_ARGS(r->html, 200),
	                     strerror(failed));
}

/* Ctrl-C waits for the page: one that ended mcsh now would leave what was written beside FILE. */
static enum status write_html(struct reporting *r, const struct overview_page *page)
{
	struct interrupt_scope scope;
	interrupt_enter(&scope, r->s->servers.options.wake_fd);
	enum status status = write_page(r, page);
	if (!interrupt_leave(&scope))
		return status;
	r->s->mode.leaving = true;
	return status == STATUS_OK
	           ? report_errorf(r->s, STATUS_LOST, "the page is whole", "interrupted")
	           : status;
}

static void show(struct reporting *r)
{
	struct findings findings = {0};
	struct overview_page page = {
	    .overview = &r->overview, .findings = &findings, .past = r->compares ? &r->past : NULL};
	overview_end(&r->overview);
	findings_find(&findings, &r->overview);
	if (r->html.len > 0)
		r->status = status_max(r->status, write_html(r, &page));
	if (!slice_eq_str(r->html, "-"))
		overview_show(&r->s->output.results, &r->style, &page);
	if (!slice_eq_str(r->html, "-") && r->overview.listed)
		walk_add_limits(&r->s->output.results, &r->style, &r->walked);
	findings_release(&findings);
}

static bool read_past(struct reporting *r, struct slice file, struct error *error)
{
	struct bulk_in in = {0};
	bool good = bulk_in_open(&in, r->s, file, error);
	while (good && !in.ended)
		good = bulk_in_more(&in, PAST_MAX, error);
	if (good) {
		good = overview_past_read(&r->past, slice_trim(bulk_in_bytes(&in)), error);
		if (!good) {
			struct error with_file;
			error_set(&with_file, NULL, "\"%.*s\": %s", SLICE_ARGS(file, 200),
			          error->what);
			error_hint(&with_file, "%s", error->hint);
			*error = with_file;
		}
	}
	bulk_in_release(&in);
	r->compares = good;
	return good;
}

static bool read_options(struct reporting *r, const struct args *args, struct error *error)
{
	static const char *const formats[] = {"pretty", "plain", "raw", "json", "csv"};
	struct slice file, format;
	r->style = r->s->style;
	if (args_option(args, "--format", &format)) {
		size_t i = 0;
		while (i < sizeof(formats) / sizeof(formats[0]) &&
		       !slice_eq_str(format, formats[i]))
			i++;
		if (i == sizeof(formats) / sizeof(formats[0]))
			return error_set(error, "write json, csv, plain or pretty",
			                 "unknown format: \"%.*s\"", SLICE_ARGS(format, 60));
		r->style.format = (enum format)i;
	}
	const struct slice *glob = args->count > 0 ? &args->operands[0] : NULL;
	if (!keyfilter_read(&r->filter, args, glob, error) || !walk_can(r->s, &r->filter, error))
		return false;
	keyfilter_describe(&r->scope, args, glob);
	r->keys = !args_option(args, "--no-keys", NULL);
	if (!r->keys && r->scope.len > 0)
		return error_set(error, "leave one of them out",
		                 "--no-keys leaves nothing for \"%.*s\"",
		                 SLICE_ARGS(buf_slice(&r->scope), 100));
	args_option(args, "--html", &r->html);
	return !args_option(args, "--since", &file) || read_past(r, file, error);
}

static void look(struct reporting *r)
{
	struct session *s = r->s;
	size_t count = r->end - r->first;
	const char **labels = xcalloc(count, sizeof(*labels));
	for (size_t i = 0; i < count; i++)
		labels[i] = servers_label(&s->servers, r->first + i);
	overview_init(&r->overview, labels, count);
	r->overview.scope = buf_slice(&r->scope);
	r->overview.below = keyfilter_beginning(&r->filter);
	r->overview.time = (int64_t)time(NULL);
	bool any = false;
	if (!ask(r))
		r->status = report_errorf(s, STATUS_LOST, "nothing is shown", "interrupted");
	else
		for (size_t i = 0; i < count; i++)
			any |= r->overview.servers[i].answered;
	if (any) {
		if (r->keys)
			list_keys(r);
		show(r);
	}
	overview_release(&r->overview);
	free(labels);
}

static enum status run_report(struct session *s, struct args *args)
{
	struct reporting r = {.s = s};
	struct error error;
	if (read_options(&r, args, &error) && execute_servers(s, args, &r.first, &r.end, &error))
		look(&r);
	else
		r.status = report_error(s, STATUS_USAGE, &error);
	keyfilter_release(&r.filter);
	buf_release(&r.scope);
	return r.status;
}

/* clang-format off */
static const struct command_option report_options[] = {
    {"--since", "FILE", "compare with FILE, an earlier report in json", NULL},
    {"--format", "json|csv|plain|pretty", "the format of this report", NULL},
    {"--html", "FILE", "write it to FILE too, as a page by itself; - in its place", NULL},
    {"--no-keys", NULL, "leave out what takes a walk through the keys", NULL},
    KEYFILTER_MATCH,
    KEYFILTER_OPTIONS,
    {0},
};
/* clang-format on */

const struct command command_dot_report = {
    .name = ".report",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "[GLOB]",
    .options = report_options,
    .habits = "memory",
    .summary = "a page about the cache: what is in it, and what stands out",
    .about =
	"Asks every server for its counters and walks through its keys, and shows memory, hit "
	"ratio, evictions and connections; the prefixes of keys (up to the first of : / . | - _) "
	"that take most memory; how large items are, how long they live and how long ago their LRU "
	"moved them up, as histograms; the largest items; how much of the memory was never read, "
	"and how much never expires; and at the end what stands out, worst first, each with its "
	"evidence and what to do. Nothing is changed or read: no value is asked for. Counters run "
	"since the servers' start. With GLOB, and the options of .keys, the part about the keys is "
	"of those that fit, and what takes all of them is not judged. --no-keys asks for counters "
	"alone. --since compares with an "
	"earlier report, which .report --format json > FILE has written. --html writes a page for "
	"a browser, too, that needs nothing else.",
    .sends = "stats\\r\\n, stats slabs\\r\\n, stats items\\r\\n, stats settings\\r\\n and, on a "
	     "connection of its own, lru_crawler metadump hash\\r\\n",
    .replies = "counters; a line an item",
    .example = "> set foo bar\nSTORED\n> .report | grep \"^figure.curr_items\"\n"
	       "figure\tcurr_items\t1\t\t\t\n",
    .effect = EFFECT_READS,
    .run = run_report,
};
