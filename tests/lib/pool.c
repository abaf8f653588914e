#include "lib/pool.h"

#include "client/client_wait.h"
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

struct server pool_server;

const struct client_options pool_options = {
    .timeout_ms = 30000,
    .connect_timeout_ms = 30000,
    .dead_retry_ms = 30000,
    .value_max = (size_t)1 << 20,
    .wake_fd = -1,
};

struct pool *pool_of(const struct client_options *o, const struct address *addresses, size_t count,
                     size_t max)
{
	struct client *client = client_new(o);
	struct address copies[2];
	for (size_t i = 0; i < count; i++)
		copies[i] = address_copy(&addresses[i]);
	client_set_servers(client, copies, count, &distribution_setups[0]);
	struct pool *pool = pool_new(o, client, max);
	client_free(client);
	return pool;
}

struct pool *pool_on_server(size_t max)
{
	return pool_of(&pool_options, &pool_server.address, 1, max);
}

void pool_on_reply(void *ctx, const struct reply *reply)
{
	struct answer *a = ctx;
	if (reply->kind == REPLY_VALUE && reply->value.len < sizeof(a->value)) {
		memcpy(a->value, reply->value.data, reply->value.len);
		a->len = reply->value.len;
	}
	if (reply->kind == REPLY_STAT && a->wanted && slice_eq_str(reply->key, a->wanted)) {
		char digits[32];
		snprintf(digits, sizeof(digits), "%.*s", (int)reply->value.len, reply->value.data);
		a->counter = strtoull(digits, NULL, 10);
	}
	if (reply_is_last(reply->kind))
		a->last = reply->kind;
}

uint64_t pool_counter(struct client *observer, const char *name)
{
	static const struct request stats = {.verb = VERB_STATS};
	struct answer a = {.wanted = name, .counter = UINT64_MAX};
	struct error error;
	assert_true(client_submit(observer, &stats, 0, pool_on_reply, &a, &error));
	client_run(observer);
	assert_int_equal(a.last, REPLY_END);
	assert_true(a.counter != UINT64_MAX);
	return a.counter;
}

const char *pool_round_trip(struct pool *pool, size_t number)
{
	char text[32];
	struct slice key = slice_of(text, (size_t)snprintf(text, sizeof(text), "key:%zu", number));
	struct request set = {.verb = VERB_SET, .keys = &key, .key_count = 1, .value = key};
	struct request get = {.verb = VERB_GET, .keys = &key, .key_count = 1};
	struct answer a = {0};
	struct error error;
	if (pool_call(pool, &set, SERVER_BY_KEY, pool_on_reply, &a, &error) != POOL_ANSWERED)
		return "set refused";
	if (a.last != REPLY_STORED)
		return a.last == REPLY_LOST ? "set lost" : "not stored";
	if (pool_call(pool, &get, SERVER_BY_KEY, pool_on_reply, &a, &error) != POOL_ANSWERED)
		return "get refused";
	if (a.last != REPLY_END)
		return a.last == REPLY_LOST ? "get lost" : "not read";
	return slice_eq(slice_of(a.value, a.len), key) ? NULL : "another's value";
}

int pool_set_up(void **state)
{
	(void)state;
	server_start(&pool_server);
	return 0;
}

int pool_tear_down(void **state)
{
	(void)state;
	server_stop(&pool_server);
	return 0;
}
