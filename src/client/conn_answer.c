#include "client/conn_private.h"

#include "base/deadline.h"
#include "proto/dialect.h"
#include "proto/raw.h"
#include "proto/stranger.h"

#include <errno.h>
#include <sys/socket.h>

/* How often a connection reads before others have their turn. */
#define READS_MAX 16

/* Where in what is sent the bytes of P begin that nobody asked for: its end where there are none.
 */
static uint64_t own_from(const struct pending *p)
{
	if (!p->fn || p->login || p->request.own)
		return p->begin;
	if (request_expects(&p->request) == EXPECT_FENCE)
		return p->end - raw_fence(&p->request).len;
	return p->end;
}

/* What byte AT of what is sent is, and where the bytes end that are the same. */
static unsigned sent_marks(struct conn *c, uint64_t at, uint64_t *to)
{
	unsigned marks = 0;
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

bool conn_flush(struct conn *c)
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
			conn_fail_errno(c, "sending to");
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
 * have read the data as commands and answer those too. A fence says where their answers end: any
 * server and any proxy knows `version`. Where requests have been sent after the refused one, their
 * answers cannot be distinguished from such lines any more: the connection is closed. Only an error
 * in the place of one key's value leaves no doubt.
 */
static bool needs_fence(const struct conn *c, const struct pending *p, const struct reply *reply)
{
	switch (request_expects(&p->request)) {
	case EXPECT_STORAGE: /* a SERVER_ERROR comes after the data, which was read whole */
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
		          "%s refused a command, and the next replies cannot be matched",
		          c->address->label);
		conn_fail(c, &error);
		return;
	}
	struct request fence = {.verb = VERB_RAW};
	conn_enqueue(c, &fence, (struct route){.kind = ROUTE_SERVER}, NULL, NULL);
	conn_flush(c);
}

/* The server wants a login before anything else, and whether it answers what was sent after the
 * refused command depends on the packets. */
static void hang_up_refused(struct conn *c, const struct pending *done)
{
	struct error error;
	if (c->queue.count == 0 && !done->quiet) {
		conn_close(c);
		return;
	}
	error_set(&error, "give the commands that were lost again, after .auth USER",
	          "%s wants a login", c->address->label);
	if (done->quiet)
		conn_refuse_quiet(c, error.what);
	conn_fail(c, &error);
}

/*
 * REPLY, a line in front of the answer to P, a fence of conn_settle. Where requests that want no
 * answer were sent, errors to them may be there. Else a server that does not know the fence answers
 * it so, which is a good end; and whatever else comes was not asked for. False when the connection
 * was closed.
 */
static bool settle_line(struct conn *c, const struct pending *p, struct reply *reply)
{
	if (reply->value.len == 0 && !reply->block)
		return true;
	if (reply->block || !reply_line_is_error(reply->value)) {
		conn_fail_unasked(c);
		return false;
	}
	if (!p->quiet)
		reply->kind = REPLY_END;
	return true;
}

/* One more value has come for P. No key has more than one: else an answer would never have to end.
 */
static bool has_too_many(struct conn *c, struct pending *p)
{
	struct error error;
	if (++p->values <= p->request.key_count)
		return false;
	error_set(&error,
	          "the connection is closed, the next command opens a new one; .trace on shows the "
	          "bytes",
	          "%s sent more values than keys were asked for", c->address->label);
	conn_fail(c, &error);
	return true;
}

