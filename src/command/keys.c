#include "base/quote.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/items/ranking.h"
#include "shell/items/walk.h"
#include "shell/report.h"
#include "view/figures.h"
#include "view/keys/keylist.h"
#include "view/text/time.h"

/* What sorting holds at the most, in bytes: about a million keys. */
#define SORT_MEMORY ((size_t)128 * 1024 * 1024)

/* clang-format off */
static const struct command_option keys_options[] = {
    KEYFILTER_MATCH,
    KEYFILTER_OPTIONS,
    {"--sort", "key|size|ttl|unbumped",
     "by key, the largest first, what expires soonest, what was not moved up for the longest time",
     NULL},
    {"--limit", "N", "the first N; without --sort the walk ends there", NULL},
    {"--long", NULL, "with the time since the last bump, class, read or not, and flags", NULL},
    {"--count", NULL, "only how many there are", NULL},
    {0},
};
/* clang-format on */

struct listing {
	struct session *s;
	struct keyfilter filter;
	bool counts, sorts, in_long;
	uint64_t limit;    /* UINT64_MAX: none */
	uint64_t taken;    /* items so far */
	size_t first, end; /* of the servers */
	enum ranking_by by;
	struct ranking ranking;
	struct bulk_out out;
	struct rows rows;
};

static void show(struct listing *l, size_t server, const struct crawled *item)
{
	struct session *s = l->s;
	keylist_add(&l->rows, servers_label(&s->servers, server), item);
	/* As many as completion keeps. */
	if (s->mode.interactive && l->rows.shown <= KEYS_MAX)
		keys_add(&s->run.keys, item->key);
}

static bool on_item(void *ctx, size_t server, const struct crawled *item)
{
	struct listing *l = ctx;
	if (l->sorts) {
		ranking_add(&l->ranking, server, item);
		return true;
	}
	if (!l->counts)
		show(l, server, item);
	return ++l->taken < l->limit;
}

/* What was found, for programs one object or row, for eyes a line. */
static void add_end(struct listing *l, const struct walk_end *end)
{
	const struct style *style = &l->s->style;
	struct buf *out = &l->s->output.results;
	struct figures f = {0};
	if (style->format == FORMAT_PRETTY) {
		walk_add_summary(out, style, " key", " keys",
		                 l->counts ? end->found : l->rows.shown, end);
		return;
	}
	if (style->format != FORMAT_JSON && style->format != FORMAT_CSV) {
		if (l->counts)
			buf_addf(out, "%llu\n", (unsigned long long)end->found);
		return;
	}
	if (style->format == FORMAT_CSV && !l->counts)
		return;
	figures_put_text(&f, "command", ".keys", IN_JSON);
	figures_put_count(&f, "keys", end->found);
	figures_put_count(&f, "bytes", end->bytes);
	figures_put_count(&f, "looked_at", end->looked_at);
	figures_put(&f, (struct figure){"seconds", FIGURE_SECONDS, IN_ALL, .ns = end->elapsed});
	figures_add(out, style, &f);
}

/* For eyes, whatever was asked about is shown. */
static bool shows_all(const struct listing *l)
{
	const struct keyfilter *f = &l->filter;
	return l->in_long ||
	       (l->s->style.format == FORMAT_PRETTY &&
	        ((l->sorts && l->by == RANKING_UNBUMPED) || f->unbumped >= 0 || f->cls >= 0));
}

static void begin_rows(struct listing *l, struct buf *out)
{
	struct session *s = l->s;
	keylist_init(&l->rows, &s->style, out, ".keys", shows_all(l));
	for (size_t i = l->first; l->end - l->first > 1 && i < l->end; i++) {
		if (keylist_labels(&s->style, l->in_long))
			rows_label(&l->rows, servers_label(&s->servers, i));
	}
}

/* The items in their order, now that no server waits. */
static enum status show_sorted(struct listing *l)
{
	struct session *s = l->s;
	struct ranking *r = &l->ranking;
	begin_rows(l, &s->output.results);
	ranking_sort(r);
	for (size_t i = 0; i < r->count && !s->output.failed; i++) {
		show(l, r->items[i]->server, &r->items[i]->item);
		if (!s->mode.interactive)
			output_tick(&s->output);
	}
	if (r->left_out == 0)
		return STATUS_OK;
	return report_errorf(s, STATUS_NEGATIVE,
	                     "--limit N says how many are wanted; sort(1) sorts any number",
	                     "%s left out: sorting holds %zu MiB at the most",
	                     count_text(r->left_out, " key is", " keys are").s, SORT_MEMORY >> 20);
}

