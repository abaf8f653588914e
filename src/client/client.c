#include "client/client_private.h"
#include "client/client_wait.h"
#include "client/transport/transport.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "proto/dialect.h"
#include "proto/effect.h"

#include <stdlib.h>

static struct server *server_of(struct client *client, const struct conn *c)
{
	struct server *s = client->servers;
	while (s->conn != c)
		s++;
	return s;
}

/* S was reached, or it was not. */
static void note_reached(struct client *client, struct server *s, bool reached)
{
	client->unreached += (size_t)!reached - (size_t)s->unreached;
	s->unreached = !reached;
}

/* Of one server alone nothing is gained by passing it over. */
bool client_passes_over(const struct client *client)
{
	return client->count > 1 && client->options->dead_retry_ms > 0;
}

static void on_down(void *ctx, struct conn *c)
{
	struct client *client = ctx;
	struct server *s = server_of(client, c);
	note_reached(client, s, false);
	if (client_passes_over(client))
		s->dead_until = deadline_in(client->options->dead_retry_ms);
}

static void on_up(void *ctx, struct conn *c)
{
	struct client *client = ctx;
	struct server *s = server_of(client, c);
	note_reached(client, s, true);
	client->reopened |= conn_opened(c) > 1;
	s->dead_until = 0;
}

static void on_login(void *ctx)
{
	struct client *client = ctx;
	client->login_typed = true;
}

static void on_doubt(void *ctx)
{
	struct client *client = ctx;
	client->doubted = true;
}

size_t client_unreached(const struct client *client)
{
	return client->unreached;
}

bool client_take_left(struct client *client, size_t *server)
{
	for (*server = 0; *server < client->count; ++*server) {
		if (client->servers[*server].left) {
			client->servers[*server].left = false;
			return true;
		}
	}
	return false;
}

bool client_take_reopened(struct client *client)
{
	bool reopened = client->reopened;
	client->reopened = false;
	return reopened;
}

bool client_is_dead(const struct client *client, size_t server)
{
	int64_t until = client->servers[server].dead_until;
	return until != 0 && clock_now() < until;
}

void client_forget_dead(struct client *client)
{
	for (size_t i = 0; i < client->count; i++)
		client->servers[i].dead_until = 0;
}

/* The ATTEMPTth place of a key or a hash. */
static size_t place(const struct client *client, struct route route, struct slice key,
                    unsigned attempt)
{
	if (!client->distribution)
		return attempt == 0 ? 0 : DISTRIBUTION_NONE;
	return route.kind == ROUTE_HASH
	           ? distribution_pick_hash(client->distribution, route.hash, attempt)
	           : distribution_pick(client->distribution, key, attempt);
}

/* The first place from route->attempt on that is not dead; route->attempt is moved there. */
static size_t live_place(const struct client *client, struct route *route, struct slice key)
{
	for (; route->attempt < DISTRIBUTION_TRIES; route->attempt++) {
		size_t server = place(client, *route, key, route->attempt);
		if (server == DISTRIBUTION_NONE)
			break;
		if (client->count == 1 || !client_is_dead(client, server))
			return server;
	}
	return DISTRIBUTION_NONE;
}

static struct slice first_key(const struct request *request)
{
	return request->key_count ? request->keys[0] : slice_of(NULL, 0);
}

/* A request whose server is down goes where its key goes next. One of several keys may not go as a
 * whole: client_get_many divides it again. */
static bool on_rescue(void *ctx, const struct request *request, struct slice bytes,
                      struct route route, reply_fn *fn, void *fn_ctx)
{
	struct client *client = ctx;
	if (route.kind == ROUTE_SERVER || !client_passes_over(client) || request->key_count > 1)
		return false;
	struct error ignored;
	size_t left = place(client, route, first_key(request), route.attempt);
	if (left != DISTRIBUTION_NONE)
		client->servers[left].left = true;
	route.attempt++;
	size_t server = live_place(client, &route, first_key(request));
	client->rescued++;
	return server != DISTRIBUTION_NONE &&
	       transport_carries(&client->servers[server].address, client->options, request,
	                         &ignored) &&
	       conn_resubmit(client->servers[server].conn, request, bytes, route, fn, fn_ctx);
}

struct client *client_new(const struct client_options *options)
{
	struct client *client = xcalloc(1, sizeof(*client));
	client->options = options;
	client->owner = (struct conn_owner){.ctx = client,
	                                    .down = on_down,
	                                    .up = on_up,
	                                    .doubt = on_doubt,
	                                    .login = on_login,
	                                    .rescue = on_rescue,
	                                    .away = &client->away};
	client->mark = clock_now();
	return client;
}

static void release_servers(struct client *client)
{
	for (size_t i = 0; i < client->count; i++) {
		conn_free(client->servers[i].conn);
		address_release(&client->servers[i].address);
		buf_release(&client->servers[i].version);
	}
	free(client->servers);
	wait_release(&client->wait);
	distribution_free(client->distribution);
	client->servers = NULL;
	client->distribution = NULL;
	client->count = client->unreached = 0;
}

