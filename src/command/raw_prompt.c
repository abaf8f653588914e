#include "command/raw_prompt_private.h"

#include "base/deadline.h"
#include "base/number.h"
#include "base/quote.h"
#include "client/transport.h"
#include "shell/flow/ask.h"
#include "shell/interrupt.h"
#include "shell/replay/recording.h"
#include "shell/report.h"
#include "view/text/time.h"

#include <stdio.h>

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

static void on_reply(void *ctx, const struct reply *reply)
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

static void hang_up(struct raw_prompt *p, const char *why)
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
		tracing_write(s);
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

/* What came since the last exchange is shown, and an end of the connection seen. */
static void look(struct raw_prompt *p)
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
	struct buf time = BUF_INIT;
	bool quiet;
	if (sure) {
		time_add(&time, clock_now() - p->active);
		raw_prompt_note(p, "no answer in %s; what comes later is shown with the next line",
		                buf_cstr(&time));
	} else if (telnet_silence(&p->telnet, &quiet)) {
		raw_prompt_note(p,
		                quiet ? "no answer, as asked: mn after it shows that none will come"
		                      : "no answer, as asked");
	}
	buf_release(&time);
}

static void cancel(struct raw_prompt *p)
{
	bool endless = telnet_await(&p->telnet) == TELNET_ENDLESS || telnet_lists(&p->telnet);
	interrupt_take();
	if (p->session->screen.terminal)
		buf_add_char(raw_prompt_results(p), '\n'); /* after the ^C */
	if (endless || conn_state(p->conn) != CONN_OPEN)
		hang_up(p, "its answer had not ended");
	else
		raw_prompt_note(p, "not waited for; what comes later is shown with the next line");
}

/* Shows what is answered to what was sent, as it comes. */
static void await(struct raw_prompt *p)
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
}

static void add_times(struct raw_prompt *p)
{
	struct timing t = {0}, at = p->times;
	struct buf text = BUF_INIT;
	if (!p->over || p->session->settings.timing == TIMING_OFF || at.send == 0 ||
	    at.wait < at.send)
		return;
	t.connect = at.connect > p->start ? at.connect - p->start : 0;
	t.send = at.send - p->start - t.connect;
	t.wait = at.wait - at.send;
	t.receive = at.receive - at.wait;
	t.total = at.receive - p->start;
	time_add_timing(&text, p->session->settings.timing, &t);
	raw_prompt_note(p, "%s", buf_cstr(&text));
	buf_release(&text);
}

/* What became of data that is not as long as was announced. */
static void say_data(struct raw_prompt *p, const struct telnet_data *data, struct slice sent)
{
	uint64_t left, bytes;
	struct buf rest = BUF_INIT;
	if (data->ended && data->refused) {
		struct slice tail = slice_trim(slice_skip(sent, sent.len - data->rest));
		escape_add_line(
		    &rest,
		    slice_of(tail.data, tail.len < TELNET_TEXT_MAX ? tail.len : TELNET_TEXT_MAX));
		if (data->over == 0)
			raw_prompt_note(p, "the data does not end in CR LF where its bytes end");
		else
			raw_prompt_note(
			    p,
			    "%llu %s too many: the server refuses the data, and reads %s%s%s as a "
			    "command",
			    (unsigned long long)data->over, data->over == 1 ? "byte" : "bytes",
			    rest.len ? "\"" : "", rest.len ? buf_cstr(&rest) : "an empty line",
			    rest.len ? "\"" : "");
	} else if (!data->ended && telnet_wanted(&p->telnet, &left, &bytes) && left < bytes &&
	           p->options.crlf) {
		raw_prompt_note(p, "too few: the line end counts as 2 bytes of the data");
	}
	buf_release(&rest);
}

static void send_line(struct raw_prompt *p, struct slice bytes)
{
	static const struct request listen = {.verb = VERB_LISTEN};
	struct telnet_data data;
	bool open = conn_state(p->conn) == CONN_OPEN;
	if (!conn_resubmit(p->conn, &listen, bytes, (struct route){.kind = ROUTE_SERVER}, on_reply,
	                   p)) {
		raw_prompt_note(p, "too much waits to be sent: the line is left out");
		return;
	}
	p->over = false;
	p->start = p->active = clock_now();
	p->times = (struct timing){.connect = open ? p->start : 0};
	bool data_before = p->telnet.left > 0;
	telnet_sent(&p->telnet, bytes, &data);
	if (data_before)
		say_data(p, &data, bytes);
	await(p);
	add_times(p);
}

