#include "lib/many.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

/* Just below what a memcached takes by default: 1 MiB for the item as a whole. */
#define VALUE_MOST ((size_t)1048000)

/* A hang ends the program. */
#define PROGRAM_SECONDS 240

struct server many_servers[MANY_SERVERS];

static char key_texts[MANY_KEYS][24];
struct slice many_keys[MANY_KEYS];

/* Every value is a stretch of these bytes, at a place of its own. */
static char *pattern;

static void make_pattern(void)
{
	uint64_t state = 1;
	pattern = xmalloc(2 * VALUE_MOST);
	for (size_t i = 0; i < 2 * VALUE_MOST; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		pattern[i] = (char)(state >> 56);
	}
}

size_t many_value_length(size_t i)
{
	size_t spread = i * 7919;
	if (i % 40 == 0)
		return 512 * 1024 + spread % (VALUE_MOST - 512 * 1024 + 1);
	if (i % 40 == 20)
		return 64 * 1024 + spread % (448 * 1024);
	return 1 + spread % 4096;
}

struct slice many_large_value(size_t i)
{
	return slice_of(pattern + i * 104729 % VALUE_MOST, many_value_length(i));
}

static struct slice small_value(size_t i)
{
	return many_keys[i];
}

static void on_trace(void *ctx, const char *server, bool sent, struct slice bytes, unsigned marks)
{
	struct work *w = ctx;
	(void)server;
	(void)marks;
	if (!sent)
		return;
	w->sent += bytes.len;
	if (w->wake_when_sent)
		assert_int_equal(write(w->wake[1], "", 1), 1);
	w->wake_when_sent = false;
}

struct work *work_new(uint64_t timeout_ms)
{
	struct work *w = xcalloc(1, sizeof(*w));
	struct address addresses[MANY_SERVERS];
	struct error error;
	assert_int_equal(pipe(w->wake), 0);
	w->options = (struct client_options){
	    .timeout_ms = timeout_ms,
	    .dead_retry_ms = 60000,
	    .value_max = (size_t)1 << 20,
	    .trace = on_trace,
	    .trace_ctx = w,
	    .wake_fd = w->wake[0],
	};
	w->client = client_new(&w->options);
	for (size_t i = 0; i < MANY_SERVERS; i++)
		assert_true(address_parse(slice_str(many_servers[i].path), &addresses[i], &error));
	client_set_servers(w->client, addresses, MANY_SERVERS, &distribution_setups[0]);
	w->value = small_value;
	return w;
}

void work_free(struct work *w)
{
	client_free(w->client);
	close(w->wake[0]);
	close(w->wake[1]);
	free(w);
}

void work_forget(struct work *w)
{
	memset(w->calls, 0, sizeof(w->calls));
	w->wrong = w->shares = w->ends = w->filled = 0;
}

void work_fill(void *ctx, size_t i, struct request *request)
{
	struct work *w = ctx;
	request->verb = VERB_SET;
	request->keys = &many_keys[i];
	request->key_count = 1;
	request->value = w->value(i);
	w->filled++;
}

void work_on_reply(void *ctx, size_t i, const struct reply *reply)
{
	struct work *w = ctx;
	w->calls[i]++;
	w->kinds[i] = reply->kind;
}

struct slice work_key_at(void *ctx, size_t i)
{
	(void)ctx;
	return many_keys[i];
}

bool work_store_on(struct work *w, size_t count, size_t server)
{
	struct many many = {
	    .count = count,
	    .server = server,
	    .fill = work_fill,
	    .on_reply = work_on_reply,
	    .key = work_key_at,
	    .ctx = w,
	};
	return client_do_many(w->client, &many);
}

bool work_store(struct work *w, size_t count)
{
	return work_store_on(w, count, SERVER_BY_KEY);
}

void work_on_value(void *ctx, const struct reply *reply)
{
	struct work *w = ctx;
	if (reply->kind == REPLY_VALUE) {
		size_t i = reply->key_index;
		w->calls[i]++;
		w->kinds[i] = REPLY_VALUE;
		w->wrong += !slice_eq(reply->key, many_keys[i]) ||
		            !slice_eq(reply->value, w->value(i));
		assert_null(reply->timing);
		if (w->pause)
			usleep(w->pause);
	} else if (reply->timing) {
		w->ends++;
		w->end = reply->kind;
	} else {
		assert_int_equal(reply->kind, REPLY_LOST);
		w->shares++;
	}
}

bool work_load(struct work *w, size_t count, struct error *error)
{
	struct request request = {.verb = VERB_GET, .keys = many_keys, .key_count = count};
	return client_get_many(w->client, &request, work_on_value, w, error);
}

size_t work_answered_as(const struct work *w, size_t count, enum reply_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += w->calls[i] == 1 && w->kinds[i] == kind;
	return n;
}

int64_t many_milliseconds_since(int64_t start)
{
	return (clock_now() - start) / 1000000;
}

int many_start(void **state)
{
	(void)state;
	alarm(PROGRAM_SECONDS);
	make_pattern();
	for (size_t i = 0; i < MANY_KEYS; i++) {
		int len = snprintf(key_texts[i], sizeof(key_texts[0]), "many:%zu", i);
		many_keys[i] = slice_of(key_texts[i], (size_t)len);
	}
	for (size_t i = 0; i < MANY_SERVERS; i++)
		server_start(&many_servers[i]);
	return 0;
}

int many_stop(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY_SERVERS; i++)
		server_stop(&many_servers[i]);
	free(pattern);
	return 0;
}
