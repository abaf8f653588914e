/* .copy: an item under another key, or on another server. */
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/execute.h"
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
		return report_errorf(s, STATUS_NEGATIVE, "nothing was stored",
		                     "%.*s is not in the cache", SLICE_ARGS(args->operands[0], 80));
	look_report_token(s, look);
	if (look->item.flags > UINT32_MAX)
		return report_errorf(
		    s, STATUS_USAGE, "mcsh stores flags of 32 bits; nothing was stored",
		    "its flags, %llu, have more", (unsigned long long)look->item.flags);
	return STATUS_OK;
}

static enum status run_copy(struct session *s, struct args *args)
{
	struct look look = {0};
	struct buf arena = BUF_INIT;
	struct slice *keys = ask_prefixed(execute_prefix(s, args), args->operands, 1, &arena);
	struct request request = {.verb = args_option(args, "--overwrite", NULL) ? VERB_SET
	                                                                         : VERB_ADD,
	                          .dialect = s->servers.options.dialect,
	                          .keys = &args->operands[1],
	                          .key_count = 1};
	struct ask ask = {
	    .command = args->command->name, .request = &request, .prefix = execute_prefix(s, args)};
	struct error error;
	enum status status;
	if (!request_check_keys(&request, &error) ||
	    !read_target(&s->servers, args, &ask.target, &error))
		status = report_error(s, STATUS_USAGE, &error);
	else
		status = read_item(s, args, keys[0], &look);
	if (status == STATUS_OK) {
		request.flags = (uint32_t)look.item.flags;
		request.exptime = item_exptime(look.item.ttl, look.now);
		request.value = buf_slice(&look.value);
		window_ask(s, &ask, false, &status);
	}
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

const struct command command_dot_copy = {
    .name = ".copy",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "KEY NEW",
    .options = copy_options,
    .habits = "cp",
    .summary = "store an item under another key, too",
    .about =
	"Stores what KEY holds under NEW as well, byte for byte, with its flags and the time that "
	"is left to it, on the server that NEW belongs to. It is added: an item that is there "
	"under NEW stays as it is, unless --overwrite is given. --server names the server that KEY "
	"is read from, --to the one that NEW is stored on: so an item that others placed elsewhere "
	"is copied to where it belongs, under the same key. KEY is read by mg, which counts as a "
	"get and does not move it up; it takes the meta commands of memcached 1.6.12 and later.",
    .sends = "mg <key> v f t c u\\r\\n; add <new> <flags> <exptime> <bytes>\\r\\n<value>\\r\\n",
    .replies = "STORED; NOT_STORED when NEW is there already; SERVER_ERROR object too large for "
	       "cache",
    .example = "> set --time 1h foo bar\nSTORED\n> .copy foo old:foo\nSTORED\n"
	       "> .copy foo old:foo\nNOT_STORED\n> get old:foo\nbar\n",
    .effect = EFFECT_CHANGES,
    .run = run_copy,
};
