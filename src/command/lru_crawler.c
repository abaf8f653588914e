/* lru_crawler: its settings are requests like others; a list of keys (metadump, mgdump) comes over
 * a connection of its own. */
#include "base/quote.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/io/bulk_file.h"
#include "shell/items/walk.h"
#include "shell/report.h"
#include "view/keys/listed.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"

#include <time.h>

struct listing {
	struct session *s;
	struct bulk_out out;
	struct rows rows;
	bool as_sent; /* the server's lines are shown as they are */
};

static bool show(void *ctx, size_t index, struct slice line)
{
	struct listing *l = ctx;
	const char *server = servers_label(&l->s->servers, index);
	if (!l->as_sent) {
		listed_add(&l->rows, server, line, (int64_t)time(NULL));
		return true;
	}
	if (l->rows.label_width > 0) {
		escape_add_field(&l->out.text, slice_str(server));
		buf_add_char(&l->out.text, '\t');
	}
	if (l->s->style.format == FORMAT_PLAIN)
		escape_add_text(&l->out.text, line);
	else
		buf_add_slice(&l->out.text, line);
	buf_add_char(&l->out.text, '\n');
	return true;
}

static void add_end(struct session *s, const struct walk_end *end)
{
	struct buf *out = &s->output.results;
	if (s->style.format == FORMAT_JSON) {
		json_open(out, '{');
		json_string_member(out, "command", "lru_crawler");
		json_u64_member(out, "items", end->found);
		buf_add_str(out, "}\n");
	} else if (s->style.format == FORMAT_PRETTY) {
		paint_addf(out, s->style.color, PAINT_DIM, "(%s)",
		           count_text(end->found, " item", " items").s);
		buf_add_char(out, '\n');
	}
}

static bool runs_lru_crawler(const struct args *args)
{
	return args->count > 0 && slice_is_among(args->operands[0], "metadump mgdump");
}

static enum status run_lru_crawler(struct session *s, struct args *args)
{
	struct listing l = {.s = s};
	struct buf ask = BUF_INIT;
	struct walk_plan plan = {.filter = &keyfilter_all, .ctx = &l, .line = show, .out = &l.out};
	struct walk_end end;
	struct error error;
	size_t count;
	bool keys_alone = slice_eq_str(args->operands[0], "mgdump");
	if (!execute_servers(s, args, &plan.first, &plan.end, &error) ||
	    !bulk_out_open(&l.out, s, SLICE("-"), &error))
		return report_error(s, STATUS_USAGE, &error);
	buf_addf(&ask, "lru_crawler %.*s %.*s\r\n", (int)args->operands[0].len,
	         args->operands[0].data, (int)args->operands[1].len, args->operands[1].data);
	const struct row_column *columns = listed_columns(keys_alone, &count);
	l.as_sent = s->style.format != FORMAT_PRETTY && s->style.format != FORMAT_JSON &&
	            s->style.format != FORMAT_CSV;
	rows_init(&l.rows, &s->style, &l.out.text, "lru_crawler", columns, count);
	for (size_t i = plan.first; plan.end - plan.first > 1 && i < plan.end; i++)
		rows_label(&l.rows, servers_label(&s->servers, i));
	plan.ask = buf_cstr(&ask);
	walk(s, &plan, &end);
	if (!end.unread && walk_listed(&end))
		add_end(s, &end);
	rows_release(&l.rows);
	bulk_out_release(&l.out);
	buf_release(&ask);
	return end.status;
}

static const struct command_form crawler_forms[] = {
    {"enable|disable", "starts and stops the thread that finds what has expired"},
    {"sleep MICROSECONDS", "how long it pauses between two items"},
    {"tocrawl N", "how many items of a class it looks at in one run; 0: all"},
    {"crawl all", "runs through all slab classes"},
    {"crawl CLASSES", "runs through these, as 1,2,3"},
    {"metadump all|hash", "every item: its key, when it expires, when it was used, its size"},
    {"metadump CLASSES", "those of slab classes"},
    {"mgdump all|hash", "every key, as a line for mg (1.6.19)"},
    {"mgdump CLASSES", "those of slab classes"},
    {0},
};

const struct command command_lru_crawler = {
    .name = "lru_crawler",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "enable|disable|sleep|tocrawl|crawl|metadump|mgdump [WORD]",
    .forms = crawler_forms,
    .summary = "list the keys, or tune the crawler",
    .about =
	"metadump and mgdump list the keys of a server, on a connection of their own, which is "
	"read as fast as it comes: a server may stand still with a list that is not read. In "
	"pretty each item is a row, its key as its bytes are; in plain the lines are the server's, "
	"in json each is an object. all leaves out what is in use just then, which hash does not. "
	".dump writes items with their values. The other words tune the thread that removes what "
	"has expired.",
    .sends = "lru_crawler <words>\\r\\n; before a list stats\\r\\n, to see whether a crawler runs",
    .replies = "OK; key=<key> exp=<time> ... or mg <key>, END or EN; BUSY, BADCLASS or NOTSTARTED "
	       "and why not; ERROR, CLIENT_ERROR",
    .example = "> set foo bar\nSTORED\n> lru_crawler metadump all | cut -d ' ' -f 1\nkey=foo\n",
    .verb = VERB_LRU_CRAWLER,
    .build = argument_words,
    .effect = EFFECT_READS,
    .run = run_lru_crawler,
    .runs = runs_lru_crawler,
};
