/* .grep: what is found in values, decoded, of the items that a filter lets pass. */
#include "base/deadline.h"
#include "base/pattern.h"
#include "command/arguments.h"
#include "command/reading.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/look.h"
#include "shell/io/interrupt.h"
#include "shell/io/search.h"
#include "shell/items/walk.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/figures.h"
#include "view/format/format.h"
#include "view/keys/grepped.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

/* clang-format off */
static const struct command_option grep_options[] = {
    {"-F", NULL, "PATTERN is a string, not an expression", NULL},
    {"-i", NULL, "upper and lower case are the same", NULL},
    {"-l", NULL, "only the keys in whose values it is found", NULL},
    {"--count", NULL, "only in how many values it is found", NULL},
    {"--limit", "N", "end after N items in which it is found", NULL},
    KEYFILTER_MATCH,
    KEYFILTER_OPTIONS,
    {0},
};
/* clang-format on */

struct grep {
	struct reading r;
	struct pattern *pattern;
	struct search_child child; /* searches the long lines */
	bool keys_only, counts;
	uint64_t limit;
	size_t first, end;    /* of the servers */
	struct buf key;       /* --keys-from: as it goes on the wire */
	enum status lost;     /* a value could not be had: */
	struct error error;   /* why */
	struct buf text;      /* of a value, a NUL after it */
	struct grepped match; /* in it */
	bool found;           /* in it */
	uint64_t items;       /* in which it was found */
	uint64_t late;        /* not searched to their end */
};

/* Whether TEXT is all of FROM, which TO has from now on: a value may have been expanded to as much
 * as memory shall hold. */
static bool takes_over(struct buf *to, struct buf *from, struct slice text)
{
	if (text.len == 0 || text.data != from->data || text.len != from->len)
		return false;
	buf_release(to);
	*to = *from;
	*from = (struct buf)BUF_INIT;
	return true;
}

/* The value in words, as `get` prints it. */
static void decode(struct grep *g, const struct item *item)
{
	struct reply value = {
	    .kind = REPLY_VALUE, .key = item->key, .flags = item->flags, .value = item->value};
	struct decoded d;
	struct view v;
	view_init(&v, &g->r.s->style, NULL);
	buf_clear(&g->text);
	if (g->text.cap > OUTPUT_BLOCK)
		buf_release(&g->text);
	struct slice text = view_plain_value(&v, &value, &d);
	if (!takes_over(&g->text, &d.bytes, text) &&
	    (d.borrowed || !takes_over(&g->text, &d.text, text)))
		buf_add_slice(&g->text, text);
	buf_cstr(&g->text);
	decoded_release(&d);
	view_release(&v);
}

/* Shows a line in which it is found unless the first says all. */
static bool on_match(void *ctx, const struct search_match *found)
{
	struct grep *g = ctx;
	struct grepped *m = &g->match;
	g->found = true;
	if (g->counts || g->keys_only)
		return false;
	m->line_number = found->line_number;
	m->line = slice_of(g->text.data + found->line, found->len);
	m->at = found->at;
	m->len = found->found_len;
	m->offset = found->line + found->at;
	grepped_add(&g->r.out.text, &g->r.s->style, m);
	return true;
}

/* Looks through the lines of the value. True: it was found. */
static bool search_value(struct grep *g)
{
	struct search search = {.pattern = g->pattern,
	                        .child = &g->child,
	                        .text = buf_slice(&g->text),
	                        .deadline = deadline_in(g->r.s->servers.options.timeout_ms),
	                        .ctx = g,
	                        .found = on_match};
	g->found = false;
	if (search_lines(&search) == SEARCH_LATE)
		g->late++;
	return g->found;
}

static void on_item(void *ctx, const struct item *item)
{
	struct grep *g = ctx;
	g->match = (struct grepped){.server = servers_label(&g->r.s->servers, g->r.server),
	                            .labelled = g->end - g->first > 1,
	                            .key = slice_skip(item->key, g->r.own_prefix.len)};
	if (g->r.enough || interrupt_pending())
		return;
	decode(g, item);
	if (!search_value(g))
		return;
	if (g->keys_only && !g->counts)
		grepped_add_key(&g->r.out.text, &g->r.s->style, &g->match);
	g->r.enough = ++g->items >= g->limit;
}

/* An item of --keys-from, which has been looked up: no server is listing, and its value may take
 * its time. */
