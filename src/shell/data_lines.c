#include "shell/data_lines.h"

#include "shell/answer.h"
#include "shell/flow/window.h"
#include "shell/report.h"

/* Whether a person is at the other end, who pastes. */
static bool is_typed(const struct session *s)
{
	return s->input->prompt && !s->mode.driven;
}

/* Whether a program waits for an answer to each line that it types, one of data too. */
static bool answers_each_line(const struct session *s)
{
	return s->mode.driven || s->settings.format == FORMAT_JSON;
}

void data_lines_begin(struct session *s, struct slice line)
{
	data_block_begin(&s->input->data, line, is_typed(s));
	s->run.login_follows = client_wants_login(s->servers.client) &&
	                       slice_starts(slice_trim(line), SLICE("set "));
}

static void hint_how_to_store(const struct data_block *b, struct error *error)
{
	error_hint(error,
	           "mcsh counts the bytes itself: type %s KEY VALUE; a file in the "
	           "protocol's own form is for .load --as protocol",
	           strcmp(b->word, "ms") == 0 ? "ms" : "set");
}

/* The words for what became of a data block. */
static void describe(const struct session *s, const struct data_block *b, enum data_block_step step,
                     struct error *error)
{
	unsigned long long n = b->bytes;
	const char *bytes = n == 1 ? "byte" : "bytes";
	if (step == DATA_BLOCK_LOST) {
		error_set(error, NULL, "the data of the \"%s\" does not end where its %llu %s end",
		          b->word, n, bytes);
		error_hint(error, "were its line ends changed? %s",
		           s->mode.interactive ? "the rest of the paste was not run"
		           : s->mode.driven    ? "the next line is a command again"
		                               : "the rest of the input was not run");
	} else if (answers_each_line(s)) {
		error_set(error, NULL, "passed over as the data of the \"%s\", of %llu %s", b->word,
		          n, bytes);
		hint_how_to_store(b, error);
	} else if (step == DATA_BLOCK_MORE) {
		error_set(error, "is the file cut short? nothing of it was run",
		          "the input ends within the %llu %s of data of the \"%s\"", n, bytes,
		          b->word);
	} else {
		error_set(error, NULL, "%llu %s passed over, the data of the \"%s\"", n, bytes,
		          b->word);
		hint_how_to_store(b, error);
	}
}

/* Reports what became of a data block, at its first line, or at the line of it that a driver sent.
 */
static void report_data(struct session *s, const struct data_block *b, enum data_block_step step)
{
	struct error error;
	window_barrier(s);
	answer_begin(s);
	s->run.place = input_place(s->input);
	if (!answers_each_line(s))
		s->run.place.line = b->first_line;
	describe(s, b, step, &error);
	report_refused(s, &error);
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

/* Whether the line that was read is data of the open block. If not, that has ended. */
static bool is_data(struct session *s, const struct buf *line, enum input_result result)
{
	struct data_block *b = &s->input->data;
	struct slice word;
	uint64_t bytes;
	bool commands = b->doubtful && result == INPUT_LINE &&
	                data_block_announced(buf_slice(line), &word, &bytes);
	if (!commands && (result == INPUT_LINE || result == INPUT_TOO_LONG))
		return true;
	b->open = false;
	if (b->lines > 0 && result != INPUT_CANCELLED)
		report_data(s, b, b->doubtful ? DATA_BLOCK_END : DATA_BLOCK_MORE);
	return false;
}

bool data_lines_next(struct session *s)
{
	struct data_block *b = &s->input->data;
	if (b->open && is_typed(s) && !session_pastes(s))
		is_data(s, NULL, INPUT_END);
	return b->open;
}

enum data_line data_lines_take(struct session *s, struct buf *line, enum input_result result)
{
	struct data_block *b = &s->input->data;
	enum data_block_step step = DATA_BLOCK_LOST;
	if (!b->open || !is_data(s, line, result))
		return DATA_LINE_NONE;
	b->open = false;
	if (b->lines == 0)
		b->first_line = s->input->first_line;
	if (result == INPUT_LINE)
		step = data_block_add(b, buf_slice(line));
	if (step != DATA_BLOCK_MORE || answers_each_line(s))
		report_data(s, b, step);
	if (step != DATA_BLOCK_LOST || s->mode.driven)
		return DATA_LINE_TAKEN;
	if (!s->input->prompt)
		return DATA_LINE_LAST;
	drop_paste(s, line);
	return DATA_LINE_TAKEN;
}
