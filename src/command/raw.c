#include "base/number.h"
#include "command/raw_prompt.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/flow/window.h"
#include "shell/report.h"
#include "shell/telnet.h"

#include <stdio.h>

static const struct command_option raw_options[] = {
    {"--data", "VALUE", "send VALUE as the data block after the line", NULL},
    {"--escapes", NULL, "alone: \\r \\n \\xHH and their like in a line mean bytes", NULL},
    {"--no-crlf", NULL, "alone: lines go out without CR LF; write \\r\\n", NULL},
    {"--for", "T", "send no fence; show what comes for this long (500ms, 5s)", NULL},
    {0},
};

static bool contains(struct slice text, struct slice part)
{
	return text.len > 0 && memmem(text.data, text.len, part.data, part.len) != NULL;
}

static void end_line(struct buf *text)
{
	if (text->len < 2 || memcmp(text->data + text->len - 2, "\r\n", 2) != 0)
		buf_add_str(text, "\r\n");
}

/* The first line of a text. */
struct line {
	struct slice text;       /* without its line end */
	struct slice name, next; /* its words; empty: it has no such */
	bool whole;              /* the text has no other line */
};

static struct line first_line(struct slice text)
{
	struct slice first = slice_before(text, '\n'), rest;
	struct line line = {.text = slice_trim(first), .whole = first.len + 1 >= text.len};
	rest = line.text;
	line.name = slice_take(&rest, ' ');
	rest = slice_trim(rest);
	line.next = slice_take(&rest, ' ');
	return line;
}

/* Whether LINE asks for a list of keys, after which no server answers a fence. */
static bool asks_list(const struct line *line)
{
	return line->whole && slice_eq_str(line->name, "lru_crawler") &&
	       slice_is_among(line->next, "metadump mgdump");
}

/* Without words: a prompt of its own. */
static enum status run_prompt(struct session *s, const struct args *args)
{
	struct raw_prompt_options options = {.crlf = !args_option(args, "--no-crlf", NULL)};
	struct target target;
	struct error error;
	options.escapes = !options.crlf || args_option(args, "--escapes", NULL);
	if (args_option(args, "--data", NULL) || args_option(args, "--for", NULL))
		return report_errorf(s, STATUS_USAGE,
		                     "write the line after it: .raw --for 5s watch",
		                     "--data and --for go with a line");
	if (!s->mode.interactive || !s->input || !s->input->prompt || s->run.depth != 1)
		return report_errorf(s, STATUS_USAGE,
		                     "in a script write each line after it: .raw get foo",
		                     ".raw alone reads lines that a person types at the prompt");
	if (s->output.sink != SINK_NONE)
		return report_errorf(s, STATUS_USAGE, "type .raw alone, without | and >",
		                     "what .raw alone shows is not redirected");
	if (!execute_target(s, args, &target, &error))
		return report_error(s, STATUS_USAGE, &error);
	options.server = servers_named(&s->servers, &target);
	if (options.server == SERVER_BY_KEY && client_server_count(s->servers.client) > 1)
		return report_errorf(s, STATUS_USAGE, "name one: .raw --server 1",
		                     "there are several servers, and .raw alone talks to one");
	if (options.server == SERVER_BY_KEY)
		options.server = 0;
	return raw_prompt_run(s, &options);
}

static enum status run_raw(struct session *s, struct args *args)
{
	struct request request = {.verb = VERB_RAW};
	struct slice data, span;
	struct buf *text = &args->file;
	uint64_t bytes, ms = 0, timeout = s->servers.options.timeout_ms;
	bool listen = args_option(args, "--for", &span);

	if (args->count == 0)
		return run_prompt(s, args);
	if (args_option(args, "--escapes", NULL) || args_option(args, "--no-crlf", NULL))
		return report_errorf(s, STATUS_USAGE, "quote the line: .raw \"get foo\\r\\n\"",
		                     "--escapes and --no-crlf are for .raw alone");
	if (listen &&
	    (number_parse_duration(span, 1000, &ms) != NUMBER_OK || ms == 0 || ms > 86400000))
		return report_errorf(s, STATUS_USAGE, "write 500ms, 5s or 2m",
		                     "--for takes a time");
	buf_clear(text);
	args_join(args, text);
	end_line(text);
	struct line line = first_line(buf_slice(text)); /* valid until more text is added */
	bool closes = slice_is_among(line.name, "quit shutdown"), list = asks_list(&line);
	if (args_option(args, "--data", &data)) {
		list = false;
		buf_add_slice(text, data);
		buf_add_str(text, "\r\n");
	} else if (!listen && line.whole && telnet_announces(line.text, &bytes)) {
		return report_errorf(
		    s, STATUS_USAGE,
		    "give it by --data VALUE, or see the server wait with --for 2s",
		    "the server would wait for the data of this line");
	}
	request.text = buf_slice(text);
	if (list)
		request.raw_end = RAW_END_LIST;
	else if (contains(request.text, SLICE("version")))
		request.raw_end = RAW_END_MN;
	if (listen || closes)
		request.verb = VERB_LISTEN;
	/* A fence in the same packet can lose its answer, and makes a list refused. */
	enum status settled = ask_settle(s);
	if (listen)
		s->servers.options.timeout_ms = ms;
	struct ask ask = {.command = args->command->name, .request = &request};
	struct error error;
	enum status status;
	if (execute_target(s, args, &ask.target, &error))
		window_ask(s, &ask, false, &status);
	else
		status = report_error(s, STATUS_USAGE, &error);
	s->servers.options.timeout_ms = timeout;
	return status_max(settled, status);
}

const struct command command_dot_raw = {
    .name = ".raw",
    .group = GROUP_SCRIPT,
    .flags = COMMAND_ROUTED | COMMAND_VERBATIM,
    .operands = "[WORD...]",
    .options = raw_options,
    .summary = "send a line of the protocol as it is",
    .about =
	"Joins the words by blanks, ends the line, sends it and shows every line that comes back: "
	"for commands that mcsh has no word for, and for seeing what a server does with a wrong "
	"one. A fence after it (version, or mn) marks where the answer ends; a list of keys "
	"(lru_crawler metadump) ends by its END. With --for there is none, what comes in that time "
	"is shown, and the connection is closed: for watch, and for lines that get no answer. "
	"Without words, at the prompt, it is a telnet that knows the protocol: each line goes out "
	"as it is typed, on a connection of its own; data is asked for with a count of the bytes "
	"that are still wanted, and every answer is shown as it comes, with what it means. Ctrl-C "
	"leaves a wait or a data block; Ctrl-D or a dot returns; .help there says more.",
    .sends = "<words>\\r\\n[<data>\\r\\n]version\\r\\n",
    .replies = "anything",
    .example = "> .raw --data bar set foo 0 0 3\nSTORED\n> .raw mg foo v\nVA 3\nbar\n"
	       "> .raw get foo\nVALUE foo 0 3\nbar\nEND\n",
    .effect = EFFECT_CHANGES,
    .run = run_raw,
};
