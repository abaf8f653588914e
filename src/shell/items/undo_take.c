#include "shell/items/undo_take.h"

#include "client/many.h"
#include "proto/item.h"
#include "proto/item_state.h"
#include "shell/tracing.h"

#include <time.h>

/* Rounds in which an item is read: one that is stored so often is not kept. */
#define ROUNDS 8

/* The cas of what is not there: no item has it, and one that is stored meanwhile has another. */
#define CAS_OF_NOTHING UINT64_MAX

struct taking {
	struct session *s;
	struct undo_item *items;
	enum status status;
	struct error *error; /* of what failed first */
};

static size_t place_of(void *ctx, size_t i)
{
	const struct taking *t = ctx;
	return t->items[i].server;
}

static struct request question(const struct taking *t, size_t i)
{
	return (struct request){.verb = VERB_MG,
	                        .own = true,
	                        .keys = &t->items[i].key,
	                        .key_count = 1,
	                        .key_coded = !item_key_is_classic(t->items[i].key),
	                        .opaque = (uint32_t)i + 1,
	                        .text = ITEM_STATE_FLAGS};
}

static void fill(void *ctx, size_t i, struct request *request)
{
	*request = question(ctx, i);
}

/* An item that may be there could not be read: REPLY came. */
static void fail(struct taking *t, const struct reply *reply)
{
	bool lost = reply->kind == REPLY_LOST;
	if (t->status == STATUS_OK && lost)
		*t->error = *reply->error;
	else if (t->status == STATUS_OK)
		error_set(t->error, NULL, "%s: %s", reply->server, reply_text(reply).s);
	error_hint(t->error,
	           "what .undo could not bring back is not deleted; .set undo off deletes it");
	t->status = status_max(t->status, lost ? STATUS_LOST : STATUS_SERVER);
}

static void on_item(void *ctx, size_t i, const struct reply *reply)
{
	struct taking *t = ctx;
	struct session *s = t->s;
	struct undo_item *to = &t->items[i];
	struct request request = question(t, i);
	struct item_state item = {0};
	struct error why;
	if (reply->kind == REPLY_SERVER_ERROR || (reply->kind == REPLY_LOST && reply->timing)) {
		fail(t, reply);
		return;
	}
	if (reply->kind == REPLY_LOST) { /* it cannot be asked for at all */
		undo_leave_out(s, reply->error);
		return;
	}
	if (!item_state_read(&item, &request, reply)) {
		error_set(&why, "memcached has them since 1.6.12",
		          "%s does not answer the meta commands, by which they are read",
		          servers_label(&s->servers, to->server));
		undo_leave_out(s, &why);
		return;
	}
	if (item.has_value)
		to->slot = undo_keep(s, to->server, to->key, reply->value, item.flags,
		                     item.ttl < 0 ? 0 : time(NULL) + item.ttl, 0);
	if (s->settings.protocol != PROTOCOL_CLASSIC)
		to->cas = item.has_value ? item.cas : CAS_OF_NOTHING;
}

enum status undo_take(struct session *s, struct undo_item *items, size_t count, unsigned round,
                      struct error *error)
{
	struct taking t = {.s = s, .items = items, .error = error};
	struct many many = {
	    .count = count, .fill = fill, .on_reply = on_item, .place = place_of, .ctx = &t};
	struct error why;
	for (size_t i = 0; i < count; i++) {
		items[i].slot = UNDO_NONE;
		items[i].cas = 0;
	}
	error_set(&why, NULL, "others stored it again and again meanwhile");
	if (undo_leaves_out(s) || round >= ROUNDS) {
		for (size_t i = 0; i < count; i++)
			undo_leave_out(s, &why); /* which counts */
		return STATUS_OK;
	}
	tracing_begin(&s->tracing);
	client_do_many(s->servers.client, &many);
	tracing_end(&s->tracing);
	for (size_t i = 0; i < count && t.status != STATUS_OK; i++)
		undo_forget(s, items[i].slot);
	return t.status;
}

bool undo_taken(struct session *s, const struct undo_item *item, enum reply_kind kind)
{
	/* Lost: it may have been deleted, and to bring back what was not changes nothing. */
	if (kind == REPLY_DELETED || kind == REPLY_NONE || kind == REPLY_LOST)
		return false;
	undo_forget(s, item->slot);
	return kind == REPLY_EXISTS && item->cas != 0;
}
