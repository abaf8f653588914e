#include "shell/flow/order.h"
#include "shell/report.h"

#include "base/xalloc.h"
#include "shell/answer.h"

#include <stdlib.h>

#define KEYS_BYTES ((size_t)512 * 1024)

/* Bytes of answers that are kept because another is due. */
#define KEPT_MAX ((size_t)4 * 1024 * 1024)

/* Replies that have been shown are forgotten when they are so many and half of those kept. */
#define SHOWN_MANY 64

/* Replies that came out of order. The first one not shown belongs to the first of the slots
 * whose replies are kept here, since these are answered in their order. */
struct early {
	struct gather replies;
	size_t shown;
};

/* One server. */
struct peer {
	struct early early[LANES];
	size_t slots;
	struct losses losses;
};

/* The one whose answer is due, where there is any. */
static struct slot *first_slot(struct order *o)
{
	return o->awaits ? &o->alone : &o->ring[o->head];
}

static void release_peers(struct order *o)
{
	for (size_t i = 0; i < o->servers; i++) {
		for (size_t lane = 0; lane < LANES; lane++)
			gather_release(&o->peers[i].early[lane].replies);
	}
	free(o->peers);
}

void order_release(struct order *o)
{
	release_peers(o);
	free(o->ring);
	free(o->keys);
}

void order_deepen(struct order *o)
{
	size_t servers = client_server_count(o->session->servers.client);
	if (!o->ring) {
		o->ring = xcalloc(SLOTS_MAX, sizeof(*o->ring));
		o->keys = xmalloc(KEYS_BYTES);
	}
	if (servers == o->servers)
		return;
	/* The list of servers can have changed while nothing was under way. */
	release_peers(o);
	o->servers = servers;
	o->peers = xcalloc(servers, sizeof(*o->peers));
}

struct slot *order_await(struct order *o, const struct ask *ask, size_t server,
                         enum dialect_id dialect)
{
	o->awaits = true;
	o->asked = ask;
	o->count = 1;
	o->alone = (struct slot){.order = o,
	                         .command = ask->command,
	                         .request = *ask->request,
	                         .server = (uint32_t)server,
	                         .keyed = ask->keyed};
	o->alone.request.dialect = dialect;
	return &o->alone;
}

void order_await_end(struct order *o)
{
	o->awaits = false;
	o->count = 0;
}

/* Where in the memory for keys those of SLOT begin. */
static size_t keys_place(const struct order *o, const struct slot *slot)
{
	return (size_t)((const char *)slot->request.keys - o->keys);
}

char *order_reserve(struct order *o, size_t n)
{
	if (o->count == 0) {
		o->keys_to = 0;
		return o->keys;
	}
	size_t first = keys_place(o, first_slot(o));
	if (o->keys_to <= first)
		return o->keys_to + n < first ? o->keys + o->keys_to : NULL;
	if (o->keys_to + n <= KEYS_BYTES)
		return o->keys + o->keys_to;
	return n < first ? o->keys : NULL;
}

struct slot *order_next(struct order *o)
{
	return &o->ring[(o->head + o->count) & (SLOTS_MAX - 1)];
}

void order_push(struct order *o, struct slot *slot, size_t n)
{
	o->keys_to = keys_place(o, slot) + n;
	o->count++;
	o->peers[slot->server].slots++;
}

/* Reports the losses to which none will be added. */
static void report_losses(struct order *o)
{
	o->loss_unreported = false;
	for (size_t i = 0; i < o->servers; i++) {
		if (o->peers[i].slots == 0)
			losses_report(o->session, &o->peers[i].losses);
		o->loss_unreported |= o->peers[i].losses.count > 0;
	}
}

/* Those that REPLY, which says that SLOT is lost, belongs to: of its server, or of another one
 * that was lost for the same reason, as all are by Ctrl-C. */
static struct losses *losses_of(struct order *o, const struct slot *slot, const struct reply *reply)
{
	struct losses *own = &o->peers[slot->server].losses;
	for (size_t i = 0; i < o->servers; i++) {
		struct losses *l = &o->peers[(slot->server + i) % o->servers].losses;
		if (l->count > 0 && strcmp(l->error.what, reply->error->what) == 0)
			return l;
	}
	losses_report(o->session, own);
	o->loss_unreported = true;
	return own;
}

