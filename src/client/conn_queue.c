#include "client/conn_queue.h"

#include "base/deadline.h"
#include "proto/dialect.h"

#include <errno.h>

/* Sent bytes are forgotten when they are this many and more than what is left. */
#define OUT_SLACK ((size_t)64 * 1024)

void conn_reset(struct conn *c)
{
	transport_close(&c->transport);
	c->state = CONN_CLOSED;
	buf_clear(&c->out);
	c->out_pos = 0;
	c->queued = c->sent = c->secret_from = c->secret_to = 0;
	c->lowat = (struct lowat){0};
	c->held = 0;
	c->heard = c->hung_up = c->renewed = false;
	c->unfenced = c->unproven = c->admitted = false;
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
	c->dialect = request_dialect(request);
	c->unanswered += !quiet;
	c->unfenced |= quiet;
	const struct pending *last = c->queue.count > 0 ? queue_at(&c->queue, c->queue.count - 1)
	                                                : NULL;
	c->unproven |= last && !last->settles && !last->login && !quiet &&
	               !dialect_is_marked(request);
	struct pending *p = queue_push(&c->queue);
	*p = (struct pending){.request = *request,
	                      .route = route,
	                      .len = (uint32_t)len, /* a buf holds no more */
	                      .fn = fn,
	                      .ctx = ctx,
	                      .end = c->queued + len,
	                      .start = c->now};
	p->request.value = slice_of(NULL, 0);
	c->queued += len;
}

/* COUNT bytes from AT on are not to be seen, nor is what lies between them and others that were not
 * sent yet. */
static void hide(struct conn *c, uint64_t at, uint64_t count)
{
	if (c->secret_to == 0)
		c->secret_from = at;
	c->secret_to = at + count;
}

/* Notes which of the LEN last bytes queued nobody shall see. */
static void mark_secret(struct conn *c, size_t len, const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		if (fields->at[i].kind == FIELD_SECRET)
			hide(c, c->queued - len + fields->at[i].offset, fields->at[i].length);
	}
}

bool conn_wants_login(const struct conn *c)
{
	return c->guarded && !c->admitted && c->options->user.len == 0;
}

bool conn_may_log_in(const struct request *request)
{
	return request->verb == VERB_SET ||
	       (request->verb >= VERB_RAW && slice_starts(request->text, SLICE("set ")));
}

void conn_note_login(struct conn *c)
{
	if (c->owner && c->owner->login)
		c->owner->login(c->owner->ctx);
}

/* The same with the fields of REQUEST, where they are needed. */
static bool enqueue_noted(struct conn *c, const struct request *request, struct route route,
                          reply_fn *fn, void *ctx)
{
	struct field at[CLIENT_FIELDS];
	struct fields fields = {.at = at, .max = CLIENT_FIELDS};
	size_t before = c->out.len;
	if (!dialect_encode(request, &c->out, &fields))
		return false;
	size_t len = c->out.len - before;
	join_queue(c, request, len, route, fn, ctx);
	if (request->verb == VERB_LOGIN || request->secret)
		mark_secret(c, len, &fields);
	if (c->options->message)
		c->options->message(c->options->trace_ctx, c->address->label, request, NULL,
		                    slice_of(c->out.data + before, len), &fields,
		                    request->own || !fn);
	return true;
}

bool conn_enqueue(struct conn *c, const struct request *request, struct route route, reply_fn *fn,
                  void *ctx)
{
	struct request changed;
	trim_out(c);
	if (dialect_of(request)->packets) {
		changed = *request;
		changed.opaque = ++c->opaque;
		request = &changed;
	}
	if (conn_wants_login(c) && conn_may_log_in(request)) {
		changed = *request;
		changed.secret = true;
		request = &changed;
		conn_note_login(c);
	}
	size_t before = c->out.len;
	if (request->verb == VERB_LOGIN || request->secret || c->options->message)
		return enqueue_noted(c, request, route, fn, ctx);
	if (!dialect_encode(request, &c->out, NULL))
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
	if (request->secret)
		hide(c, c->queued - bytes.len, bytes.len);
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

/* WHAT happened before the fence of conn_settle was answered; QUIET: requests that want no answer
 * were before it. */
static void doubt(struct conn *c, const char *what, bool quiet)
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
	return slice_of(unsent->data + pending_begin(p), p->len);
}

void conn_lose(struct conn *c, const struct error *why, bool rescue)
{
	/* Copies: handlers run below and may queue again, and WHY may be one of ours. */
	struct error error = *why;
	struct buf unsent = c->out;
	uint64_t sent = c->sent;
	size_t lost = c->queue.count;
	const struct conn_owner *owner = c->owner;

	bool was_open = c->state == CONN_OPEN, secret = c->secret_to > 0, hung_up = c->hung_up;
	rescue = rescue && !was_open && owner && owner->rescue;
	if (was_open && c->unfenced)
		doubt(c, error.what, true);
	buf_init(&c->out, unsent.max);
	conn_reset(c);
	c->last_error = error;
	c->now = clock_now();
	c->sent_whole = 0;
	while (lost-- > 0) {
		struct pending p = conn_pop(c);
		if (was_open && p.settles)
			doubt(c, error.what, p.quiet);
		if (rescue && owner->rescue(owner->ctx, &p.request, bytes_of(&p, &unsent), p.route,
		                            p.fn, p.ctx))
			continue;
		struct reply reply = {.kind = REPLY_LOST,
		                      .error = &error,
		                      .server = c->address->label,
		                      .unsent = pending_begin(&p) >= sent,
		                      .hung_up = hung_up};
		pending_finish(&p, &reply, c->now);
	}
	if (secret)
		buf_wipe(&unsent);
	buf_release(&unsent);
}