void client_free(struct client *client)
{
	if (!client)
		return;
	release_servers(client);
	free(client);
}

struct distribution *client_distribution(const struct client *client,
                                         const struct distribution_setup *setup)
{
	struct distribution_server *servers = xcalloc(client->count, sizeof(*servers));
	for (size_t i = 0; i < client->count; i++)
		servers[i] = address_server(&client->servers[i].address);
	struct distribution *d = distribution_new(setup, servers, client->count);
	free(servers);
	return d;
}

void client_set_setup(struct client *client, const struct distribution_setup *setup)
{
	distribution_free(client->distribution);
	client->distribution = NULL;
	client->setup = client->count < 2 ? NULL : setup;
	if (client->setup)
		client->distribution = client_distribution(client, setup);
}

void client_set_servers(struct client *client, const struct address *addresses, size_t count,
                        const struct distribution_setup *setup)
{
	release_servers(client);
	client->servers = xcalloc(count, sizeof(*client->servers));
	wait_init(&client->wait, count, OTHERS);
	client->count = count;
	for (size_t i = 0; i < count; i++) {
		client->servers[i].address = addresses[i];
		client->servers[i].conn =
		    conn_new(&client->servers[i].address, client->options, &client->owner);
		client->wait.conns[i] = client->servers[i].conn;
	}
	client_set_setup(client, setup);
}

struct client *client_like(const struct client *from, const struct client_options *options)
{
	struct client *client = client_new(options);
	struct address *addresses = xcalloc(from->count, sizeof(*addresses));
	for (size_t i = 0; i < from->count; i++)
		addresses[i] = address_copy(&from->servers[i].address);
	client_set_servers(client, addresses, from->count, from->setup);
	free(addresses); /* the client has taken the strings over */
	return client;
}

size_t client_server_count(const struct client *client)
{
	return client->count;
}

struct conn *client_server(const struct client *client, size_t server)
{
	return client->servers[server].conn;
}

const struct distribution_setup *client_setup(const struct client *client)
{
	return client->setup;
}

size_t client_route(const struct client *client, struct slice key, struct route *route)
{
	if (!client->distribution) { /* there is one server */
		route->attempt = 0;
		return 0;
	}
	size_t server = live_place(client, route, key);
	if (server != DISTRIBUTION_NONE)
		return server;
	/* All are dead, as far as is known: the first has the best claim to be tried again. */
	route->attempt = 0;
	return place(client, *route, key, 0);
}

size_t client_server_for(const struct client *client, struct slice key)
{
	struct route route = {.kind = ROUTE_KEY};
	return client_route(client, key, &route);
}

size_t client_home(const struct client *client, struct slice key)
{
	return place(client, (struct route){.kind = ROUTE_KEY}, key, 0);
}

size_t client_server_for_hash(const struct client *client, uint32_t hash)
{
	struct route route = {.kind = ROUTE_HASH, .hash = hash};
	return client_route(client, slice_of(NULL, 0), &route);
}

/* A connection that speaks packets speaks nothing else. */
static bool check_form(const struct client *client, const struct request *request,
                       struct error *error)
{
	const struct dialect *only = &dialects[client->options->dialect];
	return only->packets ? only->check(request, error) : dialect_check(request, error);
}

bool client_submit_routed(struct client *client, const struct request *request, size_t server,
                          struct route route, reply_fn *fn, void *ctx, struct error *error)
{
	struct request packet;
	if (dialects[client->options->dialect].packets) {
		packet = *request;
		packet.dialect = client->options->dialect;
		request = &packet;
	}
	if (!request_check(request, error) || !check_form(client, request, error))
		return false;
	if (client->options->readonly && request_changes(request))
		return error_set(
		    error, ".set readonly shows that it is",
		    "nothing is sent that changes anything: this session is read-only");
	if (server >= client->count)
		return error_set(error, "give one of the servers a weight, or name one",
		                 "no server holds this key");
	if (!transport_carries(&client->servers[server].address, client->options, request, error))
		return false;
	if (!client->stepping && !conn_busy(client->servers[server].conn)) {
		client_count_away(client); /* its time begins */
		client->give_up = client->give_up && client_busy(client);
	}
	if (conn_submit(client->servers[server].conn, request, route, fn, ctx))
		return true;
	return error_set(error, "nothing was sent for it; store less at once",
	                 "the command is too large to send");
}

bool client_submit(struct client *client, const struct request *request, size_t server,
                   reply_fn *fn, void *ctx, struct error *error)
{
	struct route route = {.kind = server == SERVER_BY_KEY ? ROUTE_KEY : ROUTE_SERVER};
	if (server == SERVER_BY_KEY)
		server = request->key_count ? client_route(client, request->keys[0], &route) : 0;
	return client_submit_routed(client, request, server, route, fn, ctx, error);
}

