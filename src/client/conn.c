#include "client/conn.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/conn_answer.h"
#include "proto/dialect.h"

#include <errno.h>
#include <stdlib.h>

/* A fence is answered at once by any server that is in step; one that is not has no longer. */
#define FENCE_MS 1000

struct conn *conn_new(const struct address *address, const struct client_options *options,
                      const struct conn_owner *owner)
{
	struct conn *c = xcalloc(1, sizeof(*c));
	c->address = address;
	c->options = options;
	c->owner = owner;
	transport_init(&c->transport);
	reply_reader_init(&c->reader, options->value_max);
	return c;
}

void conn_free(struct conn *c)
{
	if (!c)
		return;
	conn_reset(c);
	buf_release(&c->out);
	reply_reader_release(&c->reader);
	queue_release(&c->queue);
	free(c);
}

/* A new connection begins with the login, where there is one, in the dialect that goes with that of
 * what comes first. */
static void begin_with_login(struct conn *c, const struct request *first)
{
	const struct client_options *o = c->options;
	if (c->queue.count > 0 || c->state != CONN_CLOSED || o->user.len == 0 || c->refused)
		return;
	struct request login = {.verb = VERB_LOGIN,
	                        .dialect = dialect_of(first)->own,
	                        .keys = &o->user,
	                        .key_count = 1,
	                        .value = o->password};
	if (conn_enqueue(c, &login, ROUTE_HERE, NULL, NULL))
		queue_at(&c->queue, 0)->login = true;
}

void conn_settle(struct conn *c)
{
	bool quiet = c->unfenced;
	if ((quiet || c->unproven) &&
	    conn_enqueue(c, dialects[c->dialect].fence, ROUTE_HERE, NULL, NULL)) {
		struct pending *p = queue_at(&c->queue, c->queue.count - 1);
		p->settles = true;
		p->quiet = quiet;
		c->unfenced = c->unproven = false;
	}
}

bool conn_unsettled(const struct conn *c)
{
	return c->unfenced || c->unproven || c->doubt.what[0];
}

bool conn_take_doubt(struct conn *c, struct error *error)
{
	if (!c->doubt.what[0])
		return false;
	*error = c->doubt;
	error_clear(&c->doubt);
	return true;
}

/* What comes before REQUEST in the queue. */
static void lead_up(struct conn *c, const struct request *request)
{
	if (c->queue.count == 0)
		conn_check(c);
	begin_with_login(c, request);
	/* An error to a request that wants no answer may come late; whoever wants one asks after a
	 * fence. */
	if (c->unfenced && request_expects(request) != EXPECT_NONE)
		conn_settle(c);
}

bool conn_submit(struct conn *c, const struct request *request, struct route route, reply_fn *fn,
                 void *ctx)
{
	lead_up(c, request);
	return conn_enqueue(c, request, route, fn, ctx);
}

bool conn_resubmit(struct conn *c, const struct request *request, struct slice bytes,
                   struct route route, reply_fn *fn, void *ctx)
{
	lead_up(c, request);
	return conn_enqueue_bytes(c, request, bytes, route, fn, ctx);
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

void conn_guard(struct conn *c)
{
	c->guarded = true;
}

void conn_fail(struct conn *c, const struct error *why)
{
	conn_lose(c, why, false);
}

void conn_close(struct conn *c)
{
	conn_hang_up(c);
}

void conn_renew(struct conn *c)
{
	bool renewed = c->renewed || c->state == CONN_OPEN;
	conn_hang_up(c);
	c->renewed = renewed;
}

bool conn_renewed(const struct conn *c)
{
	return c->renewed && c->state == CONN_CLOSED;
}

/* The server is not there. */
static void fail_down(struct conn *c, const struct error *why)
{
	if (c->owner && c->owner->down)
		c->owner->down(c->owner->ctx, c);
	conn_lose(c, why, true);
}

void conn_cut(int fd)
{
	(void)shutdown(fd, SHUT_RDWR);
}

void conn_check(struct conn *c)
{
	char bytes[sizeof("CLIENT_ERROR")];
	if (c->state != CONN_OPEN || c->queue.count > 0)
		return;
	ssize_t n = transport_peek(&c->transport, bytes, sizeof(bytes));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && c->unfenced)
		return; /* an error to what wants no answer: the fence after it reads it */
	struct slice line = slice_of(bytes, n > 0 ? (size_t)n : 0);
	struct error error;
	if (line.len > 0 && bytes[0] != '\r' && bytes[0] != '\n' && !reply_line_is_error(line)) {
		conn_fail_unasked(c);
		return;
	}
	/* Servers and proxies may give a reason before they close an idle connection. */
	error_set(&error, "the next command connects again", "%s closed the connection",
	          c->address->label);
	conn_fail(c, &error);
}

