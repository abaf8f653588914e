#include "base/number.h"
#include "command/common.h"
#include "command/rows.h"
#include "shell/exchange.h"
#include "shell/execute.h"

#include <stdio.h>

static const struct command_option raw_options[] = {
    {"--data", "VALUE", "send VALUE as the data block behind the line", NULL},
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

/* The first word of TEXT, and how many there are on its first line. */
static struct slice first_word(struct slice text, size_t *count)
{
	const char *end = memchr(text.data, '\n', text.len);
	struct slice line =
	    slice_trim(slice_of(text.data, end ? (size_t)(end - text.data) : text.len));
	struct slice first = {0};
	*count = 0;
	while (line.len > 0) {
		const char *blank = memchr(line.data, ' ', line.len);
		struct slice word =
		    slice_of(line.data, blank ? (size_t)(blank - line.data) : line.len);
		if ((*count)++ == 0)
			first = word;
		line = slice_trim(slice_skip(line, word.len));
	}
	return first;
}

/* A storage line whose data is missing would make the server wait for it, and take the fence for
 * it. */
static bool lacks_data(struct slice text)
{
	size_t words;
	struct slice first = first_word(text, &words);
	const char *line_end = memchr(text.data, '\n', text.len);
	return list_names("set add replace append prepend cas ms", first) && words > 2 &&
	       line_end && line_end + 1 == text.data + text.len;
}

static enum status run_raw(struct session *s, struct args *args)
{
	struct request request = {.verb = VERB_RAW};
	struct slice data, span;
	struct buf *text = &args->file;
	size_t words;
	uint64_t ms = 0, timeout = s->options.timeout_ms;
	bool listen = args_option(args, "--for", &span);

	if (listen &&
	    (number_parse_duration(span, 1000, &ms) != NUMBER_OK || ms == 0 || ms > 86400000))
		return session_failf(s, STATUS_USAGE, "write 500ms, 5s or 2m",
		                     "--for takes a time");
	buf_clear(text);
	for (size_t i = 0; i < args->count; i++) {
		if (i > 0)
			buf_add_char(text, ' ');
		buf_add_slice(text, args->operands[i]);
	}
	end_line(text);
	if (args_option(args, "--data", &data)) {
		buf_add_slice(text, data);
		buf_add_str(text, "\r\n");
	} else if (!listen && lacks_data(buf_slice(text))) {
		return session_failf(
		    s, STATUS_USAGE,
		    "give it by --data VALUE, or see the server wait with --for 2s",
		    "the server would wait for the data of this line");
	}
	request.text = buf_slice(text);
	request.fence_mn = contains(request.text, SLICE("version"));
	if (listen || list_names("quit shutdown", first_word(request.text, &words)))
		request.verb = VERB_LISTEN;
	if (listen)
		s->options.timeout_ms = ms;
	struct ask ask = {.command = args->command->name, .request = &request};
	struct error error;
	enum status status = execute_target(s, args, &ask.target, &error)
	                         ? exchange(s, &ask)
	                         : session_fail(s, STATUS_USAGE, &error);
	s->options.timeout_ms = timeout;
	return status;
}

const struct command command_dot_raw = {
    .name = ".raw",
    .group = GROUP_SCRIPT,
    .flags = COMMAND_ROUTED,
    .operands = "WORD...",
    .options = raw_options,
    .summary = "send a line of the protocol as it is",
    .about = "Joins the words by blanks, ends the line, sends it and shows every line that comes "
	     "back: for commands that mcsh has no word for, and for seeing what a server does with "
	     "a wrong one. A fence behind it (version, or mn) tells where the answer ends. With "
	     "--for there is none, what comes in that time is shown, and the connection is closed: "
	     "for watch, for lru_crawler metadump, and for lines that get no answer.",
    .sends = "<words>\\r\\n[<data>\\r\\n]version\\r\\n",
    .replies = "anything",
    .example = "> .raw --data bar set foo 0 0 3\nSTORED\n> .raw mg foo v\nVA 3\nbar\n"
	       "> .raw get foo\nVALUE foo 0 3\nbar\nEND\n",
    .run = run_raw,
};
