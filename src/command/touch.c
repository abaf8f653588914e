#include "command/arguments.h"
#include "command/rows.h"
#include "shell/lang/args.h"

static bool build_touch(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	return argument_key(args, request, error) &&
	       argument_time(s, args->operands[1], &request->exptime, error);
}

static const struct command_hint touch_hints[] = {
    {"ttl", "type .peek KEY, or mg KEY t: the seconds that are left, -1 for ever"},
    {0},
};

const struct command command_touch = {
    .name = "touch",
    .group = GROUP_CHANGE,
    .operands = "KEY TIME",
    .options = noreply_options,
    .habits = "expire pexpire",
    .hints = touch_hints,
    .summary = "give an item a new time to live",
    .about = "KEY expires after TIME from now; its value stays as it is.",
    .sends = "touch <key> <exptime>\\r\\n",
    .replies = "TOUCHED; NOT_FOUND when the key is not there",
    .example = "> set foo bar 10s\nSTORED\n> touch foo 1h\nTOUCHED\n",
    .verb = VERB_TOUCH,
    .build = build_touch,
};
