#include "command/common.h"
#include "command/rows.h"

static const struct command_option noreply_options[] = {
    {"--noreply", NULL, "ask the server for no answer", NULL},
    {0},
};

static bool one_key(struct args *args, struct request *request, struct error *error)
{
	request->keys = args->operands;
	request->key_count = 1;
	request->noreply = args_option(args, "--noreply", NULL);
	return key_check(args->operands[0], error);
}

static bool build_touch(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	return one_key(args, request, error) &&
	       common_time(s, args->operands[1], &request->exptime, error);
}

/* python-memcached's delete has a time, which no server since 1.4 obeys. */
static bool build_delete(struct session *s, struct args *args, struct request *request,
                         struct error *error)
{
	(void)s;
	if (!one_key(args, request, error))
		return false;
	if (args->count == 1 || slice_eq_str(args->operands[1], "0"))
		return true;
	error_set(error, "memcached deletes at once and has dropped that argument: leave it out",
	          "delete takes no time but 0");
	return false;
}

static bool build_delta(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	(void)s;
	request->number = 1;
	if (!one_key(args, request, error))
		return false;
	if (args->count < 2)
		return true;
	if (args->operands[1].len > 1 && args->operands[1].data[0] == '-') {
		error_set(error,
		          request->verb == VERB_INCR ? "use decr to count down"
		                                     : "use incr to count up",
		          "the delta is negative");
		return false;
	}
	return common_number(args->operands[1], "the delta", UINT64_MAX, &request->number, error);
}

const struct command command_touch = {
    .name = "touch",
    .group = GROUP_CHANGE,
    .operands = "KEY TIME",
    .options = noreply_options,
    .summary = "give an item a new time to live",
    .about = "KEY expires after TIME from now; its value stays as it is.",
    .sends = "touch <key> <exptime>\\r\\n",
    .replies = "TOUCHED; NOT_FOUND when the key is not there",
    .example = "> set foo bar 10s\nSTORED\n> touch foo 1h\nTOUCHED\n",
    .verb = VERB_TOUCH,
    .build = build_touch,
};

const struct command command_delete = {
    .name = "delete",
    .group = GROUP_CHANGE,
    .operands = "KEY [TIME]",
    .options = noreply_options,
    .summary = "remove an item",
    .about = "Removes KEY. TIME is what old clients could give; memcached takes only 0 there.",
    .sends = "delete <key>\\r\\n",
    .replies = "DELETED; NOT_FOUND when the key is not there",
    .example = "> set foo bar\nSTORED\n> delete foo\nDELETED\n> delete foo\nNOT_FOUND\n",
    .verb = VERB_DELETE,
    .build = build_delete,
};

const struct command command_incr = {
    .name = "incr",
    .group = GROUP_CHANGE,
    .operands = "KEY [DELTA]",
    .options = noreply_options,
    .summary = "add to a number",
    .about = "Adds DELTA (1 unless given) to the decimal number that KEY holds, and shows the sum. "
	     "Numbers have 64 bits without a sign and wrap around. A key that is not there stays "
	     "so: use add first.",
    .sends = "incr <key> <delta>\\r\\n",
    .replies = "the new number; NOT_FOUND; CLIENT_ERROR cannot increment or decrement non-numeric "
	       "value",
    .example = "> set counter 20\nSTORED\n> incr counter\n21\n> incr counter 21\n42\n",
    .verb = VERB_INCR,
    .build = build_delta,
};

const struct command command_decr = {
    .name = "decr",
    .group = GROUP_CHANGE,
    .operands = "KEY [DELTA]",
    .options = noreply_options,
    .summary = "subtract from a number",
    .about = "Subtracts DELTA (1 unless given) from the decimal number that KEY holds, and shows "
	     "the rest, which is never below 0. A value that gets shorter keeps its length: blanks "
	     "fill it up.",
    .sends = "decr <key> <delta>\\r\\n",
    .replies = "the new number; NOT_FOUND; CLIENT_ERROR cannot increment or decrement non-numeric "
	       "value",
    .example = "> set counter 20\nSTORED\n> decr counter 30\n0\n",
    .verb = VERB_DECR,
    .build = build_delta,
};
