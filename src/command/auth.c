#include "base/xalloc.h"
#include "command/rows.h"
#include "shell/flow/ask.h"
#include "shell/lang/args.h"
#include "shell/report.h"
#include "shell/servers/login.h"

#include <stdlib.h>

/* Tries the login on every server at once, so that a wrong one is reported now. */
static enum status log_in(struct session *s, struct slice user, struct slice password)
{
	static const struct request version = {.verb = VERB_VERSION};
	struct error error;
	enum status status = ask_settle(s);
	if (!login_set(s, user, password, &error))
		return report_error(s, STATUS_USAGE, &error);
	size_t count = client_server_count(s->servers.client);
	struct said *said = xcalloc(count, sizeof(*said));
	ask_servers(s, &version, 0, count, said_read, said, sizeof(*said));
	for (size_t i = 0; i < count; i++) {
		if (!said[i].there)
			status = report_error(s, STATUS_LOST, &said[i].error);
	}
	free(said);
	if (status == STATUS_OK && session_chats(s))
		buf_add_str(&s->output.results, "logged in\n");
	return status;
}

static enum status run_auth(struct session *s, struct args *args)
{
	if (args->count == 2)
		return log_in(s, args->operands[0], args->operands[1]);
	if (slice_eq_str(args->operands[0], "off")) {
		enum status settled = ask_settle(s);
		servers_login(&s->servers, slice_of(NULL, 0), slice_of(NULL, 0));
		return settled;
	}
	struct buf password = BUF_INIT;
	enum status status = login_ask(s, args->operands[0], &password,
	                               "usage: .auth USER PASSWORD, or .auth off",
	                               ".auth: missing PASSWORD");
	if (status == STATUS_OK)
		status = log_in(s, args->operands[0], buf_slice(&password));
	buf_wipe(&password);
	return status;
}

const struct command command_dot_auth = {
    .name = ".auth",
    .group = GROUP_CONNECT,
    .flags = COMMAND_SECRET,
    .operands = "USER [PASSWORD]",
    .habits = "login user sasl passwd password authenticate",
    .summary = "log in to servers that ask for it",
    .about =
	"Logs in with memcached's ASCII authentication (a server started with -Y), or, with .set "
	"protocol binary, by SASL's PLAIN (one started with -S), now and on every connection that "
	"is opened from then on. .auth off ends that. Without PASSWORD it is asked for at the "
	"terminal and not shown: in -c '.auth USER PASSWORD' all users of the machine can read it "
	"in the list of processes. The line is not written to the history, and the password is *** "
	"in a trace; so it is with a login typed by set or .raw, once the server has said that it "
	"wants one. It crosses the network as it is, but by TLS. A login that was refused is not "
	"tried again before .disconnect or another .auth. For scripts there are --user and "
	"MCSH_PASSWORD or --password-file.",
    .sends = "set login 0 -1 <bytes>\\r\\n<user> <password>\\r\\n",
    .replies = "STORED; CLIENT_ERROR authentication failure",
    .example = "> .auth off\n",
    .effect = EFFECT_READS,
    .run = run_auth,
};
