#include "client/client.h"

#include "base/deadline.h"
#include "base/xalloc.h"

#include <stdlib.h>

struct server {
	struct address address;
	struct conn *conn;
};

struct client {
	const struct client_options *options;
	struct server *servers;
	size_t count;
	struct distribution *distribution;
	struct pollfd *polled; /* one for each server and one for the wake descriptor */
};

struct client *client_new(const struct client_options *options)
{
	struct client *client = xcalloc(1, sizeof(*client));
	client->options = options;
	return client;
}

static void release_servers(struct client *client)
{
	for (size_t i = 0; i < client->count; i++) {
		conn_free(client->servers[i].conn);
		address_release(&client->servers[i].address);
	}
	free(client->servers);
	free(client->polled);
	distribution_free(client->distribution);
	client->servers = NULL;
	client->polled = NULL;
	client->distribution = NULL;
	client->count = 0;
}

void client_free(struct client *client)
{
	if (!client)
		return;
	release_servers(client);
	free(client);
}

void client_set_servers(struct client *client, const struct address *addresses, size_t count,
                        const struct distribution_setup *setup)
{
	release_servers(client);
	client->servers = xcalloc(count, sizeof(*client->servers));
	client->polled = xcalloc(count + 1, sizeof(*client->polled));
	client->count = count;
	struct distribution_server *names = xcalloc(count, sizeof(*names));
	for (size_t i = 0; i < count; i++) {
		const struct address *a = &addresses[i];
		client->servers[i].address = *a;
		client->servers[i].conn = conn_new(&client->servers[i].address, client->options);
		names[i] = (struct distribution_server){
		    .host = a->path ? a->path : a->host, .port = a->port, .weight = a->weight};
	}
	if (count > 1)
		client->distribution = distribution_new(setup, names, count);
	free(names);
}

size_t client_server_count(const struct client *client)
{
	return client->count;
}

struct conn *client_server(const struct client *client, size_t server)
{
	return client->servers[server].conn;
}

size_t client_server_for(const struct client *client, struct slice key)
{
	return client->distribution ? distribution_pick(client->distribution, key, 0) : 0;
}

bool client_submit(struct client *client, const struct request *request, size_t server,
                   reply_fn *fn, void *ctx, struct error *error)
{
	if (!request_check(request, error))
		return false;
	if (server == SERVER_BY_KEY)
		server = request->key_count ? client_server_for(client, request->keys[0]) : 0;
	if (server >= client->count) {
		error_set(error, "give one of them a weight", "no server holds this key");
		return false;
	}
	if (conn_submit(client->servers[server].conn, request, fn, ctx))
		return true;
	error_set(error, "nothing was sent for it; store less at once",
	          "the command is too large to send");
	return false;
}

/* Lets every connection do what it can without waiting, and fills the poll array with what they
 * wait for then. Returns how many wait. */
static size_t watch(struct client *client, int64_t *deadline)
{
	size_t busy = 0;
	*deadline = DEADLINE_NEVER;
	for (size_t i = 0; i < client->count; i++) {
		struct conn *c = client->servers[i].conn;
		if (conn_busy(c))
			conn_pump(c, 0);
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

static void interrupt(struct client *client)
{
	struct error error;
	error_set(&error, "its connection is closed, the next command opens a new one",
	          "interrupted");
	for (size_t i = 0; i < client->count; i++) {
		if (conn_busy(client->servers[i].conn))
			conn_fail(client->servers[i].conn, &error);
	}
}

bool client_run(struct client *client)
{
	int64_t deadline;
	while (watch(client, &deadline) > 0) {
		int n = poll(client->polled, client->count + 1, deadline_poll_ms(deadline));
		if (n > 0 && client->polled[client->count].revents) {
			interrupt(client);
			return false;
		}
		int64_t now = clock_now();
		for (size_t i = 0; i < client->count; i++) {
			struct conn *c = client->servers[i].conn;
			if (n > 0 && client->polled[i].fd >= 0 && client->polled[i].revents)
				conn_pump(c, client->polled[i].revents);
			if (conn_busy(c) && conn_deadline(c) <= now)
				conn_expire(c);
		}
	}
	return true;
}

void client_disconnect(struct client *client)
{
	for (size_t i = 0; i < client->count; i++)
		conn_close(client->servers[i].conn);
}
