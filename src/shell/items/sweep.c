#include "shell/items/sweep.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/many.h"
#include "proto/dialect.h"
#include "proto/item.h"
#include "shell/flow/ask.h"
#include "shell/io/interrupt.h"
#include "shell/io/progress.h"
#include "shell/items/undo_take.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/advice.h"

#include <stdlib.h>

/* Items under way. */
#define BATCH 512

/* With a rate, batches are as large as what is due in this time. */
#define RATE_SLICE_NS (100 * NSEC_PER_MSEC)

/* What an item takes beside the round trips, for the estimate. */
#define ITEM_NS 5000

/* Memory for items that wait; more go to a file. */
#define SPILL_BLOCK ((size_t)256 * 1024)

/* An item, as it is kept: this, and its key after it. */
struct record {
	uint64_t cas, size;
	uint32_t server;
};

struct entry {
	struct record record;
	struct slice key;
	bool again; /* it was stored since it was read, and is taken once more */
	char space[KEY_MAX_BYTES];
};

struct sweep_batch {
	struct sweep *sweep;
	struct sweep_counts *counts;
	size_t count;
	bool broken; /* a connection was lost: nothing more is sent */
	struct error error;
	enum status status;
	bool refused; /* an error of a server has been reported */
	struct entry entries[BATCH];
	struct undo_item kept[BATCH]; /* with sweep->keeps */
};

/* Gathering. */

/* The N-th item takes the place of an earlier one with a chance of SAMPLES in N. */
static void sample(struct sweep *w, struct slice key)
{
	uint64_t n = w->found.found, place = n - 1;
	if (n > SWEEP_SAMPLES) {
		uint64_t mix = n * 0x9e3779b97f4a7c15u;
		place = (mix ^ mix >> 29) % n;
	}
	if (place >= SWEEP_SAMPLES)
		return;
	struct sweep_sample *one = &w->samples[place];
	one->len = key.len < sizeof(one->key) ? key.len : sizeof(one->key);
	memcpy(one->key, key.data, one->len);
	if (w->sample_count < SWEEP_SAMPLES)
		w->sample_count++;
}

static bool on_item(void *ctx, size_t server, const struct crawled *item)
{
	struct sweep *w = ctx;
	struct record record = {.cas = item->cas, .size = item->size, .server = (uint32_t)server};
	char bytes[sizeof(record) + KEY_MAX_BYTES];
	struct slice prefix = slice_str(w->s->settings.key_prefix);
	memcpy(bytes, &record, sizeof(record));
	memcpy(bytes + sizeof(record), prefix.data, prefix.len);
	memcpy(bytes + sizeof(record) + prefix.len, item->key.data, item->key.len);
	w->without_cas += item->cas == 0;
	sample(w, item->key);
	return spill_add(&w->items, slice_of(bytes, sizeof(record) + prefix.len + item->key.len),
	                 &w->lost);
}

/* Whether each of the servers can compare a cas. */
static bool can_guard(struct sweep *w, struct error *error)
{
	struct session *s = w->s;
	static const char how[] = "--unguarded deletes each, whatever was stored meanwhile";
	if (!w->plan->guarded || s->servers.options.dialect == DIALECT_BINARY)
		return true;
	if (s->settings.protocol == PROTOCOL_CLASSIC)
		return error_set(error, how,
		                 "the classic protocol, which was chosen, compares no cas");
	for (size_t i = w->plan->first; i < w->plan->end; i++) {
		/* One that is not there is for the walk to report. */
		if (!client_speaks(s->servers.client, i, DIALECT_META) &&
		    client_version(s->servers.client, i).len > 0)
			return error_set(error, how,
			                 "%s has no meta commands, which can compare a cas",
			                 servers_label(&s->servers, i));
	}
	return true;
}

enum status sweep_gather(struct sweep *w, struct session *s, const struct sweep_plan *plan)
{
	struct walk_plan walked = {.filter = plan->filter,
	                           .first = plan->first,
	                           .end = plan->end,
	                           .ctx = w,
	                           .item = on_item};
	struct error error;
	*w = (struct sweep){.s = s, .plan = plan};
	spill_init(&w->items, SPILL_BLOCK);
	if (!can_guard(w, &error))
		return report_error(s, STATUS_USAGE, &error);
	enum status status = walk(s, &walked, &w->found);
	if (status != STATUS_OK)
		return status;
	if (w->found.enough)
		return report_error(s, STATUS_LOST, &w->lost);
	if (plan->guarded && w->without_cas > 0)
		return report_errorf(s, STATUS_SERVER,
		                     "--unguarded deletes each, whatever was stored meanwhile",
		                     "a server keeps no cas numbers (-C): nothing was deleted");
	return STATUS_OK;
}

