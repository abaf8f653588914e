#include "base/deadline.h"
#include "client/pool.h"
#include "lib/pool.h"
#include "lib/unit.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

TEST(who_waits_too_long_is_told)
{
	struct pool *pool = pool_on_server(1);
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
	struct client_options brief = pool_options;
	brief.timeout_ms = 50;
	static const struct request version = {.verb = VERB_VERSION};
	struct pool *pool = pool_of(&brief, &pool_server.address, 1, 2);
	struct client *a, *b;
	struct answer answer = {0};
	struct error error;
	assert_true(pool_borrow(pool, 0, &a, &error));
	assert_true(pool_borrow(pool, 0, &b, &error));
	assert_int_equal(pool_call(pool, &version, 0, pool_on_reply, &answer, &error),
	                 POOL_REFUSED);
	assert_string_equal(error.what, "all 2 connections were in use until the time was up");
	pool_return(pool, a);
	pool_return(pool, b);
	pool_free(pool);
}

TEST(a_wake_up_gives_a_call_up)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	struct client_options woken = pool_options;
	woken.wake_fd = ends[0];
	struct pool *pool = pool_of(&woken, &pool_server.address, 1, 1);
	/* Answered by nothing until time is up: the server waits for the rest of the line. */
	static const struct request listen = {.verb = VERB_LISTEN, .text = {"get ", 4}};
	struct answer answer = {0};
	struct error error;
	assert_int_equal(write(ends[1], "", 1), 1);
	assert_int_equal(pool_call(pool, &listen, 0, pool_on_reply, &answer, &error),
	                 POOL_INTERRUPTED);
	assert_int_equal(answer.last, REPLY_LOST);
	char byte;
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_null(pool_round_trip(pool, 1));
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

/* Lets threads queue up one after the other. */
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
	struct queue queue = {.pool = pool_on_server(1)};
	struct queuer queuers[QUEUE];
	struct client *client;
	struct error error;
	assert_true(pool_borrow(queue.pool, 0, &client, &error));
	line_up(&queue, queuers, QUEUE, DEADLINE_NEVER);
	pool_return(queue.pool, client);
	/* Who comes back at once stands at the end of the line, after all of them. */
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
	struct queue queue = {.pool = pool_on_server(1)};
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_waits_too_long_is_told),
	    cmocka_unit_test(a_call_waits_as_long_as_the_options_say),
	    cmocka_unit_test(a_wake_up_gives_a_call_up),
	    cmocka_unit_test(service_is_in_the_order_of_arrival),
	    cmocka_unit_test(who_gives_up_leaves_the_line_in_order),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, pool_set_up, pool_tear_down) == 0 ? 0 : 1;
}
