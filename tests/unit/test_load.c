#include "base/deadline.h"
#include "client/load.h"
#include "lib/server.h"
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

static struct server server;

static const struct client_options options = {
    .timeout_ms = 30000,
    .connect_timeout_ms = 30000,
    .dead_retry_ms = 30000,
    .value_max = (size_t)1 << 20,
    .wake_fd = -1,
};

static const struct slice any_key = {"any", 3};
static const struct request set = {.verb = VERB_SET, .keys = &any_key, .key_count = 1};
static const struct request get = {.verb = VERB_GET, .keys = &any_key, .key_count = 1};
static const struct load_text varying_key = {
    .before = {"lo", 2}, .text = {"ad:{}", 5}, .varies = true};

/* A pool of the COUNT servers at ADDRESSES. */
static struct pool *pool_of(const struct client_options *o, const struct address *addresses,
                            size_t count, size_t max)
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

static struct pool *new_pool(size_t max)
{
	return pool_of(&options, &server.address, 1, max);
}

static struct load_result *run(const struct load_plan *plan)
{
	struct error error;
	struct load_result *r = load_run(plan, NULL, NULL, &error);
	assert_non_null(r);
	return r;
}

struct answer {
	const char *counter;
	char value[64];
	size_t len;
};

static void on_reply(void *ctx, const struct reply *reply)
{
	struct answer *a = ctx;
	bool wanted = reply->kind == REPLY_VALUE ||
	              (reply->kind == REPLY_STAT && slice_eq_str(reply->key, a->counter));
	if (!wanted || reply->value.len >= sizeof(a->value))
		return;
	memcpy(a->value, reply->value.data, reply->value.len);
	a->len = reply->value.len;
}

static uint64_t counter(struct pool *pool, const char *name)
{
	static const struct request stats = {.verb = VERB_STATS};
	struct answer a = {.counter = name};
	struct error error;
	assert_int_equal(pool_call(pool, &stats, 0, on_reply, &a, &error), POOL_ANSWERED);
	return strtoull(a.value, NULL, 10);
}

TEST(numbers_are_put_in)
{
	static const struct load_text texts[] = {
	    {.text = {"{}", 2}, .varies = true},
	    {.before = {"-{}", 3}, .text = {"a{}b{}{}c-", 10}, .varies = true},
	    {.text = {"{ }}{", 5}, .varies = true},
	    {.text = {"{}", 2}},
	    {.before = {"=", 1}},
	};
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		load_expand(&out, &texts[i], i * 12);
	assert_text(buf_slice(&out), "0-{}a12b1212c-{ }}{{}=");
	buf_release(&out);
}

TEST(every_call_is_made_once)
{
	struct pool *pool = new_pool(2);
	uint64_t before = counter(pool, "cmd_set");
	struct load_plan plan = {.pool = pool,
	                         .server = SERVER_BY_KEY,
	                         .threads = 7,
	                         .count = 1000,
	                         .numbers = 300,
	                         .request = &set,
	                         .keys = &varying_key,
	                         .value = {.text = SLICE("<{}>"), .varies = true}};
	struct load_result *r = run(&plan);
	assert_int_equal(r->commands, 1000);
	assert_int_equal(r->errors, 0);
	assert_int_equal(r->misses, 0);
	assert_int_equal(r->worst, STATUS_OK);
	assert_int_equal(r->failure, REPLY_END);
	assert_false(r->interrupted);
	assert_int_equal(r->times.count, 1000);
	assert_true(r->elapsed >= histogram_at(&r->times, 1000));
	assert_int_equal(counter(pool, "cmd_set"), before + 1000);
	free(r);
	for (size_t i = 0; i < 300; i++) {
		char text[32], want[32];
		struct slice key =
		    slice_of(text, (size_t)snprintf(text, sizeof(text), "load:%zu", i));
		struct request request = {.verb = VERB_GET, .keys = &key, .key_count = 1};
		struct answer a = {0};
		struct error error;
		assert_int_equal(pool_call(pool, &request, 0, on_reply, &a, &error), POOL_ANSWERED);
		snprintf(want, sizeof(want), "<%zu>", i);
		assert_bytes(slice_of(a.value, a.len), slice_str(want));
	}
	pool_free(pool);
}

