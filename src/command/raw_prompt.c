#include "command/raw_prompt_private.h"

#include "base/deadline.h"
#include "base/quote.h"
#include "client/transport/transport.h"
#include "proto/software.h"
#include "shell/flow/ask.h"
#include "shell/replay/recording.h"
#include "shell/report.h"

#include <stdio.h>

/* What became of data that is not as long as was announced. */
static void say_data(struct raw_prompt *p, const struct telnet_data *data, struct slice sent)
{
	uint64_t left, bytes;
	struct buf rest = BUF_INIT;
	if (data->ended && data->refused) {
		struct slice tail = slice_trim(slice_skip(sent, sent.len - data->rest));
		escape_add_line(&rest, slice_first(tail, TELNET_TEXT_MAX));
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
	bool data_before = p->telnet.left > 0;
	bool set = !data_before && slice_starts(bytes, SLICE("set "));
	const struct request listen = {.verb = VERB_LISTEN,
	                               .secret = p->login && conn_wants_login(p->conn)};
	struct telnet_data data;
	bool open = conn_state(p->conn) == CONN_OPEN;
	if (!conn_resubmit(p->conn, &listen, bytes, ROUTE_HERE, raw_prompt_on_reply, p)) {
		raw_prompt_note(p, "too much waits to be sent: the line is left out");
		return;
	}
	p->over = false;
	p->start = p->active = clock_now();
	p->times = (struct timing){.connect = open ? p->start : 0};
	telnet_sent(&p->telnet, bytes, &data);
	if (data_before)
		say_data(p, &data, bytes);
	raw_prompt_await(p);
	/* A server reads lengths that mcsh does not, such as +9: what it answers shows whether it
	 * waits for data. */
	p->login = !p->over && (set || (p->login && p->telnet.left > 0));
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
	tracing_begin(&p->session->tracing);
	p->client.trace = p->session->servers.options.trace;
	p->client.trace_ctx = p->session->servers.options.trace_ctx;
	p->client.message = p->session->servers.options.message;
	bool was_busy = conn_busy(p->conn);
	raw_prompt_look(p);
	if (data && was_busy && !conn_busy(p->conn))
		raw_prompt_note(p, "the data was not sent");
	else if (bytes->len > 0)
		send_line(p, buf_slice(bytes));
	tracing_end(&p->session->tracing);
	return false;
}

static void leave_block(struct raw_prompt *p)
{
	if (p->telnet.left > 0)
		raw_prompt_hang_up(p, "the server would wait for the rest of the data");
	else if (p->telnet.line.len > 0)
		raw_prompt_hang_up(p, "the server would wait for the rest of the line");
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

static void greet(struct raw_prompt *p, const struct said *said)
{
	const struct session *s = p->session;
	struct buf text = BUF_INIT;
	buf_add_str(&text, "lines go to ");
	if (said->version[0]) {
		struct buf shown = BUF_INIT;
		escape_add_line(&shown, slice_str(said->version));
		software_add(&text, software_of(slice_str(said->version)), buf_slice(&shown));
		buf_add_str(&text, " at ");
		buf_release(&shown);
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
	static const struct request listen = {.verb = VERB_LISTEN};
	const struct address *address =
	    conn_address(client_server(s->servers.client, options->server));
	struct raw_prompt p = {
	    .session = s, .options = *options, .client = client_options_text(&s->servers.options)};
	struct said said;
	struct error error;
	recording_skip(s); /* it cannot be replayed, and may hold secrets */
	if (!transport_carries(address, &p.client, &listen, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (!ask_version(s, options->server, options->server + 1, &said) || said.lost)
		return report_error(s, STATUS_LOST, &said.error);
	if (p.client.connect_timeout_ms == 0)
		p.client.connect_timeout_ms = s->servers.options.timeout_ms;
	telnet_init(&p.telnet);
	p.telnet.drops = telnet_version_drops(slice_str(said.version));
	p.conn = conn_new(address, &p.client, NULL);
	if (said.shut)
		conn_guard(p.conn);
	wait_init(&p.wait, 1, 1);
	p.wait.conns[0] = p.conn;
	greet(&p, &said);
	run(&p);
	wait_release(&p.wait);
	conn_free(p.conn);
	telnet_release(&p.telnet);
	return STATUS_OK;
}
