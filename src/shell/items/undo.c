#include "shell/items/undo.h"

#include "base/xalloc.h"
#include "client/many.h"
#include "proto/dialect.h"
#include "proto/item_state.h"
#include "shell/flow/ask.h"
#include "shell/flow/coded.h"
#include "shell/io/interrupt.h"
#include "shell/report.h"
#include "shell/tracing.h"

#include <stdlib.h>
#include <time.h>

/* Items that are restored at a time. */
#define BATCH 512

struct kept {
	uint64_t command;
	char *bytes; /* the server's label, the key, the value; NULL: forgotten */
	size_t label_len, key_len, value_len;
	uint32_t flags;
	int64_t exptime;
	uint64_t cas;
};

/* Slots are numbered from the start of the session on; items[0] is that of `base`. */
struct undo {
	struct kept *items; /* the oldest first */
	size_t first;       /* those before it are forgotten */
	size_t count, cap;
	uint64_t base;
	size_t bytes;
	uint64_t command;  /* the number of the current one, 1 is the first */
	uint64_t left_out; /* items of the current one, which were not kept */
	uint64_t dropped;  /* commands before it that lost what was kept of them */
	struct error why;  /* of the first that was left out */
};

static struct undo *undo_of(struct session *s)
{
	if (!s->run.undo)
		s->run.undo = xcalloc(1, sizeof(*s->run.undo));
	return s->run.undo;
}

static size_t size_of(const struct kept *k)
{
	return sizeof(*k) + k->label_len + k->key_len + k->value_len;
}

static void forget(struct undo *u, struct kept *k)
{
	if (!k->bytes)
		return;
	u->bytes -= size_of(k);
	free(k->bytes);
	k->bytes = NULL;
}

void undo_free(struct undo *u)
{
	for (size_t i = u ? u->first : 0; u && i < u->count; i++)
		free(u->items[i].bytes);
	if (u)
		free(u->items);
	free(u);
}

void undo_begin(struct session *s)
{
	struct undo *u = undo_of(s);
	u->command++;
	u->left_out = u->dropped = 0;
}

/* The oldest command but the current one loses what is kept of it. False: there is none. */
static bool drop_oldest(struct undo *u)
{
	if (u->first == u->count || u->items[u->first].command == u->command)
		return false;
	uint64_t oldest = u->items[u->first].command;
	while (u->first < u->count && u->items[u->first].command == oldest)
		forget(u, &u->items[u->first++]);
	u->dropped++;
	if (u->first <= u->count / 2)
		return true;
	memmove(u->items, u->items + u->first, (u->count - u->first) * sizeof(*u->items));
	u->count -= u->first;
	u->base += u->first;
	u->first = 0;
	return true;
}

void undo_leave_out(struct session *s, const struct error *why)
{
	struct undo *u = undo_of(s);
	if (u->left_out++ == 0)
		u->why = *why;
}

bool undo_leaves_out(struct session *s)
{
	return undo_of(s)->left_out > 0;
}

uint64_t undo_keep(struct session *s, size_t server, struct slice key, struct slice value,
                   uint64_t flags, int64_t exptime, uint64_t cas)
{
	struct undo *u = undo_of(s);
	struct slice label = slice_str(servers_label(&s->servers, server));
	struct kept k = {.command = u->command,
	                 .label_len = label.len,
	                 .key_len = key.len,
	                 .value_len = value.len,
	                 .flags = (uint32_t)flags,
	                 /* Its time and ours are read apart: the last second may be passed. */
	                 .exptime = exptime < INT32_MAX ? exptime : INT32_MAX,
	                 .cas = cas};
	struct error why;
	while (u->bytes + size_of(&k) > s->settings.max_undo) {
		if (drop_oldest(u))
			continue;
		error_set(&why, ".set max_undo raises it", "%zu bytes are the most that is kept",
		          s->settings.max_undo);
		undo_leave_out(s, &why);
		return UNDO_NONE;
	}
	k.bytes = xmalloc(label.len + key.len + value.len + 1);
	memcpy(k.bytes, label.data, label.len);
	memcpy(k.bytes + label.len, key.data, key.len);
	if (value.len > 0)
		memcpy(k.bytes + label.len + key.len, value.data, value.len);
	u->bytes += size_of(&k);
	u->items = xgrow(u->items, &u->cap, u->count + 1, sizeof(*u->items));
	u->items[u->count++] = k;
	return u->base + u->count - 1;
}

