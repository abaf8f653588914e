/* .copy: an item under another key, or on another server. */
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/coded.h"
#include "shell/flow/look.h"
#include "shell/flow/window.h"
#include "shell/report.h"

#include <stdlib.h>

/* Where NEW goes: --to, .on, or by its hash. */
static bool read_target(struct servers *servers, const struct args *args, struct target *target,
                        struct error *error)
{
	struct slice text;
	*target = servers->target;
	if (!args_option(args, "--to", &text))
		return true;
	target->kind = TARGET_SERVER;
	return servers_find(servers, text, &target->server, error);
}

/* Reads the item of KEY, whole, into LOOK. STATUS_OK: it is there. What failed has been reported.
 */
static enum status read_item(struct session *s, const struct args *args, struct slice key,
                             struct look *look)
{
	struct error error;
	size_t server;
	if (!look_server(s, args, key, &server, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (!look_can(s, server, &error))
		return report_error(s, STATUS_SERVER, &error);
	look_into(s, key, server, look);
	if (look->status != STATUS_OK)
		return report_error(s, look->status, &look->error);
	if (!look->item.there)
		return report_key(
		    s, STATUS_NEGATIVE,
		    slice_find(key, SLICE("*"))
			? "nothing was stored; .dump --match takes a pattern, and .load stores it"
			: "nothing was stored",
		    args->operands[0], "is not in the cache");
	look_report_token(s, look);
	if (look->item.flags > UINT32_MAX)
		return report_errorf(
		    s, STATUS_USAGE, "mcsh stores flags of 32 bits; nothing was stored",
		    "its flags, %llu, have more", (unsigned long long)look->item.flags);
	return STATUS_OK;
}

/* Whether nothing is lost where REQUEST, an ms of the whole key NEW at TARGET, is refused: it fits,
 * and what is added is not there yet. STATUS_OK: so it is. What is wrong has been reported. */
static enum status look_before(struct session *s, const struct request *request,
                               const struct target *target, struct slice new)
{
	struct request whole = *request;
	struct error error;
	struct item_limit limit = {0};
	struct look look = {0};
	size_t server = servers_named(&s->servers, target);
	if (server == SERVER_BY_KEY)
		server = client_server_for(s->servers.client, new);
	if (server >= client_server_count(s->servers.client))
		return STATUS_OK; /* to be reported by who sends it */
	if (!look_can(s, server, &error))
		return report_error(s, STATUS_SERVER, &error);
	whole.keys = &new;
	if (!coded_fits(s, server, &whole, &limit, &error))
		return report_error(s, STATUS_SERVER, &error);
	if (request->verb != VERB_ADD)
		return STATUS_OK;
	look_at(s, new, server, server + 1, &look);
	if (look.status != STATUS_OK)
		return report_error(s, look.status, &look.error);
	return look.item.there ? report_key(s, STATUS_NEGATIVE, "--overwrite replaces it",
	                                    request->keys[0], "is there already")
	                       : STATUS_OK;
}

static enum status run_copy(struct session *s, struct args *args)
{
	struct look look = {0};
	struct buf arena = BUF_INIT;
	struct slice *keys = ask_prefixed(execute_prefix(s, args), args->operands, 2, &arena);
	struct request request = {.verb = args_option(args, "--overwrite", NULL) ? VERB_SET
	                                                                         : VERB_ADD,
	                          .keys = &args->operands[1],
	                          .key_count = 1};
	struct ask ask = {
	    .command = args->command->name, .request = &request, .prefix = execute_prefix(s, args)};
	struct error error;
	enum status status;
	bool coded = coded_form(s, &request);
	if (!request_check_keys(&request, &error) ||
	    !read_target(&s->servers, args, &ask.target, &error))
		status = report_error(s, STATUS_USAGE, &error);
	else
		status = read_item(s, args, keys[0], &look);
	if (status == STATUS_OK) {
		request.flags = (uint32_t)look.item.flags;
		request.exptime = item_exptime(look.item.ttl, look.now);
		request.value = buf_slice(&look.value);
		if (coded)
			status = look_before(s, &request, &ask.target, keys[1]);
	}
	if (status == STATUS_OK)
		window_ask(s, &ask, false, &status);
	look_release(&look);
	free(keys);
	buf_release(&arena);
	return status;
}

static const struct command_option copy_options[] = {
    {"--overwrite", NULL, "where NEW is there already, replace it", NULL},
    {"--to", "SERVER", "store NEW on this server: its number in .servers, or its address", NULL},
    {0},
};

static const struct command_hint copy_hints[] = {
    {"rename mv move", "type .copy KEY NEW, then delete KEY"},
    {"migrate replicate", "type .dump --match GLOB | mcsh SERVER -c '.load -'"},
    {0},
};

const struct command command_dot_copy = {
    .name = ".copy",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "KEY NEW",
    .options = copy_options,
    .habits = "cp",
    .hints = copy_hints,
    .summary = "store an item under another key, too",
    .about =
	"Stores what KEY holds under NEW as well, byte for byte, with its flags and the time that "
	"is left to it, on the server that NEW belongs to. It is added: an item that is there "
	"under NEW stays as it is, unless --overwrite is given. --server names the server that KEY "
	"is read from, --to the one that NEW is stored on: so an item that others placed elsewhere "
	"is copied to where it belongs, under the same key. KEY is read by mg, which counts as a "
	"get and does not move it up; it takes the meta commands of memcached 1.6.12 and later. A "
	"NEW with blanks or control bytes goes by ms, after a look at the server's limit and at "
	"whether it is there, since a server that refuses an ms deletes what is there. Many keys "
        "go "
	"from server to server by .dump --match 'user:*' | mcsh SERVER -c '.load -'.",
    .sends = "mg <key> v f t c u\\r\\n; add <new> <flags> <exptime> <bytes>\\r\\n<value>\\r\\n; "
	     "of a NEW with blanks me and ms <new> <bytes> b ME",
    .replies = "STORED; NOT_STORED when NEW is there already; SERVER_ERROR object too large for "
	       "cache",
    .example = "> set --time 1h foo bar\nSTORED\n> .copy foo old:foo\nSTORED\n"
	       "> .copy foo old:foo\nNOT_STORED\n> get old:foo\nbar\n",
    .effect = EFFECT_CHANGES,
    .run = run_copy,
};
