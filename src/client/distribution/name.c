#include "client/distribution/name.h"

#include "base/number.h"
#include "base/xalloc.h"

#include <stdio.h>
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

struct slice retry_text(char space[static RETRY_MAX], struct slice before, struct slice key,
                        struct slice after)
{
	const struct slice parts[] = {before, key, after};
	size_t len = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t n = parts[i].len < RETRY_MAX - len ? parts[i].len : RETRY_MAX - len;
		if (n > 0)
			memcpy(space + len, parts[i].data, n);
		len += n;
	}
	return slice_of(space, len);
}

struct slice retry_text_pecl(char space[static RETRY_MAX], struct slice key, unsigned attempt)
{
	char tail[NUMBER_DIGITS];
	int len = snprintf(tail, sizeof(tail), "-%u", attempt - 1);
	return retry_text(space, SLICE(""), key, slice_of(tail, (size_t)len));
}
