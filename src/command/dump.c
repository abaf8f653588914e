#include "base/deadline.h"
#include "base/number.h"
#include "command/reading.h"
#include "command/rows.h"
#include "shell/answer.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/io/interrupt.h"
#include "shell/items/walk.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/items/items.h"
#include "view/summary.h"
#include "view/text/time.h"

#include <errno.h>

/* A plain file is written when this many bytes have gathered. */
#define GATHER ((size_t)64 * 1024)

/* clang-format off */
static const struct command_option dump_options[] = {
    {"--as", "jsonl|csv|tsv|mcsh|protocol", "the format; else as FILE's name ends, else jsonl",
     NULL},
    {"--cas", NULL, "with each item's cas unique, where the format has room for it", NULL},
    {"--match", "GLOB", "only keys that fit, as shells have it: * ? [a-z] \\", NULL},
    KEYFILTER_OF_ITEMS,
    {0},
};
/* clang-format on */

struct dumping {
	struct reading r;
	const struct item_format *format;
	bool cas, picks;   /* picks: not every item is wanted */
	uint64_t wordless; /* items that the format has no words for */
};

static void on_item(void *ctx, const struct item *item)
{
	struct dumping *d = ctx;
	struct item shown = *item;
	shown.key = slice_skip(item->key, d->r.own_prefix.len);
	if (!d->format->add(&d->r.out.text, &shown, d->cas))
		d->wordless++;
	if (!d->r.out.waits && d->r.out.text.len >= GATHER)
		bulk_out_drain(&d->r.out);
}

static bool drain(void *ctx)
{
	struct dumping *d = ctx;
	return bulk_out_drain(&d->r.out);
}

static void on_stat(void *ctx, const struct reply *reply)
{
	uint64_t *items = ctx, n;
	if (reply->kind == REPLY_STAT && slice_eq(reply->key, SLICE("curr_items")) &&
	    number_parse_u64(reply->value, &n) == NUMBER_OK)
		*items += n;
}

/* How many items there are, to say how far it is; where a filter leaves out most of them nobody can
 * say. */
static void expect_items(struct dumping *d, size_t first, size_t end)
{
	if (d->r.progress.shown && !d->picks)
		ask_stats(d->r.s, "", first, end, on_stat, &d->r.expected, 0);
}

/* One server. True when the next one may follow. */
static bool dump_server(struct dumping *d, size_t server, enum status *status)
{
	struct dump_plan plan = {
	    .cas = d->cas, .terse = !d->r.filter.asks, .item = on_item, .drain = drain};
	d->r.server = server;
	return reading_server(&d->r, &plan, "what it had named by then was dumped; run it again",
	                      status);
}

static bool read_options(struct dumping *d, const struct args *args, struct slice file,
                         struct error *error)
{
	struct slice name;
	bool pattern = slice_find(file, SLICE("*")) || slice_find(file, SLICE("?"));
	if (pattern && !slice_find(file, SLICE("/")))
		return error_set(error, "type .dump --match GLOB; a file of this name is ./NAME",
		                 "\"%.*s\" is a pattern, and .dump takes a FILE",
		                 SLICE_ARGS(file, 60));
	d->r.own_prefix = slice_str(d->r.s->settings.key_prefix);
	if (!keyfilter_read(&d->r.filter, args, NULL, error))
		return false;
	d->picks = keyfilter_picks(&d->r.filter) || d->r.own_prefix.len > 0;
	d->cas = args_option(args, "--cas", NULL);
	if (!args_option(args, "--as", &name)) {
		d->format = item_format_of_file(file);
		if (!d->format)
			d->format = item_formats[0];
	} else {
		d->format = item_format_named(name);
	}
	if (d->format)
		return true;
	return error_set(error, "write jsonl, csv, tsv, mcsh or protocol",
	                 "unknown format of items: \"%.*s\"", SLICE_ARGS(name, 60));
}

static const char *items_are(uint64_t n)
{
	return n == 1 ? "item is" : "items are";
}

/* What is missing although all went well. */
static enum status report_missing(struct dumping *d)
{
	enum status status = STATUS_OK;
	if (d->r.total.gone > 0)
		report_errorf(
		    d->r.s, STATUS_OK, "they were deleted or evicted meanwhile",
		    "note: %llu of the keys that were listed were gone before they were read",
		    (unsigned long long)d->r.total.gone);
	if (d->r.total.refused > 0)
		status = report_errorf(d->r.s, STATUS_NEGATIVE,
		                       "they hold blanks or control bytes and are too long for "
		                       "base64, or the server has no meta commands",
		                       "%llu %s missing: no command can ask for their keys",
		                       (unsigned long long)d->r.total.refused,
		                       items_are(d->r.total.refused));
	if (d->wordless > 0)
		status = report_errorf(
		    d->r.s, STATUS_NEGATIVE, "jsonl and csv have room for all of them",
		    "%llu %s missing: the format has no words for their keys or flags",
		    (unsigned long long)d->wordless, items_are(d->wordless));
	return status;
}

