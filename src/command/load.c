#include "base/deadline.h"
#include "client/restore.h"
#include "command/rows.h"
#include "proto/dialect.h"
#include "shell/answer.h"
#include "shell/execute.h"
#include "shell/io/bulk_file.h"
#include "shell/io/interrupt.h"
#include "shell/io/progress.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/advice.h"
#include "view/items/items.h"
#include "view/summary.h"
#include "view/text/time.h"

#include <time.h>

/* Errors that are reported; of the others there is a count. */
#define REPORTED_MAX 10

static const struct command_option load_options[] = {
    {"--add", NULL, "only keys that are not there", NULL},
    {"--as", "jsonl|csv|tsv|protocol", "the format; else as FILE's name or first line says", NULL},
    {"--replace", NULL, "only keys that are there", NULL},
    {0},
};

struct loading {
	struct session *s;
	struct bulk_in in;
	struct item_reader reader;
	struct restore *restore;
	struct progress progress;
	struct slice file;
	uint64_t line; /* of the record at hand; 1 is the first */
	uint64_t records, expired, bad, reported;
	uint64_t relative; /* of the expired, those whose time looks like one from now on */
	int64_t now;       /* Unix time */
	bool hopeless;     /* nothing after the record at hand can be read */
	enum status status;
};

/* Reports an error with its place, unless there were too many. */
static void report_bad(struct loading *l, enum status status, uint64_t first, uint64_t last,
                       const char *hint, const char *what)
{
	l->status = status_max(l->status, status);
	if (l->reported++ >= REPORTED_MAX)
		return;
	progress_clear(&l->progress);
	if (first == last)
		report_errorf(l->s, status, hint, "%.*s:%llu: %s", SLICE_ARGS(l->file, 120),
		              (unsigned long long)first, what);
	else
		report_errorf(l->s, status, hint, "%.*s: one of the lines %llu to %llu: %s",
		              SLICE_ARGS(l->file, 120), (unsigned long long)first,
		              (unsigned long long)last, what);
}

static void on_refused(void *ctx, uint64_t first, uint64_t last, enum verb verb,
                       const struct reply *reply)
{
	struct request request = {.verb = verb};
	report_bad(ctx, STATUS_SERVER, first, last, advice_for(&request, reply),
	           reply_text(reply).s);
}

/* Sends what RECORD says. False when nothing more can be sent. */
static bool load_record(struct loading *l, struct slice record, struct error *error)
{
	struct item item;
	enum restore_result result = RESTORE_BAD;
	switch (l->reader.format->parse(&l->reader, record, &item, error)) {
	case ITEM_NONE:
		return true;
	case ITEM_READ:
		l->records++;
		if (item.exptime != 0 && item.exptime <= l->now) {
			l->expired++;
			l->relative += item.exptime > 0 && item.exptime <= EXPTIME_RELATIVE_MAX;
			return true;
		}
		result = restore_add(l->restore, &item, l->line, error);
		break;
	case ITEM_BAD_HEADER:
		l->hopeless = true;
		break;
	case ITEM_BAD:
		break;
	}
	if (result == RESTORE_BAD) {
		l->bad++;
		report_bad(l, STATUS_USAGE, l->line, l->line, error->hint, error->what);
	}
	return result != RESTORE_LOST;
}

/* The line feeds in a record. */
static uint64_t count_lines(const struct item_format *format, struct slice record)
{
	uint64_t lines = 0;
	if (format->record == item_line)
		return 1;
	for (const char *at = record.data, *end = at + record.len; at < end; at++)
		lines += *at == '\n';
	return lines;
}

/* Takes the next record off the file. False at its end, and on an error. */
static bool next_record(struct loading *l, struct slice *record, uint64_t *lines,
                        struct error *error)
{
	const struct item_format *format = l->reader.format;
	struct item_scan scan = {0};
	struct slice bytes;
	size_t n;
	while ((n = format->record(bytes = bulk_in_bytes(&l->in), &scan)) == 0 && !l->in.ended) {
		if (!bulk_in_more(&l->in, l->s->settings.max_record, error))
			return false;
		const struct restore_counts *c = restore_counts(l->restore);
		l->now = l->reader.now = (int64_t)time(NULL);
		progress_items(&l->progress, c->stored, 0, c->bytes, l->in.offset, l->in.size);
		tracing_write(&l->s->tracing);
		output_tick(&l->s->output);
	}
	if (n == 0 && bytes.len == 0)
		return false;
	if (n == 0 && format->needs_end)
		return error_set(
		    error, "if the file is whole, add a line feed; what came before was loaded",
		    "the last line does not end, the file may be cut short");
	*record = n > 0 ? slice_of(bytes.data, n - 1) : bytes;
	*lines = n > 0 ? count_lines(format, slice_of(bytes.data, n)) : 1;
	bulk_in_take(&l->in, n > 0 ? n : bytes.len);
	return true;
}

