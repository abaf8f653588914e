#include "shell/loop.h"

#include "base/file.h"
#include "shell/answer.h"
#include "shell/execute.h"
#include "shell/flow/window.h"
#include "shell/interrupt.h"
#include "shell/replay/recording.h"
#include "shell/report.h"
#include "shell/sink.h"

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
	session_catch_up(s);
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
	output_settle(&s->output, screen_return_columns());
	report_error(s, STATUS_OK, error);
	buf_release(&s->output.results);
	s->output.results = results;
}

/* A person reads now. */
static void deliver(struct session *s)
{
	if (!s->input->prompt) {
		deliver_script(s);
		return;
	}
	unsigned columns = screen_return_columns();
	struct error error;
	if (s->mode.interactive && s->screen.terminal && s->settings.pager && columns > 0 &&
	    output_is_long(&s->output, screen_rows(), columns)) {
		session_catch_up(s);
		if (!sink_page(&s->output, &error))
			warn_of_pager(s, &error);
	}
	output_flush(&s->output);
	if (s->mode.interactive && s->screen.terminal)
		output_settle(&s->output, screen_return_columns());
}

bool session_push(struct session *s, struct input *input)
{
	size_t depth = 0;
	for (struct input *in = s->input; in; in = in->below)
		depth++;
	if (depth > SOURCE_MAX) {
		input_free(input);
		return false;
	}
	input->below = s->input;
	s->input = input;
	return true;
}

/* Where the command that was read last stands. */
static struct location place_of(const struct input *input)
{
	return input ? (struct location){input->name, input->first_line} : (struct location){0};
}

static void pop(struct session *s)
{
	window_drain(s); /* its name is in what may be reported of its commands */
	struct input *in = s->input;
	s->input = in->below;
	if (in->answered_at_end) {
		s->run.answer.due = true;
		s->run.answer.given = s->run.answer.failed = false;
		answer_end(s, SLICE(".source"), in->worst);
		if (s->recording) /* no line of its own: it belongs to what was sourced */
			recording_add(s, SLICE(""), s->input);
	}
	if (s->input && s->input->prompt)
		output_flush(&s->output); /* what a script prints is not paged */
	input_free(in);
	s->run.place = place_of(s->input);
}

static enum status tell_unreadable(struct session *s, enum input_result result)
{
	int code = errno;
	window_barrier(s);
	answer_begin(s);
	if (result == INPUT_CUT) {
		report_errorf(s, STATUS_USAGE, FILE_TERMINAL_HINT,
		              "the terminal cuts a line at %d bytes, and this one was skipped",
		              FILE_TERMINAL_LINE_MAX);
		answer_end(s, slice_of(NULL, 0), STATUS_USAGE);
		report_status(s, STATUS_USAGE, false);
		return STATUS_USAGE;
	}
	enum status status =
	    result == INPUT_TOO_LONG
		? report_errorf(s, STATUS_USAGE,
	                        "the line was skipped; give large values by --file",
	                        "the line is longer than %zu bytes", INPUT_LINE_MAX)
		: report_errorf(s, STATUS_USAGE, "check the file and its rights",
	                        "cannot read it: %s", strerror(code));
	answer_end(s, slice_of(NULL, 0), status);
	report_status(s, status, false);
	return status;
}

/* Whether a program waits for an answer to each line that it types, one of data too. */
static bool answers_each_line(const struct session *s)
{
	return s->mode.driven || s->settings.format == FORMAT_JSON;
}

/* Reports what became of a data block, at its first line, or at the line of it that a driver sent.
 */
static void report_data(struct session *s, const struct data_block *b, enum data_block_step step)
{
	static const char hint[] =
	    "mcsh counts the bytes itself: type set KEY VALUE; a file in the "
	    "protocol's own form is for .load --as protocol";
	struct input *in = s->input;
	unsigned long long n = b->bytes;
	const char *bytes = n == 1 ? "byte" : "bytes";
	window_barrier(s);
	answer_begin(s);
	s->run.place = place_of(in);
	if (!answers_each_line(s))
		s->run.place.line = b->first_line;
	if (step == DATA_BLOCK_LOST)
		report_errorf(
		    s, STATUS_USAGE,
		    s->mode.interactive ? "were its line ends changed? the rest of the paste "
					  "was not run"
		    : s->mode.driven    ? "were its line ends changed? the next line is a "
					  "command again"
					: "were its line ends changed? the rest of the "
					  "input was not run",
		    "the data of the \"%s\" does not end where its %llu %s end", b->word, n, bytes);
	else if (step == DATA_BLOCK_MORE && !answers_each_line(s))
		report_errorf(s, STATUS_USAGE, "is the file cut short? nothing of it was run",
		              "the input ends within the %llu %s of data of the \"%s\"", n, bytes,
		              b->word);
	else if (answers_each_line(s))
		report_errorf(s, STATUS_USAGE, hint,
		              "passed over as the data of the \"%s\", of %llu %s", b->word, n,
		              bytes);
	else
		report_errorf(s, STATUS_USAGE, hint, "%llu %s passed over, the data of the \"%s\"",
		              n, bytes, b->word);
	answer_end(s, slice_of(NULL, 0), STATUS_USAGE);
	report_status(s, STATUS_USAGE, false);
}

