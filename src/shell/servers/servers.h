/*
 * Who is talked to: the list of servers, where requests go by default, the login, and the private
 * servers of a sandbox.
 */
#ifndef SHELL_SERVERS_SERVERS_H
#define SHELL_SERVERS_SERVERS_H

#include "base/buf.h"
#include "base/status.h"
#include "client/client.h"
#include "shell/servers/sandbox.h"

/* Where a request goes. */
struct target {
	enum {
		TARGET_KEYS,   /* each key to its server */
		TARGET_SERVER, /* the one at `server` */
		TARGET_HASH,   /* the one of `hash` */
		TARGET_ALL,    /* every one, each answer labelled */
	} kind;
	size_t server;
	uint32_t hash;
};

struct cluster;

struct servers {
	struct client_options options;
	struct client *client;
	unsigned placed_by;   /* place in distribution_setups: what the client places keys by */
	struct target target; /* of .on; else TARGET_KEYS */
	struct buf typed; /* the servers as they were named, a NUL after each, where dns:// is among
	                   * them; else empty */
	struct buf login; /* user and password, which options points to */
	bool undumped;    /* for it, no core is dumped */
	uint64_t configured;     /* by that number of the configuration of a cluster; 0: by none */
	int64_t followed;        /* when the list was last asked for again (follow.h); 0: never */
	struct sandbox *sandbox; /* NULL: none */
	const struct cluster *cluster; /* whose servers are talked to, or NULL */
	bool in_sandbox;               /* its servers are the ones that are talked to */
	bool sandbox_ends;             /* shutdown was sent to one of them */
};

void servers_init(struct servers *servers);
/* Disconnects, wipes the login, ends the sandbox. */
void servers_release(struct servers *servers);

/* The most servers at once. The largest clusters have some hundreds, and each server costs a
 * connection and hundreds of points in a ring. */
#define SERVERS_MAX 1000

/* Reads the I-th of SPECS; OUT is the caller's to release. On false ERROR says what is wrong, and
 * what to write for a port that stands alone. */
bool servers_parse(const struct slice *specs, size_t i, struct address *out, struct error *error);

/*
 * Talks to the servers of SPECS (COUNT of them, see client/address.h) from now on. On false ERROR
 * says which one cannot be read, and nothing has changed.
 */
bool servers_connect(struct servers *servers, const struct slice *specs, size_t count,
                     struct error *error);

/* Looks up again what dns:// is about. Where that has other addresses than before it talks to these
 * and returns true; else, and where a name is not found now, all stays as it is. */
bool servers_look_up(struct servers *servers);

/* Starts N private servers and talks to them; those of a sandbox before are ended. With N of 0 it
 * is the sandbox that there is, or, if there is none or it was shut down, a new one of as many. On
 * false nothing has changed. */
bool servers_sandbox(struct servers *servers, unsigned n, struct error *error);

/* Takes the servers out, connections and all, while others are tried; servers_connect comes next.
 * Then exactly one of the others: all is as it was before, or the connections of before are
 * dropped. Neither the options nor the login change in between. */
struct servers servers_take(struct servers *servers);
void servers_restore(struct servers *servers, struct servers *before);
void servers_drop(struct servers *before);

/* Whether those that are talked to are marked as production. */
bool servers_are_production(const struct servers *servers);

/* Places keys by the set-up at SETUP of distribution_setups, from now on. */
void servers_place_by(struct servers *servers, unsigned setup);

/* Logs in as USER on every new connection from now on; an empty USER ends that. Connections are
 * closed. As long as a password is held mcsh dumps no core. */
void servers_login(struct servers *servers, struct slice user, struct slice password);

/* Speaks DIALECT, as client options have it, from now on. Connections are closed. */
void servers_speak(struct servers *servers, enum dialect_id dialect);

/* The server that TEXT names: its number as .servers counts, from 1, or its address. */
bool servers_find(const struct servers *servers, struct slice text, size_t *server,
                  struct error *error);

/* The server that TARGET names by itself or by a hash; SERVER_BY_KEY: it names none. */
size_t servers_named(const struct servers *servers, const struct target *target);

/* The name of SERVER in answers; "" for one that is not in the list. */
const char *servers_label(const struct servers *servers, size_t server);

/* All of them: "127.0.0.1:11211", "3 servers", "sandbox". */
void servers_name(const struct servers *servers, struct buf *out);

/* What a prompt says: that, and that it is not connected when the last attempt failed or the server
 * has gone since: idle connections are looked at. Not of one that a setting has closed, which the
 * next command opens again. */
void servers_describe(struct servers *servers, struct buf *out);

#endif