static void ignore(void *ctx, const struct reply *reply)
{
	(void)ctx;
	(void)reply;
}

int64_t sweep_estimate(struct sweep *w)
{
	static const struct request version = {.verb = VERB_VERSION, .own = true};
	uint64_t count = w->items.count, rate = w->plan->rate;
	if (rate > 0)
		return (int64_t)((double)count / (double)rate * 1e9);
	int64_t start = clock_now();
	ask_servers(w->s, &version, w->plan->first, w->plan->end, ignore, NULL, 0);
	int64_t trip = clock_now() - start;
	return (int64_t)((count + BATCH - 1) / BATCH) * trip + (int64_t)count * ITEM_NS;
}

/* Changing. */

static size_t place_of(void *ctx, size_t i)
{
	const struct sweep_batch *b = ctx;
	return b->entries[i].record.server;
}

static void fill(void *ctx, size_t i, struct request *request)
{
	struct sweep_batch *b = ctx;
	struct sweep *w = b->sweep;
	request->verb = w->plan->verb;
	request->exptime = w->plan->exptime;
	request->keys = &b->entries[i].key;
	request->key_count = 1;
	request->number = w->plan->guarded ? b->entries[i].record.cas
	                  : w->keeps       ? b->kept[i].cas
	                                   : 0;
	request->dialect = w->s->servers.options.dialect;
	if (request->dialect == DIALECT_BINARY)
		return;
	request->key_coded = !item_key_is_classic(b->entries[i].key);
	if (request->key_coded || request->number != 0)
		request->dialect = DIALECT_META;
	if (request->dialect == DIALECT_META)
		request->opaque = (uint32_t)i + 1;
}

/* The first error of a server is reported, the others are counted. */
static void refuse(struct sweep_batch *b, size_t i, const struct reply *reply)
{
	struct session *s = b->sweep->s;
	struct request request = {.verb = b->sweep->plan->verb};
	b->counts->refused++;
	b->status = status_max(b->status, STATUS_SERVER);
	if (b->refused)
		return;
	b->refused = true;
	report_errorf(s, STATUS_SERVER, advice_for(&request, reply), "%s: %s",
	              servers_label(&s->servers, b->entries[i].record.server), reply_text(reply).s);
}

static void on_reply(void *ctx, size_t i, const struct reply *reply)
{
	struct sweep_batch *b = ctx;
	struct sweep_counts *counts = b->counts;
	if (b->sweep->keeps) {
		bool stored = undo_taken(b->sweep->s, &b->kept[i], reply->kind);
		b->entries[i].again = stored && !b->sweep->plan->guarded;
		if (b->entries[i].again)
			return;
	}
	switch (reply->kind) {
	case REPLY_DELETED:
	case REPLY_TOUCHED:
		counts->done++;
		counts->bytes += b->entries[i].record.size;
		break;
	case REPLY_EXISTS:
		counts->changed++;
		break;
	case REPLY_NOT_FOUND:
		counts->gone++;
		break;
	case REPLY_LOST:
		if (!b->broken)
			b->error = *reply->error;
		b->broken = true;
		*(reply->unsent || !reply->timing ? &counts->unsent : &counts->unknown) += 1;
		break;
	default:
		refuse(b, i, reply);
		break;
	}
}

/* Takes up to MOST of the items. False: they cannot be read. */
static bool take(struct sweep_batch *b, size_t most)
{
	struct slice bytes;
	for (b->count = 0; b->count < most; b->count++) {
		struct entry *e = &b->entries[b->count];
		if (!spill_take(&b->sweep->items, &bytes, &b->error))
			return false;
		if (!bytes.data)
			return true;
		memcpy(&e->record, bytes.data, sizeof(e->record));
		e->again = false;
		bytes = slice_skip(bytes, sizeof(e->record));
		memcpy(e->space, bytes.data, bytes.len);
		e->key = slice_of(e->space, bytes.len);
	}
	return true;
}