/* All records. False when it broke off: ERROR says why. */
static bool load_records(struct loading *l, struct error *error)
{
	struct slice record;
	uint64_t lines = 0;
	error_clear(error);
	while (!l->hopeless && next_record(l, &record, &lines, error)) {
		if (!load_record(l, record, error))
			return false;
		l->line += lines;
		error_clear(error);
	}
	return error->what[0] == '\0';
}

/* Reads the beginning and finds out the format. */
static bool find_format(struct loading *l, const struct args *args, struct error *error)
{
	struct slice name;
	const struct item_format *format = item_format_of_file(l->file);
	bool named = args_option(args, "--as", &name);
	if (named)
		format = item_format_named(name);
	if (!bulk_in_more(&l->in, SIZE_MAX, error))
		return false;
	bulk_in_take(&l->in, item_mark(bulk_in_bytes(&l->in)));
	const struct item_format *guess = item_format_of_bytes(bulk_in_bytes(&l->in));
	if (!named && (!format || (guess && guess->certain)))
		format = guess;
	l->reader.format = format;
	if (format && format->parse)
		return true;
	if (format && !named)
		error_set(error, "run it with .source", "\"%.*s\" is a script of commands",
		          SLICE_ARGS(l->file, 120));
	else if (named)
		error_set(error, "write jsonl, csv, tsv or protocol; a script is run with .source",
		          "unknown format for .load: \"%.*s\"", SLICE_ARGS(name, 60));
	else if (bulk_in_bytes(&l->in).len == 0)
		error_set(error, "is it the right file?", "\"%.*s\" is empty",
		          SLICE_ARGS(l->file, 120));
	else
		error_set(error, "name it with --as jsonl, csv, tsv or protocol",
		          "cannot determine the format of \"%.*s\"", SLICE_ARGS(l->file, 120));
	return false;
}

static void report(struct loading *l, enum verb verb, int64_t elapsed)
{
	const struct restore_counts *c = restore_counts(l->restore);
	const struct bulk_count others[] = {
	    {"expired", "expired", l->expired},
	    {verb == VERB_REPLACE ? "missing" : "existing",
	     verb == VERB_REPLACE ? "not there" : "there already", c->negative},
	    {"refused", "refused by the server", c->refused},
	    {"bad", "that cannot be read or sent", l->bad},
	    {"unknown", "of which no answer came", c->unknown},
	    {0},
	};
	struct bulk_report shown = {.command = ".load",
	                            .file = l->file,
	                            .status = l->status,
	                            .items = c->stored,
	                            .bytes = c->bytes,
	                            .others = others,
	                            .elapsed = elapsed};
	summary_add_bulk(&l->s->output.results, &l->s->style, &shown);
	answer_given(&l->s->run.answer);
}

/* Why it broke off, and how far it came. */
static void report_end(struct loading *l, const struct error *error)
{
	struct session *s = l->s;
	unsigned long long stored = restore_counts(l->restore)->stored;
	progress_clear(&l->progress);
	if (interrupt_pending())
		report_errorf(s, STATUS_LOST, "what was loaded by then is there",
		              "interrupted at line %llu of %.*s, after %s",
		              (unsigned long long)l->line, SLICE_ARGS(l->file, 120),
		              count_text(stored, " item", " items").s);
	else
		report_errorf(s, STATUS_LOST, error->hint, "%.*s:%llu: %s",
		              SLICE_ARGS(l->file, 120), (unsigned long long)l->line, error->what);
}

/* A spreadsheet may well say 300 for five minutes. */
static void report_relative(struct loading *l)
{
	if (l->relative > 0)
		report_errorf(l->s, STATUS_OK,
		              "an exptime is a Unix time, in seconds since 1970; 0 is never",
		              "warning: %llu of the expired had times of January 1970",
		              (unsigned long long)l->relative);
}

/* A server that is down loses its keys to the others, as with any command; of a million items
 * nobody would notice. */
