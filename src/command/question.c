#include "command/question.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/xalloc.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "view/text/time.h"

#include <stdlib.h>

struct held {
	bool known, limited;
	uint64_t items, limit;
};

static void on_stat(void *ctx, const struct reply *reply)
{
	struct held *h = ctx;
	if (reply->kind != REPLY_STAT)
		return;
	if (slice_eq_str(reply->key, "curr_items"))
		h->known = number_parse_u64(reply->value, &h->items) == NUMBER_OK;
	else if (slice_eq_str(reply->key, "limit_maxbytes"))
		h->limited = number_parse_u64(reply->value, &h->limit) == NUMBER_OK;
}

/* "127.0.0.1:11211 (1,234 items)" */
static void add_held(const struct servers *servers, struct buf *out, size_t server,
                     const struct held *h, enum holding what)
{
	if (servers->in_sandbox && client_server_count(servers->client) == 1)
		buf_add_str(out, "the sandbox");
	else
		escape_add_field(out, slice_str(servers_label(servers, server)));
	if (!h->known) {
		buf_add_str(out, " (which does not say how many)");
		return;
	}
	buf_addf(out, " (%s", count_text(h->items, " item", " items").s);
	if (what == HOLDING_MEMORY && h->limited) {
		buf_addf(out, ", of %s MiB at the most", grouped_text(h->limit / (1024 * 1024)).s);
	}
	buf_add_char(out, ')');
}

bool question_servers(struct session *s, const struct args *args, enum holding what,
                      struct buf *out, size_t *count, struct error *error)
{
	size_t from, to;
	if (!execute_servers(s, args, &from, &to, error))
		return false;
	struct held *held = xcalloc(to, sizeof(*held));
	ask_stats(s, "", from, to, on_stat, held + from, sizeof(*held));
	for (size_t i = from; i < to; i++) {
		if (i > from)
			buf_add_str(out, i + 1 == to ? " and " : ", ");
		add_held(&s->servers, out, i, &held[i], what);
	}
	*count = to - from;
	free(held);
	return true;
}
