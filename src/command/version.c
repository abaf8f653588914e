/* Of the whole server: version, verbosity. */
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/lang/args.h"

static bool build_verbosity(struct session *s, struct args *args, struct request *request,
                            struct error *error)
{
	(void)s;
	request->noreply = args_option(args, "--noreply", NULL);
	return argument_number(args->operands[0], "the level", UINT32_MAX, &request->number, error);
}

const struct command command_version = {
    .name = "version",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "",
    .habits = "ping",
    .summary = "show the server's version",
    .about = "Shows which memcached answers. It changes nothing, and so serves to see whether a "
	     "server is there.",
    .sends = "version\\r\\n",
    .replies = "VERSION <text>",
    .example = "> version | grep -c .\n1\n",
    .verb = VERB_VERSION,
    .build = argument_none,
};

const struct command command_verbosity = {
    .name = "verbosity",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "LEVEL",
    .options = noreply_options,
    .summary = "set how much the server logs",
    .about = "0 logs nothing but errors, 1 and 2 more of what it does, to its standard error.",
    .sends = "verbosity <level>\\r\\n",
    .replies = "OK",
    .example = "> verbosity 0\nOK\n",
    .verb = VERB_VERBOSITY,
    .build = build_verbosity,
};