/* The lines of a paste that are left. */
static void drop_paste(struct session *s, struct buf *line)
{
	while (session_pastes(s)) {
		buf_clear(line);
		if (input_read(s->input, false, line) != INPUT_LINE)
			break;
	}
}

/* The next line is of an open data block: takes it, or its end, as such. */
static void pass_over(struct session *s, struct buf *line, enum input_result result)
{
	struct input *in = s->input;
	struct data_block *b = &in->data;
	enum data_block_step step = DATA_BLOCK_LOST;
	b->open = false;
	if (b->lines == 0)
		b->first_line = in->first_line;
	if (result == INPUT_LINE)
		step = data_block_add(b, buf_slice(line));
	if (step != DATA_BLOCK_MORE || answers_each_line(s))
		report_data(s, b, step);
	if (step == DATA_BLOCK_LOST && in->prompt && !s->mode.driven)
		drop_paste(s, line);
	else if (step == DATA_BLOCK_LOST && !s->mode.driven)
		pop(s);
}

/* Whether a data block is open, now that RESULT was read. */
static bool passes_over(struct session *s, const struct buf *line, enum input_result result)
{
	struct data_block *b = &s->input->data;
	struct slice word;
	uint64_t bytes;
	if (!b->open)
		return false;
	bool commands = b->doubtful && result == INPUT_LINE &&
	                data_block_announced(buf_slice(line), &word, &bytes);
	if (!commands && (result == INPUT_LINE || result == INPUT_TOO_LONG))
		return true;
	/* It ended before, or with what was read it does. */
	b->open = false;
	if (b->lines > 0 && result != INPUT_CANCELLED)
		report_data(s, b, b->doubtful ? DATA_BLOCK_END : DATA_BLOCK_MORE);
	return false;
}

/* Reads a line of data, or a command. What a person types is never taken for data: without a paste
 * that goes on, an open block is over. */
static enum input_result read_next(struct session *s, struct buf *line)
{
	struct data_block *b = &s->input->data;
	if (b->open && s->input->prompt && !s->mode.driven && !session_pastes(s))
		passes_over(s, line, INPUT_END);
	return b->open ? input_read(s->input, false, line) : read_command(s, line);
}

/* After an error -e ends everything, and Ctrl-C ends a script that was sourced at the prompt. */
static void stop_scripts(struct session *s, struct input *base, bool all)
{
	while (s->input != base && !s->input->prompt)
		pop(s);
	if (all)
		s->mode.leaving = true;
}

void session_loop(struct session *s, struct input *input)
{
	struct buf line;
	struct input *below = s->input;

	buf_init(&line, INPUT_LINE_MAX);
	input->below = below;
	s->input = input;
	while (s->input != below && !s->mode.leaving && !s->output.failed) {
		buf_clear(&line);
		enum input_result result = read_next(s, &line);
		enum status status = STATUS_OK;
		struct input *in = s->input;
		if (passes_over(s, &line, result)) {
			pass_over(s, &line, result);
			if (s->input != below)
				deliver(s);
			continue;
		}
		if (result == INPUT_END) {
			pop(s);
			/* Ctrl-C while its last answers were awaited ends the ones below too. */
			if (s->input != below && interrupt_take())
				stop_scripts(s, input, false);
			if (s->input != below)
				deliver(s);
			continue;
		}
		s->run.place = place_of(s->input);
		if (result == INPUT_LINE && s->input->prompt && s->prompt)
			s->prompt->typed(s->prompt->ctx, buf_slice(&line));
		if (result == INPUT_LINE)
			status = session_execute(s, buf_slice(&line));
		else if (result != INPUT_CANCELLED)
			status = tell_unreadable(s, result);
		if (result == INPUT_LINE && status == STATUS_USAGE && s->input == in)
			data_block_begin(&in->data, buf_slice(&line),
			                 in->prompt && !s->mode.driven);
		if (result == INPUT_FAILED)
			pop(s);
		s->screen.echoed = false;
		if (s->mode.stop_on_error && status != STATUS_OK && !s->mode.interactive)
			stop_scripts(s, below, true);
		else if (interrupt_take())
			stop_scripts(s, input, false);
		if (s->input != below)
			deliver(s);
	}
	while (s->input != below)
		pop(s);
	buf_release(&line);
}
