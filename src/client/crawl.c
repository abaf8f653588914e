#include "client/crawl.h"

#include "base/deadline.h"
#include "base/number.h"
#include "base/spill.h"
#include "base/xalloc.h"
#include "client/conn.h"
#include "client/crawl_refusal.h"
#include "client/transport/transport.h"
#include "proto/dialect.h"
#include "proto/stranger.h"

#include <stdlib.h>
#include <time.h>

/* Bytes that each half of the queue of keys holds in memory. */
#define QUEUE_BLOCK ((size_t)1024 * 1024)

/* A crawler that is busy is asked again so often, each time after a longer pause: it may be for a
 * moment only, after a list that was closed or while the server looks for expired items by itself.
 * The pauses add up to the timeout, or to BUSY_MS where there is none. */
#define BUSY_TRIES 10
#define BUSY_MS    5000

/* However long the timeout, the first pauses are no longer than this, and twice and three times it.
 */
#define MOMENT_TRIES 3
#define MOMENT_NS    ((int64_t)50 * NSEC_PER_MSEC)

/* How often a server whose hash table is about to grow is asked again, for how long while it does
 * not, and for how long while it grows. Its clock looks once a second whether it has to. */
#define TABLE_PAUSE_NS ((int64_t)100 * NSEC_PER_MSEC)
#define TABLE_DUE_NS   ((int64_t)2 * NSEC_PER_SEC)
#define TABLE_GROWS_NS ((int64_t)10 * NSEC_PER_SEC)

/* What passes between two steps counts as the server's silence up to this. */
#define STEP_NS ((int64_t)200 * NSEC_PER_MSEC)

/* A list as a whole may take ten times the timeout, and once more for each so many items. */
#define WHOLE_TIMEOUTS 10
#define WHOLE_ITEMS    1000

/* It may name twice as many keys as the server counts items, and so many more: some are stored
 * while it comes. */
#define KEYS_SLACK 1000000

/* What a server is taken to hold that does not say it. */
#define ITEMS_UNKNOWN 10000000

/* What no server can hold. */
#define ITEMS_MAX (UINT64_C(1) << 48)

struct crawl {
	const struct crawl_plan *plan;
	struct client_options options; /* the plan's, without a limit on the whole */
	struct conn *list;
	enum crawl_state state;
	enum status status; /* of a failure */
	struct error error;
	bool asked;      /* for the keys; until then it is asked whether a crawler runs */
	bool running;    /* lru_crawler_running was 1 */
	unsigned busy;   /* how often it was */
	uint64_t items;  /* curr_items */
	uint64_t stored; /* total_items; 0: it has not said so */
	uint64_t power; /* hash_power_level: its table has 2^power buckets; 0: it has not said so */
	bool grows;     /* hash_is_expanding */
	uint64_t power_seen; /* what power was when the table was first waited for */
	int64_t power_since; /* when that was; 0: never */
	uint64_t clock; /* its clock (time) when it was asked for the keys; 0: it has not said it */
	int64_t now;    /* its clock now, as far as it is known */
	int64_t listing_since; /* when it was asked for the keys */
	int64_t ask_again;     /* when; 0: not */
	int64_t last_received; /* when something came the last time */
	int64_t stepped;       /* when crawl_step was called the last time */
	int guarded;           /* the descriptor that the plan's guard has */
	uint64_t looked_at, wanted;
	struct spill queue; /* records: record_head, and its key's bytes */
	bool broken;        /* the queue is of no more use */
	struct buf key;     /* decoded */
};

static void guard(struct crawl *c, int fd)
{
	if (fd != c->guarded && c->plan->guard)
		c->plan->guard(c->plan->ctx, fd);
	c->guarded = fd;
}

/* The descriptor is the guard's no longer when its number may become another's. */
static void hang_up(struct crawl *c)
{
	guard(c, -1);
	conn_close(c->list);
}

static void fail(struct crawl *c, enum status status, const struct error *error)
{
	if (c->state != CRAWL_LISTING)
		return;
	c->state = CRAWL_FAILED;
	c->status = status;
	c->error = *error;
	if (status == STATUS_LOST && !c->asked && dialects[c->plan->options->dialect].packets)
		error_hint(&c->error, "lists of keys are text: a server that was started with -S, "
		                      "which speaks the binary protocol alone, gives none");
}

static void keep(struct crawl *c, struct slice record)
{
	struct error error;
	c->wanted++;
	if (!spill_add(&c->queue, record, &error)) {
		c->broken = true;
		fail(c, STATUS_LOST, &error);
	}
}

