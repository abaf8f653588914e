#include "command/raw_prompt_private.h"

#include "base/deadline.h"
#include "shell/io/interrupt.h"
#include "shell/report.h"
#include "view/text/time.h"

/* How long an answer is waited for that need not come, in milliseconds. */
#define GRACE_MS 100

enum round {
	ROUND_GOING_ON,
	ROUND_TIME,   /* is up */
	ROUND_CANCEL, /* Ctrl-C */
	ROUND_CLOSED,
};

/* Notes when the connection was there, and when all was sent. */
static void stamp(struct raw_prompt *p)
{
	if (p->times.connect == 0 && conn_state(p->conn) == CONN_OPEN)
		p->times.connect = clock_now();
	if (p->times.send == 0 && p->times.connect != 0 && conn_backlog(p->conn) == 0)
		p->active = p->times.send = clock_now();
}

void raw_prompt_on_reply(void *ctx, const struct reply *reply)
{
	struct raw_prompt *p = ctx;
	if (reply->kind == REPLY_LINE) {
		stamp(p);
		p->active = clock_now();
		if (p->times.wait == 0)
			p->times.wait = p->active;
		p->times.receive = p->active;
		raw_prompt_show(p, reply);
	} else if (!p->closed && !p->leaving) {
		p->closed = true;
		error_clear(&p->lost);
		if (reply->kind == REPLY_LOST)
			p->lost = *reply->error;
	}
}

/* Reports that the connection was lost, or CUT because mcsh was stopped in the midst of a list. */
static void report_closed(struct raw_prompt *p, bool cut)
{
	if (cut)
		raw_prompt_note(
		    p, "the list was cut, since mcsh was stopped; the next line connects again");
	else if (p->lost.what[0])
		report_error(p->session, STATUS_LOST, &p->lost);
	else
		raw_prompt_note(p,
		                "the server closed the connection; the next line connects again");
	p->closed = false;
	telnet_reset(&p->telnet);
}

void raw_prompt_hang_up(struct raw_prompt *p, const char *why)
{
	p->leaving = true;
	conn_close(p->conn);
	p->leaving = false;
	telnet_reset(&p->telnet);
	raw_prompt_note(p, "the connection is closed, since %s; the next line connects again", why);
}

/* Lets the connection do what it can until DEADLINE at the most. */
static enum round go_round(struct raw_prompt *p, int64_t deadline)
{
	struct session *s = p->session;
	if (wait_prepare(&p->wait) > 0) {
		stamp(p);
		tracing_write(&s->tracing);
		output_flush(&s->output);
		*wait_other(&p->wait, 0) =
		    (struct pollfd){.fd = s->servers.options.wake_fd, .events = POLLIN};
		wait_poll(&p->wait, deadline_poll_ms(deadline_min(deadline, p->wait.deadline)));
		if (wait_other(&p->wait, 0)->revents)
			return ROUND_CANCEL;
		wait_pump(&p->wait);
	}
	stamp(p);
	if (p->closed)
		return ROUND_CLOSED;
	return deadline != DEADLINE_NEVER && clock_now() >= deadline ? ROUND_TIME : ROUND_GOING_ON;
}

void raw_prompt_look(struct raw_prompt *p)
{
	uint64_t before;
	p->looking = true;
	do {
		before = p->telnet.count;
		if (conn_busy(p->conn) && go_round(p, 0) == ROUND_CANCEL)
			break;
	} while (!p->closed && p->telnet.count != before);
	p->looking = false;
	if (p->closed)
		report_closed(p, false);
}

/* Until when the next step of the answer is waited for; *SURE whether it has to come. */
static int64_t patience(const struct raw_prompt *p, bool *sure)
{
	uint64_t ms = p->session->servers.options.timeout_ms;
	enum telnet_wait wait = telnet_await(&p->telnet);
	*sure = wait == TELNET_SURELY || conn_backlog(p->conn) > 0;
	if (wait == TELNET_ENDLESS || conn_state(p->conn) != CONN_OPEN || (*sure && ms == 0))
		return DEADLINE_NEVER;
	if (wait == TELNET_IDLE && !*sure)
		return 0;
	return p->active +
	       (int64_t)(*sure || (ms > 0 && ms < GRACE_MS) ? ms : GRACE_MS) * NSEC_PER_MSEC;
}

static void say_silent(struct raw_prompt *p, bool sure)
{
	bool quiet;
	if (sure) {
		raw_prompt_note(p, "no answer in %s; what comes later is shown with the next line",
		                time_text(clock_now() - p->active).s);
	} else if (telnet_silence(&p->telnet, &quiet)) {
		raw_prompt_note(p,
		                quiet ? "no answer, as asked: mn after it shows that none will come"
		                      : "no answer, as asked");
	}
}

static void cancel(struct raw_prompt *p)
{
	bool endless = telnet_await(&p->telnet) == TELNET_ENDLESS || telnet_lists(&p->telnet);
	interrupt_take();
	if (p->session->screen.terminal)
		buf_add_char(raw_prompt_results(p), '\n'); /* after the ^C */
	if (endless || conn_state(p->conn) != CONN_OPEN)
		raw_prompt_hang_up(p, "its answer had not ended");
	else
		raw_prompt_note(p, "not waited for; what comes later is shown with the next line");
}

static void add_times(struct raw_prompt *p)
{
	struct timing t = {0}, at = p->times;
	if (!p->over || p->session->settings.timing == TIMING_OFF || at.send == 0 ||
	    at.wait < at.send)
		return;
	t.connect = at.connect > p->start ? at.connect - p->start : 0;
	t.send = at.send - p->start - t.connect;
	t.wait = at.wait - at.send;
	t.receive = at.receive - at.wait;
	t.total = at.receive - p->start;
	raw_prompt_note(p, "%s", timing_text(p->session->settings.timing, &t).s);
}

void raw_prompt_await(struct raw_prompt *p)
{
	bool sure = false;
	enum round round = go_round(p, 0); /* what can be sent is */
	if (round == ROUND_TIME)
		round = ROUND_GOING_ON;
	while (round == ROUND_GOING_ON && !p->session->output.failed) {
		/* A list that is not read can stop the server. */
		if (telnet_lists(&p->telnet) && conn_state(p->conn) == CONN_OPEN)
			interrupt_guard_stop(0, conn_pollfd(p->conn).fd, conn_cut);
		int64_t deadline = patience(p, &sure);
		round = go_round(p, deadline);
		if (round == ROUND_TIME && patience(p, &sure) > clock_now())
			round = ROUND_GOING_ON; /* something came with it */
	}
	interrupt_guard_stop(0, -1, NULL);
	bool cut = interrupt_was_cut();
	if (round == ROUND_CANCEL)
		cancel(p);
	else if (round == ROUND_CLOSED)
		report_closed(p, cut);
	else if (telnet_await(&p->telnet) != TELNET_IDLE)
		say_silent(p, sure);
	add_times(p);
}
