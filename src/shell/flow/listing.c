#include "shell/flow/listing.h"

#include "shell/io/interrupt.h"

/* Bytes that each half of the queue holds in memory. */
#define QUEUE_BLOCK ((size_t)1024 * 1024)

void listing_init(struct listing *l, struct session *s)
{
	*l = (struct listing){.session = s};
	spill_init(&l->lines, QUEUE_BLOCK);
}

void listing_release(struct listing *l)
{
	spill_release(&l->lines);
}

void listing_guard(const struct session *s)
{
	for (size_t i = 0; i < client_server_count(s->servers.client); i++) {
		const struct conn *c = client_server(s->servers.client, i);
		if (conn_state(c) == CONN_OPEN && conn_busy(c))
			interrupt_guard_stop(0, conn_pollfd(c).fd, conn_cut);
	}
}

void listing_add(struct listing *l, const struct reply *reply)
{
	l->server = reply->server;
	if (l->cut)
		return;
	l->bytes += reply->wire.len;
	if (l->bytes > LISTING_MAX)
		error_set(&l->error, ".dump writes any number of items",
		          "the list is longer than %llu bytes: its rest is not shown",
		          (unsigned long long)LISTING_MAX);
	l->cut = l->bytes > LISTING_MAX || !spill_add(&l->lines, reply->wire, &l->error);
}

bool listing_end(void)
{
	interrupt_guard_stop(0, -1, NULL);
	return interrupt_was_cut();
}

bool listing_take(struct listing *l, struct reply *line)
{
	struct slice wire;
	if (!spill_take(&l->lines, &wire, &l->error)) {
		l->cut = true;
		return false;
	}
	*line = (struct reply){.kind = REPLY_LINE,
	                       .wire = wire,
	                       .value = slice_chop(slice_chop(wire, '\n'), '\r'),
	                       .server = l->server};
	return wire.len > 0;
}