TEST(misses_are_counted)
{
	struct pool *pool = new_pool(3);
	struct load_plan plan = {.pool = pool,
	                         .server = SERVER_BY_KEY,
	                         .threads = 3,
	                         .count = 90,
	                         .numbers = 30,
	                         .request = &set,
	                         .keys = &varying_key,
	                         .value = {.text = SLICE("x")}};
	free(run(&plan));
	plan.request = &get;
	plan.keys = &(struct load_text){.text = SLICE("miss:{}"), .varies = true};
	struct load_result *r = run(&plan);
	assert_int_equal(r->commands, 90);
	assert_int_equal(r->misses, 90);
	assert_int_equal(r->worst, STATUS_NEGATIVE);
	assert_int_equal(r->times.count, 90);
	free(r);
	plan.keys = &varying_key;
	r = run(&plan);
	assert_int_equal(r->misses, 0);
	assert_int_equal(r->worst, STATUS_OK);
	free(r);
	pool_free(pool);
}

TEST(errors_are_counted_and_the_first_is_kept)
{
	static const struct request incr = {
	    .verb = VERB_INCR, .keys = &any_key, .key_count = 1, .number = 1};
	struct pool *pool = new_pool(2);
	struct load_plan plan = {.pool = pool,
	                         .server = SERVER_BY_KEY,
	                         .threads = 1,
	                         .count = 1,
	                         .numbers = 1,
	                         .request = &set,
	                         .keys = &varying_key,
	                         .value = {.text = SLICE("words")}};
	free(run(&plan));
	plan.request = &incr;
	plan.threads = 4;
	plan.count = 41;
	struct load_result *r = run(&plan);
	assert_int_equal(r->commands, 41);
	assert_int_equal(r->errors, 41);
	assert_int_equal(r->misses, 0);
	assert_int_equal(r->worst, STATUS_SERVER);
	assert_int_equal(r->failure, REPLY_CLIENT_ERROR);
	assert_text(slice_of(r->words, r->words_len),
	            "cannot increment or decrement non-numeric value");
	free(r);
	pool_free(pool);
}

TEST(a_server_that_is_not_there_ends_the_run)
{
	struct address nowhere = {.path = (char *)(size_t) "/nonexistent/socket",
	                          .label = (char *)(size_t) "/nonexistent/socket",
	                          .weight = 1};
	struct pool *pool = pool_of(&options, &nowhere, 1, 1);
	struct load_plan plan = {.pool = pool,
	                         .server = SERVER_BY_KEY,
	                         .threads = 1,
	                         .count = 1000000,
	                         .numbers = 1,
	                         .request = &get,
	                         .keys = &varying_key};
	struct load_result *r = run(&plan);
	assert_int_equal(r->commands, 3);
	assert_int_equal(r->errors, 3);
	assert_int_equal(r->worst, STATUS_LOST);
	assert_int_equal(r->failure, REPLY_LOST);
	assert_true(r->error.what[0]);
	assert_int_equal(r->times.count, 0);
	free(r);
	pool_free(pool);
}

TEST(the_time_ends_a_run)
{
	struct pool *pool = new_pool(2);
	struct load_plan plan = {.pool = pool,
	                         .server = SERVER_BY_KEY,
	                         .threads = 2,
	                         .span = 30 * NSEC_PER_MSEC,
	                         .numbers = 10,
	                         .request = &get,
	                         .keys = &varying_key};
	struct load_result *r = run(&plan);
	assert_true(r->commands > 0);
	assert_false(r->interrupted);
	assert_true(r->elapsed >= 30 * NSEC_PER_MSEC);
	free(r);
	pool_free(pool);
}

