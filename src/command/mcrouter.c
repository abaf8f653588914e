#include "command/mcrouter.h"

#include "base/xalloc.h"
#include "proto/software.h"
#include "shell/flow/ask.h"

#include <stdlib.h>

/* The most that is kept of one answer. */
#define ROUTE_MAX 4096

bool *mcrouter_find(struct session *s)
{
	size_t count = client_server_count(s->servers.client), found = 0;
	bool *routers = xcalloc(count, sizeof(*routers));
	struct said *said = xcalloc(count, sizeof(*said));
	ask_version(s, 0, count, said);
	for (size_t i = 0; i < count; i++) {
		const struct software *software = software_of(slice_str(said[i].version));
		routers[i] = said[i].there && strcmp(software->name, "mcrouter") == 0;
		found += routers[i];
	}
	free(said);
	if (found > 0)
		return routers;
	free(routers);
	return NULL;
}

/* A destination a line, CR LF or LF between. */
static void on_route(void *ctx, const struct reply *reply)
{
	struct buf *out = ctx;
	struct slice rest = reply->value;
	if (reply->kind != REPLY_VALUE)
		return;
	buf_init(out, ROUTE_MAX);
	while (rest.len > 0) {
		struct slice one = slice_trim(slice_take(&rest, '\n'));
		if (one.len > 0 && out->len > 0)
			buf_add_char(out, ' ');
		buf_add_slice(out, one);
	}
}

struct buf *mcrouter_routes(struct session *s, const bool *routers, struct slice key)
{
	size_t count = client_server_count(s->servers.client);
	struct buf *routes = xcalloc(count, sizeof(*routes)), name = BUF_INIT;
	buf_addf(&name, "__mcrouter__.route(get,%.*s)", (int)key.len, key.data);
	struct slice asked = buf_slice(&name);
	struct request request = {.verb = VERB_GET, .keys = &asked, .key_count = 1};
	for (size_t i = 0; i < count && asked.len <= KEY_MAX_BYTES; i++) {
		if (routers[i])
			ask_servers(s, &request, i, i + 1, on_route, &routes[i], sizeof(*routes));
	}
	buf_release(&name);
	return routes;
}

void mcrouter_free(const struct session *s, struct buf *routes)
{
	for (size_t i = 0; routes && i < client_server_count(s->servers.client); i++)
		buf_release(&routes[i]);
	free(routes);
}
