#include "client/conn_private.h"

#include "base/xalloc.h"
#include "client/hash.h"

#include <stdlib.h>

/* The most gets of a line, and the bytes of their keys: memcached takes longer lines of get alone,
 * and answers the first ones while it reads the next line. */
#define GETS_MAX       100
#define GETS_BYTES_MAX 1900

/* Words of the filter that tells most keys which are not held from those that are. */
#define FILTER_WORDS 16

struct held {
	struct request request;
	struct route route;
	reply_fn *fn;
	void *ctx;
};

struct gets {
	struct held list[GETS_MAX];
	size_t count, bytes;
	uint64_t filter[FILTER_WORDS];
	size_t skip; /* of the line being answered, gets from the head on that are misses */
};

/* The filter's bit for KEY. */
static size_t filter_bit(struct slice key)
{
	uint32_t hash = hash_key(HASH_FNV1A_32, key);
	return (hash ^ hash >> 16) % (FILTER_WORDS * 64);
}

static bool is_held(const struct gets *g, struct slice key)
{
	size_t bit = filter_bit(key);
	if (!(g->filter[bit / 64] >> bit % 64 & 1))
		return false;
	for (size_t i = 0; i < g->count; i++) {
		if (slice_eq(g->list[i].request.keys[0], key))
			return true;
	}
	return false;
}

size_t conn_gets_count(const struct conn *c)
{
	return c->gets ? c->gets->count : 0;
}

size_t conn_gets_bytes(const struct conn *c)
{
	return c->gets ? c->gets->bytes : 0;
}

void conn_gets_add(struct conn *c, const struct request *request, struct route route, reply_fn *fn,
                   void *ctx)
{
	if (!c->gets)
		c->gets = xcalloc(1, sizeof(*c->gets));
	struct gets *g = c->gets;
	size_t len = request->keys[0].len + 1;
	if (g->count > 0 && (g->count == GETS_MAX || g->bytes + len > GETS_BYTES_MAX ||
	                     g->list[0].request.verb != request->verb))
		conn_gets_release(c);
	g->list[g->count++] = (struct held){*request, route, fn, ctx};
	g->bytes += len;
	size_t bit = filter_bit(request->keys[0]);
	g->filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* Whether REQUEST changes one key and nothing else, and its answer says so. */
static bool changes_one_key(const struct request *request)
{
	switch (request_expects(request)) {
	case EXPECT_STORAGE:
	case EXPECT_DELETE:
	case EXPECT_NUMBER:
	case EXPECT_TOUCH:
		return request->key_count == 1;
	default:
		return false;
	}
}

void conn_gets_make_way(struct conn *c, const struct request *request)
{
	if (conn_gets_count(c) > 0 &&
	    (!changes_one_key(request) || is_held(c->gets, request->keys[0])))
		conn_gets_release(c);
}

/* The bytes of the line. False when they pass the ceiling. */
static bool encode(struct conn *c)
{
	const struct gets *g = c->gets;
	size_t before = c->out.len;
	c->out.full = false;
	buf_add_str(&c->out, verb_word(g->list[0].request.verb));
	for (size_t i = 0; i < g->count; i++) {
		buf_add_char(&c->out, ' ');
		buf_add_slice(&c->out, g->list[i].request.keys[0]);
	}
	buf_add_str(&c->out, "\r\n");
	if (c->out.full)
		buf_cut(&c->out, before);
	return !c->out.full;
}

void conn_gets_release(struct conn *c)
{
	struct gets *g = c->gets;
	if (conn_gets_count(c) == 0)
		return;
	size_t before = c->out.len, count = g->count;
	bool ok = encode(c);
	g->count = g->bytes = 0;
	memset(g->filter, 0, sizeof(g->filter));
	for (size_t i = 0; i < count; i++) {
		struct held *h = &g->list[i];
		bool last = i + 1 == count;
		if (ok)
			conn_join_queue(c, &h->request, last ? c->out.len - before : 0, h->route,
			                h->fn, h->ctx, !last);
		else
			conn_lose(c, &h->request, h->fn, h->ctx);
	}
}

/* The gets from the head of the queue on, on the same line, that are misses because the value of
 * KEY comes next. False when KEY is none of that line's. */
static bool count_misses(const struct conn *c, struct slice key, size_t *misses)
{
	for (size_t i = 0; i < c->queue.count; i++) {
		const struct pending *p = queue_at(&c->queue, i);
		if (slice_eq(p->request.keys[0], key)) {
			*misses = i;
			return true;
		}
		if (!p->joined)
			break;
	}
	return false;
}

void conn_gets_forget(struct conn *c)
{
	if (c->gets)
		c->gets->skip = 0;
}

enum joined conn_gets_next(struct conn *c, const struct pending *p)
{
	struct slice key;
	if (p->cursor > 0)
		return JOINED_OVER; /* its value was taken, and the rest of the line is others' */
	if (c->gets->skip > 0) {
		c->gets->skip--;
		return JOINED_OVER;
	}
	if (reply_reader_starts_value(&c->reader, p->request.keys[0]))
		return JOINED_READ;
	switch (reply_reader_peek(&c->reader, &key)) {
	case PEEK_MORE:
		return JOINED_MORE;
	case PEEK_END:
		return JOINED_OVER;
	case PEEK_VALUE:
		if (count_misses(c, key, &c->gets->skip) && c->gets->skip > 0) {
			c->gets->skip--;
			return JOINED_OVER;
		}
		return JOINED_READ;
	case PEEK_OTHER:
		break;
	}
	return JOINED_READ;
}

void conn_gets_end_line(struct conn *c, const struct reply *reply)
{
	for (bool more = true; more && c->state == CONN_OPEN && c->queue.count > 0;) {
		struct pending p = conn_pop(c);
		more = p.joined;
		pending_finish(&p, reply, c->now);
	}
}