static bool on_named(void *ctx, size_t server, const struct crawled *named)
{
	struct grep *g = ctx;
	struct look look = {0};
	struct item item;
	buf_clear(&g->key);
	buf_add_slice(&g->key, g->r.own_prefix);
	buf_add_slice(&g->key, named->key);
	item.key = buf_slice(&g->key);
	look_into(g->r.s, item.key, server, &look);
	if (look.status != STATUS_OK) {
		g->lost = look.status;
		g->error = look.error;
	} else if (look.item.there) {
		item.value = buf_slice(&look.value);
		item.flags = look.item.flags;
		g->r.server = server;
		g->r.total.items++;
		g->r.total.bytes += item.key.len + item.value.len;
		g->r.total.tokens += look.item.token;
		on_item(g, &item);
	}
	look_release(&look);
	return !g->r.enough && g->lost == STATUS_OK;
}

/* The keys of a file, in place of what servers list. */
static enum status grep_named(struct grep *g)
{
	struct walk_end end;
	struct walk_plan plan = {.filter = &g->r.filter,
	                         .first = g->first,
	                         .end = g->end,
	                         .ctx = g,
	                         .item = on_named,
	                         .out = &g->r.out};
	enum status status = walk(g->r.s, &plan, &end);
	g->r.total.looked_at = end.looked_at;
	if (g->lost != STATUS_OK)
		status = status_max(status, report_error(g->r.s, g->lost, &g->error));
	return status;
}

/* What is found is shown as it comes. */
static bool drain(void *ctx)
{
	struct grep *g = ctx;
	if (g->r.out.text.len > 0)
		progress_clear(&g->r.progress);
	return bulk_out_show(&g->r.out) && !g->r.enough;
}

/* One server. True when the next one may follow. */
static bool grep_server(struct grep *g, enum status *status)
{
	struct session *s = g->r.s;
	struct error error;
	struct dump_plan plan = {.in_place = true, .item = on_item, .drain = drain};
	if (!look_can(s, g->r.server, &error)) {
		error_hint(&error, "its values are not read: get would use every item; .dump does");
		*status = status_max(*status, report_error(s, STATUS_SERVER, &error));
		return true;
	}
	tracing_begin(&s->tracing);
	bool goes_on = reading_server(&g->r, &plan, "run it again", status);
	tracing_end(&s->tracing);
	return goes_on;
}

static void add_summary(struct grep *g, int64_t elapsed)
{
	const struct style *style = &g->r.s->style;
	struct buf *out = &g->r.s->output.results;
	struct figures f = {0};
	if (style->format == FORMAT_PRETTY) {
		struct buf text = BUF_INIT;
		buf_addf(&text, "(in %s of %s%s, in %s)", grouped_text(g->items).s,
		         count_text(g->r.total.items, " value, ", " values, ").s,
		         size_text(g->r.total.bytes).s, time_text(elapsed).s);
		wrap_add_painted(out, style, PAINT_DIM, buf_slice(&text), 0);
		buf_release(&text);
	} else if (style->format == FORMAT_JSON || (style->format == FORMAT_CSV && g->counts)) {
		figures_put_text(&f, "command", ".grep", IN_JSON);
		figures_put_count(&f, "found_in", g->items);
		figures_put_count(&f, "values", g->r.total.items);
		figures_put_count(&f, "bytes", g->r.total.bytes);
		figures_put_count(&f, "looked_at", g->r.total.looked_at);
		figures_put(&f, (struct figure){"seconds", FIGURE_SECONDS, IN_ALL, .ns = elapsed});
		figures_add(out, style, &f);
	} else if (style->format != FORMAT_CSV && g->counts) {
		buf_add_u64(out, g->items);
		buf_add_char(out, '\n');
	}
}

static enum status grep_listed(struct grep *g)
{
	struct session *s = g->r.s;
	enum status status = STATUS_OK;
	progress_begin(&g->r.progress, s);
	for (g->r.server = g->first; g->r.server < g->end && grep_server(g, &status); g->r.server++)
		;
	progress_clear(&g->r.progress);
	bool interrupted = interrupt_pending();
	bulk_out_close(&g->r.out, BULK_WHOLE);
	if (interrupted)
		status = report_errorf(s, STATUS_LOST, "what was found by then is shown",
		                       "interrupted after %s",
		                       count_text(g->r.total.items, " value", " values").s);
	progress_finish(&g->r.progress);
	return status;
}

