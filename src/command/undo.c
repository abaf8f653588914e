#include "shell/items/undo.h"

#include "base/deadline.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/answer.h"
#include "shell/report.h"
#include "view/summary.h"

static void show(struct session *s, const struct undo_counts *c, enum status status,
                 int64_t elapsed)
{
	const struct bulk_count others[] = {
	    {"existing", "there again, and left", c->there},
	    {"expired", "expired meanwhile", c->expired},
	    {"refused", "refused", c->refused},
	    {"unknown", "of which no answer came", c->unknown},
	    {0},
	};
	struct bulk_report shown = {.command = ".undo",
	                            .status = status,
	                            .items = c->restored,
	                            .bytes = c->bytes,
	                            .others = others,
	                            .elapsed = elapsed};
	summary_add_bulk(&s->output.results, &s->style, &shown);
	answer_given(&s->run.answer);
}

static enum status run_undo(struct session *s, struct args *args)
{
	struct undo_counts counts;
	struct error error;
	uint64_t commands = 1;
	if (args->count > 0 && !argument_number(args->operands[0], "the number of commands",
	                                        UINT32_MAX, &commands, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (undo_depth(s) == 0)
		return report_errorf(s, STATUS_NEGATIVE,
		                     s->settings.undo
		                         ? "it keeps what delete, delete_multi, .purge and .edit "
		                           "take away"
		                         : ".set undo on keeps what is deleted from then on",
		                     "there is nothing to undo");
	int64_t start = clock_now();
	bool whole = undo_restore(s, commands, &counts);
	enum status status = counts.status;
	if (!whole)
		status = report_errorf(s, STATUS_LOST, "give it again for the others",
		                       "interrupted: not everything was brought back");
	else if (status != STATUS_OK)
		report_error(s, status, &counts.error);
	if (counts.there + counts.expired > 0)
		status = status_max(status, STATUS_NEGATIVE);
	show(s, &counts, status, clock_now() - start);
	return status;
}

const struct command command_dot_undo = {
    .name = ".undo",
    .group = GROUP_CHANGE,
    .operands = "[N]",
    .summary = "bring back what the last commands have deleted",
    .about =
	"Stores again what the last N commands, one unless given, took away, with its flags, and "
	"with the time that it would have had left. With .set undo on, delete, delete_multi, "
	".purge and .edit keep what is there before they take it away: they read it first, which "
	"counts as a get, and takes the meta commands of memcached 1.6.12 and later, and delete it "
	"only while it has the cas that was read, or read it again. What is there again, or was "
	"changed since, is left as it is. At most .set max_undo bytes are kept; what "
	"does not fit is reported, and the oldest goes first. Nothing is kept when mcsh ends.",
    .sends = "add <key> <flags> <exptime> <bytes>\\r\\n<value>\\r\\n for each, ms for keys "
	     "with blanks; cas for what .edit changed",
    .replies = "STORED; NOT_STORED, EXISTS when it was stored since",
    .example = "> .set undo on\n> set foo bar\nSTORED\n> delete foo\nDELETED\n> .undo | head "
	       "-1\nitems\t1\n> get foo\nbar\n",
    .effect = EFFECT_CHANGES,
    .run = run_undo,
};
