#include "client/client_wait.h"
#include "client/client_private.h"

#include "base/deadline.h"

/* How much longer than asked for a wait may be on a busy machine, in nanoseconds. */
#define STOPPED_NS 100000000

static void set_mark(struct client *client, int64_t now)
{
	client->mark = now;
	client->away_at_mark = client->away;
}

int64_t client_count_away(struct client *client)
{
	int64_t now = clock_now();
	client->away = client->away_at_mark + (now - client->mark);
	set_mark(client, now);
	return now;
}

void client_spent(struct client *client, int64_t ns)
{
	client->away += ns;
	for (size_t i = 0; i < client->count; i++)
		conn_skip(client->servers[i].conn, ns);
}

static bool all_sent(const struct client *client)
{
	for (size_t i = 0; i < client->count; i++) {
		if (conn_backlog(client->servers[i].conn) > 0)
			return false;
	}
	return true;
}

/* Lets every connection do what it can without waiting. Returns how many wait then. */
static size_t prepare(struct client *client)
{
	size_t busy, rescued;
	do {
		/* A request that goes elsewhere may go to a server that has been looked at. */
		rescued = client->rescued;
		busy = wait_prepare(&client->wait);
	} while (client->rescued != rescued);
	return busy;
}

static void fail_busy(struct client *client, const struct error *why)
{
	struct error error = *why; /* handlers run below */
	client->given_up = true;
	for (size_t i = 0; i < client->count; i++) {
		if (conn_busy(client->servers[i].conn))
			conn_fail(client->servers[i].conn, &error);
	}
}

static void interrupt(struct client *client)
{
	struct error error;
	error_set(&error, "its connection is closed, the next command opens a new one",
	          "interrupted");
	fail_busy(client, &error);
}

/* Nothing is wrong with the servers. */
static void leave_unread(struct client *client)
{
	client->given_up = client->unread = true;
	for (size_t i = 0; i < client->count; i++) {
		if (conn_busy(client->servers[i].conn))
			conn_close(client->servers[i].conn);
	}
}

bool client_busy(const struct client *client)
{
	for (size_t i = 0; i < client->count; i++) {
		if (conn_busy(client->servers[i].conn))
			return true;
	}
	return false;
}

/* Waits, and lets the owner do before what it has put off. */
static void wait_for_all(struct client *client, bool wait)
{
	const struct client_options *options = client->options;
	int64_t deadline = client->wait.deadline;
	if (wait && options->live)
		deadline = deadline_min(deadline, options->live(options->live_ctx));
	/* Whether the reader of the answer has gone (POLLERR) matters once all is sent. */
	int reader = options->reader_fd > 0 && all_sent(client) ? options->reader_fd : -1;
	*wait_other(&client->wait, OTHER_READER) = (struct pollfd){.fd = reader};
	*wait_other(&client->wait, OTHER_WAKE) =
	    (struct pollfd){.fd = options->wake_fd, .events = POLLIN};
	int ms = wait && !client->give_up ? deadline_poll_ms(deadline) : 0;
	int64_t begin = client_count_away(client);
	wait_poll(&client->wait, ms);
	/* Longer than was asked for: mcsh was stopped (Ctrl-Z), and that is not the servers' time.
	 */
	if (ms >= 0 && client->wait.now - begin > ms * (int64_t)NSEC_PER_MSEC + STOPPED_NS)
		client_count_away(client);
}

static bool take_step(struct client *client, bool wait)
{
	if (prepare(client) == 0)
		return false;
	wait_for_all(client, wait);
	if (wait_other(&client->wait, OTHER_WAKE)->revents) {
		interrupt(client);
		return false;
	}
	if (client->give_up && client->why.what[0]) {
		fail_busy(client, &client->why);
		return false;
	}
	if (client->give_up ||
	    wait_other(&client->wait, OTHER_READER)->revents & (POLLERR | POLLHUP)) {
		leave_unread(client);
		return false;
	}
	wait_pump(&client->wait);
	return true;
}

static bool step(struct client *client, bool wait)
{
	client->given_up = client->unread = false;
	client_count_away(client);
	client->stepping = true;
	bool going_on = take_step(client, wait);
	client->stepping = false;
	client->give_up = client->give_up && going_on;
	set_mark(client, clock_now());
	return going_on;
}

bool client_step(struct client *client)
{
	return step(client, true);
}

bool client_poke(struct client *client)
{
	return step(client, false);
}

bool client_given_up(const struct client *client)
{
	return client->given_up;
}

bool client_unread(const struct client *client)
{
	return client->unread;
}

void client_give_up(struct client *client, const struct error *why)
{
	client->give_up = true;
	error_clear(&client->why);
	if (why)
		client->why = *why;
}

bool client_run(struct client *client)
{
	while (client_step(client))
		;
	return !client->given_up;
}