void undo_forget(struct session *s, uint64_t slot)
{
	struct undo *u = undo_of(s);
	if (slot != UNDO_NONE && slot >= u->base && slot - u->base < u->count)
		forget(u, &u->items[slot - u->base]);
}

/* Those at the end that were forgotten. */
static void trim(struct undo *u)
{
	while (u->count > u->first && !u->items[u->count - 1].bytes)
		u->count--;
}

void undo_end(struct session *s)
{
	struct undo *u = undo_of(s);
	trim(u);
	if (u->left_out > 0)
		report_errorf(s, STATUS_OK, u->why.hint,
		              "note: .undo cannot bring back %llu of them: %s",
		              (unsigned long long)u->left_out, u->why.what);
	else if (u->dropped > 0)
		report_errorf(
		    s, STATUS_OK, ".set max_undo raises what is kept",
		    "note: the oldest %llu of the commands before can no longer be undone",
		    (unsigned long long)u->dropped);
}

/* Bringing back. */

struct returned {
	struct kept *kept;
	size_t server;
	struct slice key;
};

struct restoring {
	struct session *s;
	struct undo *u;
	struct undo_counts *counts;
	struct returned *items;
	size_t count;
	struct item_limit *limits; /* of the servers */
};

uint64_t undo_depth(const struct session *s)
{
	const struct undo *u = s->run.undo;
	uint64_t depth = 0, last = 0;
	for (size_t i = u ? u->first : 0; u && i < u->count; i++) {
		if (u->items[i].bytes && u->items[i].command != last) {
			last = u->items[i].command;
			depth++;
		}
	}
	return depth;
}

static size_t returned_place(void *ctx, size_t i)
{
	const struct restoring *r = ctx;
	return r->items[i].server;
}

/* What brings back IT; true: by an ms in base64. */
static bool make_request(const struct session *s, const struct returned *it,
                         struct request *request)
{
	const struct kept *k = it->kept;
	*request =
	    (struct request){.verb = k->cas ? VERB_CAS : VERB_ADD,
	                     .keys = &it->key,
	                     .key_count = 1,
	                     .flags = k->flags,
	                     .exptime = k->exptime,
	                     .number = k->cas,
	                     .value = slice_of(k->bytes + k->label_len + k->key_len, k->value_len)};
	return coded_form(s, request);
}

static void fill_item(void *ctx, size_t i, struct request *request)
{
	const struct restoring *r = ctx;
	make_request(r->s, &r->items[i], request);
}

static void fail(struct undo_counts *counts, enum status status, const struct error *why)
{
	if (counts->status < STATUS_USAGE)
		counts->error = *why;
	counts->status = status_max(counts->status, status);
}

static void on_stored(void *ctx, size_t i, const struct reply *reply)
{
	struct restoring *r = ctx;
	struct kept *k = r->items[i].kept;
	struct error why;
	if (reply->kind == REPLY_LOST) {
		r->counts->unknown++;
		fail(r->counts, STATUS_LOST, reply->error);
		return;
	}
	if (reply->kind == REPLY_STORED) {
		r->counts->restored++;
		r->counts->bytes += k->key_len + k->value_len;
	} else if (reply_is_error(reply->kind)) {
		r->counts->refused++;
		error_set(&why, NULL, "%.*s: %s", (int)k->label_len, k->bytes, reply_text(reply).s);
		fail(r->counts, STATUS_SERVER, &why);
		/* What was there may be deleted by that. */
		struct request request;
		make_request(r->s, &r->items[i], &request);
		if (reply->kind == REPLY_SERVER_ERROR && dialect_refusal_deletes(&request))
			k->cas = 0;
		return;
	} else {
		r->counts->there++;
	}
	forget(r->u, k);
}

