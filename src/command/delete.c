#include "command/arguments.h"
#include "command/rows.h"
#include "shell/lang/args.h"

/* python-memcached's delete has a time, which no server since 1.4 obeys. */
static bool build_delete(struct session *s, struct args *args, struct request *request,
                         struct error *error)
{
	(void)s;
	if (!argument_key(args, request, error))
		return false;
	if (args->count == 1 || slice_eq_str(args->operands[1], "0"))
		return true;
	return error_set(error,
	                 "memcached deletes at once and has dropped that argument: leave it out",
	                 "delete takes no time but 0");
}

const struct command command_delete = {
    .name = "delete",
    .group = GROUP_CHANGE,
    .operands = "KEY [TIME]",
    .options = noreply_options,
    .habits = "del rm unset",
    .summary = "remove an item",
    .about = "Removes KEY. TIME is what old clients could give; memcached takes only 0 there.",
    .sends = "delete <key>\\r\\n",
    .replies = "DELETED; NOT_FOUND when the key is not there",
    .example = "> set foo bar\nSTORED\n> delete foo\nDELETED\n> delete foo\nNOT_FOUND\n",
    .verb = VERB_DELETE,
    .build = build_delete,
};
