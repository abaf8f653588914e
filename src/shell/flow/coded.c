#include "shell/flow/coded.h"

#include "base/number.h"
#include "proto/item.h"
#include "shell/flow/ask.h"

bool coded_form(const struct session *s, struct request *request)
{
	request->dialect = s->servers.options.dialect;
	if (item_key_is_classic(request->keys[0]) || request->dialect == DIALECT_BINARY)
		return false;
	request->dialect = DIALECT_META;
	request->key_coded = true;
	return true;
}

static void on_setting(void *ctx, const struct reply *reply)
{
	struct item_limit *limit = ctx;
	uint64_t n;
	if (reply->kind != REPLY_STAT)
		return;
	if (slice_eq_str(reply->key, "item_size_max") &&
	    number_parse_u64(reply->value, &n) == NUMBER_OK)
		limit->most = n;
	else if (slice_eq_str(reply->key, "cas_enabled"))
		limit->cas = !slice_eq_str(reply->value, "no");
}

static void ask_limit(struct session *s, size_t server, struct item_limit *limit)
{
	static const struct request settings = {
	    .verb = VERB_STATS, .own = true, .text = SLICE_INIT("settings")};
	*limit = (struct item_limit){.asked = true, .most = UINT64_MAX, .cas = true};
	ask_servers(s, &settings, server, server + 1, on_setting, limit, 0);
}

static uint64_t size_of(const struct request *request, bool cas)
{
	return item_size(request->keys[0].len, request->flags, request->value.len, cas);
}

bool coded_fits(struct session *s, size_t server, const struct request *request,
                struct item_limit *limit, struct error *error)
{
	if (size_of(request, true) <= ITEM_SIZE_MAX_LEAST)
		return true;
	if (!limit->asked)
		ask_limit(s, server, limit);
	uint64_t size = size_of(request, limit->cas);
	return size <= limit->most ||
	       error_set(error,
	                 "nothing was stored; start the server with a larger -I, or store less",
	                 "the item would take %llu bytes, and %s takes %llu at the most "
	                 "(item_size_max)",
	                 (unsigned long long)size, servers_label(&s->servers, server),
	                 (unsigned long long)limit->most);
}