bool client_submit_hash(struct client *client, const struct request *request, uint32_t hash,
                        reply_fn *fn, void *ctx, struct error *error)
{
	struct route route = {.kind = ROUTE_HASH, .hash = hash};
	size_t server = client_route(client, first_key(request), &route);
	return client_submit_routed(client, request, server, route, fn, ctx, error);
}

void client_learn_version(struct client *client, size_t server, struct slice version)
{
	struct server *s = &client->servers[server];
	buf_clear(&s->version);
	buf_add_slice(&s->version, version);
	s->version_asked = conn_opened(s->conn);
}

/* A reply_fn: CTX gets the version, of a server that says one. */
static void on_version(void *ctx, const struct reply *reply)
{
	struct buf *version = ctx;
	if (reply->kind == REPLY_VERSION)
		buf_add_slice(version, reply->value);
}

static void on_probe(void *ctx, const struct reply *reply)
{
	bool *yes = ctx;
	*yes = reply_status(reply->kind) == STATUS_OK;
}

/* Whether SERVER's version is known, once it was asked over its present connection. False when that
 * was cancelled. */
static bool ask_version(struct client *client, size_t server)
{
	static const struct request request = {.verb = VERB_VERSION, .own = true};
	struct server *s = &client->servers[server];
	struct buf version = BUF_INIT;
	struct error error;
	if (s->version_asked != 0 && s->version_asked == conn_opened(s->conn))
		return true;
	bool asked = client_submit(client, &request, server, on_version, &version, &error) &&
	             client_run(client);
	client_learn_version(client, server, buf_slice(&version));
	buf_release(&version);
	return asked;
}

struct slice client_version(struct client *client, size_t server)
{
	return client_run(client) && ask_version(client, server)
	           ? buf_slice(&client->servers[server].version)
	           : slice_of(NULL, 0);
}

/* Asks for the version, and then, since a proxy may pass on that of another, by the probe: *YES is
 * whether it speaks D. False when it was cancelled. */
static bool inquire(struct client *client, size_t server, const struct dialect *d, bool *yes)
{
	struct error error;
	if (!ask_version(client, server))
		return false;
	*yes = d->is_known_to(buf_slice(&client->servers[server].version));
	if (!*yes)
		return true;
	return client_submit(client, d->probe, server, on_probe, yes, &error) && client_run(client);
}

bool client_speaks(struct client *client, size_t server, enum dialect_id dialect)
{
	struct server *s = &client->servers[server];
	struct spoken *d = &s->dialects[dialect];
	if (d->state == DIALECT_SPOKEN && d->asked == conn_opened(s->conn))
		return true;
	const struct dialect *asked = &dialects[dialect];
	bool yes = false;
	if (!asked->probe)
		return true;
	struct error ignored;
	if (!transport_carries(&s->address, client->options, asked->probe, &ignored))
		return false;
	if (d->state == DIALECT_SPOKEN)
		d->state = DIALECT_UNKNOWN;
	if (d->state == DIALECT_UNKNOWN && client_run(client) &&
	    inquire(client, server, asked, &yes)) {
		d->state = yes ? DIALECT_SPOKEN : DIALECT_FOREIGN;
		d->asked = conn_opened(s->conn);
	}
	return d->state == DIALECT_SPOKEN;
}

bool client_unsettled(const struct client *client)
{
	for (size_t i = 0; i < client->count; i++) {
		if (conn_unsettled(client->servers[i].conn))
			return true;
	}
	return false;
}

bool client_settle(struct client *client, struct error *error)
{
	for (size_t i = 0; i < client->count; i++)
		conn_settle(client->servers[i].conn);
	client_run(client);
	return !client_take_doubt(client, error);
}

bool client_take_doubt(struct client *client, struct error *error)
{
	struct error other;
	bool any = false;
	if (!client->doubted)
		return false;
	for (size_t i = 0; i < client->count; i++)
		any |= conn_take_doubt(client->servers[i].conn, any ? &other : error);
	client->doubted = false;
	return any;
}

void client_guard(struct client *client, size_t server)
{
	conn_guard(client->servers[server].conn);
}

bool client_wants_login(const struct client *client)
{
	for (size_t i = 0; i < client->count; i++) {
		if (conn_wants_login(client->servers[i].conn))
			return true;
	}
	return false;
}

bool client_login_typed(const struct client *client)
{
	return client->login_typed;
}

void client_forget_typed(struct client *client)
{
	client->login_typed = false;
}

void client_disconnect(struct client *client)
{
	for (size_t i = 0; i < client->count; i++)
		conn_close(client->servers[i].conn);
}

void client_renew(struct client *client)
{
	for (size_t i = 0; i < client->count; i++)
		conn_renew(client->servers[i].conn);
}
