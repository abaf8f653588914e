#include "base/deadline.h"
#include "client/client_wait.h"
#include "client/pool.h"
#include "lib/pool.h"
#include "lib/server.h"
#include "lib/unit.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#define SOCKETS 8

/* A client beside the pool that looks at the server's counters. */
static struct client *new_observer(const struct server *s)
{
	struct client *client = client_new(&pool_options);
	struct address address;
	struct error error;
	assert_true(address_parse(slice_str(s->path), &address, &error));
	client_set_servers(client, &address, 1, &distribution_setups[0]);
	return client;
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
		v->trouble = pool_round_trip(v->pool, v->number);
	if (v->left)
		atomic_fetch_sub(v->left, 1);
	return NULL;
}

TEST(threads_that_come_and_go_open_one_connection)
{
	struct pool *pool = pool_on_server(SOCKETS);
	struct client *observer = new_observer(&pool_server);
	uint64_t before = pool_counter(observer, "total_connections");
	for (size_t i = 0; i < 1000; i++) {
		struct visitor v = {.pool = pool, .number = i, .rounds = 1};
		assert_int_equal(pthread_create(&v.thread, NULL, visit, &v), 0);
		pthread_join(v.thread, NULL);
		if (v.trouble)
			fail_msg("thread %zu: %s", i, v.trouble);
	}
	assert_int_equal(pool_counter(observer, "total_connections"), before + 1);
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
		assert_in_range(pool_counter(observer, "curr_connections"), 0, most);
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
	struct pool *pool = pool_on_server(SOCKETS);
	struct client *observer = new_observer(&pool_server);
	uint64_t total = pool_counter(observer, "total_connections");
	uint64_t current = pool_counter(observer, "curr_connections");
	crowd(pool, observer, 200, current + SOCKETS);
	uint64_t after = pool_counter(observer, "total_connections");
	assert_in_range(after, total + 1, total + SOCKETS);
	crowd(pool, observer, 200, current + SOCKETS);
	assert_in_range(pool_counter(observer, "total_connections"), after, total + SOCKETS);
	client_free(observer);
	pool_free(pool);
}

TEST(of_several_servers_each_has_its_share_of_sockets)
{
	struct server other;
	server_start(&other);
	struct address addresses[] = {pool_server.address, other.address};
	struct pool *pool = pool_of(&pool_options, addresses, 2, 4);
	struct client *observers[] = {new_observer(&pool_server), new_observer(&other)};
	uint64_t current = pool_counter(observers[0], "curr_connections");
	uint64_t others = pool_counter(observers[1], "total_connections");
	uint64_t stored = pool_counter(observers[1], "cmd_set");
	assert_int_equal(pool_server_count(pool), 2);
	crowd(pool, observers[0], 64, current + 4);
	assert_in_range(pool_counter(observers[1], "total_connections"), others + 1, others + 4);
	assert_true(pool_counter(observers[1], "cmd_set") > stored);
	client_free(observers[0]);
	client_free(observers[1]);
	pool_free(pool);
	server_stop(&other);
}

TEST(nothing_is_opened_before_it_is_used)
{
	struct client *observer = new_observer(&pool_server);
	struct client *client;
	struct error error;
	uint64_t before = pool_counter(observer, "total_connections");
	struct pool *pool = pool_on_server(SOCKETS);
	assert_true(pool_borrow(pool, DEADLINE_NEVER, &client, &error));
	pool_return(pool, client);
	assert_int_equal(pool_counter(observer, "total_connections"), before);
	assert_int_equal(pool_waiting(pool), 0);
	pool_free(pool);
	pool_free(NULL);
	client_free(observer);
}

TEST(what_cannot_be_sent_is_refused)
{
	struct pool *pool = pool_on_server(1);
	struct slice key = SLICE("a key");
	struct request get = {.verb = VERB_GET, .keys = &key, .key_count = 1};
	struct answer answer = {0};
	struct error error;
	assert_int_equal(pool_call(pool, &get, SERVER_BY_KEY, pool_on_reply, &answer, &error),
	                 POOL_REFUSED);
	assert_true(error.what[0]);
	assert_null(pool_round_trip(pool, 1));
	pool_free(pool);
}

TEST(connections_that_died_idle_are_replaced_in_silence)
{
	struct pool *pool = pool_on_server(SOCKETS);
	struct client *observer = new_observer(&pool_server);
	crowd(pool, observer, 50, UINT64_MAX);
	server_kill(&pool_server);
	server_restart(&pool_server);
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
		const char *trouble = pool_round_trip(s->pool, s->number);
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
	struct pool *pool = pool_on_server(SOCKETS);
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
	server_kill(&pool_server);
	wait_for_calls(&calls, 50); /* without it: they fail at once, and none hangs */
	server_restart(&pool_server);
	atomic_store(&stage, 1);
	wait_for_calls(&calls, 400);
	atomic_store(&stage, 2);
	for (size_t i = 0; i < 20; i++) {
		pthread_join(survivors[i].thread, NULL);
		assert_int_equal(survivors[i].late_trouble, 0);
	}
	assert_null(pool_round_trip(pool, 1));
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
	struct pool *pool = pool_on_server(3);
	server_freeze(&pool_server);
	for (size_t i = 0; i < 3; i++) {
		assert_true(pool_borrow(pool, DEADLINE_NEVER, &clients[i], &error));
		assert_true(client_submit(clients[i], &set, 0, pool_on_reply, &a, &error));
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
	kill(pool_server.pid, SIGCONT);
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
	kill(pool_server.pid, SIGCONT);
	pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(threads_that_come_and_go_open_one_connection),
	    cmocka_unit_test(threads_at_once_share_the_connections),
	    cmocka_unit_test(of_several_servers_each_has_its_share_of_sockets),
	    cmocka_unit_test(nothing_is_opened_before_it_is_used),
	    cmocka_unit_test(what_cannot_be_sent_is_refused),
	    cmocka_unit_test(connections_that_died_idle_are_replaced_in_silence),
	    cmocka_unit_test(a_server_that_comes_back_is_used_again),
	    cmocka_unit_test(settling_waits_until_all_clients_were_carried_out),
	    cmocka_unit_test(settling_gives_all_clients_up_within_a_second_together),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, pool_set_up, pool_tear_down) == 0 ? 0 : 1;
}