/* The list names one key more. One that is longer than what there can be may never end. */
static void count_key(struct crawl *c)
{
	struct error error;
	if (++c->looked_at <= 2 * c->items + KEYS_SLACK)
		return;
	error_set(&error, "what it had named by then was read; is it a memcached server?",
	          "%s counts %llu items, and listed more than %llu keys", c->plan->address->label,
	          (unsigned long long)c->items, (unsigned long long)(c->looked_at - 1));
	fail(c, STATUS_LOST, &error);
}

/* What is kept of an item before its key: its exptime where that is all that is wanted, since a
 * million of them may wait. */
static size_t record_head(const struct crawl *c)
{
	return c->plan->terse ? sizeof(int64_t) : sizeof(struct crawled);
}

static bool take_item(struct crawl *c, struct slice line)
{
	struct crawled item;
	char record[sizeof(item) + KEY_MAX_BYTES];
	size_t head = record_head(c);
	if (!crawled_read(line, c->plan->terse, &item, &c->key))
		return false;
	item.now = c->now;
	count_key(c);
	if (!c->plan->wants(c->plan->ctx, &item))
		return true;
	memcpy(record, c->plan->terse ? (const void *)&item.exptime : &item, head);
	memcpy(record + head, item.key.data, item.key.len);
	keep(c, slice_of(record, head + item.key.len));
	return true;
}

static void refused(struct crawl *c, struct slice line)
{
	struct error error;
	if (stranger_is(&error, c->plan->address->label, line)) {
		fail(c, STATUS_LOST, &error);
		return;
	}
	const char *hint = crawl_refusal_hint(line);
	if (c->plan->ask && slice_eq(line, SLICE("ERROR")) && strstr(c->plan->ask, "mgdump"))
		hint = "it knows no lru_crawler mgdump: memcached has it since 1.6.19; metadump is "
		       "older";
	error_set(&error, hint ? hint : "is it a memcached server?",
	          hint ? "%s does not list its keys: %.*s"
	               : "%s sent something else than a list of its keys: %.*s",
	          c->plan->address->label, SLICE_ARGS(line, 100));
	fail(c, hint ? STATUS_SERVER : STATUS_LOST, &error);
}

/* Something came after the END of the list: whether the list was the answer is in doubt. */
static void went_on(struct crawl *c)
{
	struct error error;
	error_set(&error, "what the list named was read; whether it is all there is, is unknown",
	          "%s sent more after the end of the list of its keys", c->plan->address->label);
	c->state = CRAWL_LISTING;
	fail(c, STATUS_LOST, &error);
}

/* The list is over before its END. */
static void broke_off(struct crawl *c)
{
	struct error error;
	error_set(&error,
	          c->looked_at > 0 ? "what it had named by then was read; try again"
	                           : "a proxy closes at commands that it does not know: name the "
	                             "servers themselves",
	          "%s closed the connection before the list of its keys had ended",
	          c->plan->address->label);
	fail(c, STATUS_LOST, &error);
}

static void on_line(void *ctx, const struct reply *reply);

static void send_line(struct crawl *c, const char *line, bool own)
{
	struct request request = {.verb = VERB_LISTEN, .text = slice_str(line), .own = own};
	conn_submit(c->list, &request, ROUTE_HERE, on_line, c);
}

static void ask(struct crawl *c)
{
	c->ask_again = 0;
	c->asked = c->running = c->grows = false;
	c->power = 0;
	send_line(c, "stats\r\n", c->plan->ask != NULL);
}

/* NOW is clock_now(). */
static void read_clock(struct crawl *c, int64_t now)
{
	c->now = c->clock ? (int64_t)c->clock + (now - c->listing_since) / NSEC_PER_SEC
	                  : (int64_t)time(NULL);
}

static void put_off(struct crawl *c, struct slice why)
{
	uint64_t ms = c->plan->options->timeout_ms ? c->plan->options->timeout_ms : BUSY_MS;
	if (c->busy++ == BUSY_TRIES) {
		refused(c, why);
		return;
	}
	int64_t pause = (int64_t)ms * NSEC_PER_MSEC * 2 * c->busy / (BUSY_TRIES * (BUSY_TRIES + 1));
	if (c->busy <= MOMENT_TRIES)
		pause = deadline_min(pause, MOMENT_NS * c->busy);
	c->ask_again = clock_now() + pause;
}

