#include "shell/loop.h"

#include "base/file.h"
#include "shell/answer.h"
#include "shell/data_lines.h"
#include "shell/execute.h"
#include "shell/flow/window.h"
#include "shell/io/interrupt.h"
#include "shell/io/sink.h"
#include "shell/replay/recording.h"
#include "shell/report.h"

#include <errno.h>
#include <stdlib.h>

/* A program that waits for its answer gets it; for one that has sent more, answers gather. */
static void deliver_script(struct session *s)
{
	if (!input_ready(s->input))
		window_idle(s);
	else if (!s->mode.interactive || window_busy(s))
		return;
	if (s->mode.interactive || !input_ready(s->input))
		output_flush(&s->output);
}

/* Words that ask for a way out, typed where they are data. */
static bool asks_for_help(struct slice line)
{
	line = slice_trim(line);
	return line.len == 0 || slice_lists(SLICE("help ? quit exit .help .quit .exit"), ' ', line);
}

/* LINE was typed within a quote: says so to a person who seems not to know it. */
static void explain_quote(struct session *s, struct slice line, bool *explained)
{
	char quote = s->input->open_quote;
	if (!s->mode.interactive || !s->input->prompt || !quote || quote == '\\' || *explained ||
	    !asks_for_help(line) || session_pastes(s))
		return;
	*explained = slice_trim(line).len == 0; /* of blank lines there may be many */
	report_errorf(
	    s, STATUS_OK, NULL,
	    "note: this line belongs to the value: the quote %c is open; type %c to close "
	    "it, Ctrl-C to cancel the command",
	    quote, quote);
}

/* Reads one command, with the lines that continue it. */
static enum input_result read_command(struct session *s, struct buf *line)
{
	struct input *in = s->input;
	struct open_state state = {0};
	bool explained = false;
	enum input_result result = input_read(in, false, line);
	struct slice word;
	uint64_t bytes;
	while (result == INPUT_LINE && tokenize_open(&state, buf_slice(line)) &&
	       !data_block_announced(buf_slice(line), &word, &bytes)) {
		buf_add_char(line, '\n');
		if (!in->prompt)
			deliver_script(s);
		s->input->open_quote = state.quote ? state.quote : '\\';
		size_t before = line->len;
		result = input_read(in, true, line);
		if (result == INPUT_LINE)
			explain_quote(s, slice_skip(buf_slice(line), before), &explained);
		if (result == INPUT_END) /* execute reports the open quote */
			return INPUT_LINE;
	}
	return result;
}

/* Said before the output that a pager did not show. */
static void warn_of_pager(struct session *s, const struct error *error)
{
	struct buf results = s->output.results;
	buf_init(&s->output.results, 0);
	output_settle(&s->output, screen_return_columns(NULL));
	report_error(s, STATUS_OK, error);
	buf_release(&s->output.results);
	s->output.results = results;
}

/* Whether what is about to be shown is for the pager. */
static bool is_long(const struct output *o)
{
	unsigned rows, columns = o->results.len > 0 ? screen_return_columns(&rows) : 0;
	return columns > 0 && output_is_long(o, rows, columns);
}

/* A person reads now. */
static void deliver(struct session *s)
{
	if (!s->input->prompt) {
		deliver_script(s);
		return;
	}
	bool terminal = s->mode.interactive && s->screen.terminal;
	struct error error;
	if (terminal && s->settings.pager && is_long(&s->output)) {
		if (!sink_page(&s->output, &error))
			warn_of_pager(s, &error);
	}
	output_flush(&s->output);
	if (terminal)
		output_settle(&s->output, s->output.adrift ? screen_return_columns(NULL) : 0);
}

/* Keys of a server that was found dead look like misses to a person. */
static void note_left(struct session *s)
{
	size_t server;
	if (!s->mode.interactive || !s->input->prompt)
		return;
	while (client_take_left(s->servers.client, &server))
		report_errorf(s, STATUS_OK, ".servers says why, .set dead_retry for how long",
		              "note: %s does not answer, and its keys go to other servers "
		              "meanwhile",
		              servers_label(&s->servers, server));
}