static enum status list_keys(struct listing *l)
{
	struct session *s = l->s;
	struct walk_end end;
	struct walk_plan plan = {.filter = &l->filter,
	                         .first = l->first,
	                         .end = l->end,
	                         .ctx = l,
	                         .item = on_item,
	                         .out = l->sorts || l->counts ? NULL : &l->out};
	enum status status;
	begin_rows(l, &l->out.text);
	if (l->sorts)
		ranking_init(&l->ranking, l->by, l->limit > SIZE_MAX ? SIZE_MAX : (size_t)l->limit,
		             SORT_MEMORY);
	status = walk(s, &plan, &end);
	if (status == STATUS_USAGE || end.unread)
		return status;
	if (l->sorts)
		status = status_max(status, show_sorted(l));
	if (walk_listed(&end))
		add_end(l, &end);
	return status;
}

static bool read_options(struct listing *l, const struct args *args, struct error *error)
{
	struct slice text;
	l->counts = args_option(args, "--count", NULL);
	l->in_long = args_option(args, "--long", NULL);
	l->sorts = args_option(args, "--sort", &text);
	if (l->sorts && !ranking_named(text, &l->by))
		return error_set(error, "sort by key, size, ttl or unbumped",
		                 "cannot sort by \"%.*s\"", SLICE_ARGS(text, 60));
	if (l->sorts && l->counts)
		return error_set(error, "leave one of them out", "--count has nothing to --sort");
	l->limit = UINT64_MAX;
	return argument_count(args, "--limit", "keys", UINT64_MAX, &l->limit, error);
}

static enum status run_keys(struct session *s, struct args *args)
{
	struct listing l = {.s = s, .out = BULK_OUT_INIT};
	struct error error;
	enum status status;
	if (keyfilter_read(&l.filter, args, args->count > 0 ? &args->operands[0] : NULL, &error) &&
	    read_options(&l, args, &error) && execute_servers(s, args, &l.first, &l.end, &error) &&
	    bulk_out_open(&l.out, s, SLICE("-"), &error))
		status = list_keys(&l);
	else
		status = report_error(s, STATUS_USAGE, &error);
	rows_release(&l.rows);
	ranking_release(&l.ranking);
	bulk_out_release(&l.out);
	keyfilter_release(&l.filter);
	return status;
}

static const struct command_hint keys_hints[] = {
    {"bigkeys", "type .keys --sort size --limit 10"},
    {"dbsize", "type .keys --count"},
    {0},
};

const struct command command_dot_keys = {
    .name = ".keys",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED,
    .operands = "[GLOB]",
    .options = keys_options,
    .habits = "scan ls list keyspace",
    .hints = keys_hints,
    .summary = "list the keys that are there, or some of them",
    .about =
	"Lists the keys of all servers that fit GLOB, as shells have it (* ? [a-z] \\), and pass "
	"every option given; with .set key_prefix those that begin with it, without it. Each "
	"server lists its items, on a connection of its own, whatever becomes of the output, and "
	"what is not asked for is left out here: that costs it the same however few there are. It "
	"is a walk through servers that others use: what is stored meanwhile may be missing, and "
	"what is listed may be gone. Ctrl-C ends it with what was found. A size is what the server "
	"counts: header, key and value. unbumped is the time since a use moved the item up in its "
	"LRU, which happens once a minute at the most: it has been idle for that long at the "
	"longest. Nothing is changed by a walk: no item is moved up, none counts as read.",
    .sends = "stats\\r\\n and lru_crawler metadump hash\\r\\n, on a connection of its own",
    .replies = "key=<key> exp=<time> ..., END; BUSY, ERROR, CLIENT_ERROR and why not",
    .example = "> set user:1 foo\nSTORED\n> set page:1 bar 1h\nSTORED\n> .keys user:*\nuser:1\n"
	       "> .keys --sort key\npage:1\nuser:1\n> .keys --count --forever\n1\n",
    .effect = EFFECT_READS,
    .run = run_keys,
};
