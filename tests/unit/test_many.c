#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/client_wait.h"
#include "client/many.h"
#include "lib/server.h"
#include "lib/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SERVERS  4
#define KEYS     10000
#define KEY_ROOM 24

/* Just below what a memcached takes by default: 1 MiB for the item as a whole. */
#define VALUE_MOST ((size_t)1048000)

/* A hang ends the program. */
#define PROGRAM_SECONDS 240

static struct server servers[SERVERS];

static char key_texts[KEYS][KEY_ROOM];
static struct slice keys[KEYS];

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

/* Of forty keys one has half a megabyte or more, and one some hundred kilobytes: 290 MB in all. */
static size_t value_length(size_t i)
{
	size_t spread = i * 7919;
	if (i % 40 == 0)
		return 512 * 1024 + spread % (VALUE_MOST - 512 * 1024 + 1);
	if (i % 40 == 20)
		return 64 * 1024 + spread % (448 * 1024);
	return 1 + spread % 4096;
}

static struct slice large_value(size_t i)
{
	return slice_of(pattern + i * 104729 % VALUE_MOST, value_length(i));
}

static struct slice small_value(size_t i)
{
	return keys[i];
}

/* What the tests have of the client, and what is heard of each key. */
struct work {
	struct client_options options;
	struct client *client;
	struct slice (*value)(size_t i); /* what is stored under each key */
	size_t filled;
	size_t sent; /* bytes */
	int wake[2];
	bool wake_when_sent; /* the first byte sent gives all up */
	useconds_t pause;    /* after each value */
	size_t calls[KEYS];  /* how often each key was heard of */
	enum reply_kind kinds[KEYS];
	size_t wrong;  /* values with other bytes */
	size_t shares; /* get: shares that failed */
	size_t ends;   /* get: replies with a time */
	enum reply_kind end;
};

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

static struct work *work_new(uint64_t timeout_ms)
{
	struct work *w = xcalloc(1, sizeof(*w));
	struct address addresses[SERVERS];
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
	for (size_t i = 0; i < SERVERS; i++)
		assert_true(address_parse(slice_str(servers[i].path), &addresses[i], &error));
	client_set_servers(w->client, addresses, SERVERS, &distribution_setups[0]);
	w->value = small_value;
	return w;
}

static void work_free(struct work *w)
{
	client_free(w->client);
	close(w->wake[0]);
	close(w->wake[1]);
	free(w);
}

static void forget_answers(struct work *w)
{
	memset(w->calls, 0, sizeof(w->calls));
	w->wrong = w->shares = w->ends = w->filled = 0;
}

static void fill(void *ctx, size_t i, struct request *request)
{
	struct work *w = ctx;
	request->verb = VERB_SET;
	request->keys = &keys[i];
	request->key_count = 1;
	request->value = w->value(i);
	w->filled++;
}

static void on_reply(void *ctx, size_t i, const struct reply *reply)
{
	struct work *w = ctx;
	w->calls[i]++;
	w->kinds[i] = reply->kind;
}

static struct slice key_at(void *ctx, size_t i)
{
	(void)ctx;
	return keys[i];
}

static bool store_on(struct work *w, size_t count, size_t server)
{
	struct many many = {
	    .count = count,
	    .server = server,
	    .fill = fill,
	    .on_reply = on_reply,
	    .key = key_at,
	    .ctx = w,
	};
	return client_do_many(w->client, &many);
}

static bool store(struct work *w, size_t count)
{
	return store_on(w, count, SERVER_BY_KEY);
}

