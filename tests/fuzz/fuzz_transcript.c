/*
 * Transcripts that anybody may have written: reading ends, what is read lies in order, and what is
 * written of any output is read back as the same and agrees with itself.
 */
#include "shell/replay/match.h"

#include <stdlib.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* The input as a file, and as what its own commands show. */
static void read_file(struct slice text, const struct normaliser *normaliser)
{
	struct transcript t = {0};
	struct error error;
	if (transcript_read(&t, text, &error)) {
		size_t outputs = 0, line = 0;
		for (size_t i = 0; i < t.count; i++) {
			const struct step *step = &t.steps[i];
			struct match match = {normaliser, (enum format)(i % 6), step->command, 1000};
			struct lines got = {0};
			struct buf merged = BUF_INIT;
			check(step->outputs == outputs && step->line >= line);
			check(step->body > step->line && step->end >= step->body);
			outputs += step->outputs_n;
			line = step->end;
			match_merge(&match, transcript_outputs(&t, step), step->outputs_n, &got,
			            &merged, &error);
			buf_release(&merged);
		}
		check(outputs == t.outputs.count && line <= t.lines.count);
	}
	transcript_release(&t);
}

/* The input as what a command shows. */
static void write_output(struct slice output, const struct normaliser *normaliser)
{
	struct buf text = BUF_INIT, back = BUF_INIT, arena = BUF_INIT, merged = BUF_INIT;
	struct transcript t = {0};
	struct lines got = {0};
	struct error error;
	transcript_add_command(&text, SLICE("get a"));
	size_t from = text.len;
	transcript_add_output(&text, output, false);
	size_t end = text.len;
	transcript_add_command(&text, SLICE("get b"));
	check(transcript_read(&t, buf_slice(&text), &error) && t.count == 2);
	for (size_t i = 0; i < t.steps[0].outputs_n; i++) {
		buf_clear(&arena);
		struct output_line line = output_line_read(t.outputs.list[i], &arena);
		check(!line.regex);
		buf_add_slice(&back, line.text);
		if (!line.open)
			buf_add_char(&back, '\n');
	}
	check(slice_eq(buf_slice(&back), output));
	struct match match = {normaliser, FORMAT_PRETTY, SLICE("get"), 1000};
	lines_add(&got, slice_of(text.data + from, end - from));
	check(match_merge(&match, transcript_outputs(&t, &t.steps[0]), t.steps[0].outputs_n, &got,
	                  &merged, &error));
	lines_release(&got);
	transcript_release(&t);
	buf_release(&text);
	buf_release(&back);
	buf_release(&arena);
	buf_release(&merged);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct normaliser
	    *normaliser; /* its expressions take longer to compile than to use */
	if (!normaliser)
		normaliser = normaliser_new();
	struct slice text = slice_of(size ? (const char *)data : NULL, size);
	read_file(text, normaliser);
	write_output(text, normaliser);
	return 0;
}
