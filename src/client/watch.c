#include "client/watch.h"

#include "base/deadline.h"
#include "base/xalloc.h"

#include <stdlib.h>

/* The bytes of lines that wait. */
#define QUEUE_MAX ((size_t)4 * 1024 * 1024)

/* Lines that were taken are forgotten when they are so many bytes and more than what is left. */
#define QUEUE_SLACK ((size_t)64 * 1024)

struct watch {
	const struct watch_plan *plan;
	struct client_options options; /* the plan's, without a limit on the whole */
	struct conn *conn;
	enum watch_state state;
	struct buf refusal;
	struct error error;
	int64_t asked;    /* when, or when the connection was there */
	int guarded;      /* the descriptor that the plan's guard has */
	struct buf lines; /* each with a line feed */
	size_t taken;     /* of these, in bytes */
	uint64_t dropped;
};

static void guard(struct watch *w, int fd)
{
	if (fd != w->guarded && w->plan->guard)
		w->plan->guard(w->plan->ctx, fd);
	w->guarded = fd;
}

static void end(struct watch *w, enum watch_state state)
{
	if (w->state == WATCH_ASKED || w->state == WATCH_ON)
		w->state = state;
}

static void keep(struct watch *w, struct slice line)
{
	size_t waiting = w->lines.len - w->taken;
	if (w->dropped > 0 && waiting > QUEUE_MAX / 2) {
		w->dropped++; /* until there is space for many: one gap, not a hundred */
		return;
	}
	if (waiting + line.len + 1 > QUEUE_MAX) {
		w->dropped++;
		return;
	}
	if (w->taken > QUEUE_SLACK && w->taken > waiting) {
		buf_drop(&w->lines, w->taken);
		w->taken = 0;
	}
	buf_add_slice(&w->lines, line);
	buf_add_char(&w->lines, '\n');
}

static void on_line(void *ctx, const struct reply *reply)
{
	struct watch *w = ctx;
	if (w->state != WATCH_ASKED && w->state != WATCH_ON)
		return;
	if (reply->kind == REPLY_LINE) {
		if (w->state == WATCH_ON) {
			keep(w, reply->value);
		} else if (slice_eq(reply->value, SLICE("OK"))) {
			w->state = WATCH_ON;
		} else {
			buf_add_slice(&w->refusal, reply->value);
			w->state = WATCH_REFUSED;
		}
		return;
	}
	if (reply->kind == REPLY_LOST)
		w->error = *reply->error;
	else
		error_set(&w->error,
		          w->state == WATCH_ON ? "what had happened by then was shown"
		                               : "a proxy closes at commands that it does not "
		                                 "know: name the servers themselves",
		          "%s closed the connection that was to be watched",
		          w->plan->address->label);
	end(w, WATCH_OVER);
}

struct watch *watch_new(const struct watch_plan *plan)
{
	struct request request = {.verb = VERB_LISTEN, .text = slice_str(plan->ask)};
	struct watch *w = xcalloc(1, sizeof(*w));
	w->plan = plan;
	w->options = client_options_text(plan->options);
	w->guarded = -1;
	w->conn = conn_new(plan->address, &w->options, NULL);
	w->asked = clock_now();
	conn_submit(w->conn, &request, ROUTE_HERE, on_line, w);
	return w;
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	guard(w, -1);
	conn_free(w->conn);
	buf_release(&w->refusal);
	buf_release(&w->lines);
	free(w);
}

struct conn *watch_conn(const struct watch *w)
{
	return w->conn;
}

void watch_prepare(struct watch *w)
{
	bool goes_on = w->state == WATCH_ASKED || w->state == WATCH_ON;
	guard(w, goes_on && conn_state(w->conn) == CONN_OPEN ? conn_pollfd(w->conn).fd : -1);
	if (!goes_on && conn_state(w->conn) != CONN_CLOSED)
		conn_close(w->conn);
}

void watch_step(struct watch *w, int64_t now)
{
	uint64_t ms = w->plan->options->timeout_ms;
	if (w->state != WATCH_ASKED || ms == 0 || now - w->asked < (int64_t)ms * NSEC_PER_MSEC)
		return;
	error_set(&w->error, "--timeout or .set timeout gives it longer",
	          "%s did not answer in time when it was to be watched", w->plan->address->label);
	end(w, WATCH_OVER);
}

enum watch_state watch_state(const struct watch *w)
{
	return w->state;
}

struct slice watch_refusal(const struct watch *w)
{
	return buf_slice(&w->refusal);
}

const struct error *watch_error(const struct watch *w)
{
	return &w->error;
}

bool watch_take(struct watch *w, struct slice *line)
{
	struct slice rest = slice_skip(buf_slice(&w->lines), w->taken);
	if (rest.len == 0) {
		buf_clear(&w->lines);
		w->taken = 0;
		return false;
	}
	*line = slice_before(rest, '\n');
	w->taken += line->len + 1;
	return true;
}

uint64_t watch_dropped(const struct watch *w)
{
	return w->dropped;
}