bool conn_take_replies(struct conn *c)
{
	struct reply reply;
	struct error error;
	uint64_t generation = c->opened;

	while (c->queue.count > 0) {
		struct pending *p = queue_at(&c->queue, 0);
		if (request_expects(&p->request) == EXPECT_NONE) {
			if (p->end > c->sent)
				return true;
			struct pending quiet = conn_pop(c);
			reply = (struct reply){.kind = REPLY_NONE, .server = c->address->label};
			pending_finish(&quiet, &reply, c->now);
			continue;
		}
		if (!p->first && reply_reader_pending(&c->reader))
			p->first = c->now;
		switch (dialect_read(&c->reader, &p->request, &p->cursor, &reply, &error)) {
		case READER_MORE:
			return true;
		case READER_BAD:
			conn_fail(c, &error);
			return false;
		case READER_REPLY:
			break;
		}
		reply.server = c->address->label;
		if (p->settles && reply.kind == REPLY_LINE && !settle_line(c, p, &reply))
			return false;
		if (!reply_is_last(reply.kind)) {
			if (reply.kind == REPLY_VALUE && has_too_many(c, p))
				return false;
			if (p->fn)
				p->fn(p->ctx, &reply);
			continue;
		}
		struct pending done = conn_pop(c);
		if (done.login) {
			if (!conn_logged_in(c, &reply))
				return false;
			continue;
		}
		pending_finish(&done, &reply, c->now);
		if (c->queue.count == 0 && request_is_marked(&done.request))
			c->unproven = false;
		if (reply.closing)
			hang_up_refused(c, &done);
		else if (needs_fence(c, &done, &reply))
			resynchronise(c, &reply);
		if (c->state != CONN_OPEN || c->opened != generation)
			return false;
	}
	if (!reply_reader_pending(&c->reader) || c->unfenced)
		return true;
	char next = c->reader.in.data[c->reader.pos];
	if (next == '\r' || next == '\n') /* some versions send an empty line too many */
		conn_close(c);
	else
		conn_fail_unasked(c);
	return false;
}

bool conn_end_by_closing(struct conn *c)
{
	enum expect expect = c->queue.count ? request_expects(&queue_at(&c->queue, 0)->request)
	                                    : EXPECT_NONE;
	if (expect != EXPECT_CLOSE && expect != EXPECT_ANY)
		return false;
	c->now = clock_now();
	struct pending p = conn_pop(c);
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
	if (conn_end_by_closing(c))
		return;
	const struct pending *head = c->queue.count == 1 ? queue_at(&c->queue, 0) : NULL;
	if (head && head->settles && !head->quiet && !reply_reader_pending(&c->reader)) {
		/* Nothing but the answers came, and nothing more will. */
		conn_pop(c);
		conn_close(c);
		return;
	}
	struct error error;
	bool some = reply_reader_pending(&c->reader);
	const char *stranger = stranger_name(reply_reader_bytes(&c->reader));
	if (stranger) {
		error_set(&error, "is it the right port? memcached's own is 11211", "%s is %s",
		          c->address->label, stranger);
		conn_fail(c, &error);
		return;
	}
	error_set(&error,
	          "the next command connects again; whether this one was carried out is unknown",
	          some ? "%s closed the connection in the middle of its answer"
	               : "%s closed the connection without an answer",
	          c->address->label);
	conn_fail(c, &error);
}

/* What a value is decoded to and how it is shown can take longer than its way here; of other
 * replies only the time for writing does, which the owner counts. */
static bool take_replies_timed(struct conn *c)
{
	int64_t *away = c->owner ? c->owner->away : NULL;
	if (!away || c->queue.count == 0 ||
	    request_expects(&queue_at(&c->queue, 0)->request) != EXPECT_VALUES)
		return conn_take_replies(c);
	int64_t before = *away, begin = c->now;
	bool going_on = conn_take_replies(c);
	*away = before + (clock_now() - begin);
	return going_on;
}

void conn_receive(struct conn *c)
{
	/* Not for ever: others have their turn, and so have the deadline and Ctrl-C. */
	for (int reads = 0; reads < READS_MAX; reads++) {
		size_t space;
		char *data = reply_reader_reserve(&c->reader, &space);
		if (!data) {
			errno = EMSGSIZE;
			conn_fail_errno(c, "receiving from");
			return;
		}
		ssize_t n = recv(c->fd, data, space, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0 && errno != ECONNRESET) {
			conn_fail_errno(c, "receiving from");
			return;
		}
		if (n <= 0) {
			end_of_input(c);
			return;
		}
		if (c->options->trace)
			c->options->trace(c->options->trace_ctx, c->address->label, false,
			                  slice_of(data, (size_t)n), 0);
		reply_reader_fed(&c->reader, (size_t)n);
		c->now = clock_now();
		if (!take_replies_timed(c) || (size_t)n < space)
			return;
	}
}
