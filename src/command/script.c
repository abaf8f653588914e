#include "base/deadline.h"
#include "base/quote.h"
#include "base/xalloc.h"
#include "command/common.h"
#include "command/rows.h"
#include "shell/answer.h"
#include "shell/interrupt.h"
#include "shell/report.h"
#include "view/json_write.h"
#include "view/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

/* The most often that .repeat runs a command; each run keeps one time. */
#define REPEAT_MAX 10000000

/* Runs LINE once; its time, or -1 when it failed. */
static int64_t run_once(struct session *s, struct slice line, enum status *status)
{
	size_t exchanges = s->exchanges;
	int64_t start = clock_now();
	*status = session_execute(s, line);
	if (*status >= STATUS_USAGE)
		return -1;
	return s->exchanges > exchanges ? s->timing.total : clock_now() - start;
}

static enum status run_repeat(struct session *s, struct args *args)
{
	struct error error;
	uint64_t times;
	if (!common_number(args->operands[0], "the number of times", REPEAT_MAX, &times, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (times == 0)
		return STATUS_OK;

	struct slice line = args_rest(args, 1);
	int64_t *samples = NULL;
	size_t count = 0, cap = 0;
	enum status worst = STATUS_OK, status;
	bool quiet = s->quiet;
	while (count < times && !interrupt_pending() && !s->output.failed) {
		/* The last answer is shown for eyes; programs get the times alone. */
		s->quiet = s->style.format != FORMAT_PRETTY || count + 1 < times;
		int64_t ns = run_once(s, line, &status);
		worst = status_max(worst, status);
		if (ns < 0)
			break;
		samples = xgrow(samples, &cap, count + 1, sizeof(*samples));
		samples[count++] = ns;
	}
	s->quiet = quiet;
	session_new_line(s);
	if (count > 0)
		time_add_samples(&s->output.results, &s->style, args->command->name, samples,
		                 count);
	free(samples);
	return worst;
}

static enum status run_source(struct session *s, struct args *args)
{
	struct buf name = BUF_INIT;
	if (s->output.sink != SINK_NONE || s->depth > 1)
		return report_errorf(s, STATUS_USAGE,
		                     "write it by itself; its commands can be redirected one "
		                     "by one, or mcsh -f FILE as a whole",
		                     "a script runs behind the command that names it");
	if (memchr(args->operands[0].data, '\0', args->operands[0].len))
		return report_errorf(s, STATUS_USAGE, "no file has such a name",
		                     "a NUL byte is in the name of the file");
	buf_add_slice(&name, args->operands[0]);
	int fd = open(buf_cstr(&name), O_RDONLY | O_CLOEXEC);
	enum status status = STATUS_OK;
	if (fd < 0)
		status = report_errorf(s, STATUS_USAGE, "check the path and its rights",
		                       "cannot read \"%s\": %s", buf_cstr(&name), strerror(errno));
	else if (!session_push(s, input_descriptor(buf_cstr(&name), fd)))
		status = report_errorf(s, STATUS_USAGE, "does it source itself?",
		                       "scripts are nested too deep");
	if (status == STATUS_OK && s->answer.due) {
		s->input->answered_at_end = true;
		answer_given(s);
	}
	buf_release(&name);
	return status;
}

static enum status run_echo(struct session *s, struct args *args)
{
	struct buf text = BUF_INIT, *out = &s->output.results;
	for (size_t i = 0; i < args->count; i++) {
		if (i > 0)
			buf_add_char(&text, ' ');
		buf_add_slice(&text, args->operands[i]);
	}
	if (s->style.format == FORMAT_JSON) {
		json_open(out, '{');
		json_name(out, "command");
		json_string(out, slice_str(args->command->name));
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

const struct command command_dot_repeat = {
    .name = ".repeat",
    .group = GROUP_SCRIPT,
    .operands = "N COMMAND...",
    .summary = "run a command N times and time it",
    .about = "Runs COMMAND N times, one after the other, and shows the fastest, the median, the "
	     "90th and 99th percentile and the slowest, with a histogram. It stops at the first "
	     "error and at Ctrl-C.",
    .example = "> set foo bar\nSTORED\n> .repeat 100 get foo | head -1\ncount\t100\n",
    .run = run_repeat,
};

const struct command command_dot_source = {
    .name = ".source",
    .group = GROUP_SCRIPT,
    .operands = "FILE",
    .summary = "run the commands of a file",
    .about = "Reads FILE line by line as if it were typed, then goes on. An error names the file "
	     "and the line, and does not end it, unless mcsh was started with -e.",
    .example = "> .source /dev/null\n",
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
    .run = run_echo,
};
