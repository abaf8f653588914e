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

/* Lets every connection do what it can without waiting, and fills the poll array with what they
 * wait for then. Returns how many wait. */
static size_t watch(struct client *client, int64_t *deadline)
{
	size_t busy = 0, rescued;
	do {
		/* A request that goes elsewhere may go to a server whose turn is over. */
		rescued = client->rescued;
		for (size_t i = 0; i < client->count; i++) {
			if (conn_busy(client->servers[i].conn))
				conn_pump(client->servers[i].conn, 0);
		}
	} while (client->rescued != rescued);
	*deadline = DEADLINE_NEVER;
	for (size_t i = 0; i < client->count; i++) {
		struct conn *c = client->servers[i].conn;
		bool waits = conn_busy(c);
		client->polled[i] = waits ? conn_pollfd(c) : (struct pollfd){.fd = -1};
		busy += waits;
		if (waits)
			*deadline = deadline_min(*deadline, conn_deadline(c));
	}
	client->polled[client->count] =
	    (struct pollfd){.fd = client->options->wake_fd, .events = POLLIN};
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

/* Waits until DEADLINE at the most, and lets the owner do before what it has put off. *NOW is when
 * the wait was over. Returns what poll(2) does. */
static int wait_until(struct client *client, int64_t deadline, bool wait, int64_t *now)
{
	const struct client_options *options = client->options;
	if (wait && options->idle)
		deadline = deadline_min(deadline, options->idle(options->idle_ctx));
	if (wait && options->live)
		deadline = deadline_min(deadline, options->live(options->live_ctx));
	/* Whether the reader of the answer has gone (POLLERR) matters once all is sent. */
	int reader = options->reader_fd > 0 && all_sent(client) ? options->reader_fd : -1;
	client->polled[client->count + 1] = (struct pollfd){.fd = reader};
	int ms = wait && !client->give_up ? deadline_poll_ms(deadline) : 0;
	int64_t begin = client_count_away(client);
	int n = poll(client->polled, client->count + 2, ms);
	*now = clock_now();
	/* Longer than was asked for: mcsh was stopped (Ctrl-Z), and that is not the servers' time.
	 */
	if (ms >= 0 && *now - begin > ms * (int64_t)NSEC_PER_MSEC + STOPPED_NS)
		client_count_away(client);
	return n;
}

static bool take_step(struct client *client, bool wait)
{
	int64_t deadline, now;
	if (watch(client, &deadline) == 0)
		return false;
	int n = wait_until(client, deadline, wait, &now);
	const struct pollfd *wake = &client->polled[client->count], *reader = wake + 1;
	if (n > 0 && wake->revents) {
		interrupt(client);
		return false;
	}
	if (client->give_up && client->why.what[0]) {
		fail_busy(client, &client->why);
		return false;
	}
	if (client->give_up || (n > 0 && reader->revents & (POLLERR | POLLHUP))) {
		leave_unread(client);
		return false;
	}
	for (size_t i = 0; i < client->count; i++) {
		struct conn *c = client->servers[i].conn;
		if (n > 0 && client->polled[i].fd >= 0 && client->polled[i].revents)
			conn_pump(c, client->polled[i].revents);
		if (conn_busy(c) && conn_deadline(c) <= now)
			conn_expire(c);
	}
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
