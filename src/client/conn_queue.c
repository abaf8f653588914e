#include "client/conn_queue.h"

#include "base/deadline.h"
#include "client/dial.h"
#include "proto/dialect.h"

#include <errno.h>
#include <unistd.h>

/* Sent bytes are forgotten when they are this many and more than what is left. */
#define OUT_SLACK ((size_t)64 * 1024)

void conn_reset(struct conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	dial_free(c->dial);
	c->dial = NULL;
	c->state = CONN_CLOSED;
	buf_clear(&c->out);
	c->out_pos = 0;
	c->queued = c->sent = c->secret_from = c->secret_to = 0;
	c->lowat = (struct lowat){0};
	c->held = false;
	c->unfenced = c->unproven = false;
	reply_reader_reset(&c->reader);
}

struct pending conn_pop(struct conn *c)
{
	struct pending p = queue_pop(&c->queue);
	c->head_since = conn_awaited(c, c->now);
	c->unanswered -= request_expects(&p.request) != EXPECT_NONE;
	c->sent_whole -= c->sent_whole > 0;
	return p;
}

/* Forgets sent bytes, when they are the larger part. */
static void trim_out(struct conn *c)
{
	if (c->out_pos > OUT_SLACK && c->out_pos > c->out.len - c->out_pos) {
		buf_drop(&c->out, c->out_pos);
		c->out_pos = 0;
	}
}

static void join_queue(struct conn *c, const struct request *request, size_t len,
                       struct route route, reply_fn *fn, void *ctx)
{
	if (c->queue.count == 0) {
		c->now = clock_now();
		c->head_since = conn_awaited(c, c->now);
	}
	bool quiet = request_expects(request) == EXPECT_NONE;
	c->unanswered += !quiet;
	c->unfenced |= quiet;
	const struct pending *last = c->queue.count > 0 ? queue_at(&c->queue, c->queue.count - 1)
	                                                : NULL;
	c->unproven |= last && !last->settles && !last->login && !quiet &&
	               !request_is_marked(request);
	struct pending *p = queue_push(&c->queue);
	*p = (struct pending){.request = *request,
	                      .route = route,
	                      .fn = fn,
	                      .ctx = ctx,
	                      .start = c->now,
	                      .begin = c->queued};
	p->request.value = slice_of(NULL, 0);
	c->queued += len;
	p->end = c->queued;
	if (request->secret) {
		/* The data block is what must not be seen; the line before it names nothing secret.
		 */
		c->secret_from = p->end - request->value.len - 2;
		c->secret_to = p->end - 2;
	}
}

bool conn_enqueue(struct conn *c, const struct request *request, struct route route, reply_fn *fn,
                  void *ctx)
{
	trim_out(c);
	size_t before = c->out.len;
	if (!dialect_encode(request, &c->out))
		return false;
	join_queue(c, request, c->out.len - before, route, fn, ctx);
	return true;
}

bool conn_enqueue_bytes(struct conn *c, const struct request *request, struct slice bytes,
                        struct route route, reply_fn *fn, void *ctx)
{
	trim_out(c);
	if (!buf_add_slice(&c->out, bytes))
		return false;
	join_queue(c, request, bytes.len, route, fn, ctx);
	return true;
}

static const char unconfirmed[] = "whether what was sent with --noreply was carried out is unknown";
static const char unproven[] = "whether every answer belongs to its command is unknown";

/* WHAT happened, and HINT says what is not certain for it; the first doubt stays. */
static void add_doubt(struct conn *c, const char *what, const char *hint)
{
	if (!c->doubt.what[0])
		error_set(&c->doubt, hint, "%s", what);
	if (c->owner && c->owner->doubt)
		c->owner->doubt(c->owner->ctx);
}

void conn_doubt(struct conn *c, const char *what, bool quiet)
{
	add_doubt(c, what, quiet ? unconfirmed : unproven);
}

void conn_refuse_quiet(struct conn *c, const char *what)
{
	add_doubt(c, what, "what was sent with --noreply was refused; .auth USER logs in");
}

/* P's wire form, where nothing of UNSENT was sent. */
static struct slice bytes_of(const struct pending *p, const struct buf *unsent)
{
	return slice_of(unsent->data + p->begin, (size_t)(p->end - p->begin));
}

void conn_lose(struct conn *c, const struct error *why, bool rescue)
{
	/* Copies: handlers run below and may queue again, and WHY may be one of ours. */
	struct error error = *why;
	struct buf unsent = c->out;
	uint64_t sent = c->sent;
	size_t lost = c->queue.count;
	const struct conn_owner *owner = c->owner;

	bool was_open = c->state == CONN_OPEN;
	rescue = rescue && !was_open && owner && owner->rescue;
	if (was_open && c->unfenced)
		conn_doubt(c, error.what, true);
	buf_init(&c->out, unsent.max);
	conn_reset(c);
	c->last_error = error;
	c->now = clock_now();
	c->sent_whole = 0;
	while (lost-- > 0) {
		struct pending p = conn_pop(c);
		if (was_open && p.settles)
			conn_doubt(c, error.what, p.quiet);
		if (rescue && owner->rescue(owner->ctx, &p.request, bytes_of(&p, &unsent), p.route,
		                            p.fn, p.ctx))
			continue;
		struct reply reply = {.kind = REPLY_LOST,
		                      .error = &error,
		                      .server = c->address->label,
		                      .unsent = p.begin >= sent};
		pending_finish(&p, &reply, c->now);
	}
	buf_release(&unsent);
}

void conn_hang_up(struct conn *c)
{
	struct error error;
	error_set(&error, "the next command connects again", "disconnected from %s",
	          c->address->label);
	conn_lose(c, &error, false);
	error_clear(&c->last_error);
}

void conn_fail_errno(struct conn *c, const char *doing)
{
	struct error error;
	error_set(&error,
	          "the next command connects again; whether this one was carried out is unknown",
	          "%s %s: %s", doing, c->address->label, strerror(errno));
	conn_lose(c, &error, false);
}

void conn_fail_unasked(struct conn *c)
{
	struct error error;
	error_set(&error, unproven, "%s sent something that was not asked for", c->address->label);
	add_doubt(c, error.what, unproven);
	conn_lose(c, &error, false);
}
