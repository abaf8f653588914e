#include "base/number.h"
#include "base/quote.h"
#include "base/xalloc.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "view/text/time.h"

#include <stdlib.h>

static bool build_flush_all(struct session *s, struct args *args, struct request *request,
                            struct error *error)
{
	int64_t delay;
	request->noreply = args_option(args, "--noreply", NULL);
	if (args->count == 0)
		return true;
	if (!argument_time(s, args->operands[0], &delay, error))
		return false;
	if (delay < 0)
		return error_set(error, "leave it out to flush at once", "the delay is negative");
	request->has_exptime = true;
	request->number = (uint64_t)delay;
	return true;
}

/* How many items a server has. */
struct holding {
	bool known;
	uint64_t items;
};

static void on_holding(void *ctx, const struct reply *reply)
{
	struct holding *h = ctx;
	if (reply->kind == REPLY_STAT && slice_eq_str(reply->key, "curr_items"))
		h->known = number_parse_u64(reply->value, &h->items) == NUMBER_OK;
}

/* Asks the servers FROM up to before TO. The caller frees. */
static struct holding *count_items(struct session *s, size_t from, size_t to)
{
	static const struct request stats = {.verb = VERB_STATS, .own = true};
	struct holding *holdings = xcalloc(to, sizeof(*holdings));
	ask_servers(s, &stats, from, to, on_holding, holdings + from, sizeof(*holdings));
	return holdings;
}

/* "127.0.0.1:11211 (1,234 items)" */
static void add_holding(const struct session *s, struct buf *out, size_t server,
                        const struct holding *h)
{
	if (s->servers.in_sandbox && client_server_count(s->servers.client) == 1)
		buf_add_str(out, "the sandbox");
	else
		escape_add_field(
		    out, slice_str(conn_address(client_server(s->servers.client, server))->label));
	if (!h->known) {
		buf_add_str(out, " (which does not say how many)");
		return;
	}
	buf_add_str(out, " (");
	time_add_grouped(out, h->items);
	buf_add_str(out, h->items == 1 ? " item)" : " items)");
}

/* When a flush_all takes effect, as the server reads the number. */
static void add_when(struct buf *out, const struct request *request)
{
	if (!request->has_exptime || request->number == 0)
		return;
	if (request->number > 30 * 86400) {
		buf_add_str(out, " at ");
		time_add_unix(out, request->number);
		return;
	}
	buf_add_str(out, " in ");
	time_add_span(out, request->number);
}

static bool question_flush_all(struct session *s, struct args *args, struct buf *out,
                               struct error *error)
{
	struct request request = {.verb = VERB_FLUSH_ALL};
	struct target target;
	if (!build_flush_all(s, args, &request, error) || !execute_target(s, args, &target, error))
		return false;
	bool one = target.kind == TARGET_SERVER || target.kind == TARGET_HASH;
	size_t from = target.kind == TARGET_SERVER ? target.server
	              : target.kind == TARGET_HASH
	                  ? client_server_for_hash(s->servers.client, target.hash)
	                  : 0;
	size_t to = one ? from + 1 : client_server_count(s->servers.client);
	struct holding *holdings = count_items(s, from, to);
	buf_add_str(out, "flush_all makes every item of ");
	for (size_t i = from; i < to; i++) {
		if (i > from)
			buf_add_str(out, i + 1 == to ? " and " : ", ");
		add_holding(s, out, i, &holdings[i]);
	}
	buf_add_str(out, " expire");
	add_when(out, &request);
	buf_add_str(out, ", for everybody who uses this cache.");
	free(holdings);
	return true;
}

static const struct command_option noreply_options[] = {
    NOREPLY_OPTION,
    {0},
};

const struct command command_flush_all = {
    .name = "flush_all",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT | COMMAND_CONFIRM,
    .operands = "[DELAY]",
    .options = noreply_options,
    .habits = "flushall flushdb clear",
    .summary = "make every item expire",
    .about = "Every item stored until now is gone, or will be after DELAY seconds. Memory is not "
	     "given back, and counters of items go down only as room is used again. At a prompt "
	     "mcsh says which servers lose how many items, and when, and asks first (.set confirm "
	     "off).",
    .sends = "flush_all [<delay>]\\r\\n",
    .replies = "OK; CLIENT_ERROR flush_all not allowed",
    .example = "> set foo bar\nSTORED\n> flush_all\nOK\n> get foo\n",
    .question = question_flush_all,
    .verb = VERB_FLUSH_ALL,
    .build = build_flush_all,
};