void conn_hang_up(struct conn *c)
{
	struct error error;
	error_set(&error, "the next command connects again", "disconnected from %s",
	          c->address->label);
	c->refused = false;
	conn_lose(c, &error, false);
	error_clear(&c->last_error);
}

void conn_fail_errno(struct conn *c, const char *doing)
{
	struct error error;
	if (c->transport.error.what[0])
		error = c->transport.error;
	else
		error_set(&error, CONNECTS_AGAIN, "%s %s: %s", doing, c->address->label,
		          strerror(errno));
	conn_lose(c, &error, false);
}

void conn_fail_unasked(struct conn *c)
{
	struct error error;
	error_set(&error, unproven, "%s sent something that was not asked for", c->address->label);
	add_doubt(c, error.what, unproven);
	conn_lose(c, &error, false);
}

unsigned conn_trace_marks(const struct conn *c)
{
	return dialects[c->dialect].packets ? CLIENT_TRACE_PACKETS : 0;
}

/* Where in what is sent the bytes of P begin that nobody asked for: its end where there are none.
 */
static uint64_t own_from(const struct pending *p)
{
	if (!p->fn || p->login || p->request.own)
		return pending_begin(p);
	return p->end - dialect_fence_len(&p->request);
}

/* What byte AT of what is sent is, and where the bytes end that are the same. */
static unsigned sent_marks(struct conn *c, uint64_t at, uint64_t *to)
{
	unsigned marks = conn_trace_marks(c);
	if (at < c->secret_from && c->secret_from < *to)
		*to = c->secret_from;
	if (at >= c->secret_from && at < c->secret_to) {
		marks |= CLIENT_TRACE_SECRET;
		*to = c->secret_to < *to ? c->secret_to : *to;
	}
	for (size_t i = c->sent_whole; i < c->queue.count; i++) {
		const struct pending *p = queue_at(&c->queue, i);
		if (p->end <= at)
			continue;
		uint64_t own = own_from(p), edge = at < own ? own : p->end;
		marks |= at < own ? 0 : CLIENT_TRACE_OWN;
		marks |= p->request.own ? CLIENT_TRACE_QUESTION : 0;
		*to = edge < *to ? edge : *to;
		break;
	}
	return marks;
}

/* What was sent and is secret is not left in memory. */
static void wipe_sent(struct conn *c)
{
	uint64_t begin = c->queued - c->out.len;
	if (c->secret_from >= begin && c->secret_to <= c->queued)
		explicit_bzero(c->out.data + (c->secret_from - begin),
		               (size_t)(c->secret_to - c->secret_from));
	c->secret_from = c->secret_to = 0;
}

static void trace_sent(struct conn *c, const char *data, size_t len)
{
	uint64_t end = c->sent + len;
	for (uint64_t at = c->sent, to; c->options->trace && at < end; at = to) {
		to = end;
		unsigned marks = sent_marks(c, at, &to);
		c->options->trace(c->options->trace_ctx, c->address->label, true,
		                  slice_of(data + (at - c->sent), (size_t)(to - at)), marks);
	}
}

/* Marks the requests whose last byte has now been sent. */
static void note_sent(struct conn *c)
{
	c->now = clock_now();
	for (; c->sent_whole < c->queue.count; c->sent_whole++) {
		struct pending *p = queue_at(&c->queue, c->sent_whole);
		if (p->end > c->sent)
			return;
		p->sent = c->now;
	}
}

/* Whether LAST, the last in the queue, is held back until those before it are answered: a server
 * refuses to watch or to list where anything came with it, a login or a fence. One that is listened
 * to has no last answer. */
static bool awaits_those_before(const struct conn *c, const struct pending *last)
{
	const struct pending *head = queue_at(&c->queue, 0);
	return c->queue.count > 1 && head->request.verb != VERB_LISTEN &&
	       (last->request.verb == VERB_LISTEN || request_asks_list(&last->request));
}

size_t conn_next_piece(const struct conn *c)
{
	size_t left = c->out.len - c->out_pos;
	if (c->queue.count == 0)
		return left;
	const struct pending *last = queue_at(&c->queue, c->queue.count - 1);
	if (awaits_those_before(c, last)) {
		uint64_t begin = pending_begin(last);
		return begin > c->sent ? (size_t)(begin - c->sent) : 0;
	}
	if (!c->transport.row->last_alone)
		return left;
	size_t fence = dialect_fence_len(&last->request);
	uint64_t from = fence > 0 ? last->end - fence : pending_begin(last);
	return from > c->sent ? (size_t)(from - c->sent) : left;
}

bool conn_flush(struct conn *c)
{
	bool progress = false;
	while (c->out_pos < c->out.len) {
		const char *data = c->out.data + c->out_pos;
		size_t piece = conn_next_piece(c);
		if (piece == 0)
			break;
		ssize_t n = transport_write(&c->transport, data, piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			/* The server may have said why before it closed: read on, the end comes
			 * there. */
			if ((errno == EPIPE || errno == ECONNRESET) && c->queue.count > 0) {
				c->out_pos = c->out.len;
				break;
			}
			conn_fail_errno(c, "sending to");
			return false;
		}
		trace_sent(c, data, (size_t)n);
		c->out_pos += (size_t)n;
		c->sent += (uint64_t)n;
		progress = true;
	}
	if (c->secret_to > 0 && c->sent >= c->secret_to)
		wipe_sent(c);
	if (c->out_pos == c->out.len) {
		buf_clear(&c->out);
		c->out_pos = 0;
	}
	if (progress)
		note_sent(c);
	return true;
}