/* How many go next; with a rate, waits until they are due. */
static size_t due(struct sweep *w, int64_t start, uint64_t sent)
{
	uint64_t rate = w->plan->rate;
	if (rate == 0)
		return BATCH;
	tracing_write(&w->s->tracing);
	interrupt_wait(-1, 0, start + (int64_t)((double)sent / (double)rate * 1e9));
	uint64_t most = rate / (uint64_t)(NSEC_PER_SEC / RATE_SLICE_NS);
	return most == 0 ? 1 : most < BATCH ? (size_t)most : BATCH;
}

/* Reads what is about to be deleted, for .undo. False: it could not be read. */
static bool keep(struct sweep_batch *b, unsigned round)
{
	for (size_t i = 0; i < b->count; i++) {
		b->kept[i].server = b->entries[i].record.server;
		b->kept[i].key = b->entries[i].key;
	}
	enum status status = undo_take(b->sweep->s, b->kept, b->count, round, &b->error);
	b->status = status_max(b->status, status);
	return status == STATUS_OK;
}

/* Leaves those that are taken once more. */
static void leave_again(struct sweep_batch *b)
{
	size_t count = 0;
	for (size_t i = 0; i < b->count; i++) {
		const struct entry *from = &b->entries[i];
		struct entry *to = &b->entries[count];
		if (!from->again)
			continue;
		if (to != from)
			*to = *from;
		to->key = slice_of(to->space, to->key.len);
		to->again = false;
		count++;
	}
	b->count = count;
}

static void apply_batch(struct sweep_batch *b)
{
	struct many many = {.fill = fill, .on_reply = on_reply, .place = place_of, .ctx = b};
	struct client *client = b->sweep->s->servers.client;
	for (unsigned round = 0; b->count > 0; round++) {
		many.count = b->count;
		if (b->sweep->keeps && !keep(b, round)) {
			b->broken = true;
			b->counts->unsent += b->count;
			return;
		}
		client_do_many(client, &many);
		leave_again(b);
	}
}

static void apply_all(struct sweep_batch *b, struct progress *progress)
{
	struct sweep *w = b->sweep;
	uint64_t all = w->items.count, sent = 0;
	int64_t start = clock_now();
	while (!b->broken && !interrupt_pending()) {
		size_t most = due(w, start, sent);
		if (interrupt_pending())
			break; /* while it waited: a batch would be sent, and its answers left */
		if (!take(b, most))
			b->broken = true;
		if (b->count == 0)
			break;
		sent += b->count;
		apply_batch(b);
		progress_items(progress, sent, all, b->counts->bytes, sent, all);
		tracing_write(&w->s->tracing);
	}
	b->counts->unsent += w->items.count;
	b->counts->elapsed = clock_now() - start;
}

enum status sweep_apply(struct sweep *w, struct sweep_counts *counts)
{
	struct session *s = w->s;
	struct sweep_batch *b = w->batch = xcalloc(1, sizeof(*b));
	struct progress progress;
	*counts = (struct sweep_counts){0};
	b->sweep = w;
	b->counts = counts;
	w->keeps = w->plan->verb == VERB_DELETE && s->settings.undo;
	if (w->keeps)
		undo_begin(s);
	progress_begin(&progress, s);
	tracing_begin(&s->tracing);
	apply_all(b, &progress);
	tracing_end(&s->tracing);
	progress_clear(&progress);
	if (w->keeps)
		undo_end(s);
	bool interrupted = interrupt_pending();
	progress_finish(&progress);
	if (interrupted && counts->unsent + counts->unknown > 0)
		return report_errorf(s, STATUS_LOST, "give the command again for the others",
		                     "interrupted: %llu of %llu items were not reached",
		                     (unsigned long long)(counts->unsent + counts->unknown),
		                     (unsigned long long)w->found.found);
	if (b->broken)
		return report_error(s, b->status == STATUS_SERVER ? b->status : STATUS_LOST,
		                    &b->error);
	return status_max(b->status, counts->changed > 0 ? STATUS_NEGATIVE : STATUS_OK);
}

void sweep_release(struct sweep *w)
{
	spill_release(&w->items);
	free(w->batch);
	w->batch = NULL;
}
