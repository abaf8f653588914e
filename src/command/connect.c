#include "base/quote.h"
#include "base/xalloc.h"
#include "command/common.h"
#include "command/rows.h"
#include "view/table.h"

#include <stdlib.h>

/* One server's answer to `version`, or why there is none. */
struct probe {
	char version[64];
	struct error lost;
};

static void on_version(void *ctx, const struct reply *reply)
{
	struct probe *p = ctx;
	struct slice text = reply->value;
	if (reply->kind == REPLY_LOST) {
		p->lost = *reply->error;
		return;
	}
	if (text.len > sizeof(p->version) - 1)
		text.len = sizeof(p->version) - 1;
	if (text.len > 0)
		memcpy(p->version, text.data, text.len);
}

/* Asks every server for its version, all at once. The caller frees. */
static struct probe *probe_all(struct session *s)
{
	static const struct request version = {.verb = VERB_VERSION};
	size_t count = client_server_count(s->client);
	struct probe *probes = xcalloc(count, sizeof(*probes));
	s->options.trace = NULL;
	for (size_t i = 0; i < count; i++)
		client_submit(s->client, &version, i, on_version, &probes[i], &probes[i].lost);
	client_run(s->client);
	return probes;
}

static enum status run_servers(struct session *s, struct args *args)
{
	static const struct table_column columns[] = {{"server", false},
	                                              {"weight", true},
	                                              {"state", false},
	                                              {"version", false},
	                                              {"note", false}};
	enum status status = STATUS_OK;
	struct table t;
	struct probe *probes = probe_all(s);
	table_begin(&t, &s->style, &s->output.results, args->command->name, columns, 5);
	for (size_t i = 0; i < client_server_count(s->client); i++) {
		const struct address *a = conn_address(client_server(s->client, i));
		bool up = conn_state(client_server(s->client, i)) == CONN_OPEN;
		table_cell_str(&t, PAINT_KEY, a->label);
		table_cellf(&t, PAINT_NUMBER, "%u", a->weight);
		table_cell_str(&t, up ? PAINT_GOOD : PAINT_BAD, up ? "up" : "down");
		table_cell_str(&t, PAINT_NONE, probes[i].version);
		table_cell_str(&t, PAINT_DIM, probes[i].lost.what);
		if (!up)
			status = STATUS_LOST;
	}
	table_end(&t);
	free(probes);
	return status;
}

static enum status run_connect(struct session *s, struct args *args)
{
	struct error error;
	enum status status = STATUS_OK;
	if (!session_connect(s, args->operands, args->count, &error))
		return session_fail(s, STATUS_USAGE, &error);
	struct probe *probes = probe_all(s);
	for (size_t i = 0; i < client_server_count(s->client); i++) {
		const char *label = conn_address(client_server(s->client, i))->label;
		if (probes[i].lost.what[0])
			status = session_fail(s, STATUS_LOST, &probes[i].lost);
		else if (s->interactive)
			buf_addf(&s->output.results, "connected to memcached %s at %s\n",
			         probes[i].version, label);
	}
	free(probes);
	return status;
}

static enum status run_disconnect(struct session *s, struct args *args)
{
	(void)args;
	client_disconnect(s->client);
	return STATUS_OK;
}

const struct command command_dot_servers = {
    .name = ".servers",
    .aliases = ".server",
    .group = GROUP_CONNECT,
    .operands = "",
    .summary = "show the servers and whether they answer",
    .about = "Asks every server for its version and shows which are up. Its exit status is 4 when "
	     "one of them is down.",
    .sends = "version\\r\\n",
    .replies = "VERSION <text>",
    .example = "> .servers | cut -f3\nup\n",
    .run = run_servers,
};

const struct command command_dot_connect = {
    .name = ".connect",
    .group = GROUP_CONNECT,
    .operands = "SERVER...",
    .summary = "talk to other servers from now on",
    .about = "Replaces the servers by those named: host, host:port, host:port:weight, [ipv6]:port, "
	     "/path/to/socket. With several, each key has its server, as python-memcached places "
	     "it.",
    .sends = "version\\r\\n",
    .replies = "VERSION <text>",
    .example = "> .connect 127.0.0.1:1 | cat\n",
    .run = run_connect,
};

const struct command command_dot_disconnect = {
    .name = ".disconnect",
    .group = GROUP_CONNECT,
    .operands = "",
    .summary = "close the connections",
    .about = "Closes the connections; the next command opens them again.",
    .example = "> .disconnect\n> set foo bar\nSTORED\n",
    .run = run_disconnect,
};
