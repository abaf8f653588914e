#include "client/dump.h"

#include "base/base64.h"
#include "base/deadline.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "client/conn.h"
#include "client/crawl.h"
#include "client/wait.h"
#include "proto/meta.h"

#include <stdlib.h>
#include <time.h>

/* Keys in one request, and requests under way at a time. */
#define BATCH_KEYS 100
#define BATCHES    64

#define TICK_NS ((int64_t)100 * NSEC_PER_MSEC)

/* One key of a batch that is asked for by mg. */
struct single {
	struct batch *batch;
};

/* One request for values, or as many as it has keys. */
struct batch {
	struct dump *dump;
	struct buf text; /* the keys, one after the other */
	struct slice keys[BATCH_KEYS];
	int64_t exptimes[BATCH_KEYS];
	bool received[BATCH_KEYS]; /* its value came */
	size_t count;
	size_t left; /* by mg: answers that are to come */
	struct single singles[BATCH_KEYS];
};

struct dump {
	const struct dump_plan *plan;
	struct dump_result *result;
	struct client_options options; /* the plan's, without a limit on the whole */
	struct crawl *crawl;
	struct conn *fetch;
	struct wait_set wait; /* for these two, in this order, and two descriptors: */
	bool failed;
	int64_t last_received; /* when values came the last time */
	int64_t waited;        /* when the last wait was over */
	int64_t ticked;
	bool holds; /* KEY is next, and has not been asked for: a single key stood in the way */
	int64_t exptime;
	struct buf key;
	struct batch ring[BATCHES];
	size_t next, under_way;
};

static void fail(struct dump *d, enum status status, const struct error *error)
{
	if (d->failed)
		return;
	d->failed = true;
	d->result->status = status;
	d->result->error = *error;
}

/* The values. */

static void missed(struct dump *d, int64_t exptime)
{
	if (exptime != 0 && exptime <= (int64_t)time(NULL))
		d->result->counts.expired++;
	else
		d->result->counts.gone++;
}

static void hand_over(struct dump *d, const struct item *item)
{
	d->result->counts.items++;
	d->result->counts.bytes += item->key.len + item->value.len;
	d->plan->item(d->plan->ctx, item);
}

/* Notes what is wrong with the end of an answer. */
static void check_end(struct dump *d, const struct reply *reply)
{
	if (reply->kind == REPLY_LOST) {
		fail(d, STATUS_LOST, reply->error);
	} else if (reply_is_error(reply->kind)) {
		struct error error;
		error_set(&error, "try again", "%s answered %s to a get", d->plan->address->label,
		          reply_text(reply).s);
		fail(d, STATUS_SERVER, &error);
	}
}

static void on_value(void *ctx, const struct reply *reply)
{
	struct batch *b = ctx;
	struct dump *d = b->dump;
	if (reply->kind != REPLY_VALUE) {
		for (size_t i = 0; reply->kind == REPLY_END && i < b->count; i++) {
			if (!b->received[i])
				missed(d, b->exptimes[i]);
		}
		d->under_way--;
		check_end(d, reply);
		return;
	}
	b->received[reply->key_index] = true;
	struct item item = {.key = reply->key,
	                    .value = reply->value,
	                    .flags = reply->flags,
	                    .exptime = b->exptimes[reply->key_index],
	                    .cas = reply->cas,
	                    .has_cas = reply->has_cas};
	hand_over(d, &item);
}

/* The answer to one mg: "VA 3 f7 c12 O001" and the block, "EN O001", or an error, as from a server
 * that takes no key in base64. */
static void on_single(void *ctx, const struct reply *reply)
{
	struct single *one = ctx;
	struct batch *b = one->batch;
	struct dump *d = b->dump;
	size_t i = (size_t)(one - b->singles);
	struct item item = {.key = b->keys[i], .value = reply->value, .exptime = b->exptimes[i]};
	struct slice flags = meta_reply_flags(reply), word;
	if (reply->kind == REPLY_VA) {
		if (slice_word(flags, SLICE("f"), &word))
			number_parse_u64(word, &item.flags);
		item.has_cas = slice_word(flags, SLICE("c"), &word) &&
		               number_parse_u64(word, &item.cas) == NUMBER_OK;
		d->result->counts.tokens += slice_word(flags, SLICE("W"), &word);
		hand_over(d, &item);
	} else if (reply->kind == REPLY_EN) {
		missed(d, b->exptimes[i]);
	} else if (reply_is_error(reply->kind) && !item_key_is_classic(b->keys[i])) {
		d->result->counts.refused++;
	} else {
		check_end(d, reply);
	}
	if (--b->left == 0)
		d->under_way--;
}