static bool three_ticks(void *ctx, uint64_t commands, int64_t elapsed)
{
	unsigned *ticks = ctx;
	return ++*ticks < 3 || elapsed == 0 || commands == UINT64_MAX;
}

TEST(a_tick_ends_a_run)
{
	struct pool *pool = new_pool(2);
	struct load_plan plan = {
	    .pool = pool, .threads = 4, .numbers = 10, .request = &get, .keys = &varying_key};
	unsigned ticks = 0;
	struct error error;
	struct load_result *r = load_run(&plan, three_ticks, &ticks, &error);
	assert_non_null(r);
	assert_int_equal(ticks, 3);
	assert_true(r->interrupted);
	assert_int_equal(r->errors, 0);
	free(r);
	pool_free(pool);
}

TEST(calls_that_are_dealt_out_go_to_the_servers_in_turn)
{
	struct server other;
	server_start(&other);
	struct address addresses[] = {server.address, other.address};
	struct pool *both = pool_of(&options, addresses, 2, 2);
	struct pool *first = new_pool(1);
	struct pool *second = pool_of(&options, &other.address, 1, 1);
	uint64_t before = counter(first, "cmd_get");
	struct load_plan plan = {.pool = both,
	                         .threads = 3,
	                         .count = 11,
	                         .numbers = 1,
	                         .request = &get,
	                         .keys = &varying_key,
	                         .server = LOAD_ROUND_ROBIN};
	struct load_result *r = run(&plan);
	assert_int_equal(r->commands, 11);
	assert_int_equal(r->errors, 0);
	assert_int_equal(counter(first, "cmd_get"), before + 6);
	assert_int_equal(counter(second, "cmd_get"), 5);
	free(r);
	pool_free(both);
	pool_free(first);
	pool_free(second);
	server_stop(&other);
}

TEST(several_keys_are_asked_of_their_servers)
{
	struct server other;
	server_start(&other);
	struct address addresses[] = {server.address, other.address};
	struct pool *pool = pool_of(&options, addresses, 2, 2);
	struct load_text keys[] = {{.text = SLICE("a:{}"), .varies = true},
	                           {.text = SLICE("b:{}"), .varies = true},
	                           {.text = SLICE("a:{}"), .varies = true}};
	static const struct slice any_keys[3] = {{"a", 1}, {"b", 1}, {"a", 1}};
	static const struct request get_three = {
	    .verb = VERB_GET, .keys = any_keys, .key_count = 3};
	struct load_plan plan = {.pool = pool,
	                         .server = SERVER_BY_KEY,
	                         .threads = 2,
	                         .count = 20,
	                         .numbers = 20,
	                         .request = &set,
	                         .value = {.text = SLICE("x")}};
	for (size_t i = 0; i < 2; i++) {
		plan.keys = &keys[i];
		free(run(&plan));
	}
	plan.request = &get_three;
	plan.keys = keys;
	struct load_result *r = run(&plan);
	assert_int_equal(r->commands, 20);
	assert_int_equal(r->errors, 0);
	assert_int_equal(r->misses, 0);
	free(r);
	pool_free(pool);
	server_stop(&other);
}

static int set_up(void **state)
{
	(void)state;
	server_start(&server);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	server_stop(&server);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_are_put_in),
	    cmocka_unit_test(every_call_is_made_once),
	    cmocka_unit_test(misses_are_counted),
	    cmocka_unit_test(errors_are_counted_and_the_first_is_kept),
	    cmocka_unit_test(a_server_that_is_not_there_ends_the_run),
	    cmocka_unit_test(the_time_ends_a_run),
	    cmocka_unit_test(a_tick_ends_a_run),
	    cmocka_unit_test(calls_that_are_dealt_out_go_to_the_servers_in_turn),
	    cmocka_unit_test(several_keys_are_asked_of_their_servers),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
