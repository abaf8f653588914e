#include "base/quote.h"
#include "base/xalloc.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/flow/ask.h"
#include "shell/lang/args.h"
#include "shell/report.h"
#include "shell/secret.h"

#include <stdlib.h>

/* The answer to the first command on a new connection. */
struct login_try {
	bool answered;
	struct error lost;
};

static void on_version(void *ctx, const struct reply *reply)
{
	struct login_try *v = ctx;
	v->answered = reply->kind == REPLY_VERSION;
	if (reply->kind == REPLY_LOST)
		v->lost = *reply->error;
	else if (!v->answered)
		error_set(&v->lost, "is it a memcached server?", "%s answered %s after the login",
		          reply->server, reply_word(reply->kind));
}

static bool fits_login(struct slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		if ((unsigned char)word.data[i] <= ' ' || word.data[i] == 0x7f)
			return false;
	}
	return word.len > 0 && word.len < 128;
}

/* Asks for the password of USER at the terminal. */
static enum status ask_password(struct session *s, struct slice user, struct buf *password)
{
	struct buf question = BUF_INIT;
	enum secret_result result = SECRET_NO_TERMINAL;
	buf_add_str(&question, "Password of ");
	escape_add_field(&question, user);
	buf_add_str(&question, ": ");
	session_catch_up(s);
	output_flush(&s->output);
	if (s->prompt)
		s->prompt->drop_typed(s->prompt->ctx);
	if (!s->mode.driven)
		result = secret_read(buf_cstr(&question), password);
	buf_release(&question);
	if (result == SECRET_READ)
		return STATUS_OK;
	s->mode.leaving |= result == SECRET_GIVEN_UP && !s->mode.interactive;
	if (result == SECRET_GIVEN_UP)
		return report_errorf(s, STATUS_USAGE, NULL, "no password was typed");
	return report_errorf(s, STATUS_USAGE, "usage: .auth USER PASSWORD, or .auth off",
	                     ".auth: missing PASSWORD");
}

/* Tries the login on every server at once, so that a wrong one is reported now. */
static enum status log_in(struct session *s, struct slice user, struct slice password)
{
	static const struct request version = {.verb = VERB_VERSION};
	if (!fits_login(user) || !fits_login(password))
		return report_errorf(s, STATUS_USAGE, "memcached parts the two by a blank",
		                     "a user and a password have 1 to 127 bytes without blanks");
	enum status status = session_settle(s);
	servers_login(&s->servers, user, password);
	size_t count = client_server_count(s->servers.client);
	struct login_try *tries = xcalloc(count, sizeof(*tries));
	ask_servers(s, &version, 0, count, on_version, tries, sizeof(*tries));
	for (size_t i = 0; i < count; i++) {
		if (!tries[i].answered)
			status = report_error(s, STATUS_LOST, &tries[i].lost);
	}
	free(tries);
	if (status == STATUS_OK && session_chats(s))
		buf_add_str(&s->output.results, "logged in\n");
	return status;
}

static enum status run_auth(struct session *s, struct args *args)
{
	if (args->count == 2)
		return log_in(s, args->operands[0], args->operands[1]);
	if (slice_eq_str(args->operands[0], "off")) {
		enum status settled = session_settle(s);
		servers_login(&s->servers, slice_of(NULL, 0), slice_of(NULL, 0));
		return settled;
	}
	struct buf password = BUF_INIT;
	enum status status = ask_password(s, args->operands[0], &password);
	if (status == STATUS_OK)
		status = log_in(s, args->operands[0], buf_slice(&password));
	if (password.len > 0)
		explicit_bzero(password.data, password.len);
	buf_release(&password);
	return status;
}

const struct command command_dot_auth = {
    .name = ".auth",
    .group = GROUP_CONNECT,
    .flags = COMMAND_SECRET,
    .operands = "USER [PASSWORD]",
    .habits = "login sasl passwd password",
    .summary = "log in to servers that ask for it",
    .about = "Logs in with memcached's ASCII authentication (a server started with -Y), now and on "
	     "every connection that is opened from then on. .auth off ends that. Without PASSWORD "
	     "it is asked for at the terminal and not shown: in -c '.auth USER PASSWORD' all users "
	     "of the machine can read it in the list of processes. The line is not written to the "
	     "history, and the password is *** in a trace. It crosses the network as it is.",
    .sends = "set login 0 -1 <bytes>\\r\\n<user> <password>\\r\\n",
    .replies = "STORED; CLIENT_ERROR authentication failure",
    .example = "> .auth off\n",
    .run = run_auth,
};