/* The output's end: STATUS, or worse. */
static enum status finish(struct dumping *d, struct slice file, bool interrupted,
                          enum status status)
{
	struct session *s = d->r.s;
	bool named = d->r.out.named;
	bool whole = status <= STATUS_NEGATIVE && !interrupted;
	unsigned long long items = d->r.total.items;
	bulk_out_close(&d->r.out, whole ? BULK_WHOLE : items > 0 ? BULK_PART : BULK_NOTHING);
	const char *part = bulk_out_part(&d->r.out);
	if (d->r.out.failed && d->r.out.failed != EINTR && !named)
		return status; /* reported as for any output of the session */
	if (d->r.out.failed && d->r.out.failed != EINTR)
		return report_errorf(s, STATUS_LOST, "free some room, or name another file",
		                     "cannot write \"%.*s\" after %s: %s", SLICE_ARGS(file, 200),
		                     count_text(items, " item", " items").s,
		                     strerror(d->r.out.failed));
	if (interrupted || d->r.out.failed) {
		struct error error;
		error_set(&error, "what was dumped by then is written", "interrupted after %s",
		          count_text(items, " item", " items").s);
		if (part)
			error_hint(&error, "they are in \"%s\"", part);
		return report_error(s, STATUS_LOST, &error);
	}
	if (!whole && part)
		report_errorf(s, STATUS_OK, "remove it, or give it its name",
		              "what could be dumped, %s, is in \"%s\"",
		              count_text(items, " item", " items").s, part);
	return status;
}

/* On standard output the items stand alone: the report goes to a terminal only. */
static void report(struct dumping *d, struct slice file, enum status status, int64_t elapsed)
{
	const struct bulk_count others[] = {
	    {"expired", "expired meanwhile", d->r.total.expired},
	    {"gone", "gone meanwhile", d->r.total.gone},
	    {"left_out", "left out", d->r.total.refused + d->wordless},
	    {d->picks ? "looked_at" : NULL, "keys looked at", d->r.total.looked_at},
	    {0},
	};
	struct bulk_report shown = {.command = ".dump",
	                            .file = file,
	                            .status = status,
	                            .items = d->r.total.items - d->wordless,
	                            .bytes = d->r.total.bytes,
	                            .others = others,
	                            .elapsed = elapsed};
	struct session *s = d->r.s;
	if (d->r.out.named) {
		summary_add_bulk(&s->output.results, &s->style, &shown);
		answer_given(&s->run.answer);
	} else if (d->r.progress.shown && status != STATUS_LOST) {
		struct style style = {.format = FORMAT_PRETTY};
		struct buf text = BUF_INIT;
		summary_add_bulk(&text, &style, &shown);
		output_complain(&s->output, buf_slice(&text));
		buf_release(&text);
	}
}

static enum status dump_all(struct dumping *d, struct slice file, size_t first, size_t end)
{
	struct session *s = d->r.s;
	enum status status = STATUS_OK;
	int64_t start = clock_now();
	progress_begin(&d->r.progress, s);
	expect_items(d, first, end);
	tracing_begin(&s->tracing);
	if (d->format->begin)
		d->format->begin(&d->r.out.text, d->cas);
	for (size_t i = first; i < end && dump_server(d, i, &status); i++)
		;
	tracing_end(&s->tracing);
	progress_clear(&d->r.progress);
	bool interrupted = interrupt_pending();
	if (!interrupted && !d->r.out.failed)
		status = status_max(status, report_missing(d));
	status = status_max(status, finish(d, file, interrupted, status));
	progress_finish(&d->r.progress);
	report(d, file, status, clock_now() - start);
	return status;
}

static enum status run_dump(struct session *s, struct args *args)
{
	struct dumping d = {.r = {.s = s, .out = BULK_OUT_INIT}};
	struct slice file = args->count > 0 ? args->operands[0] : SLICE("-");
	struct error error;
	size_t first, end;
	enum status status;
	if (read_options(&d, args, file, &error) && walk_can(s, &d.r.filter, &error) &&
	    execute_servers(s, args, &first, &end, &error) &&
	    bulk_out_open(&d.r.out, s, file, &error))
		status = dump_all(&d, file, first, end);
	else
		status = report_error(s, STATUS_USAGE, &error);
	bulk_out_release(&d.r.out);
	keyfilter_release(&d.r.filter);
	return status;
}

const struct command command_dot_dump = {
    .name = ".dump",
    .group = GROUP_SCRIPT,
    .flags = COMMAND_ROUTED | COMMAND_MIXED,
    .operands = "[FILE]",
    .options = dump_options,
    .habits = "backup export save bgsave",
    .summary = "write all items to a file",
    .about =
	"Writes every item of every server, with its flags and the time at which it expires, to "
	"FILE, or, without one or with -, to standard output; .load reads it. A name that ends in "
	".gz is compressed. Only a dump that is whole takes the place of FILE; until then it is "
	"FILE.XXXXXX.part, with other letters each time. On a terminal a line shows how far it is. "
	"Ctrl-C ends it; what was dumped by then is in FILE.part. The dump is a walk through a "
	"server that others use: what is stored meanwhile may be in it or not, and what is gone "
	"before it is read is counted. The items are read by classic gets of many keys, which is "
	"fastest, whatever .set protocol says; the time of an item comes from the list. With .set "
	"key_prefix only keys that begin with it are "
	"dumped, without it; --prefix and --match then look at what is left. The other options "
	"that say only are those of .keys; with any of them the report says how many keys were "
	"looked at.",
    .sends = "stats\\r\\n and lru_crawler metadump hash\\r\\n, and on a second connection get "
	     "<key>...\\r\\n",
    .replies = "key=<key> exp=<time> ..., END; VALUE, END; or BUSY, ERROR, CLIENT_ERROR",
    .example = "> set --flags 7 foo bar\nSTORED\n> .dump\n{\"mcsh_items\":1}\n"
	       "{\"key\":\"foo\",\"flags\":7,\"exptime\":0,\"value\":\"bar\"}\n"
	       "> .dump --as tsv\nfoo\tbar\t7\n",
    .effect = EFFECT_READS,
    .run = run_dump,
};
