#include "base/file.h"
#include "base/quote.h"
#include "command/rows.h"
#include "shell/answer.h"
#include "shell/lang/args.h"
#include "shell/loop.h"
#include "shell/report.h"
#include "shell/session.h"
#include "view/text/json_write.h"

#include <errno.h>
#include <fcntl.h>

static enum status run_source(struct session *s, struct args *args)
{
	struct buf name = BUF_INIT;
	struct error error;
	if (s->output.sink != SINK_NONE || s->run.depth > 1)
		return report_errorf(s, STATUS_USAGE,
		                     "write it by itself; its commands can be redirected one "
		                     "by one, or mcsh -f FILE as a whole",
		                     "a script runs after the command that names it");
	if (!file_check_name(args->operands[0], &error))
		return report_error(s, STATUS_USAGE, &error);
	buf_add_slice(&name, args->operands[0]);
	int fd = open(buf_cstr(&name), O_RDONLY | O_CLOEXEC);
	enum status status = STATUS_OK;
	if (fd < 0)
		status = report_errorf(s, STATUS_USAGE, "check the path and its rights",
		                       "cannot read \"%s\": %s", buf_cstr(&name), strerror(errno));
	else if (!input_push(&s->input, input_descriptor(buf_cstr(&name), fd)))
		status = report_errorf(s, STATUS_USAGE, "does it source itself?",
		                       "scripts are nested too deep");
	if (status == STATUS_OK && s->run.answer.due) {
		s->input->answered_at_end = true;
		answer_given(&s->run.answer);
	}
	buf_release(&name);
	return status;
}

static enum status run_echo(struct session *s, struct args *args)
{
	struct buf text = BUF_INIT, *out = &s->output.results;
	args_join(args, &text);
	if (s->style.format == FORMAT_JSON) {
		json_open(out, '{');
		json_string_member(out, "command", args->command->name);
		json_bytes_member(out, "text", "encoding", buf_slice(&text));
		buf_add_char(out, '}');
	} else if (s->style.fields) {
		escape_add_field(out, buf_slice(&text));
	} else {
		escape_add_text(out, buf_slice(&text));
	}
	buf_add_char(out, '\n');
	buf_release(&text);
	return STATUS_OK;
}

const struct command command_dot_source = {
    .name = ".source",
    .group = GROUP_SCRIPT,
    .operands = "FILE",
    .summary = "run the commands of a file",
    .about = "Reads FILE line by line as if it were typed, then goes on. An error names the file "
	     "and the line, and does not end it, unless mcsh was started with -e.",
    .example = "> .source /dev/null\n",
    .effect = EFFECT_READS,
    .run = run_source,
};

const struct command command_dot_echo = {
    .name = ".echo",
    .group = GROUP_SCRIPT,
    .flags = COMMAND_VERBATIM,
    .operands = "[WORD...]",
    .summary = "print words",
    .about = "Prints its words with a blank between them. What could drive a terminal is escaped.",
    .example = "> .echo \"a  b\" c\na  b c\n",
    .effect = EFFECT_READS,
    .run = run_echo,
};
