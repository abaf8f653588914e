#include "command/arguments.h"
#include "command/question.h"
#include "command/rows.h"

static const struct command_form shutdown_forms[] = {
    {"", "at once"},
    {"graceful", "as by SIGUSR1: memory of -e is kept, connections end first"},
    {0},
};

static bool question_shutdown(struct session *s, struct args *args, struct buf *out,
                              struct error *error)
{
	size_t count;
	buf_add_str(out, "shutdown ends ");
	if (!question_servers(s, args, HOLDING_ITEMS, out, &count, error))
		return false;
	buf_add_str(out, ", for everybody who uses this cache.");
	return true;
}

static bool build_shutdown(struct session *s, struct args *args, struct request *request,
                           struct error *error)
{
	s->servers.sandbox_ends |= s->servers.in_sandbox;
	return argument_words(s, args, request, error);
}

const struct command command_shutdown = {
    .name = "shutdown",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT | COMMAND_CONFIRM,
    .operands = "[graceful]",
    .forms = shutdown_forms,
    .summary = "end the server",
    .about =
	"Ends the servers, if they were started with -A; those of a sandbox are. The answer is "
	"that the connection closes. At a prompt mcsh says what is lost and asks first (.set "
	"confirm off). In a sandbox, .sandbox starts another.",
    .sends = "shutdown [graceful]\\r\\n",
    .replies = "nothing: the server closes the connection; or ERROR: shutdown not enabled",
    .example = "> shutdown\n",
    .question = question_shutdown,
    .verb = VERB_SHUTDOWN,
    .build = build_shutdown,
};