/*
 * A walk through the hash table and its growth are not safe from each other. Up to 1.6.18 at the
 * least, a list that begins as the table is about to grow stops the crawler and what maintains the
 * table, each with a lock that the other waits for, until the server is started again; later
 * versions refuse it (assoc_get_iterator, pause_threads). Growth is due with more than three items
 * to two buckets (assoc_start_expand). It is waited for, in bounds: a table may be as large as it
 * can be.
 */
static bool table_is_awaited(struct crawl *c)
{
	bool due = c->power > 0 && c->power < 32 && c->items > UINT64_C(3) << (c->power - 1) &&
	           c->items != ITEMS_UNKNOWN;
	if ((!due && !c->grows) || (c->plan->ask && !strstr(c->plan->ask, " hash")))
		return false;
	int64_t now = clock_now();
	if (c->power_since == 0 || c->power != c->power_seen) {
		c->power_since = now;
		c->power_seen = c->power;
	}
	if (now - c->power_since > (c->grows ? TABLE_GROWS_NS : TABLE_DUE_NS))
		return false;
	c->ask_again = now + TABLE_PAUSE_NS;
	return true;
}

/* Whether LINE is the STAT of NAME. Its number goes into *N; OTHERWISE where it can be none. */
static bool read_stat(struct slice line, const char *name, uint64_t *n, uint64_t otherwise)
{
	if (!slice_eq_str(slice_take(&line, ' '), "STAT") ||
	    !slice_eq_str(slice_take(&line, ' '), name))
		return false;
	if (number_parse_u64(line, n) != NUMBER_OK || *n > ITEMS_MAX)
		*n = otherwise;
	return true;
}

/* What says whether a crawler runs: lines of STAT, and END. A server that has no such statistic
 * would refuse a second list by BUSY. */
static void take_stat(struct crawl *c, struct slice line)
{
	if (read_stat(line, "curr_items", &c->items, ITEMS_UNKNOWN) ||
	    read_stat(line, "total_items", &c->stored, 0) ||
	    read_stat(line, "time", &c->clock, 0) ||
	    read_stat(line, "hash_power_level", &c->power, 0))
		return;
	if (slice_eq(line, SLICE("STAT lru_crawler_running 1"))) {
		c->running = true;
	} else if (slice_eq(line, SLICE("STAT hash_is_expanding 1"))) {
		c->grows = true;
	} else if (slice_eq(line, SLICE("END")) || slice_eq(line, SLICE("ERROR"))) {
		if (c->running) {
			put_off(c, SLICE("BUSY lru_crawler_running is 1"));
			return;
		}
		if (table_is_awaited(c))
			return;
		c->asked = true;
		c->last_received = c->listing_since = clock_now();
		read_clock(c, c->listing_since);
		send_line(c, c->plan->ask ? c->plan->ask : "lru_crawler metadump hash\r\n", false);
	} else if (!slice_starts(line, SLICE("STAT "))) {
		refused(c, line);
	}
}

static void take_line(struct crawl *c, struct slice line)
{
	bool lines = c->plan->ask != NULL;
	if (!c->asked) {
		take_stat(c, line);
	} else if (lines && line.len <= SPILL_RECORD_MAX &&
	           (slice_starts(line, SLICE("key=")) || slice_starts(line, SLICE("mg ")))) {
		count_key(c);
		keep(c, line);
	} else if (slice_starts(line, SLICE("key="))) {
		if (!take_item(c, line))
			refused(c, line);
	} else if (slice_eq(line, SLICE("END")) || (lines && slice_eq(line, SLICE("EN")))) {
		c->state = CRAWL_LISTED;
	} else if (slice_starts(line, SLICE("BUSY")) || slice_starts(line, SLICE("ERROR locked"))) {
		put_off(c, line);
	} else if (!slice_eq(line, SLICE("OK"))) {
		refused(c, line);
	}
}

/* Both questions are answered here: of their answers only the connection's end is the end. */
static void on_line(void *ctx, const struct reply *reply)
{
	struct crawl *c = ctx;
	if (c->state == CRAWL_LISTED && reply->kind == REPLY_LINE)
		went_on(c);
	if (c->state != CRAWL_LISTING || c->ask_again)
		return;
	if (reply->kind == REPLY_LINE)
		take_line(c, reply->value);
	else if (reply->kind == REPLY_LOST)
		fail(c, STATUS_LOST, reply->error);
	else
		broke_off(c);
}