/* Whether there is a next key, which is then in d->key with its d->exptime. */
static bool peek(struct dump *d)
{
	struct crawled item;
	if (!d->holds && crawl_take(d->crawl, &item)) {
		d->exptime = item.exptime;
		buf_clear(&d->key);
		buf_add_slice(&d->key, item.key);
		d->holds = true;
	}
	return d->holds;
}

/* The answer to the next batch is waited for from now on. */
static void begin(struct dump *d)
{
	if (d->under_way == 0)
		d->last_received = clock_now();
	d->next = (d->next + 1) % BATCHES;
	d->under_way++;
}

static bool submit(struct dump *d, const struct request *request, reply_fn *fn, void *ctx)
{
	struct error error;
	if (conn_submit(d->fetch, request, ROUTE_HERE, fn, ctx))
		return true;
	error_set(&error, "try again", "too many bytes wait to be sent to %s",
	          d->plan->address->label);
	fail(d, STATUS_LOST, &error);
	return false;
}

/* The keys of a batch, each by an mg, whose answer is known by its opaque. */
static void ask_singly(struct dump *d, struct batch *b)
{
	uint32_t opaque = (uint32_t)((size_t)(b - d->ring) * BATCH_KEYS);
	begin(d);
	b->left = b->count;
	for (size_t i = 0; i < b->count; i++) {
		struct request mg = {.verb = VERB_MG,
		                     .keys = &b->keys[i],
		                     .key_count = 1,
		                     .key_coded = !item_key_is_classic(b->keys[i]),
		                     .text = d->plan->in_place ? SLICE("v f u")
		                             : d->plan->cas    ? SLICE("v f c")
		                                               : SLICE("v f"),
		                     .opaque = ++opaque};
		b->singles[i].batch = b;
		if (!submit(d, &mg, on_single, &b->singles[i]))
			return;
	}
}

/* Fills the next request with what waits; false when there is nothing to ask. A key that the
 * classic commands do not carry is alone. */
static bool ask_next(struct dump *d)
{
	struct batch *b = &d->ring[d->next];
	size_t starts[BATCH_KEYS + 1];
	bool singly = d->plan->in_place;
	b->dump = d;
	b->count = 0;
	memset(b->received, 0, sizeof(b->received));
	buf_clear(&b->text);
	while (b->count < BATCH_KEYS && peek(d)) {
		struct slice key = buf_slice(&d->key);
		bool coded = !item_key_is_classic(key);
		if (coded && !singly && b->count > 0)
			break;
		d->holds = false;
		if (coded && base64_length(key.len) > KEY_MAX_BYTES) {
			d->result->counts.refused++;
			continue;
		}
		starts[b->count] = b->text.len;
		b->exptimes[b->count++] = d->exptime;
		buf_add_slice(&b->text, key);
		if (coded && !singly) {
			singly = true;
			break;
		}
	}
	if (b->count == 0)
		return false;
	starts[b->count] = b->text.len;
	for (size_t i = 0; i < b->count; i++)
		b->keys[i] = slice_of(b->text.data + starts[i], starts[i + 1] - starts[i]);
	if (singly) {
		ask_singly(d, b);
		return true;
	}
	struct request request = {
	    .verb = d->plan->cas ? VERB_GETS : VERB_GET, .keys = b->keys, .key_count = b->count};
	begin(d);
	submit(d, &request, on_value, b);
	return true;
}

/* Requests are made as long as there are keys for whole ones; what is left over is asked for when
 * nothing else is under way. */
static void ask(struct dump *d)
{
	while (!d->failed && d->under_way < BATCHES) {
		uint64_t waiting = crawl_waiting(d->crawl) + d->holds;
		bool more = crawl_state(d->crawl) == CRAWL_LISTING;
		if (waiting == 0 || (waiting < BATCH_KEYS && more && d->under_way > 0))
			return;
		if (!ask_next(d))
			return;
	}
}

