#include "command/arguments.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/items/walk.h"
#include "shell/report.h"
#include "view/figures.h"
#include "view/tree/tree_rows.h"

#define DEPTH_USUAL 3
#define TOP_USUAL   10
#define TOP_MAX     100000

/* clang-format off */
static const struct command_option tree_options[] = {
    {"--separators", "S", "the bytes that divide a key into segments; \"" SEPARATORS_USUAL "\" without it",
     NULL},
    {"--depth", "N", "levels that are shown, 3 without it", NULL},
    {"--top", "N", "rows of each level below the same one, 10 without it; the rest is one row", NULL},
    {"--by", "bytes|items", "what the order and the shares are of; bytes without it", NULL},
    KEYFILTER_MATCH,
    KEYFILTER_OPTIONS,
    {0},
};
/* clang-format on */

struct growing {
	struct session *s;
	struct keyfilter filter;
	struct separators separators;
	struct keytree_view view;
	size_t first, end; /* of the servers */
	struct keytree tree;
	struct tree_rows rows;
};

static bool on_item(void *ctx, size_t server, const struct crawled *item)
{
	struct growing *g = ctx;
	(void)server;
	keytree_add(&g->tree, slice_skip(item->key, g->filter.prefix.len), item);
	return true;
}

static void add_end(struct growing *g, const struct walk_end *end)
{
	const struct style *style = &g->s->style;
	struct buf *out = &g->s->output.results;
	struct figures f = {0};
	if (style->format == FORMAT_PRETTY)
		walk_add_summary(out, style, " key", " keys", end->found, end);
	if (style->format != FORMAT_JSON)
		return;
	figures_put_text(&f, "command", ".tree", IN_JSON);
	figures_put_count(&f, "items", end->found);
	figures_put_count(&f, "bytes", end->bytes);
	figures_put_count(&f, "looked_at", end->looked_at);
	figures_put_count(&f, "given_up", g->tree.given_up);
	figures_put(&f, (struct figure){"seconds", FIGURE_SECONDS, IN_ALL, .ns = end->elapsed});
	figures_add(out, style, &f);
}

static enum status grow(struct growing *g)
{
	struct session *s = g->s;
	struct walk_end end;
	struct walk_plan plan = {
	    .filter = &g->filter, .first = g->first, .end = g->end, .ctx = g, .item = on_item};
	keytree_init(&g->tree, &g->separators, KEYTREE_NODES);
	enum status status = walk(s, &plan, &end);
	if (status == STATUS_USAGE)
		return status;
	tree_rows_init(&g->rows, &s->style, &s->output.results, ".tree", g->filter.prefix,
	               g->view.by_items);
	g->view.ctx = &g->rows;
	g->view.row = tree_rows_add;
	if (end.found > 0)
		keytree_show(&g->tree, &g->view);
	if (g->tree.given_up > 0)
		report_errorf(s, STATUS_OK,
		              "their keys count for what they begin with, there as others; "
		              "a prefix or a filter makes the tree smaller",
		              "note: %llu names of a few keys each were more than are kept",
		              (unsigned long long)g->tree.given_up);
	if (walk_listed(&end))
		add_end(g, &end);
	return status;
}

static bool read_options(struct growing *g, const struct args *args, struct error *error)
{
	struct slice text = SLICE(SEPARATORS_USUAL);
	uint64_t depth = DEPTH_USUAL, top = TOP_USUAL;
	if (!keyfilter_read(&g->filter, args, NULL, error) ||
	    !argument_count(args, "--depth", "levels", KEYTREE_DEPTH, &depth, error) ||
	    !argument_count(args, "--top", "rows", TOP_MAX, &top, error))
		return false;
	if (args->count > 0 && g->filter.prefix.len > 0)
		return error_set(error, "leave one of them out", "PREFIX is what --prefix is");
	if (args->count > 0)
		g->filter.prefix = args->operands[0];
	args_option(args, "--separators", &text);
	separators_init(&g->separators, text);
	text = SLICE("bytes");
	args_option(args, "--by", &text);
	if (!slice_is_among(text, "bytes items"))
		return error_set(error, "write bytes or items", "no order by \"%.*s\"",
		                 SLICE_ARGS(text, 60));
	g->view = (struct keytree_view){
	    .depth = (unsigned)depth, .top = (size_t)top, .by_items = slice_eq_str(text, "items")};
	return true;
}

static enum status run_tree(struct session *s, struct args *args)
{
	struct growing g = {.s = s};
	struct error error;
	enum status status;
	if (read_options(&g, args, &error) && execute_servers(s, args, &g.first, &g.end, &error))
		status = grow(&g);
	else
		status = report_error(s, STATUS_USAGE, &error);
	tree_rows_release(&g.rows);
	keytree_release(&g.tree);
	keyfilter_release(&g.filter);
	return status;
}

const struct command command_dot_tree = {
    .name = ".tree",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "[PREFIX]",
    .options = tree_options,
    .summary = "show the keys as a tree, with what each branch holds",
    .about =
	"Divides the keys of all servers, or those that begin with PREFIX, into segments at the "
	"separators, and shows how many items and bytes each branch holds, its share, how many of "
	"its items never expire, and the time that half of the others have left. What differs from "
	"key to key is folded: digits into <n>, UUIDs into <uuid>, letters mixed with digits "
	"(hexadecimal from 8 on, others from 20 on) into <hash>, so that user:1:profile and "
	"user:2:profile are user:<n>:profile. Segments that all keys of a branch share stand in "
	"one row. It takes the options of .keys for what is counted, and is a walk like that. "
	"Memory is bounded: names of a few keys are given up for those that come, and count in the "
	"branches above them, there as others.",
    .sends = "stats\\r\\n and lru_crawler metadump hash\\r\\n, on a connection of its own",
    .replies = "key=<key> exp=<time> ..., END; BUSY, ERROR, CLIENT_ERROR and why not",
    .example = "> set user:1:name foo\nSTORED\n> set user:2:name bar\nSTORED\n"
	       "> .tree | cut -f 1,3\nuser:<n>:name\t2\n",
    .effect = EFFECT_READS,
    .run = run_tree,
};
