#include "client/conn.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/dial.h"
#include "client/lowat.h"
#include "client/queue.h"
#include "proto/reply_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* A fence is answered at once by any server that is in step; one that is not has no longer. */
#define FENCE_MS 1000

/* How often a connection reads before others have their turn. */
#define READS_MAX 16

/* Sent bytes are forgotten when they are this many and more than what is left. */
#define OUT_SLACK ((size_t)64 * 1024)

struct conn {
	const struct address *address;
	const struct client_options *options;
	const struct conn_owner *owner;
	enum conn_state state;
	int fd;
	struct dial *dial; /* while resolving and connecting */
	int64_t dial_deadline;
	int64_t head_since; /* when the head of the queue became the head */
	int64_t now; /* when the socket was last spoken to: a clock for every reply is dear */
	struct lowat lowat;
	bool held; /* what comes is left unread */

	struct buf out;
	size_t out_pos;                  /* bytes of out that have been sent */
	uint64_t queued, sent;           /* bytes queued and sent over this connection */
	uint64_t secret_from, secret_to; /* of these, the ones to mask */
	struct reply_reader reader;

	struct queue queue;
	size_t sent_whole; /* requests at the queue's head whose last byte has been sent */
	size_t unanswered; /* requests in the queue that get an answer */

	bool unheard; /* a request was sent that wants no answer, and may have got one all the same
	               */

	struct error last_error;
	uint64_t opened;
};

struct conn *conn_new(const struct address *address, const struct client_options *options,
                      const struct conn_owner *owner)
{
	struct conn *c = xcalloc(1, sizeof(*c));
	c->address = address;
	c->options = options;
	c->owner = owner;
	c->fd = -1;
	reply_reader_init(&c->reader, options->value_max);
	return c;
}

/* Back to CONN_CLOSED; the queue is the caller's business. */
static void hang_up(struct conn *c)
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
	c->unheard = false;
	reply_reader_reset(&c->reader);
}

void conn_free(struct conn *c)
{
	if (!c)
		return;
	hang_up(c);
	buf_release(&c->out);
	reply_reader_release(&c->reader);
	queue_release(&c->queue);
	free(c);
}