static enum status report_late(struct grep *g)
{
	bool one = g->late == 1;
	if (g->late == 0)
		return STATUS_OK;
	return report_errorf(
	    g->r.s, STATUS_LOST,
	    one ? "-F searches for a string; .set timeout gives it longer"
		: "-F searches for a string; .set timeout gives them longer",
	    "%s took longer than %s to search and %s not searched to the end",
	    count_text(g->late, " value", " values").s,
	    time_text((int64_t)g->r.s->servers.options.timeout_ms * NSEC_PER_MSEC).s,
	    one ? "was" : "were");
}

static enum status grep_all(struct grep *g)
{
	struct session *s = g->r.s;
	int64_t start = clock_now();
	enum status status = g->r.filter.names.len > 0 ? grep_named(g) : grep_listed(g);
	if (status == STATUS_USAGE)
		return status;
	if (!g->r.out.failed && (status == STATUS_OK || g->r.total.looked_at > 0))
		add_summary(g, clock_now() - start);
	if (g->r.total.tokens > 0)
		report_errorf(s, STATUS_OK,
		              "md KEY I marks one stale again, and the next who gets it is shown W",
		              "note: reading took the token to fetch it again of %llu stale "
		              "item%s",
		              (unsigned long long)g->r.total.tokens,
		              g->r.total.tokens == 1 ? "" : "s");
	status = status_max(status, report_late(g));
	return status_max(status, g->items > 0 ? STATUS_OK : STATUS_NEGATIVE);
}

static bool read_options(struct grep *g, const struct args *args, struct error *error)
{
	g->keys_only = args_option(args, "-l", NULL);
	g->counts = args_option(args, "--count", NULL);
	g->r.own_prefix = slice_str(g->r.s->settings.key_prefix);
	g->limit = UINT64_MAX;
	if (!argument_count(args, "--limit", "items", UINT64_MAX, &g->limit, error))
		return false;
	unsigned how = (args_option(args, "-F", NULL) ? PATTERN_FIXED : 0) |
	               (args_option(args, "-i", NULL) ? PATTERN_FOLDED : 0);
	g->pattern = pattern_new(args->operands[0], how, error);
	if (!g->pattern)
		error_hint(error, "it is a POSIX extended regular expression, see regex(7); -F "
		                  "takes a string");
	return g->pattern != NULL;
}

static enum status run_grep(struct session *s, struct args *args)
{
	struct grep g = {.r = {.s = s}};
	struct error error;
	enum status status;
	if (keyfilter_read(&g.r.filter, args, args->count > 1 ? &args->operands[1] : NULL,
	                   &error) &&
	    read_options(&g, args, &error) && execute_servers(s, args, &g.first, &g.end, &error) &&
	    bulk_out_open(&g.r.out, s, SLICE("-"), &error))
		status = grep_all(&g);
	else
		status = report_error(s, STATUS_USAGE, &error);
	bulk_out_release(&g.r.out);
	buf_release(&g.text);
	buf_release(&g.key);
	search_child_end(&g.child);
	pattern_free(g.pattern);
	keyfilter_release(&g.r.filter);
	return status;
}

const struct command command_dot_grep = {
    .name = ".grep",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "PATTERN [GLOB]",
    .options = grep_options,
    .habits = "find search",
    .summary = "search the values that are there",
    .about =
	"Looks for PATTERN, a POSIX extended regular expression, in the values of the items whose "
	"keys fit GLOB and that pass every option, of all servers, and shows each line in which it "
	"is found, with its key and the line's number. Values are looked through as get prints "
	"them: decompressed, and of a type as .profile reads it; ^ and $ are the ends of a line. "
	"The keys are listed as .keys lists them, and the values are read by mg with u, which "
	"moves no item up and marks none as read, but counts each value as a get. What is found is "
	"shown as it comes, and Ctrl-C ends it; a value that takes longer than .set "
	"timeout is left, and counted. Of a long line a piece around the match is shown. "
	"The status is 1 where it is found nowhere. In plain a line is key, line, offset in the "
	"value and the line, with tabs between.",
    .sends = "lru_crawler metadump hash\\r\\n on a connection of its own, and mg <key> v f u\\r\\n "
	     "on another",
    .replies = "key=<key> ..., END; VA <size> f<flags> and the value, EN",
    .example = "> set page:1 \"two\\nwords here\"\nSTORED\n> set page:2 else\nSTORED\n"
	       "> .grep w.r page:*\npage:1\t2\t4\twords here\n> .grep -F --count e\n2\n",
    .effect = EFFECT_READS,
    .run = run_grep,
};