static void begin(struct order *o, struct slot *slot)
{
	struct session *s = o->session;
	struct question question = {.command = slot->command,
	                            .request = &slot->request,
	                            .server = servers_label(&s->servers, slot->server),
	                            .keyed = slot->keyed};
	o->begun = true;
	if (!o->awaits)
		output_mark(&s->output);
	show_begin(&o->show, s, &question);
}

/* Shows a reply of the first slot. */
static void show(struct order *o, struct slot *slot, const struct reply *reply)
{
	struct session *s = o->session;
	if (!o->begun)
		begin(o, slot);
	if (o->awaits) {
		show_reply(&o->show, reply);
		return;
	}
	if (reply->kind == REPLY_LOST)
		o->show.reported = losses_add(losses_of(o, slot, reply), slot->place, reply);
	else if (o->loss_unreported)
		report_losses(o);
	/* It is an earlier line's, and no part of the answer to the one being run. */
	struct location here = s->run.place;
	bool due = s->run.answer.due;
	s->run.place = slot->place;
	s->run.answer.due = false;
	show_reply(&o->show, reply);
	s->run.answer.due = due;
	s->run.place = here;
}

/* Where the replies of SLOT are kept. */
static struct early *early_of(struct order *o, const struct slot *slot)
{
	return &o->peers[slot->server].early[slot->lane];
}

static void keep(struct order *o, struct slot *slot, const struct reply *reply)
{
	struct gather *replies = &early_of(o, slot)->replies;
	size_t before = gather_size(replies);
	gather_add(replies, reply);
	o->kept += gather_size(replies) - before;
	slot->kept++;
	slot->done = reply_is_last(reply->kind);
	if (o->kept > KEPT_MAX) {
		conn_hold(client_server(o->session->servers.client, slot->server), HOLD_ORDER,
		          true);
		o->holding = true;
	}
}

/* Shows what was kept for SLOT, which is now the first. */
static void show_kept(struct order *o, struct slot *slot)
{
	struct early *early = early_of(o, slot);
	struct gather *replies = &early->replies;
	for (; slot->kept > 0; slot->kept--) {
		struct reply reply = gather_at(replies, early->shown++);
		show(o, slot, &reply);
	}
	bool all = early->shown == replies->count;
	if (all || (early->shown >= SHOWN_MANY && early->shown >= replies->count / 2)) {
		size_t before = gather_size(replies);
		gather_drop(replies, early->shown);
		o->kept -= before - gather_size(replies);
		early->shown = 0;
	}
}

/* Reads from the server whose answer is due, and from the others when memory is free again. */
static void hold_or_read(struct order *o)
{
	struct client *client = o->session->servers.client;
	bool full = o->kept > KEPT_MAX / 2;
	for (size_t i = 0; i < client_server_count(client); i++) {
		bool due = o->count == 0 || first_slot(o)->server == i;
		if (due || !full)
			conn_hold(client_server(client, i), HOLD_ORDER, false);
	}
	o->holding = full && o->count > 0;
}

/* The first slot's answer has been shown. */
static void retire(struct order *o, const struct slot *slot)
{
	o->begun = false;
	if (o->awaits) {
		o->status = o->show.status;
		o->count = 0;
		if (o->show.ended)
			answer_given(&o->session->run.answer);
		return;
	}
	report_status(o->session, o->show.status, false);
	o->peers[slot->server].slots--;
	o->head = (o->head + 1) & (SLOTS_MAX - 1);
	if (--o->count == 0 && o->loss_unreported)
		report_losses(o);
}

/* Shows what was kept and is due now. */
static void show_due(struct order *o)
{
	for (struct slot *slot; o->count > 0 && (slot = first_slot(o))->kept > 0;) {
		show_kept(o, slot);
		if (!slot->done)
			break;
		retire(o, slot);
	}
	if (o->holding)
		hold_or_read(o);
}

void order_reply(void *ctx, const struct reply *reply)
{
	struct slot *slot = ctx;
	struct order *o = slot->order;
	if (slot != first_slot(o)) {
		keep(o, slot, reply);
		return;
	}
	if (o->awaits && o->asked->withhold && o->asked->withhold(o->asked->ctx, reply)) {
		o->status = reply_status(reply->kind);
		return;
	}
	show(o, slot, reply);
	if (reply_is_last(reply->kind)) {
		retire(o, slot);
		show_due(o);
	}
}
