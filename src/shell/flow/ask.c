#include "shell/flow/ask.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/client_wait.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/advice.h"

#include <stdio.h>
#include <stdlib.h>

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

/* A server that is asked. */
struct asked {
	reply_fn *fn;
	void *ctx;
	int64_t lost_at; /* clock_now(); 0: it answered */
	struct error error;
};

static void on_answer(void *ctx, const struct reply *reply)
{
	struct asked *a = ctx;
	if (reply->kind == REPLY_LOST) {
		a->lost_at = clock_now();
		a->error = *reply->error;
	}
	a->fn(a->ctx, reply);
}

static void lose(struct asked *a, const struct error *error)
{
	a->fn(a->ctx, &(struct reply){.kind = REPLY_LOST, .error = error});
}

/* Whether a question that was lost after NS nanoseconds was lost for the time that it took. */
static bool is_timeout(const struct session *s, int64_t ns)
{
	uint64_t ms = s->servers.options.timeout_ms,
		 connect = s->servers.options.connect_timeout_ms;
	if (ms == 0 || (connect > 0 && connect < ms))
		ms = connect;
	return ms > 0 && ns / NSEC_PER_MSEC >= (int64_t)ms;
}

/* Notes which of the servers from FIRST on that were ASKED, COUNT of them, at START, did not answer
 * in time. Between commands (--wait, the greeting) each question stands for itself. */
static void note_silence(struct session *s, size_t first, const struct asked *asked, size_t count,
                         int64_t start)
{
	for (size_t i = 0; s->run.depth > 0 && i < count; i++) {
		if (asked[i].lost_at > 0 && is_timeout(s, asked[i].lost_at - start))
			silence_add(&s->run.silence, servers_label(&s->servers, first + i),
			            &asked[i].error);
	}
}

bool ask_servers(struct session *s, const struct request *request, size_t first, size_t end,
                 reply_fn *fn, void *ctx, size_t size)
{
	struct client *client = s->servers.client;
	struct asked *asked = xcalloc(end - first, sizeof(*asked));
	int64_t start = clock_now();
	struct error error;
	tracing_begin(&s->tracing);
	for (size_t i = first; i < end; i++) {
		struct asked *a = &asked[i - first];
		const struct error *silent =
		    silence_of(&s->run.silence, servers_label(&s->servers, i));
		*a = (struct asked){.fn = fn, .ctx = (char *)ctx + (i - first) * size};
		if (silent)
			lose(a, silent);
		else if (!client_submit(client, request, i, on_answer, a, &error))
			lose(a, &error);
	}
	bool whole = client_run(client);
	tracing_end(&s->tracing);
	note_silence(s, first, asked, end - first, start);
	free(asked);
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
