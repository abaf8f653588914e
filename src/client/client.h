/*
 * The client core: a list of servers, which of them holds a key, and one loop that talks to all of
 * them at once. Pipelining is not an extra: a call is submit and run; many submits and one run is a
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

/* A client of the same servers as FROM, placed the same way, with connections of its own. */
struct client *client_like(const struct client *from, const struct client_options *options);

/* How SETUP would place keys on the servers. The caller frees. */
struct distribution *client_distribution(const struct client *client,
                                         const struct distribution_setup *setup);

/* Places keys by SETUP from now on; connections stay. */
void client_set_setup(struct client *client, const struct distribution_setup *setup);

size_t client_server_count(const struct client *client);
struct conn *client_server(const struct client *client, size_t server);
/* The set-up that places keys; NULL with one server. */
const struct distribution_setup *client_setup(const struct client *client);

/* The server that KEY goes to now: the one that the distribution names, or, while that is marked
 * dead, the next one it names. When all of them are dead it is the first again. DISTRIBUTION_NONE
 * when no server has a weight. */
size_t client_server_for(const struct client *client, struct slice key);
/* The same, for a request: *ROUTE (its kind, and its hash for ROUTE_HASH, given) says from then on
 * which of its places that server is. */
size_t client_route(const struct client *client, struct slice key, struct route *route);
/* The server that the distribution names for KEY while none is dead, or DISTRIBUTION_NONE. */
size_t client_home(const struct client *client, struct slice key);
/* As client_server_for, of a hash in a key's place; DISTRIBUTION_NONE where the set-up knows no
 * such thing. */
size_t client_server_for_hash(const struct client *client, uint32_t hash);

/*
 * Of several servers, one that cannot be connected to or does not answer in time is dead for
 * options->dead_retry_ms: keys go elsewhere meanwhile. Whoever names it tries it all the same.
 * With dead_retry_ms 0 none is ever dead, and what its keys ask for is lost.
 * client_passes_over is whether keys go elsewhere at all.
 */
bool client_passes_over(const struct client *client);
bool client_is_dead(const struct client *client, size_t server);
void client_forget_dead(struct client *client);

/* Whether, since it was last asked, what was meant for a server went elsewhere because that could
 * not be reached: *SERVER. Once for each time that it is found dead. */
bool client_take_left(struct client *client, size_t *server);

/* How many servers the last attempt to connect to them did not reach. */
size_t client_unreached(const struct client *client);
/* Whether, since it was last asked, a connection was opened to a server to which there had been
 * another. */
bool client_take_reopened(struct client *client);

/*
 * Queues REQUEST for SERVER (an index, or SERVER_BY_KEY). Its keys and its text are borrowed until
 * FN has received its last reply. False when it cannot be sent (see request_check), or when too
 * many bytes wait already; ERROR says which, and nothing was queued.
 */
bool client_submit(struct client *client, const struct request *request, size_t server,
                   reply_fn *fn, void *ctx, struct error *error);
/* The same for a caller that has found SERVER and its ROUTE by client_route. */
bool client_submit_routed(struct client *client, const struct request *request, size_t server,
                          struct route route, reply_fn *fn, void *ctx, struct error *error);
/* The same by a hash of the caller's own, as python-memcached's (hash, key) asks. */
bool client_submit_hash(struct client *client, const struct request *request, uint32_t hash,
                        reply_fn *fn, void *ctx, struct error *error);

/*
 * The version of SERVER, as the words after VERSION have it, asked for once over each connection,
 * when all that was queued before has been answered. Empty: it did not say, or is not there.
 * Borrowed until the next call. client_learn_version is for who has asked for it otherwise.
 */
struct slice client_version(struct client *client, size_t server);
void client_learn_version(struct client *client, size_t server, struct slice version);

/*
 * Whether SERVER speaks DIALECT as it is now. Where that is not known of its present connection it
 * is asked for its version and by the dialect's probe, when all that was queued before has been
 * answered. One that does not, or closes on the question as proxies do, is never asked again.
 */
bool client_speaks(struct client *client, size_t server, enum dialect_id dialect);

/*
 * Before connections are closed: waits, a second at most, until every server has carried out
 * what was sent and wants no answer, and shows by the answer to a fence that it has sent as many
 * answers as were asked for. False when one did not, or when client_take_doubt has something to
 * say.
 */
bool client_settle(struct client *client, struct error *error);
/* Whether client_settle has anything to do. */
bool client_unsettled(const struct client *client);
/* Whether, since the last call, what was sent and wants no answer may have been lost, or answers
 * may not belong to their requests. ERROR names the first server of which that is so. */
bool client_take_doubt(struct client *client, struct error *error);

/* SERVER wants a login before anything else: the data of a set that it gets before is masked in
 * traces. An answer that says so does the same. */
void client_guard(struct client *client, size_t server);
/* Whether there is a server of which that is known, and that takes no command yet. */
bool client_wants_login(const struct client *client);
/* Whether, since client_forget_typed, a set went to such a server, or was refused as a wrong login:
 * its data may be a user and a password, and is to be written nowhere. */
bool client_login_typed(const struct client *client);
void client_forget_typed(struct client *client);

/* Closes the connections; the next request opens them again. */
void client_disconnect(struct client *client);
/* The same, since the options have changed: see conn_renew. */
void client_renew(struct client *client);

#endif