static void report_down(struct loading *l, const struct restore_plan *plan)
{
	size_t count = client_server_count(plan->client);
	if (plan->server != SERVER_BY_KEY || restore_counts(l->restore)->stored == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (client_is_dead(plan->client, i))
			report_errorf(
			    l->s, STATUS_OK,
			    "load the file again with .set dead_retry off, or when it is back",
			    "note: %s is down, and what belongs there went to other servers",
			    conn_address(client_server(plan->client, i))->label);
	}
}

static void load_all(struct loading *l, const struct restore_plan *plan)
{
	struct session *s = l->s;
	struct error error, lost;
	int64_t start = clock_now();
	progress_begin(&l->progress, s);
	tracing_begin(&s->tracing);
	l->restore = restore_new(plan);
	l->line = 1;
	l->now = l->reader.now = (int64_t)time(NULL);
	bool whole = load_records(l, &error);
	/* What was read before an error in the file is stored all the same. */
	if (restore_finish(l->restore, &lost) != RESTORE_OK) {
		error = lost;
		whole = false;
	}
	tracing_end(&s->tracing);
	if (!whole) {
		report_end(l, &error);
		l->status = STATUS_LOST;
	}
	progress_clear(&l->progress);
	if (l->reported > REPORTED_MAX)
		report_errorf(s, l->status, NULL, "%llu more errors of this kind were not reported",
		              (unsigned long long)(l->reported - REPORTED_MAX));
	report_relative(l);
	if (whole)
		report_down(l, plan);
	progress_finish(&l->progress);
	if (restore_counts(l->restore)->negative > 0)
		l->status = status_max(l->status, STATUS_NEGATIVE);
	report(l, plan->verb, clock_now() - start);
	restore_free(l->restore);
}

static bool read_plan(struct session *s, const struct args *args, struct restore_plan *plan,
                      struct error *error)
{
	struct target target;
	bool add = args_option(args, "--add", NULL), replace = args_option(args, "--replace", NULL);
	if (add && replace)
		return error_set(error, "leave one of them out",
		                 "--add and --replace exclude each other");
	if (!execute_target(s, args, &target, error))
		return false;
	plan->verb = add ? VERB_ADD : replace ? VERB_REPLACE : VERB_SET;
	plan->prefix = slice_str(s->settings.key_prefix);
	plan->client = s->servers.client;
	plan->any_key = dialects[s->servers.options.dialect].packets;
	plan->classic = plan->any_key || s->settings.protocol == PROTOCOL_CLASSIC;
	plan->server = servers_named(&s->servers, &target);
	return true;
}

static enum status run_load(struct session *s, struct args *args)
{
	struct loading l = {.s = s, .file = args->operands[0]};
	struct restore_plan plan = {.ctx = &l, .refused = on_refused};
	struct error error;
	if (!read_plan(s, args, &plan, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (bulk_in_open(&l.in, s, l.file, &error) && find_format(&l, args, &error))
		load_all(&l, &plan);
	else
		l.status =
		    report_error(s, interrupt_pending() ? STATUS_LOST : STATUS_USAGE, &error);
	item_reader_release(&l.reader);
	bulk_in_release(&l.in);
	return l.status;
}

const struct command command_dot_load = {
    .name = ".load",
    .group = GROUP_SCRIPT,
    .flags = COMMAND_ROUTED | COMMAND_MIXED,
    .operands = "FILE",
    .options = load_options,
    .habits = "import restore",
    .summary = "store the items of a file",
    .about =
	"Stores the items of FILE, which .dump wrote or which has the same form: lines of JSON, "
	"CSV under a header line, lines of key, tab, value, or the protocol's storage commands, as "
	"memcached-tool dumps them; - is standard input. What is compressed by gzip is expanded. "
	"Each key goes to its server. Items whose time is up are counted and left out. Records "
	"that cannot be read, and items that a server refuses, are reported with their lines, ten "
	"of them, and the others are stored. What was read before the end of a file that is cut "
	"short is stored. With .set key_prefix it is put before each key. On a terminal a line "
	"shows how far it is; Ctrl-C ends it.",
    .sends = "ms <key> <bytes> [F<flags>] [T<exptime>] q\\r\\n<value>\\r\\n..., mn\\r\\n; with "
	     ".set protocol classic set; add, replace",
    .replies = "MN; NS, SERVER_ERROR for what was not stored; or STORED, NOT_STORED",
    .example = "> set foo bar\nSTORED\n> .dump items.jsonl | head -1\nitems\t1\n"
	       "> .load items.jsonl | head -1\nitems\t1\n",
    .effect = EFFECT_CHANGES,
    .run = run_load,
};