/* The bytes that LINE stands for. False, with a report: it has an escape that is none. */
static bool read_escapes(struct raw_prompt *p, struct slice line, struct buf *out)
{
	while (line.len > 0) {
		char meaning = line.data[0];
		size_t n = 1;
		if (p->options.escapes && meaning == '\\')
			n = escape_read(line, &meaning);
		if (n == 0)
			return false;
		buf_add_char(out, meaning);
		line = slice_skip(line, n);
	}
	return true;
}

static void add_hint(void *ctx, struct slice line, struct buf *out)
{
	struct raw_prompt *p = ctx;
	struct buf bytes = BUF_INIT;
	uint64_t left, all;
	if (line.len > 0 && telnet_wanted(&p->telnet, &left, &all) &&
	    read_escapes(p, line, &bytes)) {
		if (bytes.len < left)
			buf_addf(out, "%llu more", (unsigned long long)(left - bytes.len));
		else if (bytes.len > left)
			buf_addf(out, "%llu too many", (unsigned long long)(bytes.len - left));
		else
			buf_add_str(out, "whole");
	}
	buf_release(&bytes);
}

static enum input_result read_line(struct raw_prompt *p, struct buf *line)
{
	char text[80] = "raw> ";
	uint64_t left, bytes;
	struct prompt_reading reading = {.prompt = text, .hint = add_hint, .hint_ctx = p};
	if (telnet_wanted(&p->telnet, &left, &bytes))
		snprintf(text, sizeof(text), left > 0 ? "  %llu of %llu %s%s> " : "  line end> ",
		         (unsigned long long)left, (unsigned long long)bytes,
		         bytes == 1 ? "byte" : "bytes", p->telnet.dropped ? ", dropped" : "");
	else if (p->telnet.line.len > 0)
		snprintf(text, sizeof(text), "  line goes on> ");
	buf_clear(line);
	return p->session->prompt->read(p->session->prompt->ctx, &reading, line);
}

static bool is_on(struct slice word, bool *on)
{
	*on = slice_eq_str(word, "on");
	return *on || slice_eq_str(word, "off");
}

/* LINE begins with a dot: it is for mcsh. True when it leaves. */
static bool run_word(struct raw_prompt *p, struct slice line)
{
	struct slice rest = slice_trim(line), word = slice_take(&rest, ' ');
	bool on;
	rest = slice_trim(rest);
	if (slice_lists(SLICE(". .quit .exit .raw"), ' ', word))
		return true;
	if (slice_eq_str(word, ".crlf") && is_on(rest, &on)) {
		p->options.crlf = on;
		p->options.escapes |= !on; /* else no line could end */
		raw_prompt_note(p, on ? "each line goes out with CR LF"
		                      : "lines go out as they are: write \\r\\n");
	} else if (slice_eq_str(word, ".escapes") && is_on(rest, &on)) {
		p->options.escapes = on || !p->options.crlf;
		raw_prompt_note(p, p->options.escapes ? "\\r \\n \\t \\0 \\e \\\\ \\xHH mean bytes"
		                                      : "a backslash is a backslash");
	} else if (slice_eq_str(word, ".help")) {
		raw_prompt_note(
		    p,
		    ". or Ctrl-D returns to the shell; Ctrl-C leaves a data block, or a wait; "
		    ".crlf on|off: whether a line goes out with CR LF; .escapes on|off: whether "
		    "\\r \\n \\xHH mean bytes; a line that begins with .. goes out with one dot");
	} else {
		raw_prompt_note(
		    p, "a line that begins with a dot is for mcsh: .help lists its words, and .. "
		       "sends one dot");
	}
	return false;
}

