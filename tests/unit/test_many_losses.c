#include "base/deadline.h"
#include "client/client_wait.h"
#include "lib/many.h"
#include "lib/server.h"
#include "lib/unit.h"

#include <signal.h>
#include <unistd.h>

/* How many of the first COUNT keys the server has by right. */
static size_t share_of(const struct work *w, size_t server, size_t count)
{
	struct distribution_server names[MANY_SERVERS];
	size_t n = 0;
	for (size_t i = 0; i < MANY_SERVERS; i++) {
		const struct address *a = conn_address(client_server(w->client, i));
		names[i] = (struct distribution_server){.host = a->path, .weight = 1};
	}
	struct distribution *d = distribution_new(&distribution_setups[0], names, MANY_SERVERS);
	for (size_t i = 0; i < count; i++)
		n += distribution_pick(d, many_keys[i], 0) == server;
	distribution_free(d);
	return n;
}

TEST(keys_of_a_dead_server_go_elsewhere)
{
	struct work *w = work_new(30000);
	struct error error;
	server_kill(&many_servers[1]);
	assert_true(share_of(w, 1, MANY_KEYS) > 0);

	assert_true(work_store(w, MANY_KEYS));
	assert_int_equal(work_answered_as(w, MANY_KEYS, REPLY_STORED), MANY_KEYS);
	assert_true(client_is_dead(w->client, 1));
	assert_int_equal(client_unreached(w->client), 1);

	work_forget(w);
	assert_true(work_load(w, MANY_KEYS, &error));
	assert_int_equal(work_answered_as(w, MANY_KEYS, REPLY_VALUE), MANY_KEYS);
	assert_int_equal(w->wrong + w->shares, 0);
	assert_int_equal(w->ends, 1);

	/* A client that does not know yet finds them in the same places. */
	struct work *fresh = work_new(30000);
	assert_true(work_load(fresh, MANY_KEYS, &error));
	assert_int_equal(work_answered_as(fresh, MANY_KEYS, REPLY_VALUE), MANY_KEYS);
	assert_int_equal(fresh->wrong + fresh->shares, 0);
	assert_int_equal(fresh->ends, 1);
	work_free(fresh);
	work_free(w);
	server_restart(&many_servers[1]);
}

TEST(all_servers_dead_is_told_of_every_key)
{
	struct work *w = work_new(30000);
	struct error error;
	for (size_t i = 0; i < MANY_SERVERS; i++)
		server_kill(&many_servers[i]);
	assert_true(work_store(w, 1000));
	assert_int_equal(work_answered_as(w, 1000, REPLY_LOST), 1000);
	assert_true(work_load(w, 1000, &error));
	assert_int_equal(w->ends, 1);
	assert_true(w->shares > 0);
	assert_int_equal(client_unreached(w->client), MANY_SERVERS);
	for (size_t i = 0; i < MANY_SERVERS; i++)
		server_restart(&many_servers[i]);
	client_forget_dead(w->client);
	work_forget(w);
	assert_true(work_store(w, MANY_KEYS));
	assert_int_equal(work_answered_as(w, MANY_KEYS, REPLY_STORED), MANY_KEYS);
	assert_int_equal(client_unreached(w->client), 0);
	work_free(w);
}

TEST(a_server_that_hangs_keeps_only_its_share)
{
	struct work *w = work_new(30000);
	struct error error;
	assert_true(work_store(w, MANY_KEYS));
	/* From here on there is little patience, and the connections are open. */
	w->options.timeout_ms = 300;
	server_freeze(&many_servers[2]);
	size_t lost = share_of(w, 2, MANY_KEYS);
	assert_in_range(lost, 1, MANY_KEYS - 1);

	work_forget(w);
	int64_t start = clock_now();
	assert_true(work_load(w, MANY_KEYS, &error));
	assert_in_range(many_milliseconds_since(start), 300, 10000);
	assert_int_equal(work_answered_as(w, MANY_KEYS, REPLY_VALUE), MANY_KEYS - lost);
	assert_int_equal(w->wrong, 0);
	assert_true(w->shares > 0);
	assert_int_equal(w->ends, 1);
	assert_true(client_is_dead(w->client, 2));

	/* Marked dead, it costs no time. */
	work_forget(w);
	w->options.timeout_ms = 30000;
	assert_true(work_store(w, MANY_KEYS));
	assert_int_equal(work_answered_as(w, MANY_KEYS, REPLY_STORED), MANY_KEYS);
	kill(many_servers[2].pid, SIGCONT);
	work_free(w);
}

