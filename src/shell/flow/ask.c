#include "shell/flow/ask.h"

#include "base/xalloc.h"
#include "client/client_wait.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/advice.h"

#include <stdio.h>

struct slice *ask_prefixed(struct slice prefix, const struct slice *keys, size_t count,
                           struct buf *arena)
{
	struct slice *prefixed = xcalloc(count, sizeof(*prefixed));
	for (size_t i = 0; i < count; i++) {
		buf_add_slice(arena, prefix);
		buf_add_slice(arena, keys[i]);
	}
	const char *at = arena->data;
	for (size_t i = 0; i < count; i++) {
		prefixed[i] = slice_of(at, prefix.len + keys[i].len);
		at += prefixed[i].len;
	}
	return prefixed;
}

bool failure_take(struct failure *f, const struct request *request, const struct reply *reply)
{
	if (!reply_is_error(reply->kind) && reply->kind != REPLY_LOST)
		return false;
	f->status = reply_status(reply->kind);
	if (reply->kind == REPLY_LOST)
		f->error = *reply->error;
	else
		advice_set(&f->error, request, reply);
	return true;
}

enum status failure_report(struct session *s, const struct failure *f)
{
	return report_error(s, f->status, &f->error);
}

void said_read(void *ctx, const struct reply *reply)
{
	struct said *said = ctx;
	*said = (struct said){.there = reply->kind == REPLY_VERSION,
	                      .lost = reply->kind == REPLY_LOST,
	                      .shut = reply->kind == REPLY_CLIENT_ERROR &&
	                              slice_starts(reply->value, SLICE("unauthenticated"))};
	if (said->there)
		snprintf(said->version, sizeof(said->version), "%.*s",
		         SLICE_ARGS(reply->value, sizeof(said->version) - 1));
	else if (said->lost)
		said->error = *reply->error;
	else if (said->shut)
		error_set(&said->error, "--user NAME logs in", "%s wants a login", reply->server);
	else
		error_set(&said->error, "is it a memcached server?", "%s answers %s", reply->server,
		          reply_word(reply->kind));
}

bool ask_version(struct session *s, size_t first, size_t end, struct said *said)
{
	static const struct request version = {.verb = VERB_VERSION, .own = true};
	return ask_servers(s, &version, first, end, said_read, said, sizeof(*said));
}

bool ask_servers(struct session *s, const struct request *request, size_t first, size_t end,
                 reply_fn *fn, void *ctx, size_t size)
{
	struct client *client = s->servers.client;
	struct error error;
	tracing_begin(&s->tracing);
	for (size_t i = first; i < end; i++) {
		void *one = (char *)ctx + (i - first) * size;
		if (!client_submit(client, request, i, fn, one, &error)) {
			struct reply lost = {.kind = REPLY_LOST, .error = &error};
			fn(one, &lost);
		}
	}
	bool whole = client_run(client);
	tracing_end(&s->tracing);
	return whole;
}

bool ask_stats(struct session *s, const char *words, size_t first, size_t end, reply_fn *fn,
               void *ctx, size_t size)
{
	struct request stats = {.verb = VERB_STATS, .own = true, .text = slice_str(words)};
	return ask_servers(s, &stats, first, end, fn, ctx, size);
}

enum status ask_settle(struct session *s)
{
	struct error error;
	if (!client_unsettled(s->servers.client))
		return STATUS_OK;
	output_flush(&s->output);
	tracing_begin(&s->tracing);
	bool ok = client_settle(s->servers.client, &error);
	tracing_end(&s->tracing);
	return ok ? STATUS_OK : report_error(s, STATUS_LOST, &error);
}
