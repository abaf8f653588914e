#include "client/distribution/name.h"
#include "base/xalloc.h"

#include <stdlib.h>

#define DEFAULT_PORT 11211

void name_add(struct buf *out, enum name_style style, const struct distribution_server *server)
{
	if (style == NAME_TWEMPROXY && server->name) {
		buf_add_str(out, server->name);
		return;
	}
	bool socket = server->port == 0;
	if (style == NAME_SLASH)
		buf_add_char(out, '/');
	if (style == NAME_PECL && socket)
		buf_add_str(out, "unix://");
	buf_add_str(out, server->host);

	bool default_port_silent = style == NAME_LIBMEMCACHED || style == NAME_TWEMPROXY;
	if ((style == NAME_FULL && socket) || (default_port_silent && server->port == DEFAULT_PORT))
		return;
	buf_add_char(out, ':');
	buf_add_u64(out, server->port);
}

struct named {
	char *name; /* owned */
	size_t server;
	name_compare_fn *compare; /* qsort passes no context */
};

static int compare_named(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = a->compare(a->name, b->name);
	return order ? order : (a->server > b->server) - (a->server < b->server);
}

size_t *name_order(const struct distribution_server *servers, size_t count,
                   name_compare_fn *compare)
{
	struct named *named = xcalloc(count, sizeof(*named));
	size_t *order = xcalloc(count, sizeof(*order));
	struct buf name = BUF_INIT;
	for (size_t i = 0; i < count; i++) {
		buf_clear(&name);
		name_add(&name, NAME_FULL, &servers[i]);
		named[i] = (struct named){xmemdup0(name.data, name.len), i, compare};
	}
	buf_release(&name);
	qsort(named, count, sizeof(*named), compare_named);
	for (size_t i = 0; i < count; i++) {
		order[i] = named[i].server;
		free(named[i].name);
	}
	free(named);
	return order;
}