TEST(stores_for_a_server_that_hangs_are_lost_and_no_others)
{
	struct work *w = work_new(30000);
	assert_true(work_store(w, MANY_KEYS));
	w->options.timeout_ms = 300;
	server_freeze(&many_servers[3]);
	size_t lost = share_of(w, 3, 2000);

	work_forget(w);
	int64_t start = clock_now();
	work_store(w, 2000);
	assert_in_range(many_milliseconds_since(start), 300, 10000);
	assert_int_equal(work_answered_as(w, 2000, REPLY_STORED), 2000 - lost);
	assert_int_equal(work_answered_as(w, 2000, REPLY_LOST), lost);
	kill(many_servers[3].pid, SIGCONT);
	work_free(w);
}

TEST(an_interrupt_ends_it_at_once)
{
	struct work *w = work_new(0);
	struct error error;
	for (size_t i = 0; i < MANY_SERVERS; i++)
		server_freeze(&many_servers[i]);
	w->value = many_large_value;
	w->wake_when_sent = true;
	int64_t start = clock_now();
	assert_false(work_store(w, MANY_KEYS));
	assert_in_range(many_milliseconds_since(start), 0, 10000);
	assert_int_equal(work_answered_as(w, MANY_KEYS, REPLY_LOST), MANY_KEYS);
	assert_in_range(w->filled, 1, MANY_KEYS / 2);

	/* The wake descriptor is still readable. */
	work_forget(w);
	assert_true(work_load(w, MANY_KEYS, &error));
	assert_int_equal(work_answered_as(w, MANY_KEYS, REPLY_VALUE), 0);
	assert_true(w->shares > 0);
	assert_int_equal(w->ends, 1);
	assert_in_range(many_milliseconds_since(start), 0, 10000);
	for (size_t i = 0; i < MANY_SERVERS; i++)
		kill(many_servers[i].pid, SIGCONT);
	work_free(w);
}

/* Ten times the timeout goes by in the handler, while answers lie in the sockets and the servers
 * wait for room in them. */
static void time_in_handlers_is_not_the_servers(void **state)
{
	struct error error;
	struct work *w = work_new(300);
	(void)state;
	w->value = many_large_value;
	assert_true(work_store(w, 100));
	work_forget(w);
	w->pause = 30000;
	assert_true(work_load(w, 100, &error));
	assert_int_equal(work_answered_as(w, 100, REPLY_VALUE), 100);
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
	struct request request = {.verb = VERB_GET, .keys = many_keys, .key_count = 1};
	(void)state;
	assert_true(work_store(w, 1));
	work_forget(w);
	kill(many_servers[0].pid, SIGSTOP);
	assert_true(client_submit(w->client, &request, 0, work_on_value, w, &error));
	assert_true(client_poke(w->client));
	usleep(400000);
	assert_true(client_poke(w->client));
	assert_int_equal(w->ends, 0);
	kill(many_servers[0].pid, SIGCONT);
	assert_true(client_run(w->client));
	assert_int_equal(w->ends, 1);
	assert_int_equal(w->end, REPLY_END);
	work_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keys_of_a_dead_server_go_elsewhere),
	    cmocka_unit_test(all_servers_dead_is_told_of_every_key),
	    cmocka_unit_test(a_server_that_hangs_keeps_only_its_share),
	    cmocka_unit_test(stores_for_a_server_that_hangs_are_lost_and_no_others),
	    cmocka_unit_test(an_interrupt_ends_it_at_once),
	    cmocka_unit_test(time_in_handlers_is_not_the_servers),
	    cmocka_unit_test(time_between_steps_is_not_the_servers),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, many_start, many_stop) == 0 ? 0 : 1;
}