static void on_value(void *ctx, const struct reply *reply)
{
	struct work *w = ctx;
	if (reply->kind == REPLY_VALUE) {
		size_t i = reply->key_index;
		w->calls[i]++;
		w->kinds[i] = REPLY_VALUE;
		w->wrong += !slice_eq(reply->key, keys[i]) || !slice_eq(reply->value, w->value(i));
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

static bool load(struct work *w, size_t count, struct error *error)
{
	struct request request = {.verb = VERB_GET, .keys = keys, .key_count = count};
	return client_get_many(w->client, &request, on_value, w, error);
}

/* How many of the first COUNT keys were heard of once, as KIND. */
static size_t heard_as(const struct work *w, size_t count, enum reply_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += w->calls[i] == 1 && w->kinds[i] == kind;
	return n;
}

/* How many of the first COUNT keys the server has by right. */
static size_t share_of(const struct work *w, size_t server, size_t count)
{
	struct distribution_server names[SERVERS];
	size_t n = 0;
	for (size_t i = 0; i < SERVERS; i++) {
		const struct address *a = conn_address(client_server(w->client, i));
		names[i] = (struct distribution_server){.host = a->path, .weight = 1};
	}
	struct distribution *d = distribution_new(&distribution_setups[0], names, SERVERS);
	for (size_t i = 0; i < count; i++)
		n += distribution_pick(d, keys[i], 0) == server;
	distribution_free(d);
	return n;
}

static int64_t milliseconds_since(int64_t start)
{
	return (clock_now() - start) / 1000000;
}

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
	for (size_t i = 0; i < SERVERS; i++)
		assert_true(client_submit(w->client, &limit, i, on_ok, &done, &error));
	assert_true(client_run(w->client));
	assert_int_equal(done, SERVERS);
}

TEST(three_hundred_megabytes_go_there_and_come_back)
{
	struct work *w = work_new(60000);
	struct error error;
	size_t total = 0;
	int64_t start = clock_now();
	give_room(w);
	w->value = large_value;
	for (size_t i = 0; i < KEYS; i++)
		total += value_length(i);
	assert_in_range(total, 270000000, 310000000);

	assert_true(store(w, KEYS));
	assert_int_equal(heard_as(w, KEYS, REPLY_STORED), KEYS);
	assert_int_equal(w->filled, KEYS);
	assert_true(w->sent > total);

	forget_answers(w);
	assert_true(load(w, KEYS, &error));
	assert_int_equal(heard_as(w, KEYS, REPLY_VALUE), KEYS);
	assert_int_equal(w->wrong, 0);
	assert_int_equal(w->shares, 0);
	assert_int_equal(w->ends, 1);
	assert_int_equal(w->end, REPLY_END);
	assert_in_range(milliseconds_since(start), 0, 60000);
	work_free(w);
}

TEST(keys_of_a_dead_server_go_elsewhere)
{
	struct work *w = work_new(30000);
	struct error error;
	server_kill(&servers[1]);
	assert_true(share_of(w, 1, KEYS) > 0);

	assert_true(store(w, KEYS));
	assert_int_equal(heard_as(w, KEYS, REPLY_STORED), KEYS);
	assert_true(client_is_dead(w->client, 1));

	forget_answers(w);
	assert_true(load(w, KEYS, &error));
	assert_int_equal(heard_as(w, KEYS, REPLY_VALUE), KEYS);
	assert_int_equal(w->wrong + w->shares, 0);
	assert_int_equal(w->ends, 1);

	/* A client that does not know yet finds them in the same places. */
	struct work *fresh = work_new(30000);
	assert_true(load(fresh, KEYS, &error));
	assert_int_equal(heard_as(fresh, KEYS, REPLY_VALUE), KEYS);
	assert_int_equal(fresh->wrong + fresh->shares, 0);
	assert_int_equal(fresh->ends, 1);
	work_free(fresh);
	work_free(w);
	server_restart(&servers[1]);
}

TEST(all_servers_dead_is_told_of_every_key)
{
	struct work *w = work_new(30000);
	struct error error;
	for (size_t i = 0; i < SERVERS; i++)
		server_kill(&servers[i]);
	assert_true(store(w, 1000));
	assert_int_equal(heard_as(w, 1000, REPLY_LOST), 1000);
	assert_true(load(w, 1000, &error));
	assert_int_equal(w->ends, 1);
	assert_true(w->shares > 0);
	for (size_t i = 0; i < SERVERS; i++)
		server_restart(&servers[i]);
	client_forget_dead(w->client);
	forget_answers(w);
	assert_true(store(w, KEYS));
	assert_int_equal(heard_as(w, KEYS, REPLY_STORED), KEYS);
	work_free(w);
}

TEST(a_server_that_hangs_keeps_only_its_share)
{
	struct work *w = work_new(30000);
	struct error error;
	assert_true(store(w, KEYS));
	/* From here on there is little patience, and the connections are open. */
	w->options.timeout_ms = 300;
	server_freeze(&servers[2]);
	size_t lost = share_of(w, 2, KEYS);
	assert_in_range(lost, 1, KEYS - 1);

	forget_answers(w);
	int64_t start = clock_now();
	assert_true(load(w, KEYS, &error));
	assert_in_range(milliseconds_since(start), 300, 10000);
	assert_int_equal(heard_as(w, KEYS, REPLY_VALUE), KEYS - lost);
	assert_int_equal(w->wrong, 0);
	assert_true(w->shares > 0);
	assert_int_equal(w->ends, 1);
	assert_true(client_is_dead(w->client, 2));

	/* Marked dead, it costs no time. */
	forget_answers(w);
	w->options.timeout_ms = 30000;
	assert_true(store(w, KEYS));
	assert_int_equal(heard_as(w, KEYS, REPLY_STORED), KEYS);
	kill(servers[2].pid, SIGCONT);
	work_free(w);
}

TEST(stores_for_a_server_that_hangs_are_lost_and_no_others)
{
	struct work *w = work_new(30000);
	assert_true(store(w, KEYS));
	w->options.timeout_ms = 300;
	server_freeze(&servers[3]);
	size_t lost = share_of(w, 3, 2000);

	forget_answers(w);
	int64_t start = clock_now();
	store(w, 2000);
	assert_in_range(milliseconds_since(start), 300, 10000);
	assert_int_equal(heard_as(w, 2000, REPLY_STORED), 2000 - lost);
	assert_int_equal(heard_as(w, 2000, REPLY_LOST), lost);
	kill(servers[3].pid, SIGCONT);
	work_free(w);
}

TEST(an_interrupt_ends_it_at_once)
{
	struct work *w = work_new(0);
	struct error error;
	for (size_t i = 0; i < SERVERS; i++)
		server_freeze(&servers[i]);
	w->value = large_value;
	w->wake_when_sent = true;
	int64_t start = clock_now();
	assert_false(store(w, KEYS));
	assert_in_range(milliseconds_since(start), 0, 10000);
	assert_int_equal(heard_as(w, KEYS, REPLY_LOST), KEYS);
	assert_in_range(w->filled, 1, KEYS / 2);

	/* The wake descriptor is still readable. */
	forget_answers(w);
	assert_true(load(w, KEYS, &error));
	assert_int_equal(heard_as(w, KEYS, REPLY_VALUE), 0);
	assert_true(w->shares > 0);
	assert_int_equal(w->ends, 1);
	assert_in_range(milliseconds_since(start), 0, 10000);
	for (size_t i = 0; i < SERVERS; i++)
		kill(servers[i].pid, SIGCONT);
	work_free(w);
}

TEST(a_key_that_cannot_be_carried_stops_a_get)
{
	struct work *w = work_new(30000);
	struct slice bad[] = {SLICE("good"), SLICE("bad key"), SLICE("fine")};
	struct request request = {.verb = VERB_GET, .keys = bad, .key_count = 3};
	struct error error = {0};
	assert_false(client_get_many(w->client, &request, on_value, w, &error));
	assert_true(error.what[0]);
	assert_int_equal(w->sent, 0);
	assert_int_equal(w->ends + w->shares, 0);
	work_free(w);
}

/* What is filled in for the third cannot be sent; the others can. */
static void fill_badly(void *ctx, size_t i, struct request *request)
{
	static const struct slice bad = {"bad\nkey", 7};
	fill(ctx, i, request);
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
	    .on_reply = on_reply,
	    .key = key_at,
	    .ctx = w,
	};
	assert_true(client_do_many(w->client, &many));
	assert_int_equal(heard_as(w, 5, REPLY_STORED), 4);
	assert_int_equal(w->calls[2], 1);
	assert_int_equal(w->kinds[2], REPLY_LOST);
	work_free(w);
}