/* Whether K can be sent; counts it where it cannot. */
static bool can_return(struct restoring *r, struct kept *k, size_t *server)
{
	struct error why;
	if (k->exptime != 0 && k->exptime <= time(NULL)) {
		r->counts->expired++;
		forget(r->u, k);
		return false;
	}
	if (servers_find(&r->s->servers, slice_of(k->bytes, k->label_len), server, &why))
		return true;
	r->counts->refused++;
	fail(r->counts, STATUS_USAGE, &why);
	return false;
}

/* What is there now, by `me`. */
struct now {
	struct item_state item;
	enum status status;
	struct error error;
};

static void on_description(void *ctx, const struct reply *reply)
{
	struct now *now = ctx;
	if (item_state_describe(&now->item, reply))
		return;
	now->status = status_max(reply_status(reply->kind), STATUS_SERVER);
	if (reply->kind == REPLY_LOST)
		now->error = *reply->error;
	else
		error_set(&now->error, NULL, "%s: %s", reply->server ? reply->server : "",
		          reply_text(reply).s);
}

/* A refused ms deletes what is there (shell/flow/coded.h): whether IT fits, and its place is as it
 * was left. What is not brought back is counted. */
static bool is_due(struct restoring *r, struct returned *it)
{
	struct session *s = r->s;
	struct request request,
	    me = {
		.verb = VERB_ME, .own = true, .keys = &it->key, .key_count = 1, .key_coded = true};
	struct now now = {0};
	struct error why;
	if (!make_request(s, it, &request))
		return true;
	if (!coded_fits(s, it->server, &request, &r->limits[it->server], &why)) {
		r->counts->refused++;
		fail(r->counts, STATUS_SERVER, &why);
		return false;
	}
	ask_servers(s, &me, it->server, it->server + 1, on_description, &now, 0);
	if (now.status != STATUS_OK) {
		*(now.status == STATUS_LOST ? &r->counts->unknown : &r->counts->refused) += 1;
		fail(r->counts, now.status, &now.error);
		return false;
	}
	if (it->kept->cas == (now.item.there ? now.item.cas : 0))
		return true;
	r->counts->there++;
	forget(r->u, it->kept);
	return false;
}

static void send_batch(struct restoring *r)
{
	struct many many = {
	    .fill = fill_item, .on_reply = on_stored, .place = returned_place, .ctx = r};
	for (size_t i = 0; i < r->count && !interrupt_pending(); i++) {
		if (is_due(r, &r->items[i]))
			r->items[many.count++] = r->items[i];
	}
	r->count = 0;
	if (many.count > 0)
		client_do_many(r->s->servers.client, &many);
}

/* All of COMMAND, in the order in which it took them away. */
static void restore_command(struct restoring *r, uint64_t command)
{
	for (size_t i = r->u->first; i < r->u->count && !interrupt_pending(); i++) {
		struct kept *k = &r->u->items[i];
		struct returned *to = &r->items[r->count];
		if (!k->bytes || k->command != command || !can_return(r, k, &to->server))
			continue;
		to->kept = k;
		to->key = slice_of(k->bytes + k->label_len, k->key_len);
		if (++r->count == BATCH)
			send_batch(r);
	}
	send_batch(r);
}

bool undo_restore(struct session *s, uint64_t commands, struct undo_counts *counts)
{
	struct restoring r = {.s = s, .u = undo_of(s), .counts = counts};
	r.items = xcalloc(BATCH, sizeof(*r.items));
	r.limits = xcalloc(client_server_count(s->servers.client), sizeof(*r.limits));
	*counts = (struct undo_counts){0};
	tracing_begin(&s->tracing);
	for (uint64_t last = UINT64_MAX, n = 0; n < commands && !interrupt_pending(); n++) {
		size_t i = r.u->count;
		while (i > r.u->first &&
		       (!r.u->items[i - 1].bytes || r.u->items[i - 1].command >= last))
			i--;
		if (i == r.u->first)
			break;
		last = r.u->items[i - 1].command;
		restore_command(&r, last);
	}
	tracing_end(&s->tracing);
	free(r.items);
	free(r.limits);
	trim(r.u);
	return !interrupt_pending();
}
