#include "shell/flow/look.h"

#include "proto/dialect.h"
#include "proto/item.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/advice.h"

#include <time.h>

bool look_can(struct session *s, size_t server, struct error *error)
{
	/* In packets there are no meta commands at all: the request says so. */
	if (dialects[s->servers.options.dialect].packets)
		return true;
	tracing_begin(&s->tracing);
	/* One that is not there is to say so itself. */
	bool yes = client_speaks(s->servers.client, server, DIALECT_META) ||
	           client_version(s->servers.client, server).len == 0;
	tracing_end(&s->tracing);
	return yes ||
	       error_set(error,
	                 "memcached has them since 1.6.12, and proxies mostly do not; gets KEY "
	                 "reads it there, and counts as a use",
	                 "%s does not answer the meta commands",
	                 servers_label(&s->servers, server));
}

/* An answer that is not one of those expected. */
static void fail(struct look *look, const struct request *request, const struct reply *reply)
{
	look->status = reply->kind == REPLY_LOST ? STATUS_LOST : STATUS_SERVER;
	if (reply->kind == REPLY_LOST)
		look->error = *reply->error;
	else
		error_set(&look->error, advice_for(request, reply), "%s: %s",
		          reply->server ? reply->server : "", reply_text(reply).s);
}

static void on_description(void *ctx, const struct reply *reply)
{
	struct look *look = ctx;
	if (!item_state_describe(&look->item, reply))
		fail(look, &(struct request){.verb = VERB_ME}, reply);
}

struct reading {
	struct look *look;
	const struct request *request;
};

static void on_value(void *ctx, const struct reply *reply)
{
	struct reading *r = ctx;
	struct look *look = r->look;
	if (!item_state_read(&look->item, r->request, reply)) {
		fail(look, r->request, reply);
		return;
	}
	buf_clear(&look->value);
	if (look->item.has_value)
		buf_add_slice(&look->value, reply->value);
}

static struct request request_of(enum verb verb, const struct slice *key)
{
	return (struct request){
	    .verb = verb, .keys = key, .key_count = 1, .key_coded = !item_key_is_classic(*key)};
}

bool look_at(struct session *s, struct slice key, size_t first, size_t end, struct look *looks)
{
	struct request me = request_of(VERB_ME, &key);
	for (size_t i = first; i < end; i++) {
		looks[i - first].now = time(NULL);
		looks[i - first].status = STATUS_OK;
	}
	return ask_servers(s, &me, first, end, on_description, looks, sizeof(*looks));
}

bool look_into(struct session *s, struct slice key, size_t server, struct look *look)
{
	struct request mg = request_of(VERB_MG, &key);
	struct reading reading = {look, &mg};
	mg.text = ITEM_STATE_FLAGS;
	look->now = time(NULL);
	return ask_servers(s, &mg, server, server + 1, on_value, &reading, sizeof(reading));
}

void look_report_token(struct session *s, const struct look *look)
{
	if (look->item.token)
		report_errorf(s, STATUS_OK,
		              "md KEY I marks it stale again, and the next who gets it is shown W",
		              "note: the item is stale, and reading it took the token to fetch it "
		              "again");
}

void look_release(struct look *look)
{
	buf_release(&look->value);
}

bool look_server(struct session *s, const struct args *args, struct slice key, size_t *server,
                 struct error *error)
{
	struct request me = request_of(VERB_ME, &key);
	struct target target;
	if (!request_check_keys(&me, error) || !execute_target(s, args, &target, error))
		return false;
	*server = servers_named(&s->servers, &target);
	if (*server == SERVER_BY_KEY)
		*server = client_server_for(s->servers.client, key);
	return *server < client_server_count(s->servers.client) ||
	       error_set(error, ".servers shows the weights", "no server has a weight");
}
