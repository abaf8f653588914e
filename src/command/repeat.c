#include "base/deadline.h"
#include "base/histogram.h"
#include "base/xalloc.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/io/interrupt.h"
#include "shell/report.h"
#include "view/summary.h"

#include <stdlib.h>

/* The most often that .repeat runs a command. */
#define REPEAT_MAX 10000000

/* Runs LINE once; its time, or -1 when it failed. */
static int64_t run_once(struct session *s, struct slice line, enum status *status)
{
	size_t exchanges = s->flow.exchanges;
	int64_t start = clock_now();
	*status = session_execute(s, line);
	if (*status >= STATUS_USAGE)
		return -1;
	return s->flow.exchanges > exchanges ? s->flow.timing.total : clock_now() - start;
}

static enum status run_repeat(struct session *s, struct args *args)
{
	struct error error;
	uint64_t times;
	if (!argument_number(args->operands[0], "the number of times", REPEAT_MAX, &times, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (times == 0)
		return STATUS_OK;

	struct slice line = args_rest(args, 1);
	struct histogram *samples = xcalloc(1, sizeof(*samples));
	enum status worst = STATUS_OK, status;
	bool quiet = s->run.quiet;
	while (samples->count < times && !interrupt_pending() && !s->output.failed) {
		/* The last answer is shown for eyes; programs get the times alone. */
		s->run.quiet = s->style.format != FORMAT_PRETTY || samples->count + 1 < times;
		int64_t ns = run_once(s, line, &status);
		worst = status_max(worst, status);
		if (ns < 0)
			break;
		histogram_add(samples, ns);
	}
	s->run.quiet = quiet;
	report_new_line(s);
	if (samples->count > 0)
		summary_add_repeat(&s->output.results, &s->style, args->command->name, samples);
	free(samples);
	return worst;
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
    .effect = EFFECT_READS,
    .run = run_repeat,
};
