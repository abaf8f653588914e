#include "client/dump.h"

#include "base/base64.h"
#include "base/deadline.h"
#include "base/number.h"
#include "base/spill.h"
#include "base/xalloc.h"
#include "client/conn.h"

#include <stdlib.h>
#include <time.h>

/* Keys in one request, and requests under way at a time. */
#define BATCH_KEYS 100
#define BATCHES    64

/* Bytes that each half of the queue of keys holds in memory. */
#define QUEUE_BLOCK ((size_t)1024 * 1024)

#define TICK_NS ((int64_t)100 * NSEC_PER_MSEC)

/* A crawler is busy for a moment after a list that was given up: it is asked again so often, and
 * after so long. */
#define BUSY_TRIES 10
#define BUSY_NS    TICK_NS

/* One request for values. */
struct batch {
	struct dump *dump;
	struct buf text; /* the keys, one behind the other; of a single key a meta command */
	struct slice keys[BATCH_KEYS];
	int64_t exptimes[BATCH_KEYS];
	bool heard[BATCH_KEYS]; /* its value came */
	size_t count;
	/* A single key that the classic commands do not carry. */
	struct buf single;
	struct item item;
};

struct dump {
	const struct dump_plan *plan;
	struct dump_result *result;
	struct client_options options; /* the plan's, without a limit on the whole */
	struct conn *list, *fetch;
	bool listed; /* the list of keys has ended */
	bool failed;
	unsigned busy;                   /* how often the crawler was */
	int64_t ask_again;               /* when; 0: not */
	int64_t heard_list, heard_fetch; /* when something came the last time */
	int64_t ticked;
	struct spill queue; /* exptime and key of each record */
	struct buf key;     /* decoded */
	struct buf held;    /* the record that is next, where a single key stands in the way */
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

/* The list of keys. */

/* key=foo%20bar: every other byte stands for itself. False when a % has no two digits behind it. */
static bool decode_key(struct buf *out, struct slice text)
{
	buf_clear(out);
	for (size_t i = 0; i < text.len; i++) {
		unsigned byte = (unsigned char)text.data[i];
		if (byte == '%') {
			byte = 0;
			for (size_t k = i + 1; k <= i + 2; k++) {
				char c = k < text.len ? text.data[k] : ' ';
				char lower = (char)(c | 0x20);
				if (c >= '0' && c <= '9')
					byte = byte * 16 + (unsigned)(c - '0');
				else if (lower >= 'a' && lower <= 'f')
					byte = byte * 16 + (unsigned)(lower - 'a' + 10);
				else
					return false;
			}
			i += 2;
		}
		buf_add_char(out, (char)byte);
	}
	return true;
}

/* The word behind NAME in a line of the list. */
static bool find_word(struct slice line, struct slice name, struct slice *word)
{
	while (line.len > 0 && !slice_starts(line, name)) {
		const char *blank = memchr(line.data, ' ', line.len);
		line = slice_skip(line, blank ? (size_t)(blank - line.data) + 1 : line.len);
	}
	if (line.len == 0)
		return false;
	line = slice_skip(line, name.len);
	const char *blank = line.len ? memchr(line.data, ' ', line.len) : NULL;
	*word = slice_of(line.data, blank ? (size_t)(blank - line.data) : line.len);
	return true;
}

/* "key=foo exp=-1 la=1795374908 cas=2 fetch=no cls=1 size=66" */
static bool take_key(struct dump *d, struct slice line)
{
	struct slice key, exp;
	int64_t exptime;
	struct error error;
	if (!find_word(line, SLICE("key="), &key) || !find_word(line, SLICE("exp="), &exp) ||
	    number_parse_i64(exp, &exptime) != NUMBER_OK || key.len == 0)
		return false;
	if (memchr(key.data, '%', key.len)) {
		if (!decode_key(&d->key, key))
			return false;
		key = buf_slice(&d->key);
	}
	if (key.len > KEY_MAX_BYTES)
		return false;
	if (!d->plan->wants(d->plan->ctx, key))
		return true;
	d->result->counts.listed++;
	char record[sizeof(exptime) + KEY_MAX_BYTES];
	exptime = exptime < 0 ? 0 : exptime;
	memcpy(record, &exptime, sizeof(exptime));
	memcpy(record + sizeof(exptime), key.data, key.len);
	if (!spill_add(&d->queue, slice_of(record, sizeof(exptime) + key.len), &error))
		fail(d, STATUS_LOST, &error);
	return true;
}

static void on_list(void *ctx, const struct reply *reply);

static void ask_list(struct dump *d)
{
	static const struct request list = {.verb = VERB_LISTEN,
	                                    .text = {"lru_crawler metadump hash\r\n", 27}};
	static const struct route here = {.kind = ROUTE_SERVER};
	d->ask_again = 0;
	conn_submit(d->list, &list, here, on_list, d);
}

/* What else a server says when it is asked for its keys, and what helps. */
static const struct {
	const char *starts, *hint;
} refusals[] = {
    {"BUSY", "another list or crawl is under way there; try again when it has ended"},
    {"CLIENT_ERROR lru crawler disabled",
     "its keys cannot be listed; lru_crawler enable switches it on, unless it was started with "
     "-o no_lru_crawler"},
    {"ERROR metadump not allowed", "it was started with -X, which forbids it"},
    {"ERROR", "it knows no lru_crawler metadump: memcached has it since 1.4.31, proxies do not"},
    {"CLIENT_ERROR", "its keys cannot be listed"},
    {"SERVER_ERROR", "its keys cannot be listed now; try again"},
};

static void refused(struct dump *d, struct slice line)
{
	struct error error;
	size_t i = 0, count = sizeof(refusals) / sizeof(refusals[0]);
	while (i < count && !slice_starts(line, slice_str(refusals[i].starts)))
		i++;
	error_set(&error, i < count ? refusals[i].hint : "is it a memcached server?",
	          i < count ? "%s does not list its keys: %.*s"
	                    : "%s sent something else than a list of its keys: %.*s",
	          d->plan->address->label, (int)(line.len < 100 ? line.len : 100), line.data);
	fail(d, i < count ? STATUS_SERVER : STATUS_LOST, &error);
}

static void on_list(void *ctx, const struct reply *reply)
{
	struct dump *d = ctx;
	struct error error;
	if (d->listed || d->failed || d->ask_again)
		return;
	switch (reply->kind) {
	case REPLY_LINE:
		if (slice_starts(reply->value, SLICE("key="))) {
			if (!take_key(d, reply->value))
				refused(d, reply->value);
		} else if (slice_eq(reply->value, SLICE("END"))) {
			d->listed = true;
		} else if (slice_starts(reply->value, SLICE("BUSY")) && d->busy++ < BUSY_TRIES) {
			d->ask_again = clock_now() + BUSY_NS;
		} else if (!slice_eq(reply->value, SLICE("OK"))) {
			refused(d, reply->value);
		}
		return;
	case REPLY_LOST:
		fail(d, STATUS_LOST, reply->error);
		return;
	default:
		error_set(&error,
		          d->result->counts.listed > 0
		              ? "what it had named by then was dumped; try again"
		              : "a proxy closes at commands that it does not know: name the "
		                "servers themselves",
		          "%s closed the connection before the list of its keys had ended",
		          d->plan->address->label);
		fail(d, STATUS_LOST, &error);
	}
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

/* The request has its whole answer, or will never have it. */
static void finish(struct batch *b, const struct reply *reply)
{
	struct dump *d = b->dump;
	d->under_way--;
	if (reply->kind == REPLY_LOST) {
		fail(d, STATUS_LOST, reply->error);
	} else if (reply_is_error(reply->kind)) {
		struct error error;
		error_set(&error, "try again", "%s answered %s%s%.*s to a get",
		          d->plan->address->label, reply_word(reply->kind),
		          reply->value.len ? " " : "",
		          (int)(reply->value.len < 100 ? reply->value.len : 100),
		          reply->value.len ? reply->value.data : "");
		fail(d, STATUS_SERVER, &error);
	}
}

static void on_value(void *ctx, const struct reply *reply)
{
	struct batch *b = ctx;
	struct dump *d = b->dump;
	if (reply->kind != REPLY_VALUE) {
		for (size_t i = 0; reply->kind == REPLY_END && i < b->count; i++) {
			if (!b->heard[i])
				missed(d, b->exptimes[i]);
		}
		finish(b, reply);
		return;
	}
	b->heard[reply->key_index] = true;
	struct item item = {.key = reply->key,
	                    .value = reply->value,
	                    .flags = reply->flags,
	                    .exptime = b->exptimes[reply->key_index],
	                    .cas = reply->cas,
	                    .has_cas = reply->has_cas};
	hand_over(d, &item);
}

/* The answer to the mg of a single key: "VA 3 f7 c12" and the block, "EN", or an error. */
static void on_single(void *ctx, const struct reply *reply)
{
	struct batch *b = ctx;
	struct dump *d = b->dump;
	struct slice word;
	if (reply->kind != REPLY_LINE) {
		finish(b, reply);
		return;
	}
	if (reply->block) {
		b->item.value = reply->value;
		hand_over(d, &b->item);
	} else if (slice_starts(reply->value, SLICE("VA "))) {
		if (find_word(reply->value, SLICE("f"), &word))
			number_parse_u64(word, &b->item.flags);
		b->item.has_cas = find_word(reply->value, SLICE("c"), &word) &&
		                  number_parse_u64(word, &b->item.cas) == NUMBER_OK;
	} else if (slice_starts(reply->value, SLICE("EN"))) {
		missed(d, b->item.exptime);
	} else {
		d->result->counts.refused++;
	}
}

/* The record that is next: a blank one when there is none. */
static bool peek(struct dump *d, struct slice *record)
{
	struct error error;
	if (d->held.len == 0) {
		if (!spill_take(&d->queue, record, &error)) {
			fail(d, STATUS_LOST, &error);
			return false;
		}
		buf_add_slice(&d->held, *record);
	}
	*record = buf_slice(&d->held);
	return record->len > 0;
}

static void submit(struct dump *d, struct batch *b, const struct request *request, reply_fn *fn)
{
	static const struct route here = {.kind = ROUTE_SERVER};
	if (d->under_way == 0)
		d->heard_fetch = clock_now();
	d->next = (d->next + 1) % BATCHES;
	d->under_way++;
	if (!conn_submit(d->fetch, request, here, fn, b)) {
		struct error error;
		error_set(&error, "try again", "too many bytes wait to be sent to %s",
		          d->plan->address->label);
		d->under_way--;
		fail(d, STATUS_LOST, &error);
	}
}

/* A key that only base64 carries. */
static void ask_single(struct dump *d, struct batch *b, int64_t exptime, struct slice key)
{
	buf_clear(&b->single);
	buf_add_slice(&b->single, key);
	b->item = (struct item){.key = buf_slice(&b->single), .exptime = exptime};
	buf_clear(&b->text);
	buf_add_str(&b->text, "mg ");
	base64_add(&b->text, key);
	buf_add_str(&b->text, d->plan->cas ? " b v f c\r\n" : " b v f\r\n");
	struct request request = {.verb = VERB_RAW, .text = buf_slice(&b->text)};
	submit(d, b, &request, on_single);
}

/* Fills the next request with what waits; false when there is nothing to ask. */
static bool ask_next(struct dump *d)
{
	struct batch *b = &d->ring[d->next];
	size_t starts[BATCH_KEYS + 1];
	struct slice record;
	b->dump = d;
	b->count = 0;
	memset(b->heard, 0, sizeof(b->heard));
	buf_clear(&b->text);
	while (b->count < BATCH_KEYS && peek(d, &record)) {
		int64_t exptime;
		memcpy(&exptime, record.data, sizeof(exptime));
		struct slice key = slice_skip(record, sizeof(exptime));
		if (!item_key_is_classic(key)) {
			if (b->count > 0)
				break;
			bool fits = base64_length(key.len) <= KEY_MAX_BYTES;
			if (fits)
				ask_single(d, b, exptime, key);
			else
				d->result->counts.refused++;
			buf_clear(&d->held);
			return true;
		}
		starts[b->count] = b->text.len;
		b->exptimes[b->count++] = exptime;
		buf_add_slice(&b->text, key);
		buf_clear(&d->held);
	}
	if (b->count == 0)
		return false;
	starts[b->count] = b->text.len;
	for (size_t i = 0; i < b->count; i++)
		b->keys[i] = slice_of(b->text.data + starts[i], starts[i + 1] - starts[i]);
	struct request request = {
	    .verb = d->plan->cas ? VERB_GETS : VERB_GET, .keys = b->keys, .key_count = b->count};
	submit(d, b, &request, on_value);
	return true;
}

/* Requests are made as long as there are keys for whole ones; what is left over is asked for when
 * nothing else is under way. */
static void ask(struct dump *d)
{
	while (!d->failed && d->under_way < BATCHES) {
		uint64_t waiting = d->queue.count + (d->held.len > 0);
		if (waiting == 0 || (waiting < BATCH_KEYS && !d->listed && d->under_way > 0))
			return;
		if (!ask_next(d))
			return;
	}
}

/* The loop. */

/* Expires C when nothing has come from it for too long. */
static void watch(struct dump *d, struct conn *c, int64_t heard, int64_t now)
{
	uint64_t ms = d->plan->options->timeout_ms;
	if (conn_busy(c) && ms > 0 && now - heard >= (int64_t)ms * NSEC_PER_MSEC)
		conn_expire(c);
	else if (conn_busy(c) && conn_deadline(c) <= now)
		conn_expire(c);
}

static bool ready(const struct pollfd *p)
{
	return p->fd >= 0 && p->revents != 0;
}

/* One round: waits until something can be done, and does it. */
static void step(struct dump *d)
{
	int full = d->plan->full(d->plan->ctx);
	conn_pump(d->list, 0);
	if (full < 0 && conn_busy(d->fetch))
		conn_pump(d->fetch, 0);
	struct pollfd polled[4] = {
	    conn_busy(d->list) ? conn_pollfd(d->list) : (struct pollfd){.fd = -1},
	    full < 0 && conn_busy(d->fetch) ? conn_pollfd(d->fetch) : (struct pollfd){.fd = -1},
	    {.fd = full, .events = POLLOUT},
	    {.fd = d->options.wake_fd, .events = POLLIN},
	};
	if (polled[0].fd < 0 && polled[1].fd < 0 && full < 0 && !d->ask_again)
		return; /* something was lost, or is done */
	int n = poll(polled, 4, (int)(TICK_NS / NSEC_PER_MSEC));
	int64_t now = clock_now();
	if (n > 0 && ready(&polled[3])) {
		d->result->interrupted = true;
		return;
	}
	if (ready(&polled[0])) {
		d->heard_list = now;
		conn_pump(d->list, polled[0].revents);
	}
	if (ready(&polled[1]) || full >= 0)
		d->heard_fetch = now;
	if (ready(&polled[1]))
		conn_pump(d->fetch, polled[1].revents);
	if ((full < 0 || ready(&polled[2])) && !d->plan->drain(d->plan->ctx))
		d->result->stopped = true;
	if (d->ask_again && now >= d->ask_again) {
		conn_close(d->list);
		ask_list(d);
	}
	watch(d, d->list, d->heard_list, now);
	watch(d, d->fetch, d->heard_fetch, now);
	if (d->listed && conn_state(d->list) != CONN_CLOSED)
		conn_close(d->list);
	if (d->plan->tick && now - d->ticked >= TICK_NS) {
		d->ticked = now;
		d->plan->tick(d->plan->ctx, &d->result->counts);
	}
}

static bool done(const struct dump *d)
{
	if (d->failed || d->result->interrupted || d->result->stopped)
		return true;
	return d->listed && d->queue.count == 0 && d->held.len == 0 && d->under_way == 0;
}

/* What was listed before the list broke off is fetched all the same. */
static void fetch_rest(struct dump *d)
{
	struct error error = d->result->error;
	enum status status = d->result->status;
	if (!d->failed || d->result->interrupted || d->result->stopped ||
	    conn_state(d->fetch) == CONN_CLOSED)
		return;
	d->failed = false;
	d->listed = true;
	while (!done(d)) {
		ask(d);
		if (!done(d))
			step(d);
	}
	/* What went wrong first is what is told. */
	d->result->status = status;
	d->result->error = error;
}

void dump_run(const struct dump_plan *plan, struct dump_result *result)
{
	struct dump *d = xcalloc(1, sizeof(*d));
	*result = (struct dump_result){.status = STATUS_OK};
	d->plan = plan;
	d->result = result;
	d->options = *plan->options;
	d->options.timeout_ms = 0;
	d->list = conn_new(plan->address, &d->options, NULL);
	d->fetch = conn_new(plan->address, &d->options, NULL);
	d->heard_list = d->heard_fetch = d->ticked = clock_now();
	spill_init(&d->queue, QUEUE_BLOCK);
	ask_list(d);
	while (!done(d)) {
		step(d);
		ask(d);
	}
	fetch_rest(d);
	conn_free(d->list);
	conn_free(d->fetch);
	for (size_t i = 0; i < BATCHES; i++) {
		buf_release(&d->ring[i].text);
		buf_release(&d->ring[i].single);
	}
	buf_release(&d->key);
	buf_release(&d->held);
	spill_release(&d->queue);
	free(d);
}
