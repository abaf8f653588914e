#include "command/peek.h"

#include "base/number.h"
#include "base/xalloc.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/io/interrupt.h"
#include "shell/report.h"
#include "view/keys/item_card.h"

#include <stdlib.h>

/* A server has 63 slab classes, numbered from 1. */
#define CLASSES 64

void peek_begin(struct peek *p, struct session *s, const char *command)
{
	size_t count = client_server_count(s->servers.client);
	*p = (struct peek){.session = s, .command = command};
	p->chunks = xcalloc(count * CLASSES, sizeof(*p->chunks));
	p->asked = xcalloc(count, sizeof(*p->asked));
	if (count > 1)
		p->distribution =
		    client_distribution(s->servers.client, client_setup(s->servers.client));
}

void peek_end(struct peek *p)
{
	distribution_free(p->distribution);
	free(p->chunks);
	free(p->asked);
}

/* "39:chunk_size 524288" */
static void on_stat(void *ctx, const struct reply *reply)
{
	uint64_t *chunks = ctx, class;
	struct slice name = reply->key;
	if (reply->kind == REPLY_STAT &&
	    number_parse_u64(slice_take(&name, ':'), &class) == NUMBER_OK && class < CLASSES &&
	    slice_eq_str(name, "chunk_size"))
		number_parse_u64(reply->value, &chunks[class]);
}

static uint64_t chunk_of(struct peek *p, size_t server, unsigned class)
{
	uint64_t *chunks = p->chunks + server * CLASSES;
	if (!p->asked[server])
		ask_stats(p->session, "slabs", server, server + 1, on_stat, chunks, 0);
	p->asked[server] = true;
	return class < CLASSES ? chunks[class] : 0;
}

/* Why KEY is looked for on SERVER. */
static void explain_place(const struct peek *p, struct slice key, size_t server, struct buf *out)
{
	size_t own = distribution_pick(p->distribution, key, 0);
	if (own == server) {
		distribution_explain(p->distribution, key, out);
		return;
	}
	buf_add_str(out, "it was named, or others do not answer");
	if (own == DISTRIBUTION_NONE)
		return;
	buf_addf(out, "; the key's own server is %s by ", servers_label(&p->session->servers, own));
	distribution_explain(p->distribution, key, out);
}

void peek_show(struct peek *p, struct slice shown, struct slice key, size_t server,
               const struct look *look)
{
	struct session *s = p->session;
	struct buf placed = BUF_INIT;
	struct item_card card = {.command = p->command,
	                         .key = shown,
	                         .keyed = p->keyed,
	                         .server = servers_label(&s->servers, server),
	                         .item = look->item,
	                         .value = buf_slice(&look->value),
	                         .now = look->now,
	                         .drain = s->view.drain,
	                         .drain_ctx = s->view.drain_ctx};
	if (p->distribution)
		explain_place(p, key, server, &placed);
	card.placed = buf_slice(&placed);
	if (look->item.there)
		card.chunk = chunk_of(p, server, look->item.class);
	item_card_add(&s->output.results, &s->style, &card);
	buf_release(&placed);
}

/* One key; shows its card, or reports why there is none. */
static enum status peek_key(struct peek *p, const struct args *args, struct slice shown,
                            struct slice key)
{
	struct session *s = p->session;
	struct look look = {0};
	struct error error;
	size_t server;
	if (!look_server(s, args, key, &server, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (!look_can(s, server, &error))
		return report_error(s, STATUS_SERVER, &error);
	look_at(s, key, server, server + 1, &look);
	if (look.status == STATUS_OK && look.item.there && !args_option(args, "--no-value", NULL))
		look_into(s, key, server, &look);
	enum status status = look.status;
	if (status != STATUS_OK) {
		report_error(s, status, &look.error);
	} else {
		peek_show(p, shown, key, server, &look);
		status = look.item.there ? STATUS_OK : STATUS_NEGATIVE;
	}
	look_report_token(s, &look);
	look_release(&look);
	return status;
}

static enum status run_peek(struct session *s, struct args *args)
{
	struct peek p;
	struct buf arena = BUF_INIT;
	struct slice *keys =
	    ask_prefixed(execute_prefix(s, args), args->operands, args->count, &arena);
	enum status status = STATUS_OK;
	peek_begin(&p, s, args->command->name);
	p.keyed = args->count > 1;
	for (size_t i = 0; i < args->count && !interrupt_pending(); i++) {
		if (i > 0 && s->style.format == FORMAT_PRETTY)
			buf_add_char(&s->output.results, '\n');
		status = status_max(status, peek_key(&p, args, args->operands[i], keys[i]));
		output_tick(&s->output);
	}
	peek_end(&p);
	free(keys);
	buf_release(&arena);
	return status;
}

static const struct command_option peek_options[] = {
    {"--no-value", NULL, "leave the value unread: not even a get is counted", NULL},
    {0},
};

static const struct command_hint peek_hints[] = {
    {"type strlen object", "type .peek KEY: its type, size and times"},
    {0},
};

const struct command command_dot_peek = {
    .name = ".peek",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "KEY...",
    .options = peek_options,
    .hints = peek_hints,
    .summary = "show all that is known of an item, without using it",
    .about =
	"Shows the card of each KEY: its value as get shows it, its type and the client that "
	"stored it by its flags, the bytes of memory that it takes and its slab class, how long it "
	"lives, when it was last moved up in its LRU, whether it was ever read, its cas number, "
	"and of several servers which one has it and why. The item is not moved up by that and not "
	"marked as read. Reading the value counts as one get, which no command avoids; --no-value "
	"leaves that out, and with it the flags. An item that is stale (md I) shows W to the one "
	"who reads it first, and so to .peek: that is said. It takes the meta commands of "
	"memcached 1.6.12 and later. In plain each fact is a line: name, tab, value, with several "
	"KEYs the key before them; nothing of a miss.",
    .sends = "me <key>\\r\\n, stats slabs\\r\\n, and unless --no-value is given mg <key> v f t c "
	     "u\\r\\n",
    .replies = "ME <key> <name>=<value>*, VA <size> <flags>* and the value; EN for a miss",
    .example = "> set foo bar\nSTORED\n> .peek foo | grep -E '^(value|type|ttl|fetched)'\n"
	       "value\tbar\ntype\ttext\nttl\t-1\nfetched\tno\n",
    .effect = EFFECT_READS,
    .run = run_peek,
};
