#include "client/conn_answer.h"

#include "base/deadline.h"
#include "proto/dialect.h"
#include "proto/software.h"
#include "proto/stranger.h"

#include <errno.h>

/* How often a connection reads before the others are served. */
#define READS_MAX 16

/*
 * Lines that answer nothing may come after REPLY, the answer to DONE. A fence says where they end.
 * Where requests have been sent after the refused one, their answers cannot be distinguished from
 * such lines any more: the connection is closed.
 */
static void resynchronise(struct conn *c, const struct pending *done, const struct reply *reply)
{
	/* A server that wants a login answers nothing else, the fence neither. */
	if (c->queue.count > 0 || slice_starts(reply->value, SLICE("unauthenticated"))) {
		struct error error;
		error_set(&error, "give the commands that were lost again",
		          "%s refused a command, and the next replies cannot be matched",
		          c->address->label);
		conn_lose(c, &error, false);
		return;
	}
	conn_enqueue(c, dialect_of(&done->request)->fence, ROUTE_HERE, NULL, NULL);
	conn_flush(c);
}

/* The server wants a login before anything else, and whether it answers what was sent after the
 * refused command depends on the packets. */
static void hang_up_refused(struct conn *c, const struct pending *done, const struct reply *reply)
{
	struct error error;
	if (c->queue.count == 0 && !done->quiet) {
		conn_hang_up(c);
		return;
	}
	error_set(&error, "give the commands that were lost again, after .auth USER",
	          "%s wants a login", c->address->label);
	if (reply->kind == REPLY_ERROR)
		error_set(&error, "give the commands that were lost again",
		          "%s does not know %s, and answers nothing after it", c->address->label,
		          verb_word(done->request.verb));
	if (done->quiet)
		conn_refuse_quiet(c, error.what);
	conn_lose(c, &error, false);
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
	conn_lose(c, &error, false);
	return true;
}

/* REPLY answers the login. False when it was refused, which ends the connection. */
static bool is_logged_in(struct conn *c, const struct reply *reply)
{
	struct error error;
	if (reply->kind == REPLY_STORED)
		return true;
	c->refused = reply->kind == REPLY_CLIENT_ERROR;
	error_set(&error, "nothing else was answered; .auth USER gives another login",
	          "%s refused the login: %s", c->address->label, reply_text(reply).s);
	conn_lose(c, &error, false);
	return false;
}

/* The next reply to P; who wants to know of messages gets it with its fields. */
static enum reader_result read_reply(struct conn *c, struct pending *p, struct reply *reply,
                                     struct error *error)
{
	if (!c->options->message)
		return dialect_read(&c->reader, &p->request, &p->cursor, reply, error);
	struct field at[CLIENT_FIELDS];
	struct fields fields = {.at = at, .max = CLIENT_FIELDS};
	size_t before = c->reader.pos;
	c->reader.fields = &fields;
	enum reader_result result = dialect_read(&c->reader, &p->request, &p->cursor, reply, error);
	c->reader.fields = NULL;
	if (result == READER_REPLY && fields.count > 0)
		c->options->message(c->options->trace_ctx, c->address->label, &p->request, reply,
		                    slice_of(c->reader.in.data + before, c->reader.pos - before),
		                    &fields, p->request.own || !p->fn);
	return result;
}

/* P, the head, wants no answer: it ends once it has been sent. False while it has not. */
static bool end_quiet(struct conn *c, const struct pending *p)
{
	if (p->end > c->sent)
		return false;
	struct pending quiet = conn_pop(c);
	struct reply reply = {.kind = REPLY_NONE, .server = c->address->label};
	pending_finish(&quiet, &reply, c->now);
	return true;
}

/* REPLY, to P, shows whether the server wants a login before anything else. */
static void note_guard(struct conn *c, const struct pending *p, const struct reply *reply)
{
	struct slice text = reply->value, word = SLICE("CLIENT_ERROR ");
	bool line = reply->kind == REPLY_LINE && !reply->block && slice_starts(text, word);
	bool taken;
	if (line)
		text = slice_skip(text, word.len);
	c->admitted = !(line || reply->kind == REPLY_CLIENT_ERROR) ||
	              !reply_wants_login(text, &taken);
	if (c->admitted)
		return;
	c->guarded = true;
	if (taken && conn_may_log_in(&p->request))
		conn_note_login(c);
}

/* What a reply says of the server, and what is known of the server that the reply needs. */
static void note_software(struct conn *c, const struct pending *p, struct reply *reply)
{
	if (c->guarded || reply->kind == REPLY_CLIENT_ERROR || reply->kind == REPLY_LINE)
		note_guard(c, p, reply);
	reply->server = c->address->label;
	if (reply->kind == REPLY_VERSION)
		c->software = software_of(reply->value);
	else if (reply_is_error(reply->kind))
		reply->software = c->software;
}

