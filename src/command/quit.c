/* quit, which the server receives, and .quit, which it does not. */
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/session.h"

static enum status run_quit(struct session *s, struct args *args)
{
	(void)s;
	(void)args;
	return STATUS_OK;
}

const struct command command_quit = {
    .name = "quit",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT | COMMAND_LEAVES,
    .operands = "",
    .summary = "say goodbye to the server and leave",
    .about = "Sends the protocol's quit, which the server answers by closing the connection, and "
	     "leaves mcsh. At a prompt, and of several servers, one that cannot be reached is no "
	     "error. .quit leaves without a word to the server.",
    .sends = "quit\\r\\n",
    .replies = "nothing: the server closes the connection",
    .example = "> quit\n",
    .verb = VERB_QUIT,
    .build = argument_none,
};

const struct command command_dot_quit = {
    .name = ".quit",
    .aliases = "exit .exit",
    .habits = "q :q :q! bye logout close exit; quit;",
    .group = GROUP_SHELL,
    .flags = COMMAND_LEAVES,
    .operands = "",
    .summary = "leave",
    .about = "Leaves mcsh, as Ctrl-D on an empty line does. The exit status is the highest of the "
	     "commands' before it.",
    .example = "> .quit\n",
    .effect = EFFECT_READS,
    .run = run_quit,
};
