#include "command/rows.h"
#include "command/sweeping.h"

static enum status run_purge(struct session *s, struct args *args)
{
	struct sweep_plan plan = {.verb = VERB_DELETE,
	                          .guarded = !args_option(args, "--unguarded", NULL)};
	return sweeping_run(s, args, &plan, "delete", "deleted",
	                    plan.guarded ? "What is stored again before its turn is left as it is."
	                                 : "Each is deleted, whatever is stored meanwhile.");
}

/* clang-format off */
static const struct command_option purge_options[] = {
    SWEEPING_OPTIONS,
    {"--unguarded", NULL, "delete items that were stored meanwhile, too", NULL},
    {0},
};
/* clang-format on */

const struct command command_dot_purge = {
    .name = ".purge",
    .group = GROUP_CHANGE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_EXACT,
    .operands = "[GLOB]",
    .options = purge_options,
    .habits = "unlink",
    .summary = "delete many items: those that fit a pattern",
    .about =
	"Deletes the items of all servers that fit GLOB, as shells have it (* ? [a-z] \\), and "
	"pass every option given; with .set key_prefix those that begin with it. First the servers "
	"list their items, and nothing is deleted: how many there are, how many bytes, about how "
	"long it will take, and ten of the keys. Then a prompt asks; a script does no more unless "
	"--yes is given. An item is deleted only while its cas is the one that was listed, so that "
	"nothing is lost that was stored in between; a touch does not change the cas, so an item "
	"that was given a new time is deleted all the same. That takes the meta commands of "
	"memcached 1.6.12 and later, or the binary protocol, and a server that keeps cas numbers; "
	"--unguarded does without. Ctrl-C ends it and says how many are gone by then.",
    .sends = "lru_crawler metadump hash\\r\\n, on a connection of its own; then md <key> "
	     "C<cas>\\r\\n for each; with --unguarded delete <key>\\r\\n",
    .replies = "key=<key> exp=<time> ..., END; then HD; EX when it was stored meanwhile; NF when "
	       "it is gone; or DELETED, NOT_FOUND",
    .example = "> set page:1 foo\nSTORED\n> set page:2 bar\nSTORED\n> .purge page:* --yes | grep "
	       "^items\nitems\t2\n> get page:1\n",
    .effect = EFFECT_CHANGES,
    .run = run_purge,
};
