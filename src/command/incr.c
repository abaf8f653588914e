#include "command/arguments.h"
#include "command/rows.h"
#include "shell/lang/args.h"

static const struct command_option delta_options[] = {
    {"--initial", "N", "where the key is missing, create it with this number", NULL},
    {"--time", "T", "with --initial: when the new key expires", NULL},
    NOREPLY_OPTION,
    {0},
};

/* What is created where the key is missing: classic has no such thing. */
static bool read_initial(struct session *s, struct args *args, struct request *request,
                         struct error *error)
{
	struct slice text;
	request->creates = args_option(args, "--initial", &text);
	if (request->creates &&
	    !argument_number(text, "--initial", UINT64_MAX, &request->initial, error))
		return false;
	if (!args_option(args, "--time", &text))
		return true;
	return request->creates ? argument_time(s, text, &request->exptime, error)
	                        : error_set(error, "add --initial, or use touch",
	                                    "--time is for what --initial creates");
}

static bool build_delta(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	request->number = 1;
	if (!argument_key(args, request, error) || !read_initial(s, args, request, error))
		return false;
	if (args->count < 2)
		return true;
	if (args->operands[1].len > 1 && args->operands[1].data[0] == '-')
		return error_set(error,
		                 request->verb == VERB_INCR ? "use decr to count down"
		                                            : "use incr to count up",
		                 "the delta is negative");
	return argument_number(args->operands[1], "the delta", UINT64_MAX, &request->number, error);
}

const struct command command_incr = {
    .name = "incr",
    .group = GROUP_CHANGE,
    .operands = "KEY [DELTA]",
    .options = delta_options,
    .habits = "incrby",
    .summary = "add to a number",
    .about = "Adds DELTA (1 unless given) to the decimal number that KEY holds, and shows the sum. "
	     "Numbers have 64 bits without a sign and wrap around. A key that is not there stays "
	     "so: use add first, or --initial, which the protocols meta and binary have and auto "
	     "then chooses: the new key has that number, without DELTA.",
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
    .options = delta_options,
    .habits = "decrby",
    .summary = "subtract from a number",
    .about = "Subtracts DELTA (1 unless given) from the decimal number that KEY holds, and shows "
	     "the rest, which is never below 0. A value that gets shorter keeps its length: blanks "
	     "fill it up. --initial is as for incr.",
    .sends = "decr <key> <delta>\\r\\n",
    .replies = "the new number; NOT_FOUND; CLIENT_ERROR cannot increment or decrement non-numeric "
	       "value",
    .example = "> set counter 20\nSTORED\n> decr counter 30\n0\n",
    .verb = VERB_DECR,
    .build = build_delta,
};
