#include "base/number.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/window.h"
#include "shell/report.h"

#include <stdio.h>

static const struct command_option raw_options[] = {
    {"--data", "VALUE", "send VALUE as the data block after the line", NULL},
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
	struct slice words[6]; /* the first ones; those that are not there are empty */
	size_t count;          /* of all */
	bool whole;            /* the text has no other line */
};

static struct line first_line(struct slice text)
{
	struct slice first = slice_before(text, '\n'), rest = slice_trim(first);
	struct line line = {.whole = first.len + 1 >= text.len};
	while (rest.len > 0) {
		struct slice word = slice_take(&rest, ' ');
		if (line.count < sizeof(line.words) / sizeof(line.words[0]))
			line.words[line.count] = word;
		line.count++;
		rest = slice_trim(rest);
	}
	return line;
}

/*
 * A storage line whose data is missing would make the server wait for it, and take the fence for
 * it. A line that lacks words, or whose length is not a number, is refused at once; of others that
 * are wrong newer servers read the data as well.
 */
static bool lacks_data(const struct line *line)
{
	uint64_t length;
	bool meta = slice_eq_str(line->words[0], "ms");
	size_t at = meta ? 2 : 4, least = slice_eq_str(line->words[0], "cas") ? 6 : at + 1;
	return line->whole && line->count >= least &&
	       (meta || list_names("set add replace append prepend cas", line->words[0])) &&
	       number_parse_u64(line->words[at], &length) == NUMBER_OK;
}

/* Whether LINE asks for a list of keys, after which no server answers a fence. */
static bool asks_list(const struct line *line)
{
	return line->whole && line->count >= 2 && slice_eq_str(line->words[0], "lru_crawler") &&
	       list_names("metadump mgdump", line->words[1]);
}

static enum status run_raw(struct session *s, struct args *args)
{
	struct request request = {.verb = VERB_RAW};
	struct slice data, span;
	struct buf *text = &args->file;
	uint64_t ms = 0, timeout = s->servers.options.timeout_ms;
	bool listen = args_option(args, "--for", &span);

	if (listen &&
	    (number_parse_duration(span, 1000, &ms) != NUMBER_OK || ms == 0 || ms > 86400000))
		return report_errorf(s, STATUS_USAGE, "write 500ms, 5s or 2m",
		                     "--for takes a time");
	buf_clear(text);
	for (size_t i = 0; i < args->count; i++) {
		if (i > 0)
			buf_add_char(text, ' ');
		buf_add_slice(text, args->operands[i]);
	}
	end_line(text);
	struct line line = first_line(buf_slice(text)); /* valid until more text is added */
	bool closes = list_names("quit shutdown", line.words[0]), list = asks_list(&line);
	if (args_option(args, "--data", &data)) {
		list = false;
		buf_add_slice(text, data);
		buf_add_str(text, "\r\n");
	} else if (!listen && lacks_data(&line)) {
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
	enum status settled = session_settle(s);
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

static const struct command_hint raw_hints[] = {
    {"mg ms md ma mn me", "put .raw before it"},
    {0},
};

const struct command command_dot_raw = {
    .name = ".raw",
    .group = GROUP_SCRIPT,
    .flags = COMMAND_ROUTED | COMMAND_VERBATIM,
    .operands = "WORD...",
    .options = raw_options,
    .hints = raw_hints,
    .summary = "send a line of the protocol as it is",
    .about =
	"Joins the words by blanks, ends the line, sends it and shows every line that comes "
	"back: for commands that mcsh has no word for, and for seeing what a server does with "
	"a wrong one. A fence after it (version, or mn) marks where the answer ends; "
	"a list of keys (lru_crawler metadump) ends by its END. With --for there is none, what "
	"comes in that time is shown, and the connection is closed: for watch, and for lines "
	"that get no answer.",
    .sends = "<words>\\r\\n[<data>\\r\\n]version\\r\\n",
    .replies = "anything",
    .example = "> .raw --data bar set foo 0 0 3\nSTORED\n> .raw mg foo v\nVA 3\nbar\n"
	       "> .raw get foo\nVALUE foo 0 3\nbar\nEND\n",
    .run = run_raw,
};
