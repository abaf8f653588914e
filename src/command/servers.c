#include "command/servers.h"

#include "base/number.h"
#include "base/xalloc.h"
#include "command/capabilities.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/lang/args.h"
#include "shell/report.h"
#include "shell/servers/discovery.h"
#include "view/advice.h"
#include "view/stats/stat.h"
#include "view/text/table.h"
#include "view/text/wrap.h"

#include <stdio.h>
#include <stdlib.h>

static const struct request stats = {.verb = VERB_STATS};

static void copy_text(char *out, size_t size, struct slice text)
{
	size_t n = text.len < size - 1 ? text.len : size - 1;
	if (n > 0)
		memcpy(out, text.data, n);
	out[n] = '\0';
}

static void on_stats(void *ctx, const struct reply *reply)
{
	struct probe *p = ctx;
	p->there |= reply->kind != REPLY_LOST;
	if (reply->kind == REPLY_LOST)
		p->lost = *reply->error;
	else if (reply_is_error(reply->kind))
		error_set(&p->lost, advice_for(&stats, reply), "%s answers %s", reply->server,
		          reply_text(reply).s);
	else if (reply->kind != REPLY_STAT)
		return;
	else if (slice_eq_str(reply->key, "version"))
		copy_text(p->version, sizeof(p->version), reply->value);
	else if (slice_eq_str(reply->key, "uptime"))
		copy_text(p->uptime, sizeof(p->uptime), reply->value);
	else if (slice_eq_str(reply->key, "curr_items"))
		copy_text(p->items, sizeof(p->items), reply->value);
}

struct probe *servers_probe(struct session *s)
{
	size_t count = client_server_count(s->servers.client);
	struct probe *probes = xcalloc(count, sizeof(*probes));
	ask_servers(s, &stats, 0, count, on_stats, probes, sizeof(*probes));
	return probes;
}

/* Of this many made-up keys each server's share is counted: the third digit is sure. */
#define SHARE_KEYS 10000

static void count_shares(const struct client *client, size_t *counts)
{
	struct distribution *d = client_distribution(client, client_setup(client));
	for (unsigned i = 0; i < SHARE_KEYS; i++) {
		char key[32];
		int len = snprintf(key, sizeof(key), "key:%u", i);
		size_t server = distribution_pick(d, slice_of(key, (size_t)len), 0);
		if (server != DISTRIBUTION_NONE)
			counts[server]++;
	}
	distribution_free(d);
}

/* What .servers has a column for. */
enum {
	WITH_WEIGHT = 1,
	WITH_SHARE = 2,
	WITH_NOTE = 4,
	WITH_TRANSPORT = 8,
};

/* For eyes a column that says nothing is left out; the notes are running text below the table. */
static unsigned columns_wanted(const struct session *s)
{
	size_t count = client_server_count(s->servers.client);
	if (s->style.format != FORMAT_PRETTY)
		return WITH_WEIGHT | WITH_SHARE | WITH_NOTE | WITH_TRANSPORT;
	unsigned with = count > 1 ? WITH_SHARE : 0;
	for (size_t i = 0; i < count; i++) {
		if (conn_address(client_server(s->servers.client, i))->weight != 1)
			with |= WITH_WEIGHT;
	}
	return with;
}

/* For programs the number as it came, for eyes in UNIT. */
static void add_amount(const struct style *style, struct table *t, const char *text,
                       enum stat_unit unit)
{
	struct buf amount = BUF_INIT;
	stat_add_value(&amount, slice_str(text), style->format == FORMAT_PRETTY ? unit : UNIT_TEXT);
	table_cell(t, PAINT_NONE, buf_slice(&amount));
	buf_release(&amount);
}

static void add_transport(const struct servers *servers, struct table *t, size_t i)
{
	struct buf text = BUF_INIT;
	conn_describe_transport(client_server(servers->client, i), &text);
	table_cell(t, PAINT_NONE, buf_slice(&text));
	buf_release(&text);
}

static void add_server(struct session *s, struct table *t, size_t i, const struct probe *p,
                       double share, unsigned with)
{
	const struct address *a = conn_address(client_server(s->servers.client, i));
	bool up = !p->lost.what[0];
	table_cellf(t, PAINT_NONE, "%zu", i + 1);
	table_cell_str(t, PAINT_KEY, a->label);
	if (with & WITH_WEIGHT)
		table_cellf(t, PAINT_NONE, "%u", a->weight);
	table_cell_str(t, up ? PAINT_GOOD : PAINT_BAD, up ? "up" : "down");
	table_cell_str(t, PAINT_NONE, p->version);
	add_amount(&s->style, t, p->uptime, UNIT_SECONDS);
	add_amount(&s->style, t, p->items, UNIT_COUNT);
	if (with & WITH_SHARE)
		table_cellf(t, PAINT_NONE, s->style.format == FORMAT_PRETTY ? "%.1f %%" : "%.1f",
		            share);
	if (with & WITH_NOTE)
		table_cellf(t, PAINT_DIM, "%s%s%s", p->lost.what, p->lost.hint[0] ? ": " : "",
		            p->lost.hint);
	if (with & WITH_TRANSPORT)
		add_transport(&s->servers, t, i);
}

/* Of a server that is up, by what it is talked to, where that is worth a line; else why it is down,
 * whole. */
static void add_notes(struct session *s, const struct probe *probes)
{
	struct buf line = BUF_INIT;
	for (size_t i = 0; i < client_server_count(s->servers.client); i++) {
		const struct conn *c = client_server(s->servers.client, i);
		bool lost = probes[i].lost.what[0] != '\0';
		buf_clear(&line);
		buf_addf(&line, "%zu: %s%s%s", i + 1, probes[i].lost.what,
		         probes[i].lost.hint[0] ? ": " : "", probes[i].lost.hint);
		if (!lost && !conn_describe_transport(c, &line))
			continue;
		wrap_add(&s->output.results, buf_slice(&line), 3, 3, s->style.columns);
	}
	buf_release(&line);
}