struct crawl *crawl_new(const struct crawl_plan *plan)
{
	struct crawl *c = xcalloc(1, sizeof(*c));
	struct error error;
	c->plan = plan;
	c->options = client_options_text(plan->options);
	c->guarded = -1;
	c->items = ITEMS_UNKNOWN;
	c->list = conn_new(plan->address, &c->options, NULL);
	c->last_received = clock_now();
	spill_init(&c->queue, QUEUE_BLOCK);
	if (transport_carries(plan->address, plan->options, &(struct request){.verb = VERB_LISTEN},
	                      &error))
		ask(c);
	else
		fail(c, STATUS_USAGE, &error);
	return c;
}

void crawl_free(struct crawl *c)
{
	if (!c)
		return;
	guard(c, -1);
	conn_free(c->list);
	buf_release(&c->key);
	spill_release(&c->queue);
	free(c);
}

void crawl_prepare(struct crawl *c)
{
	if (c->state != CRAWL_LISTING && conn_state(c->list) != CONN_CLOSED)
		hang_up(c);
	else
		guard(c, conn_state(c->list) == CONN_OPEN ? conn_pollfd(c->list).fd : -1);
}

struct conn *crawl_conn(const struct crawl *c)
{
	return c->list;
}

bool crawl_pauses(const struct crawl *c)
{
	return c->state == CRAWL_LISTING && c->ask_again > 0;
}

/* Silence ends it, and so does a list that takes too long as a whole. */
static void watch(struct crawl *c, int64_t now)
{
	uint64_t ms = c->plan->options->timeout_ms;
	struct error error;
	if (c->state != CRAWL_LISTING || c->ask_again || !conn_busy(c->list) ||
	    conn_state(c->list) != CONN_OPEN || ms == 0)
		return;
	double whole = (double)ms * (WHOLE_TIMEOUTS + (double)c->items / WHOLE_ITEMS);
	if (now - c->last_received >= (int64_t)ms * NSEC_PER_MSEC)
		error_set(&error, "--timeout or .set timeout gives it longer",
		          "%s did not answer in time while it listed its keys",
		          c->plan->address->label);
	else if (c->asked && (double)(now - c->listing_since) / NSEC_PER_MSEC > whole)
		error_set(&error,
		          "what it had named by then was read; --timeout or .set timeout gives it "
		          "longer",
		          "%s took more than %.0f s to list its keys, and named %llu of %llu",
		          c->plan->address->label, whole / 1000, (unsigned long long)c->looked_at,
		          (unsigned long long)c->items);
	else
		return;
	fail(c, STATUS_LOST, &error);
}

/* NS nanoseconds were not the server's. */
static void skip_time(struct crawl *c, int64_t ns)
{
	c->last_received += ns;
	c->listing_since += ns;
}

void crawl_step(struct crawl *c, bool came, int64_t now)
{
	/* The owner was held up, by its file for one, and the server was not. */
	if (c->stepped && now - c->stepped > STEP_NS)
		skip_time(c, now - c->stepped - STEP_NS);
	c->stepped = now;
	/* A list lasts as long as it goes on; what is asked before it is answered at once. */
	if (came && c->asked)
		c->last_received = now;
	if (crawl_pauses(c) && now >= c->ask_again) {
		hang_up(c);
		c->last_received = now;
		ask(c);
	}
	if (c->asked)
		read_clock(c, now);
	watch(c, now);
	crawl_prepare(c);
}

bool crawl_take_line(struct crawl *c, struct slice *line)
{
	struct error error;
	if (c->broken || c->queue.count == 0)
		return false;
	if (!spill_take(&c->queue, line, &error)) {
		c->broken = true;
		c->state = CRAWL_LISTING; /* a list that has ended is of no use without its keys */
		fail(c, STATUS_LOST, &error);
		return false;
	}
	return true;
}

bool crawl_take(struct crawl *c, struct crawled *item)
{
	struct slice record;
	if (!crawl_take_line(c, &record))
		return false;
	*item = (struct crawled){0};
	memcpy(c->plan->terse ? (void *)&item->exptime : item, record.data, record_head(c));
	item->key = slice_skip(record, record_head(c));
	return true;
}

uint64_t crawl_waiting(const struct crawl *c)
{
	return c->broken ? 0 : c->queue.count;
}

enum crawl_state crawl_state(const struct crawl *c)
{
	return c->state;
}

enum status crawl_error(const struct crawl *c, struct error *error)
{
	*error = c->error;
	return c->status;
}

uint64_t crawl_looked_at(const struct crawl *c)
{
	return c->looked_at;
}

uint64_t crawl_wanted(const struct crawl *c)
{
	return c->wanted;
}

bool crawl_items(const struct crawl *c, uint64_t *items, uint64_t *stored)
{
	*items = c->items;
	*stored = c->stored;
	return c->asked && c->stored > 0;
}