/* Takes the dialling one step further. True when the connection is open. */
static bool dial_on(struct conn *c, short revents)
{
	struct error error;
	enum transport_result result;
	if (c->state == CONN_CLOSED) {
		c->reader.value_max = c->options->value_max;
		c->dial_deadline = deadline_in(c->options->connect_timeout_ms);
		if (c->dial_deadline != DEADLINE_NEVER)
			c->dial_deadline = conn_awaited(c, c->dial_deadline);
		c->state = CONN_CONNECTING;
		result = transport_open(&c->transport, c->address, c->options, &error);
	} else if (revents == 0) {
		return false;
	} else {
		result = transport_step(&c->transport, &error);
	}
	if (result == TRANSPORT_FAILED)
		fail_down(c, &error);
	if (result != TRANSPORT_OPEN)
		return false;
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
		if (conn_busy(c) && c->refused)
			conn_lose(c, &c->last_error, false);
		if (!conn_busy(c) || !dial_on(c, revents))
			return;
		revents = 0;
	}
	if (!conn_flush(c))
		return;
	if (revents & (c->transport.read_on | POLLHUP | POLLERR) || (c->transport.more && !c->held))
		conn_receive(c);
	else if (c->queue.count > 0 && c->unanswered < c->queue.count)
		conn_take_replies(c); /* requests that want no answer end once they are sent */
	if (c->state == CONN_OPEN && c->transport.row->gathers)
		lowat_fit(&c->lowat, c->transport.fd, bytes_to_come(c), c->now);
}

void conn_hold(struct conn *c, unsigned why, bool held)
{
	unsigned reasons = held ? c->held | why : c->held & ~why;
	if (c->held && !reasons) {
		/* What has come meanwhile has not been looked at. */
		c->now = clock_now();
		c->head_since = conn_awaited(c, c->now);
	}
	c->held = reasons;
}

bool conn_has_turn(const struct conn *c)
{
	return (c->held & ~(unsigned)HOLD_MEMORY) == 0;
}

size_t conn_unread(const struct conn *c)
{
	return reply_reader_bytes(&c->reader).len;
}

struct pollfd conn_pollfd(const struct conn *c)
{
	if (c->state == CONN_OPEN) {
		short events = c->held ? 0 : c->transport.read_on;
		if (c->out_pos < c->out.len && conn_next_piece(c) > 0)
			events |= c->transport.write_on;
		return (struct pollfd){.fd = c->transport.fd, .events = events};
	}
	return transport_pollfd(&c->transport);
}

void conn_skip(struct conn *c, int64_t ns)
{
	c->now += ns;
}

/* When the head's answer is overdue. An answer that lasts as long as it is listened to does so by
 * the clock on the wall. */
static int64_t overdue(const struct conn *c)
{
	if (c->queue.count == 0 || c->held)
		return DEADLINE_NEVER;
	uint64_t ms = c->options->timeout_ms;
	const struct pending *head = queue_at(&c->queue, 0);
	int64_t away = -conn_awaited(c, 0), since = c->head_since + away;
	if (request_expects(&head->request) == EXPECT_ANY && head->start < since)
		since = head->start;
	if (!head->fn && !head->login && (ms == 0 || ms > FENCE_MS))
		ms = FENCE_MS;
	int64_t deadline = DEADLINE_NEVER;
	if (ms > 0 && ms < (uint64_t)INT64_MAX / NSEC_PER_MSEC / 2)
		deadline = since + (int64_t)ms * NSEC_PER_MSEC;
	if (c->state == CONN_CONNECTING && c->dial_deadline != DEADLINE_NEVER)
		deadline = deadline_min(deadline, c->dial_deadline + away);
	return deadline;
}

int64_t conn_deadline(const struct conn *c)
{
	int64_t deadline = overdue(c);
	return c->lowat.bytes > 0 && !c->held ? deadline_min(deadline, c->now + LOWAT_WAIT)
	                                      : deadline;
}

static void say_overdue(const struct conn *c, struct error *error)
{
	const struct transport *t = &c->transport;
	if (t->row && t->row->overdue && t->row->overdue(t, error))
		return;
	if (c->state != CONN_OPEN)
		error_set(error, "is it the right address? --connect-timeout gives it longer",
		          "cannot connect to %s: no answer in time", c->address->label);
	else
		error_set(error,
		          "the connection is closed, the next command opens a new one; --timeout "
		          "or .set timeout gives it longer",
		          "%s did not answer in time", c->address->label);
	if (c->state == CONN_OPEN && !c->heard)
		error_hint_also(error, dialects[c->dialect].unheard);
}

void conn_expire(struct conn *c)
{
	struct error error;
	bool gathered = c->lowat.bytes > 0;
	int64_t before = c->now;
	if (gathered)
		lowat_drop(&c->lowat, c->transport.fd, c->now);
	if (c->state == CONN_OPEN) {
		conn_receive(c);
		bool came = gathered || c->now != before;
		if (!conn_busy(c) || (came && overdue(c) > clock_now()))
			return;
	}
	if (c->state == CONN_OPEN && conn_end_by_closing(c))
		return;
	say_overdue(c, &error);
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

bool conn_rtt(const struct conn *c, struct rtt *rtt)
{
	return c->state == CONN_OPEN && rtt_of(c->transport.fd, rtt);
}

bool conn_describe_transport(const struct conn *c, struct buf *out)
{
	if (c->state == CONN_OPEN)
		return transport_describe(&c->transport, out);
	buf_add_str(out, transport_row(c->address, c->options)->name);
	return false;
}

bool conn_refused(const struct conn *c)
{
	return c->refused;
}

uint64_t conn_opened(const struct conn *c)
{
	return c->opened;
}