static enum status list_servers(struct session *s)
{
	static const struct table_column all[] = {
	    {"number", true},   {"server", false},   {"weight", true}, {"state", false},
	    {"version", false}, {"uptime", true},    {"items", true},  {"share", true},
	    {"note", false},    {"transport", false}};
	struct table_column columns[sizeof(all) / sizeof(all[0])];
	size_t count = client_server_count(s->servers.client), used = 0;
	size_t *shares = xcalloc(count, sizeof(*shares));
	enum status status = STATUS_OK;
	struct table t;
	struct probe *probes = servers_probe(s);
	unsigned with = columns_wanted(s);
	if (count > 1)
		count_shares(s->servers.client, shares);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if ((i == 2 && !(with & WITH_WEIGHT)) || (i == 7 && !(with & WITH_SHARE)) ||
		    (i == 8 && !(with & WITH_NOTE)) || (i == 9 && !(with & WITH_TRANSPORT)))
			continue;
		columns[used++] = all[i];
	}
	table_begin(&t, &s->style, &s->output.results, ".servers", columns, used);
	for (size_t i = 0; i < count; i++) {
		double share = count > 1 ? 100.0 * (double)shares[i] / SHARE_KEYS : 100.0;
		add_server(s, &t, i, &probes[i], share, with);
		if (probes[i].lost.what[0])
			status = STATUS_LOST;
	}
	table_end(&t);
	if (s->style.format == FORMAT_PRETTY)
		add_notes(s, probes);
	free(probes);
	free(shares);
	return status;
}

static enum status discover(struct session *s)
{
	struct discovery d;
	discovery_ask(s, 0, false, &d);
	enum status status = discovery_use(s, &d);
	bool ok = !d.failed.what[0], lost = d.lost;
	if (ok)
		return status_max(status, list_servers(s));
	return status_max(status, report_error(s, lost ? STATUS_LOST : STATUS_SERVER, &d.failed));
}

static enum status run_servers(struct session *s, struct args *args)
{
	struct error error;
	if (args_option(args, "--long", NULL) && args->count > 0) {
		error_set(&error, "type .servers --long", "--long shows servers, and %.*s does not",
		          SLICE_ARGS(args->operands[0], 100));
		return report_error(s, STATUS_USAGE, &error);
	}
	if (args->count == 0)
		return args_option(args, "--long", NULL) ? capabilities_show(s) : list_servers(s);
	if (slice_eq_str(args->operands[0], "discover"))
		return discover(s);
	client_forget_dead(s->servers.client);
	return STATUS_OK;
}

/* The command after SERVER, as it was typed. */
static enum status run_on(struct session *s, struct args *args)
{
	struct error error;
	struct target before = s->servers.target;
	struct target target = {.kind = TARGET_SERVER};
	if (!servers_find(&s->servers, args->operands[0], &target.server, &error))
		return report_error(s, STATUS_USAGE, &error);
	s->servers.target = target;
	enum status status = session_execute(s, args_rest(args, 1));
	s->servers.target = before;
	return status;
}

static const struct command_option servers_options[] = {
    {"--long", NULL, "what each server is and can do", NULL},
    {0},
};

const struct command command_dot_servers = {
    .name = ".servers",
    .aliases = ".server",
    .group = GROUP_CONNECT,
    .flags = COMMAND_MIXED,
    .operands = "[forget-dead|discover]",
    .options = servers_options,
    .summary = "show the servers and whether they answer",
    .about =
	"Asks every server for its counters and shows number, address, weight, state, version, "
	"seconds since its start, items, and its share of the keys in percent. The exit status is "
	"4 when one of them is down. forget-dead tries servers again that were found dead. "
	"discover asks the first server for the nodes of its cluster (config get cluster, as "
	"ElastiCache has it), a thousand at most, and talks to these from then on. Typed again it "
	"asks again: the servers change when the number of the configuration has risen, and "
	"connections stay when it has not. It is asked again without a word, too, when a node "
	"cannot be reached or was lost. --long shows a card for each server instead: its "
	"software, version and limits, and, each with yes, no or unknown and why, whether it takes "
	"the meta commands (meta), lists its keys (metadump, mgdump), allows watch, cas, flush_all "
	"(flush) and shutdown, has extstore, is a proxy, speaks TLS, wants a login, and speaks the "
	"binary protocol. It asks on connections of its own, and changes nothing. In json each is "
	"a member, true, false or null, and why has the reasons.",
    .sends =
	"stats\\r\\n, or config get cluster\\r\\n; with --long version, stats, stats settings, "
	"and what a server that allows it refuses for another reason: watch nosuch, "
	"lru_crawler metadump 9999",
    .replies = "STAT <name> <value> lines, then END",
    .example = "> .servers | cut -f1,3,4\n1\t1\tup\n",
    .effect = EFFECT_READS,
    .run = run_servers,
};

const struct command command_dot_on = {
    .name = ".on",
    .group = GROUP_CONNECT,
    .operands = "SERVER COMMAND...",
    .summary = "run a command on one server",
    .about = "Runs COMMAND on the server named by its number in .servers or its address, whatever "
	     "server its key belongs to. On commands of the protocol --server does the same.",
    .example = "> .on 1 set foo bar\nSTORED\n> get --server 1 foo\nbar\n",
    .effect = EFFECT_READS,
    .run = run_on,
};