TEST(a_server_that_is_named_gets_all)
{
	struct work *w = work_new(30000);
	struct error error;
	assert_true(store_on(w, 1000, 3));
	assert_int_equal(heard_as(w, 1000, REPLY_STORED), 1000);
	for (size_t i = 0; i < SERVERS; i++)
		assert_int_equal(conn_opened(client_server(w->client, i)), i == 3);
	forget_answers(w);
	struct request request = {.verb = VERB_GET, .keys = keys, .key_count = 1000};
	assert_true(client_submit(w->client, &request, 3, on_value, w, &error));
	assert_true(client_run(w->client));
	assert_int_equal(heard_as(w, 1000, REPLY_VALUE), 1000);

	/* It goes nowhere else when the server is down. */
	server_kill(&servers[3]);
	forget_answers(w);
	assert_true(store_on(w, 1000, 3));
	assert_int_equal(heard_as(w, 1000, REPLY_LOST), 1000);
	server_restart(&servers[3]);
	work_free(w);
}

TEST(nothing_to_do_is_done)
{
	struct work *w = work_new(30000);
	assert_true(store(w, 0));
	assert_int_equal(w->sent, 0);
	work_free(w);
}

static int start_all(void **state)
{
	(void)state;
	alarm(PROGRAM_SECONDS);
	make_pattern();
	for (size_t i = 0; i < KEYS; i++) {
		int len = snprintf(key_texts[i], KEY_ROOM, "many:%zu", i);
		keys[i] = slice_of(key_texts[i], (size_t)len);
	}
	for (size_t i = 0; i < SERVERS; i++)
		server_start(&servers[i]);
	return 0;
}

