#include "command/arguments.h"
#include "command/rows.h"
#include "command/sweeping.h"
#include "shell/lang/args.h"
#include "shell/report.h"

static bool build_touch(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	return argument_key(args, request, error) &&
	       argument_time_at(s, args, 1, &request->exptime, error);
}

static const struct command_hint touch_hints[] = {
    {"ttl", "type .peek KEY, or mg KEY t: the seconds that are left, -1 for ever"},
    {"persist", "type touch KEY 0: it never expires"},
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

static enum status run_touch(struct session *s, struct args *args)
{
	struct sweep_plan plan = {.verb = VERB_TOUCH};
	struct error error;
	if (!argument_time(s, args->operands[1], &plan.exptime, &error))
		return report_error(s, STATUS_USAGE, &error);
	return sweeping_run(s, args, &plan, "touch", "touched",
	                    "Their values stay; what is stored meanwhile gets the new time, too.");
}

/* clang-format off */
static const struct command_option many_options[] = {
    SWEEPING_OPTIONS,
    {0},
};
/* clang-format on */

const struct command command_dot_touch = {
    .name = ".touch",
    .group = GROUP_CHANGE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_EXACT,
    .operands = "GLOB TIME",
    .options = many_options,
    .summary = "give many items a new time to live",
    .about =
	"Gives the items of all servers that fit GLOB, as shells have it (* ? [a-z] \\), and pass "
	"every option given a new TIME to live, counted from when each is reached; with .set "
	"key_prefix those that begin with it. First the servers list their items, as for .purge, "
	"then a prompt asks; a script does no more unless --yes is given. No server can guard that "
	"by a cas: what was stored in between gets the new time, too. Each is moved up in its LRU.",
    .sends = "lru_crawler metadump hash\\r\\n, on a connection of its own; then touch <key> "
	     "<exptime>\\r\\n for each",
    .replies = "key=<key> exp=<time> ..., END; then TOUCHED; NOT_FOUND when it is gone",
    .example = "> set page:1 foo\nSTORED\n> .touch page:* 1h --yes | grep ^items\nitems\t1\n",
    .effect = EFFECT_CHANGES,
    .run = run_touch,
};
