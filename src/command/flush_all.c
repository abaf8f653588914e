#include "command/arguments.h"
#include "command/question.h"
#include "command/rows.h"
#include "view/text/time.h"

static bool build_flush_all(struct session *s, struct args *args, struct request *request,
                            struct error *error)
{
	int64_t delay;
	request->noreply = args_option(args, "--noreply", NULL);
	if (args->count == 0)
		return true;
	if (!argument_time(s, args->operands[0], &delay, error))
		return false;
	if (delay < 0)
		return error_set(error, "leave it out to flush at once", "the delay is negative");
	request->has_exptime = true;
	request->number = (uint64_t)delay;
	return true;
}

/* When a flush_all takes effect, as the server reads the number. */
static void add_when(struct buf *out, const struct request *request)
{
	if (!request->has_exptime || request->number == 0)
		return;
	if (request->number > 30 * 86400) {
		buf_addf(out, " at %s", date_text(request->number).s);
		return;
	}
	buf_addf(out, " in %s", span_text(request->number).s);
}

static bool question_flush_all(struct session *s, struct args *args, struct buf *out,
                               struct error *error)
{
	struct request request = {.verb = VERB_FLUSH_ALL};
	size_t count;
	if (!build_flush_all(s, args, &request, error))
		return false;
	buf_add_str(out, "flush_all makes every item of ");
	if (!question_servers(s, args, HOLDING_ITEMS, out, &count, error))
		return false;
	buf_add_str(out, " expire");
	add_when(out, &request);
	buf_add_str(out, ", for everybody who uses this cache.");
	return true;
}

static const struct command_hint flush_all_hints[] = {
    {"clear cls", "Ctrl-L clears the screen; what empties the cache is flush_all"},
    {0},
};

const struct command command_flush_all = {
    .name = "flush_all",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT | COMMAND_CONFIRM,
    .operands = "[DELAY]",
    .options = noreply_options,
    .habits = "flush flushall flushdb truncate",
    .hints = flush_all_hints,
    .summary = "make every item expire",
    .about = "Every item stored until now is gone, or will be after DELAY seconds. Memory is not "
	     "given back, and counters of items go down only as memory is used again. At a prompt "
	     "mcsh says which servers lose how many items, and when, and asks first (.set confirm "
	     "off).",
    .sends = "flush_all [<delay>]\\r\\n",
    .replies = "OK; CLIENT_ERROR flush_all not allowed",
    .example = "> set foo bar\nSTORED\n> flush_all\nOK\n> get foo\n",
    .question = question_flush_all,
    .verb = VERB_FLUSH_ALL,
    .build = build_flush_all,
};
