#include "shell/servers/discovery.h"

#include "base/number.h"
#include "base/xalloc.h"
#include "shell/flow/ask.h"
#include "shell/lang/command.h"

#include <stdlib.h>

/* One "host|ip|port" word. */
static void add_node(struct discovery *d, struct slice word)
{
	struct slice port = word, host = slice_take(&port, '|'), ip = slice_take(&port, '|');
	if (host.len + 1 + ip.len >= word.len)
		return;
	buf_add_slice(&d->nodes, host.len ? host : ip);
	buf_add_char(&d->nodes, ':');
	buf_add_slice(&d->nodes, port);
	buf_add_char(&d->nodes, '\0');
	d->count++;
}

static void on_config(void *ctx, const struct reply *reply)
{
	struct discovery *d = ctx;
	if (reply->kind == REPLY_LOST) {
		d->failed = *reply->error;
		d->lost = true;
	}
	if (reply->kind != REPLY_LINE || !reply->block)
		return;
	/* A version, then the nodes, whatever their line ends. */
	struct slice rest = reply->value;
	struct slice version = slice_trim(slice_take(&rest, '\n'));
	if (number_parse_u64(version, &d->version) != NUMBER_OK)
		d->version = 0;
	rest = slice_trim(rest);
	struct operand node;
	while (operand_next(&rest, &node)) {
		if (++d->listed <= SERVERS_MAX)
			add_node(d, node.name);
	}
}

void discovery_ask(struct session *s, size_t server, bool own, struct discovery *d)
{
	struct request config = {
	    .verb = VERB_RAW, .text = SLICE("config get cluster\r\n"), .own = own};
	*d = (struct discovery){0};
	ask_servers(s, &config, server, server + 1, on_config, d, sizeof(*d));
	if (d->listed > SERVERS_MAX) {
		error_set(&d->failed, "name those that you want with .connect",
		          "the cluster lists %zu nodes, and discover takes %d at most", d->listed,
		          SERVERS_MAX);
		d->count = 0;
	}
	if (d->count == 0 && !d->failed.what[0])
		error_set(&d->failed, "name the servers with .connect",
		          "the server offers no cluster configuration");
}

/* Talks to the nodes of D. */
static enum status connect_to(struct session *s, struct discovery *d)
{
	struct slice *specs = xcalloc(d->count, sizeof(*specs)), rest = buf_slice(&d->nodes);
	for (size_t i = 0; i < d->count; i++)
		specs[i] = slice_take(&rest, '\0');
	enum status settled = ask_settle(s);
	if (servers_connect(&s->servers, specs, d->count, &d->failed))
		s->servers.configured = d->version;
	free(specs);
	return settled;
}

enum status discovery_use(struct session *s, struct discovery *d)
{
	enum status settled = STATUS_OK;
	uint64_t before = s->servers.configured;
	if (d->count > 0 && d->version < before)
		error_set(&d->failed,
		          "the servers stay as they are; ask again when it has caught up",
		          "the configuration that it has, %llu, is older than the one in use, %llu",
		          (unsigned long long)d->version, (unsigned long long)before);
	else if (d->count > 0 && (d->version == 0 || d->version != before))
		settled = connect_to(s, d);
	buf_release(&d->nodes);
	return settled;
}
