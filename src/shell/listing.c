#include "shell/listing.h"

#include "shell/interrupt.h"

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

static void guard(struct listing *l, const char *server)
{
	const struct client *client = l->session->client;
	for (size_t i = 0; i < client_server_count(client); i++) {
		const struct conn *c = client_server(client, i);
		if (conn_address(c)->label == server)
			interrupt_guard_stop(conn_pollfd(c).fd, conn_cut);
	}
	l->guarded = true;
	l->server = server;
}

void listing_add(struct listing *l, const struct reply *reply)
{
	if (!l->guarded)
		guard(l, reply->server);
	if (l->cut)
		return;
	l->bytes += reply->wire.len;
	if (l->bytes > LISTING_MAX)
		error_set(&l->error, ".dump writes any number of items",
		          "the list is longer than %llu bytes: its rest is not shown",
		          (unsigned long long)LISTING_MAX);
	l->cut = l->bytes > LISTING_MAX || !spill_add(&l->lines, reply->wire, &l->error);
}

bool listing_end(struct listing *l)
{
	if (l->guarded)
		interrupt_guard_stop(-1, NULL);
	l->guarded = false;
	return l->server && interrupt_was_cut();
}

bool listing_take(struct listing *l, struct reply *line)
{
	struct slice wire;
	if (!spill_take(&l->lines, &wire, &l->error)) {
		l->cut = true;
		return false;
	}
	*line =
	    (struct reply){.kind = REPLY_LINE, .wire = wire, .value = wire, .server = l->server};
	struct slice *value = &line->value;
	value->len -= value->len > 0 && value->data[value->len - 1] == '\n';
	value->len -= value->len > 0 && value->data[value->len - 1] == '\r';
	return wire.len > 0;
}