/* A LINE that was typed. True when it leaves. */
static bool take_line(struct raw_prompt *p, struct slice line, struct buf *bytes)
{
	bool data = p->telnet.left > 0, first = !data && p->telnet.line.len == 0;
	if (first && line.len > 0 && line.data[0] == '.') {
		if (line.len == 1 || line.data[1] != '.')
			return run_word(p, line);
		line = slice_skip(line, 1);
	}
	buf_clear(bytes);
	if (!read_escapes(p, line, bytes)) {
		raw_prompt_note(
		    p, "nothing was sent: a backslash is written \\\\, a byte \\xHH; .escapes off "
		       "takes all as it is");
		return false;
	}
	if (p->options.crlf)
		buf_add_str(bytes, "\r\n");
	tracing_begin(p->session);
	p->client.trace = p->session->servers.options.trace;
	p->client.trace_ctx = p->session->servers.options.trace_ctx;
	p->client.message = p->session->servers.options.message;
	bool was_busy = conn_busy(p->conn);
	look(p);
	if (data && was_busy && !conn_busy(p->conn))
		raw_prompt_note(p, "the data was not sent");
	else if (bytes->len > 0)
		send_line(p, buf_slice(bytes));
	tracing_end(p->session);
	return false;
}

static void leave_block(struct raw_prompt *p)
{
	if (p->telnet.left > 0)
		hang_up(p, "the server would wait for the rest of the data");
	else if (p->telnet.line.len > 0)
		hang_up(p, "the server would wait for the rest of the line");
}

static void run(struct raw_prompt *p)
{
	struct buf line, bytes;
	enum input_result result = INPUT_LINE;
	buf_init(&line, INPUT_LINE_MAX);
	buf_init(&bytes, 0);
	bool left = false;
	while (!left && !p->session->output.failed) {
		result = read_line(p, &line);
		if (result == INPUT_LINE)
			left = take_line(p, buf_slice(&line), &bytes);
		else if (result == INPUT_CANCELLED)
			leave_block(p);
		else if (result == INPUT_TOO_LONG || result == INPUT_CUT)
			raw_prompt_note(p, "the line is too long: nothing was sent");
		else
			left = true;
	}
	buf_wipe(&line); /* a login may have been typed */
	buf_wipe(&bytes);
}

struct greeted {
	char version[64];
	struct error lost;
};

static void on_version(void *ctx, const struct reply *reply)
{
	struct greeted *g = ctx;
	if (reply->kind == REPLY_VERSION)
		snprintf(g->version, sizeof(g->version), "%.*s", SLICE_ARGS(reply->value, 63));
	else if (reply->kind == REPLY_LOST)
		g->lost = *reply->error;
}

static void greet(struct raw_prompt *p, const struct greeted *g)
{
	const struct session *s = p->session;
	struct buf text = BUF_INIT;
	buf_add_str(&text, "lines go to ");
	if (g->version[0]) {
		buf_add_str(&text, "memcached ");
		escape_add_line(&text, slice_str(g->version));
		buf_add_str(&text, " at ");
	}
	if (s->servers.in_sandbox && client_server_count(s->servers.client) == 1)
		buf_add_str(&text, "the sandbox");
	else
		escape_add_line(&text, slice_str(servers_label(&s->servers, p->options.server)));
	raw_prompt_note(p, "%s as typed; . or Ctrl-D returns, .help says more", buf_cstr(&text));
	buf_release(&text);
}

enum status raw_prompt_run(struct session *s, const struct raw_prompt_options *options)
{
	static const struct request version = {.verb = VERB_VERSION, .own = true};
	static const struct request listen = {.verb = VERB_LISTEN};
	const struct address *address =
	    conn_address(client_server(s->servers.client, options->server));
	struct raw_prompt p = {.session = s, .options = *options, .client = s->servers.options};
	struct greeted g = {0};
	struct error error;
	recording_skip(s); /* it cannot be replayed, and may hold secrets */
	p.client.dialect = DIALECT_CLASSIC;
	if (!transport_carries(address, &p.client, &listen, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (!ask_servers(s, &version, options->server, options->server + 1, on_version, &g,
	                 sizeof(g)) ||
	    g.lost.what[0])
		return report_error(s, STATUS_LOST, &g.lost);
	if (p.client.connect_timeout_ms == 0)
		p.client.connect_timeout_ms = p.client.timeout_ms;
	p.client.timeout_ms = 0;
	telnet_init(&p.telnet);
	p.telnet.drops = telnet_version_drops(slice_str(g.version));
	p.conn = conn_new(address, &p.client, NULL);
	wait_init(&p.wait, 1, 1);
	p.wait.conns[0] = p.conn;
	greet(&p, &g);
	run(&p);
	wait_release(&p.wait);
	conn_free(p.conn);
	telnet_release(&p.telnet);
	return STATUS_OK;
}
