#include "base/deadline.h"
#include "client/client_wait.h"
#include "client/many.h"
#include "lib/many.h"
#include "lib/server.h"
#include "lib/unit.h"

static void on_ok(void *ctx, const struct reply *reply)
{
	if (reply->kind == REPLY_LINE && slice_eq_str(slice_trim(reply->value), "OK"))
		++*(size_t *)ctx;
}

/* A memcached has 64 MB unless it is told otherwise. */
static void give_room(struct work *w)
{
	static const struct request limit = {.verb = VERB_RAW,
	                                     .text = {"cache_memlimit 1024\r\n", 21}};
	struct error error;
	size_t done = 0;
	for (size_t i = 0; i < MANY_SERVERS; i++)
		assert_true(client_submit(w->client, &limit, i, on_ok, &done, &error));
	assert_true(client_run(w->client));
	assert_int_equal(done, MANY_SERVERS);
}

TEST(three_hundred_megabytes_go_there_and_come_back)
{
	struct work *w = work_new(60000);
	struct error error;
	size_t total = 0;
	int64_t start = clock_now();
	give_room(w);
	w->value = many_large_value;
	for (size_t i = 0; i < MANY_KEYS; i++)
		total += many_value_length(i);
	assert_in_range(total, 270000000, 310000000);

	assert_true(work_store(w, MANY_KEYS));
	assert_int_equal(work_answered_as(w, MANY_KEYS, REPLY_STORED), MANY_KEYS);
	assert_int_equal(w->filled, MANY_KEYS);
	assert_true(w->sent > total);

	work_forget(w);
	assert_true(work_load(w, MANY_KEYS, &error));
	assert_int_equal(work_answered_as(w, MANY_KEYS, REPLY_VALUE), MANY_KEYS);
	assert_int_equal(w->wrong, 0);
	assert_int_equal(w->shares, 0);
	assert_int_equal(w->ends, 1);
	assert_int_equal(w->end, REPLY_END);
	assert_in_range(many_milliseconds_since(start), 0, 60000);
	work_free(w);
}

TEST(a_key_that_cannot_be_carried_stops_a_get)
{
	struct work *w = work_new(30000);
	struct slice bad[] = {SLICE("good"), SLICE("bad key"), SLICE("fine")};
	struct request request = {.verb = VERB_GET, .keys = bad, .key_count = 3};
	struct error error = {0};
	assert_false(client_get_many(w->client, &request, work_on_value, w, &error));
	assert_true(error.what[0]);
	assert_int_equal(w->sent, 0);
	assert_int_equal(w->ends + w->shares, 0);
	work_free(w);
}

/* What is filled in for the third cannot be sent; the others can. */
static void fill_badly(void *ctx, size_t i, struct request *request)
{
	static const struct slice bad = {"bad\nkey", 7};
	work_fill(ctx, i, request);
	if (i == 2)
		request->keys = &bad;
}

TEST(a_request_that_cannot_be_carried_is_lost_alone)
{
	struct work *w = work_new(30000);
	struct many many = {
	    .count = 5,
	    .server = SERVER_BY_KEY,
	    .fill = fill_badly,
	    .on_reply = work_on_reply,
	    .key = work_key_at,
	    .ctx = w,
	};
	assert_true(client_do_many(w->client, &many));
	assert_int_equal(work_answered_as(w, 5, REPLY_STORED), 4);
	assert_int_equal(w->calls[2], 1);
	assert_int_equal(w->kinds[2], REPLY_LOST);
	work_free(w);
}

TEST(a_server_that_is_named_gets_all)
{
	struct work *w = work_new(30000);
	struct error error;
	assert_true(work_store_on(w, 1000, 3));
	assert_int_equal(work_answered_as(w, 1000, REPLY_STORED), 1000);
	for (size_t i = 0; i < MANY_SERVERS; i++)
		assert_int_equal(conn_opened(client_server(w->client, i)), i == 3);
	work_forget(w);
	struct request request = {.verb = VERB_GET, .keys = many_keys, .key_count = 1000};
	assert_true(client_submit(w->client, &request, 3, work_on_value, w, &error));
	assert_true(client_run(w->client));
	assert_int_equal(work_answered_as(w, 1000, REPLY_VALUE), 1000);

	/* It goes nowhere else when the server is down. */
	server_kill(&many_servers[3]);
	work_forget(w);
	assert_true(work_store_on(w, 1000, 3));
	assert_int_equal(work_answered_as(w, 1000, REPLY_LOST), 1000);
	server_restart(&many_servers[3]);
	work_free(w);
}

TEST(nothing_to_do_is_done)
{
	struct work *w = work_new(30000);
	assert_true(work_store(w, 0));
	assert_int_equal(w->sent, 0);
	work_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(three_hundred_megabytes_go_there_and_come_back),
	    cmocka_unit_test(a_key_that_cannot_be_carried_stops_a_get),
	    cmocka_unit_test(a_request_that_cannot_be_carried_is_lost_alone),
	    cmocka_unit_test(a_server_that_is_named_gets_all),
	    cmocka_unit_test(nothing_to_do_is_done),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, many_start, many_stop) == 0 ? 0 : 1;
}
