/*
 * The client core: a list of servers, which of them holds a key, and one loop that talks to all of
 * them at once. Pipelining is no extra: a call is submit and run; many submits and one run is a
 * pipeline. No globals and no locks: a client belongs to one thread at a time.
 */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include "client/conn.h"
#include "client/distribution.h"

struct client;

/* In a server's place: the one that the distribution names for the request's first key. */
#define SERVER_BY_KEY SIZE_MAX

/* OPTIONS is borrowed for the client's life and read at each use. */
struct client *client_new(const struct client_options *options);
void client_free(struct client *client);

/*
 * Replaces the server list: COUNT addresses (at least one), whose strings the client takes over,
 * placed by SETUP. Connections to the servers before are closed. No connection is opened.
 */
void client_set_servers(struct client *client, const struct address *addresses, size_t count,
                        const struct distribution_setup *setup);

size_t client_server_count(const struct client *client);
struct conn *client_server(const struct client *client, size_t server);
/* The server that holds KEY. */
size_t client_server_for(const struct client *client, struct slice key);

/*
 * Queues REQUEST for SERVER (an index, or SERVER_BY_KEY). Its keys and its text are borrowed until
 * FN has heard its last reply. False when it cannot be sent (see request_check), or when too many
 * bytes wait already; ERROR says which, and nothing was queued.
 */
bool client_submit(struct client *client, const struct request *request, size_t server,
                   reply_fn *fn, void *ctx, struct error *error);

/* Sends and receives, on all servers at once, until every queued request has been answered or
 * lost. Returns false when it was given up because options->wake_fd became readable: then the
 * requests without an answer were lost as "interrupted" and their connections closed. */
bool client_run(struct client *client);

/* Closes the connections; the next request opens them again. */
void client_disconnect(struct client *client);

#endif