/* Ten times the timeout goes by in the handler, while answers lie in the sockets and the servers
 * wait for room in them. */
static void time_in_handlers_is_not_the_servers(void **state)
{
	struct error error;
	struct work *w = work_new(300);
	(void)state;
	w->value = large_value;
	assert_true(store(w, 100));
	forget_answers(w);
	w->pause = 30000;
	assert_true(load(w, 100, &error));
	assert_int_equal(heard_as(w, 100, REPLY_VALUE), 100);
	assert_int_equal(w->wrong, 0);
	assert_int_equal(w->shares, 0);
	assert_int_equal(w->end, REPLY_END);
	work_free(w);
}

/* Nor is what passes between one step and the next. */
static void time_between_steps_is_not_the_servers(void **state)
{
	struct error error;
	struct work *w = work_new(300);
	struct request request = {.verb = VERB_GET, .keys = keys, .key_count = 1};
	(void)state;
	assert_true(store(w, 1));
	forget_answers(w);
	kill(servers[0].pid, SIGSTOP);
	assert_true(client_submit(w->client, &request, 0, on_value, w, &error));
	assert_true(client_poke(w->client));
	usleep(400000);
	assert_true(client_poke(w->client));
	assert_int_equal(w->ends, 0);
	kill(servers[0].pid, SIGCONT);
	assert_true(client_run(w->client));
	assert_int_equal(w->ends, 1);
	assert_int_equal(w->end, REPLY_END);
	work_free(w);
}

static int stop_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < SERVERS; i++)
		server_stop(&servers[i]);
	free(pattern);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(three_hundred_megabytes_go_there_and_come_back),
	    cmocka_unit_test(keys_of_a_dead_server_go_elsewhere),
	    cmocka_unit_test(all_servers_dead_is_told_of_every_key),
	    cmocka_unit_test(a_server_that_hangs_keeps_only_its_share),
	    cmocka_unit_test(stores_for_a_server_that_hangs_are_lost_and_no_others),
	    cmocka_unit_test(an_interrupt_ends_it_at_once),
	    cmocka_unit_test(a_key_that_cannot_be_carried_stops_a_get),
	    cmocka_unit_test(a_request_that_cannot_be_carried_is_lost_alone),
	    cmocka_unit_test(a_server_that_is_named_gets_all),
	    cmocka_unit_test(nothing_to_do_is_done),
	    cmocka_unit_test(time_in_handlers_is_not_the_servers),
	    cmocka_unit_test(time_between_steps_is_not_the_servers),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start_all, stop_all) == 0 ? 0 : 1;
}
