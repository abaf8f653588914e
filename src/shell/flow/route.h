/*
 * Where an ask goes: to one server, in shares to the servers of its keys, or to every server.
 */
#ifndef SHELL_FLOW_ROUTE_H
#define SHELL_FLOW_ROUTE_H

#include "shell/flow/ask.h"

struct destination {
	enum {
		TO_ONE,    /* the one at `server` */
		TO_SHARES, /* each key to its server, on one line or on several */
		TO_EACH,   /* the whole to every server, each answer labelled */
	} kind;
	size_t server;      /* TO_ONE; no server of the list where no server holds the key */
	struct route route; /* and how it came there */
};

/* Where ASK goes now, by its FIRST key as it goes on the wire (empty: it has none). */
struct destination route(const struct client *client, const struct ask *ask, struct slice first);

#endif
