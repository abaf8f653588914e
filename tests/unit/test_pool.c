#include "base/deadline.h"
#include "client/client_wait.h"
#include "client/pool.h"
#include "lib/server.h"
#include "lib/unit.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SOCKETS 8

static struct server server;

static const struct client_options options = {
    .timeout_ms = 30000,
    .connect_timeout_ms = 30000,
    .dead_retry_ms = 30000,
    .value_max = (size_t)1 << 20,
    .wake_fd = -1,
};

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

/* What one answer said. */
struct answer {
	enum reply_kind last;
	char value[64];
	size_t len;
	const char *wanted; /* a counter of stats */
	uint64_t counter;
};

static void on_reply(void *ctx, const struct reply *reply)
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

/* A client beside the pool that looks at the server's counters. */
static struct client *new_observer(const struct server *s)
{
	struct client *client = client_new(&options);
	struct address address;
	struct error error;
	assert_true(address_parse(slice_str(s->path), &address, &error));
	client_set_servers(client, &address, 1, &distribution_setups[0]);
	return client;
}

static uint64_t counter(struct client *observer, const char *name)
{
	static const struct request stats = {.verb = VERB_STATS};
	struct answer a = {.wanted = name, .counter = UINT64_MAX};
	struct error error;
	assert_true(client_submit(observer, &stats, 0, on_reply, &a, &error));
	client_run(observer);
	assert_int_equal(a.last, REPLY_END);
	assert_true(a.counter != UINT64_MAX);
	return a.counter;
}

/* Stores a value of the caller's own and reads it back. What went wrong, or NULL. */
static const char *round_trip(struct pool *pool, size_t number)
{
	char text[32];
	struct slice key = slice_of(text, (size_t)snprintf(text, sizeof(text), "key:%zu", number));
	struct request set = {.verb = VERB_SET, .keys = &key, .key_count = 1, .value = key};
	struct request get = {.verb = VERB_GET, .keys = &key, .key_count = 1};
	struct answer a = {0};
	struct error error;
	if (pool_call(pool, &set, SERVER_BY_KEY, on_reply, &a, &error) != POOL_ANSWERED)
		return "set refused";
	if (a.last != REPLY_STORED)
		return a.last == REPLY_LOST ? "set lost" : "not stored";
	if (pool_call(pool, &get, SERVER_BY_KEY, on_reply, &a, &error) != POOL_ANSWERED)
		return "get refused";
	if (a.last != REPLY_END)
		return a.last == REPLY_LOST ? "get lost" : "not read";
	return slice_eq(slice_of(a.value, a.len), key) ? NULL : "another's value";
}

struct visitor {
	struct pool *pool;
	size_t number, rounds;
	atomic_uint *left; /* visitors that are not done */
	const char *trouble;
	pthread_t thread;
};

static void *visit(void *arg)
{
	struct visitor *v = arg;
	for (size_t i = 0; i < v->rounds && !v->trouble; i++)
		v->trouble = round_trip(v->pool, v->number);
	if (v->left)
		atomic_fetch_sub(v->left, 1);
	return NULL;
}

TEST(threads_that_come_and_go_open_one_connection)
{
	struct pool *pool = new_pool(SOCKETS);
	struct client *observer = new_observer(&server);
	uint64_t before = counter(observer, "total_connections");
	for (size_t i = 0; i < 1000; i++) {
		struct visitor v = {.pool = pool, .number = i, .rounds = 1};
		assert_int_equal(pthread_create(&v.thread, NULL, visit, &v), 0);
		pthread_join(v.thread, NULL);
		if (v.trouble)
			fail_msg("thread %zu: %s", i, v.trouble);
	}
	assert_int_equal(counter(observer, "total_connections"), before + 1);
	client_free(observer);
	pool_free(pool);
}

/* COUNT threads at once; the observer looks on until the last one is done. */
static void crowd(struct pool *pool, struct client *observer, size_t count, uint64_t most)
{
	struct visitor *visitors = calloc(count, sizeof(*visitors));
	atomic_uint left;
	atomic_init(&left, (unsigned)count);
	for (size_t i = 0; i < count; i++) {
		visitors[i] =
		    (struct visitor){.pool = pool, .number = i, .rounds = 20, .left = &left};
		assert_int_equal(pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]), 0);
	}
	do
		assert_in_range(counter(observer, "curr_connections"), 0, most);
	while (atomic_load(&left) > 0);
	for (size_t i = 0; i < count; i++) {
		pthread_join(visitors[i].thread, NULL);
		if (visitors[i].trouble)
			fail_msg("thread %zu: %s", i, visitors[i].trouble);
	}
	free(visitors);
}