/* REPLY is the last one to the head, which leaves the queue. False when the connection was lost, or
 * is no longer that of GENERATION. */
static bool take_last(struct conn *c, const struct reply *reply, uint64_t generation)
{
	struct pending done = conn_pop(c);
	if (done.login)
		return is_logged_in(c, reply);
	pending_finish(&done, reply, c->now);
	if (c->queue.count == 0 && dialect_is_marked(&done.request))
		c->unproven = false;
	if (reply->closing)
		hang_up_refused(c, &done, reply);
	else if (dialect_leaves_rest(&done.request, done.cursor, reply, c->queue.count == 0))
		resynchronise(c, &done, reply);
	return c->state == CONN_OPEN && c->opened == generation;
}

/* The queue is empty: whether nothing has come beyond its answers, or may have; else closes. */
static bool check_rest(struct conn *c)
{
	if (!reply_reader_pending(&c->reader) || c->unfenced)
		return true;
	char next = c->reader.in.data[c->reader.pos];
	if (next == '\r' || next == '\n') /* some versions send an empty line too many */
		conn_hang_up(c);
	else
		conn_fail_unasked(c);
	return false;
}

bool conn_take_replies(struct conn *c)
{
	struct reply reply;
	struct error error;
	uint64_t generation = c->opened;

	while (c->queue.count > 0) {
		struct pending *p = queue_at(&c->queue, 0);
		if (request_expects(&p->request) == EXPECT_NONE) {
			if (!end_quiet(c, p))
				return true;
			continue;
		}
		if (!p->first && reply_reader_pending(&c->reader))
			p->first = c->now;
		switch (read_reply(c, p, &reply, &error)) {
		case READER_MORE:
			return true;
		case READER_BAD:
			conn_lose(c, &error, false);
			return false;
		case READER_REPLY:
			break;
		}
		note_software(c, p, &reply);
		if (p->settles && reply.kind == REPLY_LINE && !settle_line(c, p, &reply))
			return false;
		if (reply_is_last(reply.kind)) {
			if (!take_last(c, &reply, generation))
				return false;
			continue;
		}
		if (reply.kind == REPLY_VALUE && has_too_many(c, p))
			return false;
		if (p->fn)
			p->fn(p->ctx, &reply);
	}
	return check_rest(c);
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
	conn_hang_up(c);
	return true;
}

/* Whether what was asked is nothing that every proxy knows, which may be why it closed. */
static bool may_be_a_proxy(const struct conn *c)
{
	const struct pending *head = c->queue.count > 0 ? queue_at(&c->queue, 0) : NULL;
	return head && head->fn && !head->request.own && !software_proxies_take(&head->request);
}

/* The server has closed in the middle of an answer, or before it. */
static void explain_end(const struct conn *c, struct error *error)
{
	bool some = reply_reader_pending(&c->reader);
	error_set(error, CONNECTS_AGAIN,
	          some ? "%s closed the connection in the middle of its answer"
	               : "%s closed the connection without an answer",
	          c->address->label);
	if (!c->heard && (dialects[c->dialect].packets || c->options->user.len > 0)) {
		error_hint_also(error, dialects[c->dialect].unheard);
		return;
	}
	/* A TLS server resets the connection of one that does not begin with a handshake. */
	if (!c->heard && c->transport.row->gathers)
		error_hint_also(error, "if that ends so too, is it a TLS port? --tls");
	if (!some && may_be_a_proxy(c))
		error_hint_also(error, "a proxy, such as twemproxy, closes at a command that it "
		                       "does not know: ask a server after it");
}

static void end_of_input(struct conn *c)
{
	if (conn_end_by_closing(c))
		return;
	const struct pending *head = c->queue.count == 1 ? queue_at(&c->queue, 0) : NULL;
	if (head && head->settles && !head->quiet && !reply_reader_pending(&c->reader)) {
		/* Nothing but the answers came, and nothing more will. */
		conn_pop(c);
		conn_hang_up(c);
		return;
	}
	struct error error;
	if (c->transport.error.what[0])
		error = c->transport.error;
	else
		explain_end(c, &error);
	stranger_is(&error, c->address->label, reply_reader_bytes(&c->reader));
	c->hung_up = true;
	conn_lose(c, &error, false);
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
	/* Not for ever: the others are served too, and so are the deadline and Ctrl-C. */
	for (int reads = 0; reads < READS_MAX || c->transport.more; reads++) {
		size_t space;
		char *data = reply_reader_reserve(&c->reader, &space);
		if (!data) {
			errno = EMSGSIZE;
			conn_fail_errno(c, "receiving from");
			return;
		}
		ssize_t n = transport_read(&c->transport, data, space);
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
			                  slice_of(data, (size_t)n), conn_trace_marks(c));
		c->heard = true;
		reply_reader_fed(&c->reader, (size_t)n);
		c->now = clock_now();
		if (!take_replies_timed(c) || ((size_t)n < space && !c->transport.more))
			return;
	}
}