/* The head leaves, and the next one's time begins. */
static struct pending pop(struct conn *c)
{
	struct pending p = queue_pop(&c->queue);
	c->head_since = c->now;
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

/* The request whose bytes are at the end of `out`, LEN of them, joins the queue. */
static void join_queue(struct conn *c, const struct request *request, size_t len,
                       struct route route, reply_fn *fn, void *ctx)
{
	if (c->queue.count == 0)
		c->now = c->head_since = clock_now();
	c->unanswered += request_expects(request) != EXPECT_NONE;
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

static bool enqueue(struct conn *c, const struct request *request, struct route route, reply_fn *fn,
                    void *ctx)
{
	trim_out(c);
	size_t before = c->out.len;
	if (!request_encode(request, &c->out))
		return false;
	join_queue(c, request, c->out.len - before, route, fn, ctx);
	return true;
}

/* A new connection begins with the login, where there is one. It is a `set` that stores nothing; a
 * server that wants no login would store it, and so it expires at once. */
static void begin_with_login(struct conn *c)
{
	static const struct slice key = {"login", 5};
	if (c->queue.count > 0 || c->state != CONN_CLOSED || c->options->login.len == 0)
		return;
	struct request login = {.verb = VERB_SET,
	                        .keys = &key,
	                        .key_count = 1,
	                        .exptime = -1,
	                        .value = c->options->login,
	                        .secret = true};
	if (enqueue(c, &login, (struct route){.kind = ROUTE_SERVER}, NULL, NULL))
		queue_at(&c->queue, 0)->login = true;
}

/* The answer to the login. False when it was refused, which ends the connection. */
static bool logged_in(struct conn *c, const struct reply *reply)
{
	struct error error;
	if (reply->kind == REPLY_STORED)
		return true;
	error_set(&error, "nothing else was answered; .auth USER PASSWORD gives another login",
	          "%s refused the login: %s %.*s", c->address->label, reply_word(reply->kind),
	          (int)(reply->value.len < 100 ? reply->value.len : 100),
	          reply->value.data ? reply->value.data : "");
	conn_fail(c, &error);
	return false;
}

/* An error to a request that wants no answer may come late; whoever wants one asks behind a fence.
 */
static void fence_off(struct conn *c, const struct request *request)
{
	static const struct request fence = {.verb = VERB_RAW};
	if (c->unheard && request_expects(request) != EXPECT_NONE) {
		c->unheard = false;
		enqueue(c, &fence, (struct route){.kind = ROUTE_SERVER}, NULL, NULL);
	}
}

bool conn_submit(struct conn *c, const struct request *request, struct route route, reply_fn *fn,
                 void *ctx)
{
	if (c->queue.count == 0)
		conn_check(c);
	begin_with_login(c);
	fence_off(c, request);
	return enqueue(c, request, route, fn, ctx);
}

bool conn_resubmit(struct conn *c, const struct request *request, struct slice bytes,
                   struct route route, reply_fn *fn, void *ctx)
{
	if (c->queue.count == 0)
		conn_check(c);
	begin_with_login(c);
	trim_out(c);
	if (!buf_add_slice(&c->out, bytes))
		return false;
	join_queue(c, request, bytes.len, route, fn, ctx);
	return true;
}

size_t conn_backlog(const struct conn *c)
{
	return c->out.len - c->out_pos;
}

size_t conn_waiting(const struct conn *c)
{
	return c->queue.count;
}

bool conn_busy(const struct conn *c)
{
	return c->queue.count > 0 || c->out_pos < c->out.len;
}

/* P's wire form, where nothing of UNSENT was sent. */
static struct slice bytes_of(const struct pending *p, const struct buf *unsent)
{
	return slice_of(unsent->data + p->begin, (size_t)(p->end - p->begin));
}

/* Closes. What was not sent because no connection came about may go elsewhere, if RESCUE says so;
 * all else in the queue is lost. */
static void fail(struct conn *c, const struct error *why, bool rescue)
{
	/* Copies: handlers run below and may queue anew, and WHY may be one of ours. */
	struct error error = *why;
	struct buf unsent = c->out;
	uint64_t sent = c->sent;
	size_t lost = c->queue.count;
	const struct conn_owner *owner = c->owner;

	rescue = rescue && c->state != CONN_OPEN && owner && owner->rescue;
	buf_init(&c->out, unsent.max);
	hang_up(c);
	c->last_error = error;
	c->now = clock_now();
	c->sent_whole = 0;
	while (lost-- > 0) {
		struct pending p = pop(c);
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

void conn_fail(struct conn *c, const struct error *why)
{
	fail(c, why, false);
}

/* The server is not there. */
static void fail_down(struct conn *c, const struct error *why)
{
	if (c->owner && c->owner->down)
		c->owner->down(c->owner->ctx, c);
	fail(c, why, true);
}

void conn_close(struct conn *c)
{
	struct error error;
	error_set(&error, "the next command connects again", "disconnected from %s",
	          c->address->label);
	conn_fail(c, &error);
	error_clear(&c->last_error);
}

static void fail_errno(struct conn *c, const char *doing)
{
	struct error error;
	error_set(&error,
	          "the next command connects again; whether this one was carried out is unknown",
	          "%s %s: %s", doing, c->address->label, strerror(errno));
	conn_fail(c, &error);
}

void conn_check(struct conn *c)
{
	char byte;
	if (c->state != CONN_OPEN || c->queue.count > 0)
		return;
	ssize_t n = recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	struct error error;
	error_set(&error, "the next command connects again",
	          n > 0 ? "%s sent something that was not asked for" : "%s closed the connection",
	          c->address->label);
	conn_fail(c, &error);
}

static void trace_sent(struct conn *c, const char *data, size_t len)
{
	uint64_t at = c->sent, edges[] = {c->secret_from, c->secret_to, at + len};
	if (!c->options->trace)
		return;
	for (size_t i = 0; i < 3; i++) {
		uint64_t to = edges[i] < c->sent + len ? edges[i] : c->sent + len;
		if (to <= at)
			continue;
		c->options->trace(c->options->trace_ctx, c->address->label, true,
		                  slice_of(data + (at - c->sent), (size_t)(to - at)), i == 1);
		at = to;
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

/* Sends what the socket takes. False when the connection was lost. */
static bool flush(struct conn *c)
{
	bool progress = false;
	while (c->out_pos < c->out.len) {
		const char *data = c->out.data + c->out_pos;
		ssize_t n = send(c->fd, data, c->out.len - c->out_pos, MSG_NOSIGNAL);
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
			fail_errno(c, "sending to");
			return false;
		}
		trace_sent(c, data, (size_t)n);
		c->out_pos += (size_t)n;
		c->sent += (uint64_t)n;
		progress = true;
	}
	if (c->out_pos == c->out.len) {
		buf_clear(&c->out);
		c->out_pos = 0;
	}
	if (progress)
		note_sent(c);
	return true;
}

/*
 * After an error to a command that carries data, or that several lines may answer, the server may
 * have read the data as commands and answer those too. A fence tells where their answers end: any
 * server and any proxy knows `version`. Where requests have been sent behind the refused one, their
 * answers cannot be told from such lines any more: the connection is given up. Only an error in
 * the place of one key's value leaves no doubt.
 */
static bool needs_fence(const struct conn *c, const struct pending *p, const struct reply *reply)
{
	switch (request_expects(&p->request)) {
	case EXPECT_STORAGE: /* a SERVER_ERROR comes behind the data, which was read whole */
		return reply->kind == REPLY_ERROR || reply->kind == REPLY_CLIENT_ERROR;
	case EXPECT_VALUES:
		return reply_is_error(reply->kind) &&
		       (c->queue.count == 0 || p->request.key_count > 1 || p->cursor > 0);
	default:
		return false;
	}
}

static void resynchronise(struct conn *c, const struct reply *reply)
{
	/* A server that wants a login answers nothing else, the fence neither. */
	if (c->queue.count > 0 || slice_starts(reply->value, SLICE("unauthenticated"))) {
		struct error error;
		error_set(&error, "give the commands that were lost again",
		          "%s refused a command, and what follows cannot be told apart",
		          c->address->label);
		conn_fail(c, &error);
		return;
	}
	struct request fence = {.verb = VERB_RAW};
	enqueue(c, &fence, (struct route){ROUTE_SERVER}, NULL, NULL);
	flush(c);
}

/* Hands over every reply that has come whole. False when the connection was lost. */
static bool take_replies(struct conn *c)
{
	struct reply reply;
	struct error error;
	uint64_t generation = c->opened;

	while (c->queue.count > 0) {
		struct pending *p = queue_at(&c->queue, 0);
		if (request_expects(&p->request) == EXPECT_NONE) {
			if (p->end > c->sent)
				return true;
			struct pending quiet = pop(c);
			c->unheard = true;
			reply = (struct reply){.kind = REPLY_NONE, .server = c->address->label};
			pending_finish(&quiet, &reply, c->now);
			continue;
		}
		if (!p->first && reply_reader_pending(&c->reader))
			p->first = c->now;
		switch (reply_reader_next(&c->reader, &p->request, &p->cursor, &reply, &error)) {
		case READER_MORE:
			return true;
		case READER_BAD:
			conn_fail(c, &error);
			return false;
		case READER_REPLY:
			break;
		}
		reply.server = c->address->label;
		if (!reply_is_last(reply.kind)) {
			if (p->fn)
				p->fn(p->ctx, &reply);
			continue;
		}
		struct pending done = pop(c);
		if (done.login) {
			if (!logged_in(c, &reply))
				return false;
			continue;
		}
		pending_finish(&done, &reply, c->now);
		if (needs_fence(c, &done, &reply))
			resynchronise(c, &reply);
		if (c->state != CONN_OPEN || c->opened != generation)
			return false;
	}
	if (!reply_reader_pending(&c->reader))
		return true;
	error_set(&error, "the next command connects again",
	          "%s sent something that was not asked for", c->address->label);
	conn_fail(c, &error);
	return false;
}

/* The head's answer ends with the connection, if it is of that kind. */
static bool end_by_closing(struct conn *c)
{
	enum expect expect = c->queue.count ? request_expects(&queue_at(&c->queue, 0)->request)
	                                    : EXPECT_NONE;
	if (expect != EXPECT_CLOSE && expect != EXPECT_ANY)
		return false;
	c->now = clock_now();
	struct pending p = pop(c);
	struct slice rest = slice_skip(buf_slice(&c->reader.in), c->reader.pos);
	if (rest.len > 0 && p.fn) {
		/* A last line without its line end. */
		struct reply line = {.kind = REPLY_LINE, .value = rest, .wire = rest};
		p.fn(p.ctx, &line);
	}
	struct reply reply = {.kind = REPLY_END, .server = c->address->label};
	pending_finish(&p, &reply, c->now);
	conn_close(c);
	return true;
}

static void end_of_input(struct conn *c)
{
	if (end_by_closing(c))
		return;
	struct error error;
	bool some = reply_reader_pending(&c->reader);
	error_set(&error,
	          "the next command connects again; whether this one was carried out is unknown",
	          some ? "%s closed the connection in the middle of its answer"
	               : "%s closed the connection without an answer",
	          c->address->label);
	conn_fail(c, &error);
}

static void receive(struct conn *c)
{
	/* Not for ever: others have their turn, and so have the deadline and Ctrl-C. */
	for (int reads = 0; reads < READS_MAX; reads++) {
		size_t room;
		char *data = reply_reader_room(&c->reader, &room);
		if (!data) {
			errno = EMSGSIZE;
			fail_errno(c, "receiving from");
			return;
		}
		ssize_t n = recv(c->fd, data, room, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0 && errno != ECONNRESET) {
			fail_errno(c, "receiving from");
			return;
		}
		if (n <= 0) {
			end_of_input(c);
			return;
		}
		if (c->options->trace)
			c->options->trace(c->options->trace_ctx, c->address->label, false,
			                  slice_of(data, (size_t)n), false);
		reply_reader_fed(&c->reader, (size_t)n);
		c->now = clock_now();
		if (!take_replies(c) || (size_t)n < room)
			return;
	}
}

/* Takes the dialling one step further. True when the connection is open. */
static bool dial_on(struct conn *c, short revents)
{
	struct error error;
	if (!c->dial) {
		c->reader.value_max = c->options->value_max;
		c->dial_deadline = deadline_in(c->options->connect_timeout_ms);
		c->state = CONN_CONNECTING;
		c->dial = dial_new(c->address, &error);
	} else if (revents == 0) {
		return false;
	}
	enum dial_result result = c->dial ? dial_step(c->dial, &c->fd, &error) : DIAL_FAILED;
	if (result == DIAL_FAILED)
		fail_down(c, &error);
	if (result != DIAL_OPEN)
		return false;
	dial_free(c->dial);
	c->dial = NULL;
	c->state = CONN_OPEN;
	c->opened++;
	if (c->owner && c->owner->up)
		c->owner->up(c->owner->ctx, c);
	error_clear(&c->last_error);
	c->now = clock_now();
	for (size_t i = 0; i < c->queue.count; i++)
		queue_at(&c->queue, i)->linked = c->now;
	return true;
}

/* At the least: the head's answer may be here but for its last byte. */
static size_t bytes_to_come(const struct conn *c)
{
	return c->unanswered > 1 ? (c->unanswered - 1) * ANSWER_LEAST : 0;
}

void conn_pump(struct conn *c, short revents)
{
	if (c->state != CONN_OPEN) {
		if (!conn_busy(c) || !dial_on(c, revents))
			return;
		revents = 0;
	}
	if (!flush(c))
		return;
	if (revents & (POLLIN | POLLHUP | POLLERR))
		receive(c);
	else if (c->queue.count > 0 && c->unanswered < c->queue.count)
		take_replies(c); /* requests that want no answer end once they are sent */
	if (c->state == CONN_OPEN && !c->address->path)
		lowat_fit(&c->lowat, c->fd, bytes_to_come(c), c->now);
}

void conn_hold(struct conn *c, bool held)
{
	c->held = held;
}

struct pollfd conn_pollfd(const struct conn *c)
{
	if (c->state == CONN_OPEN) {
		short events = c->held ? 0 : POLLIN;
		if (c->out_pos < c->out.len)
			events |= POLLOUT;
		return (struct pollfd){.fd = c->fd, .events = events};
	}
	return c->dial ? dial_pollfd(c->dial) : (struct pollfd){.fd = -1};
}

/* When the head's answer is overdue. */
static int64_t overdue(const struct conn *c)
{
	if (c->queue.count == 0 || c->held)
		return DEADLINE_NEVER;
	uint64_t ms = c->options->timeout_ms;
	const struct pending *head = queue_at(&c->queue, 0);
	if (!head->fn && !head->login && (ms == 0 || ms > FENCE_MS))
		ms = FENCE_MS;
	int64_t deadline = DEADLINE_NEVER;
	if (ms > 0 && ms < (uint64_t)INT64_MAX / NSEC_PER_MSEC / 2)
		deadline = c->head_since + (int64_t)ms * NSEC_PER_MSEC;
	return c->dial ? deadline_min(deadline, c->dial_deadline) : deadline;
}

int64_t conn_deadline(const struct conn *c)
{
	int64_t deadline = overdue(c);
	return c->lowat.bytes > 0 ? deadline_min(deadline, c->now + LOWAT_WAIT) : deadline;
}

void conn_expire(struct conn *c)
{
	struct error error;
	if (c->lowat.bytes > 0) {
		lowat_drop(&c->lowat, c->fd, c->now);
		receive(c);
		if (overdue(c) > clock_now())
			return;
	}
	if (c->state == CONN_OPEN && end_by_closing(c))
		return;
	if (c->state != CONN_OPEN)
		error_set(&error, "is it the right address? --connect-timeout gives it longer",
		          "cannot connect to %s: no answer in time", c->address->label);
	else
		error_set(
		    &error,
		    "the connection is closed, the next command opens a new one; --timeout or "
		    ".set timeout gives it longer",
		    "%s did not answer in time", c->address->label);
	fail_down(c, &error);
}

enum conn_state conn_state(const struct conn *c)
{
	return c->state;
}

const struct address *conn_address(const struct conn *c)
{
	return c->address;
}

const struct error *conn_last_error(const struct conn *c)
{
	return &c->last_error;
}

uint64_t conn_opened(const struct conn *c)
{
	return c->opened;
}