TEST(threads_at_once_share_the_connections)
{
	struct pool *pool = new_pool(SOCKETS);
	struct client *observer = new_observer(&server);
	uint64_t total = counter(observer, "total_connections");
	uint64_t current = counter(observer, "curr_connections");
	crowd(pool, observer, 200, current + SOCKETS);
	uint64_t after = counter(observer, "total_connections");
	assert_in_range(after, total + 1, total + SOCKETS);
	crowd(pool, observer, 200, current + SOCKETS);
	assert_in_range(counter(observer, "total_connections"), after, total + SOCKETS);
	client_free(observer);
	pool_free(pool);
}

TEST(of_several_servers_each_has_its_share_of_sockets)
{
	struct server other;
	server_start(&other);
	struct address addresses[] = {server.address, other.address};
	struct pool *pool = pool_of(&options, addresses, 2, 4);
	struct client *observers[] = {new_observer(&server), new_observer(&other)};
	uint64_t current = counter(observers[0], "curr_connections");
	uint64_t others = counter(observers[1], "total_connections");
	uint64_t stored = counter(observers[1], "cmd_set");
	assert_int_equal(pool_server_count(pool), 2);
	crowd(pool, observers[0], 64, current + 4);
	assert_in_range(counter(observers[1], "total_connections"), others + 1, others + 4);
	assert_true(counter(observers[1], "cmd_set") > stored);
	client_free(observers[0]);
	client_free(observers[1]);
	pool_free(pool);
	server_stop(&other);
}

TEST(nothing_is_opened_before_it_is_used)
{
	struct client *observer = new_observer(&server);
	struct client *client;
	struct error error;
	uint64_t before = counter(observer, "total_connections");
	struct pool *pool = new_pool(SOCKETS);
	assert_true(pool_borrow(pool, DEADLINE_NEVER, &client, &error));
	pool_return(pool, client);
	assert_int_equal(counter(observer, "total_connections"), before);
	assert_int_equal(pool_waiting(pool), 0);
	pool_free(pool);
	pool_free(NULL);
	client_free(observer);
}

TEST(who_waits_too_long_is_told)
{
	struct pool *pool = new_pool(1);
	struct client *held, *none;
	struct error error;
	assert_true(pool_borrow(pool, 0, &held, &error)); /* there is nothing to wait for */
	int64_t start = clock_now();
	assert_false(pool_borrow(pool, start + 50 * NSEC_PER_MSEC, &none, &error));
	assert_in_range(clock_now() - start, 50 * NSEC_PER_MSEC, (int64_t)20 * NSEC_PER_SEC);
	assert_null(none);
	assert_string_equal(error.what, "the connection was in use until the time was up");
	assert_string_equal(error.hint, "allow more connections or more time");
	assert_false(pool_borrow(pool, 0, &none, &error));
	assert_int_equal(pool_waiting(pool), 0);
	pool_return(pool, held);
	assert_true(pool_borrow(pool, 0, &none, &error));
	assert_ptr_equal(none, held);
	pool_return(pool, none);
	pool_free(pool);
}

TEST(a_call_waits_as_long_as_the_options_say)
{
	struct client_options brief = options;
	brief.timeout_ms = 50;
	static const struct request version = {.verb = VERB_VERSION};
	struct pool *pool = pool_of(&brief, &server.address, 1, 2);
	struct client *a, *b;
	struct answer answer = {0};
	struct error error;
	assert_true(pool_borrow(pool, 0, &a, &error));
	assert_true(pool_borrow(pool, 0, &b, &error));
	assert_int_equal(pool_call(pool, &version, 0, on_reply, &answer, &error), POOL_REFUSED);
	assert_string_equal(error.what, "all 2 connections were in use until the time was up");
	pool_return(pool, a);
	pool_return(pool, b);
	pool_free(pool);
}

TEST(what_cannot_be_sent_is_refused)
{
	struct pool *pool = new_pool(1);
	struct slice key = SLICE("a key");
	struct request get = {.verb = VERB_GET, .keys = &key, .key_count = 1};
	struct answer answer = {0};
	struct error error;
	assert_int_equal(pool_call(pool, &get, SERVER_BY_KEY, on_reply, &answer, &error),
	                 POOL_REFUSED);
	assert_true(error.what[0]);
	assert_null(round_trip(pool, 1));
	pool_free(pool);
}

