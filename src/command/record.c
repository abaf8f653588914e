#include "base/file.h"
#include "base/quote.h"
#include "command/rows.h"
#include "shell/lang/args.h"
#include "shell/replay/recording.h"
#include "shell/report.h"
#include "view/text/json_write.h"

#include <string.h>

/* What is the matter now; at a prompt always, else when it was asked for. */
static void report_path(struct session *s, const struct args *args)
{
	struct buf *out = &s->output.results;
	const char *path = recording_path(s);
	if (s->style.format == FORMAT_JSON) {
		json_open(out, '{');
		json_string_member(out, "command", args->command->name);
		if (path)
			json_bytes_member(out, "file", "file_encoding", slice_str(path));
		else
			buf_add_str(out, ",\"file\":null");
		buf_add_str(out, "}\n");
	} else if (s->mode.interactive || args->count == 0) {
		buf_add_str(out, path ? "recording to " : "not recording");
		escape_add_field(out, slice_str(path));
		buf_add_char(out, '\n');
	}
}

/* Ends it; at a prompt it says what can be done with it. */
static void end(struct session *s, const struct args *args)
{
	const char *path = recording_path(s);
	struct buf word = BUF_INIT, *out = &s->output.results;
	bool announced = path && s->mode.interactive && s->style.format != FORMAT_JSON;
	quote_add_word(&word, slice_str(path));
	recording_end(s);
	if (announced)
		buf_addf(out, "recorded: mcsh --verify %s plays it again\n", buf_cstr(&word));
	else
		report_path(s, args);
	buf_release(&word);
}

static enum status run_record(struct session *s, struct args *args)
{
	struct error error;
	enum status status = STATUS_OK;
	struct slice name = args->count > 0 ? args->operands[0] : slice_of(NULL, 0);
	struct buf path = BUF_INIT;
	buf_add_slice(&path, name);
	if (slice_eq_str(name, "off")) {
		end(s, args);
		buf_release(&path);
		return STATUS_OK;
	}
	if (args->count == 0)
		recording_skip(s);
	else if (!file_check_name(name, &error) || !recording_begin(s, buf_cstr(&path), &error))
		status = report_error(s, STATUS_USAGE, &error);
	if (status == STATUS_OK)
		report_path(s, args);
	buf_release(&path);
	return status;
}

const struct command command_dot_record = {
    .name = ".record",
    .group = GROUP_SCRIPT,
    .operands = "[FILE]",
    .suggest = "off",
    .summary = "write commands and what they show to a file",
    .about =
	"Writes each command from now on, and what it shows, to FILE as a transcript, which `mcsh "
	"--verify FILE` plays again and compares. `.record off` ends it, as does leaving. Words of "
	"a command that are secret are left out. A FILE that is there is replaced if it is a "
	"transcript. Alone it shows where a transcript is being written.",
    .example = "> .record /dev/null\n> set foo bar\nSTORED\n> .record off\n",
    .effect = EFFECT_READS,
    .run = run_record,
};