/* The input on top has ended; WHY, unless it is NULL: it could not be read to its end. */
static void pop(struct session *s, const struct error *why)
{
	window_drain(s); /* its name is in what may be reported of its commands */
	struct input *in = s->input;
	s->input = in->below;
	if (in->answered_at_end) {
		s->run.answer = (struct answer){.due = true};
		if (why)
			answer_failed(&s->run.answer, why);
		answer_end(&s->run.answer, &s->output, SLICE(".source"), in->worst);
		if (s->run.recording) /* no line of its own: it belongs to what was sourced */
			recording_add(s, SLICE(""), s->input);
	}
	if (s->input && s->input->prompt)
		output_flush(&s->output); /* what a script prints is not paged */
	input_free(in);
	s->run.place = input_place(s->input);
}

static enum status report_unreadable(struct session *s, enum input_result result,
                                     struct error *error)
{
	int code = errno;
	window_barrier(s);
	answer_begin(s);
	if (result == INPUT_CUT)
		error_set(error, FILE_TERMINAL_HINT,
		          "the terminal cuts a line at %d bytes, and this one was skipped",
		          FILE_TERMINAL_LINE_MAX);
	else if (result == INPUT_TOO_LONG)
		error_set(error, "the line was skipped; give large values by --file",
		          "the line is longer than %zu bytes", INPUT_LINE_MAX);
	else
		error_set(error, "check the file and its rights", "cannot read it: %s",
		          strerror(code));
	if (result != INPUT_FAILED || !s->input->answered_at_end)
		return report_refused(s, error);
	report_error(s, STATUS_USAGE, error); /* the answer of .source has it */
	report_status(s, STATUS_USAGE, false);
	return STATUS_USAGE;
}

/* After an error -e ends everything, and Ctrl-C ends a script that was sourced at the prompt. */
static void stop_scripts(struct session *s, struct input *base, bool all)
{
	while (s->input != base && !s->input->prompt)
		pop(s, NULL);
	if (all)
		s->mode.leaving = true;
}

void session_loop(struct session *s, struct input *input)
{
	struct buf line;
	struct error unreadable;
	struct input *below = s->input;

	buf_init(&line, INPUT_LINE_MAX);
	input->below = below;
	s->input = input;
	while (s->input != below && !s->mode.leaving && !s->output.failed) {
		buf_clear(&line);
		struct input *in = s->input;
		bool block = in->data.open;
		enum input_result result = block && data_lines_next(s)
		                               ? input_read(in, false, &line)
		                               : read_command(s, &line);
		enum data_line data = block ? data_lines_take(s, &line, result) : DATA_LINE_NONE;
		enum status status = STATUS_OK;
		bool over = data == DATA_LINE_LAST ||
		            (data == DATA_LINE_NONE && result == INPUT_END);
		if (over)
			pop(s, NULL);
		/* Ctrl-C while its last answers were awaited ends the ones below too. */
		if (over && s->input != below && interrupt_take())
			stop_scripts(s, input, false);
		if (over || data == DATA_LINE_TAKEN) {
			if (s->input != below)
				deliver(s);
			continue;
		}
		s->run.place = input_place(s->input);
		if (result == INPUT_LINE && s->input->prompt && s->prompt)
			s->prompt->typed(s->prompt->ctx, buf_slice(&line));
		if (result == INPUT_LINE)
			status = session_execute(s, buf_slice(&line));
		else if (result != INPUT_CANCELLED)
			status = report_unreadable(s, result, &unreadable);
		if (result == INPUT_LINE && status == STATUS_USAGE && s->input == in)
			data_lines_begin(s, buf_slice(&line));
		if (result == INPUT_FAILED)
			pop(s, &unreadable);
		s->screen.echoed = false;
		if (s->mode.stop_on_error && status != STATUS_OK && !s->mode.interactive)
			stop_scripts(s, below, true);
		else if (interrupt_take())
			stop_scripts(s, input, false);
		if (s->input != below) {
			note_left(s);
			deliver(s);
		}
	}
	while (s->input != below)
		pop(s, NULL);
	buf_release(&line);
}