TEST(a_wake_up_gives_a_call_up)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	struct client_options woken = options;
	woken.wake_fd = ends[0];
	struct pool *pool = pool_of(&woken, &server.address, 1, 1);
	/* Answered by nothing until time is up: the server waits for the rest of the line. */
	static const struct request listen = {.verb = VERB_LISTEN, .text = {"get ", 4}};
	struct answer answer = {0};
	struct error error;
	assert_int_equal(write(ends[1], "", 1), 1);
	assert_int_equal(pool_call(pool, &listen, 0, on_reply, &answer, &error), POOL_INTERRUPTED);
	assert_int_equal(answer.last, REPLY_LOST);
	char byte;
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_null(round_trip(pool, 1));
	pool_free(pool);
	close(ends[0]);
	close(ends[1]);
}

#define QUEUE 20

struct queue {
	struct pool *pool;
	size_t served[QUEUE]; /* whoever holds the only client writes here */
	size_t count;
};

struct queuer {
	struct queue *queue;
	size_t number;
	int64_t deadline;
	bool got;
	pthread_t thread;
};

static void *stand_in_line(void *arg)
{
	struct queuer *q = arg;
	struct client *client;
	struct error error;
	q->got = pool_borrow(q->queue->pool, q->deadline, &client, &error);
	if (q->got) {
		q->queue->served[q->queue->count++] = q->number;
		pool_return(q->queue->pool, client);
	}
	return NULL;
}

static void wait_for_line(struct pool *pool, size_t length)
{
	while (pool_waiting(pool) != length)
		poll(NULL, 0, 1);
}

/* Lets threads queue up one behind the other. */
static void line_up(struct queue *queue, struct queuer *queuers, size_t count, int64_t deadline)
{
	for (size_t i = 0; i < count; i++) {
		size_t before = pool_waiting(queue->pool);
		queuers[i] = (struct queuer){.queue = queue, .number = i, .deadline = deadline};
		assert_int_equal(
		    pthread_create(&queuers[i].thread, NULL, stand_in_line, &queuers[i]), 0);
		wait_for_line(queue->pool, before + 1);
	}
}

TEST(service_is_in_the_order_of_arrival)
{
	struct queue queue = {.pool = new_pool(1)};
	struct queuer queuers[QUEUE];
	struct client *client;
	struct error error;
	assert_true(pool_borrow(queue.pool, 0, &client, &error));
	line_up(&queue, queuers, QUEUE, DEADLINE_NEVER);
	pool_return(queue.pool, client);
	/* Who comes back at once stands at the end of the line, behind all of them. */
	assert_true(pool_borrow(queue.pool, DEADLINE_NEVER, &client, &error));
	assert_int_equal(queue.count, QUEUE);
	for (size_t i = 0; i < QUEUE; i++)
		assert_int_equal(queue.served[i], i);
	pool_return(queue.pool, client);
	for (size_t i = 0; i < QUEUE; i++)
		pthread_join(queuers[i].thread, NULL);
	pool_free(queue.pool);
}