/* The loop. */

enum {
	LIST,
	FETCH,
	CONNS,
};

enum {
	OTHER_FULL,
	OTHER_WAKE,
	OTHERS,
};

/* Expires the connection when nothing has come over it for too long. */
static void watch(struct dump *d, int64_t now)
{
	uint64_t ms = d->plan->options->timeout_ms;
	if (conn_busy(d->fetch) && ms > 0 && now - d->last_received >= (int64_t)ms * NSEC_PER_MSEC)
		conn_expire(d->fetch);
}

/* One round: waits until something can be done, and does it. No value is read while there is no
 * place for it. */
static void step(struct dump *d)
{
	struct wait_set *w = &d->wait;
	int full = d->plan->full(d->plan->ctx);
	w->conns[FETCH] = full < 0 ? d->fetch : NULL;
	size_t waiting = wait_prepare(w);
	crawl_prepare(d->crawl);
	*wait_other(w, OTHER_FULL) = (struct pollfd){.fd = full, .events = POLLOUT};
	*wait_other(w, OTHER_WAKE) = (struct pollfd){.fd = d->options.wake_fd, .events = POLLIN};
	if (waiting == 0 && full < 0 && !crawl_pauses(d->crawl))
		return; /* something was lost, or is done */
	/* What was spent on the dump's file is not the server's silence, nor is a time in which
	 * mcsh was stopped. */
	int64_t begin = clock_now();
	d->last_received += begin - d->waited;
	wait_poll(w, deadline_poll_ms(deadline_min(w->deadline, begin + TICK_NS)));
	int64_t now = d->waited = w->now;
	if (now - begin > 2 * TICK_NS)
		d->last_received += now - begin;
	if (wait_other(w, OTHER_WAKE)->revents) {
		d->result->interrupted = true;
		return;
	}
	wait_pump(w);
	crawl_step(d->crawl, w->came[LIST], now);
	if (w->came[FETCH] || full >= 0)
		d->last_received = now;
	if ((full < 0 || wait_other(w, OTHER_FULL)->revents) && !d->plan->drain(d->plan->ctx))
		d->result->stopped = true;
	watch(d, now);
	d->result->counts.looked_at = crawl_looked_at(d->crawl);
	d->result->counts.listed = crawl_wanted(d->crawl);
	if (d->plan->tick && now - d->ticked >= TICK_NS) {
		d->ticked = now;
		d->plan->tick(d->plan->ctx, &d->result->counts);
	}
}

/* What was listed before the list broke off is fetched all the same. */
static bool done(const struct dump *d)
{
	if (d->failed || d->result->interrupted || d->result->stopped)
		return true;
	return crawl_state(d->crawl) != CRAWL_LISTING && crawl_waiting(d->crawl) == 0 &&
	       !d->holds && d->under_way == 0;
}

void dump_run(const struct dump_plan *plan, struct dump_result *result)
{
	struct dump *d = xcalloc(1, sizeof(*d));
	struct crawl_plan crawl = {.address = plan->address,
	                           .options = plan->options,
	                           .ctx = plan->ctx,
	                           .wants = plan->wants,
	                           .terse = plan->terse,
	                           .guard = plan->guard};
	*result = (struct dump_result){.status = STATUS_OK};
	d->plan = plan;
	d->result = result;
	d->options = client_options_text(plan->options);
	d->crawl = crawl_new(&crawl);
	d->fetch = conn_new(plan->address, &d->options, NULL);
	wait_init(&d->wait, CONNS, OTHERS);
	d->wait.conns[LIST] = crawl_conn(d->crawl);
	d->last_received = d->ticked = d->waited = clock_now();
	while (!done(d)) {
		step(d);
		ask(d);
	}
	struct error doubt;
	if (conn_take_doubt(d->fetch, &doubt))
		fail(d, STATUS_LOST, &doubt);
	/* What went wrong with the list came first, and is what is reported. */
	if (crawl_state(d->crawl) == CRAWL_FAILED)
		result->status = crawl_error(d->crawl, &result->error);
	crawl_free(d->crawl);
	conn_free(d->fetch);
	wait_release(&d->wait);
	for (size_t i = 0; i < BATCHES; i++)
		buf_release(&d->ring[i].text);
	buf_release(&d->key);
	free(d);
}