TEST(who_gives_up_leaves_the_line_in_order)
{
	struct queue queue = {.pool = new_pool(1)};
	struct queuer patient[3], hasty[3], late[3];
	struct client *client;
	struct error error;
	assert_true(pool_borrow(queue.pool, 0, &client, &error));
	line_up(&queue, patient, 3, DEADLINE_NEVER);
	int64_t soon = deadline_in(300);
	for (size_t i = 0; i < 3; i++) {
		hasty[i] = (struct queuer){.queue = &queue, .number = 99, .deadline = soon};
		assert_int_equal(pthread_create(&hasty[i].thread, NULL, stand_in_line, &hasty[i]),
		                 0);
	}
	for (size_t i = 0; i < 3; i++) {
		pthread_join(hasty[i].thread, NULL);
		assert_false(hasty[i].got);
	}
	line_up(&queue, late, 3, DEADLINE_NEVER);
	assert_int_equal(pool_waiting(queue.pool), 6);
	pool_return(queue.pool, client);
	for (size_t i = 0; i < 3; i++) {
		pthread_join(patient[i].thread, NULL);
		pthread_join(late[i].thread, NULL);
	}
	assert_int_equal(queue.count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(queue.served[i], i % 3);
	pool_free(queue.pool);
}

TEST(connections_that_died_idle_are_replaced_in_silence)
{
	struct pool *pool = new_pool(SOCKETS);
	struct client *observer = new_observer(&server);
	crowd(pool, observer, 50, UINT64_MAX);
	server_kill(&server);
	server_restart(&server);
	crowd(pool, observer, 50, UINT64_MAX);
	client_free(observer);
	pool_free(pool);
}

/* Threads that go on and on, through the death of their server. */
struct survivor {
	struct pool *pool;
	size_t number;
	atomic_uint *stage; /* 0: before the server is killed, 1: it is back, 2: enough */
	atomic_uint *calls;
	size_t late_trouble; /* calls that began when the server was back, and failed */
	pthread_t thread;
};

static void *survive(void *arg)
{
	struct survivor *s = arg;
	unsigned stage;
	while ((stage = atomic_load(s->stage)) < 2) {
		const char *trouble = round_trip(s->pool, s->number);
		s->late_trouble += stage == 1 && trouble;
		atomic_fetch_add(s->calls, 1);
	}
	return NULL;
}

static void wait_for_calls(atomic_uint *calls, unsigned more)
{
	unsigned until = atomic_load(calls) + more;
	while (atomic_load(calls) < until)
		poll(NULL, 0, 1);
}

TEST(a_server_that_comes_back_is_used_again)
{
	struct survivor survivors[20];
	struct pool *pool = new_pool(SOCKETS);
	atomic_uint stage, calls;
	atomic_init(&stage, 0);
	atomic_init(&calls, 0);
	for (size_t i = 0; i < 20; i++) {
		survivors[i] =
		    (struct survivor){.pool = pool, .number = i, .stage = &stage, .calls = &calls};
		assert_int_equal(pthread_create(&survivors[i].thread, NULL, survive, &survivors[i]),
		                 0);
	}
	wait_for_calls(&calls, 200);
	server_kill(&server);
	wait_for_calls(&calls, 50); /* without it: they fail at once, and none hangs */
	server_restart(&server);
	atomic_store(&stage, 1);
	wait_for_calls(&calls, 400);
	atomic_store(&stage, 2);
	for (size_t i = 0; i < 20; i++) {
		pthread_join(survivors[i].thread, NULL);
		assert_int_equal(survivors[i].late_trouble, 0);
	}
	assert_null(round_trip(pool, 1));
	pool_free(pool);
}

/* Three clients, each with a set that wants no answer, to a server that stands still. */
static struct pool *leave_unanswered(void)
{
	static const struct slice key = {"quiet", 5};
	struct request set = {
	    .verb = VERB_SET, .keys = &key, .key_count = 1, .value = key, .noreply = true};
	struct client *clients[3];
	struct answer a;
	struct error error;
	struct pool *pool = new_pool(3);
	server_freeze(&server);
	for (size_t i = 0; i < 3; i++) {
		assert_true(pool_borrow(pool, DEADLINE_NEVER, &clients[i], &error));
		assert_true(client_submit(clients[i], &set, 0, on_reply, &a, &error));
		client_run(clients[i]);
	}
	for (size_t i = 0; i < 3; i++)
		pool_return(pool, clients[i]);
	return pool;
}

static void *thaw(void *flag)
{
	poll(NULL, 0, 200);
	atomic_store((atomic_bool *)flag, true);
	kill(server.pid, SIGCONT);
	return NULL;
}

TEST(settling_waits_until_all_clients_were_carried_out)
{
	struct pool *pool = leave_unanswered();
	struct error error;
	atomic_bool thawed;
	pthread_t thread;
	atomic_init(&thawed, false);
	assert_int_equal(pthread_create(&thread, NULL, thaw, &thawed), 0);
	assert_true(pool_settle(pool, &error));
	assert_true(atomic_load(&thawed));
	pthread_join(thread, NULL);
	pool_free(pool);
}

TEST(settling_gives_all_clients_up_within_a_second_together)
{
	struct pool *pool = leave_unanswered();
	struct error error;
	int64_t start = clock_now();
	assert_false(pool_settle(pool, &error));
	assert_non_null(strstr(error.what, "did not answer in time"));
	assert_in_range(clock_now() - start, 900 * NSEC_PER_MSEC, 1900 * NSEC_PER_MSEC);
	kill(server.pid, SIGCONT);
	pool_free(pool);
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
	    cmocka_unit_test(threads_that_come_and_go_open_one_connection),
	    cmocka_unit_test(threads_at_once_share_the_connections),
	    cmocka_unit_test(of_several_servers_each_has_its_share_of_sockets),
	    cmocka_unit_test(nothing_is_opened_before_it_is_used),
	    cmocka_unit_test(who_waits_too_long_is_told),
	    cmocka_unit_test(a_call_waits_as_long_as_the_options_say),
	    cmocka_unit_test(what_cannot_be_sent_is_refused),
	    cmocka_unit_test(a_wake_up_gives_a_call_up),
	    cmocka_unit_test(service_is_in_the_order_of_arrival),
	    cmocka_unit_test(who_gives_up_leaves_the_line_in_order),
	    cmocka_unit_test(connections_that_died_idle_are_replaced_in_silence),
	    cmocka_unit_test(a_server_that_comes_back_is_used_again),
	    cmocka_unit_test(settling_waits_until_all_clients_were_carried_out),
	    cmocka_unit_test(settling_gives_all_clients_up_within_a_second_together),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
