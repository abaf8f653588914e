/*
 * ElastiCache's auto discovery: a node that is asked `config get cluster` names all of its cluster.
 *
 *   CONFIG cluster 0 <bytes>\r\n<version>\n<host>|<ip>|<port> <host>|<ip>|<port> ...\n\r\nEND\r\n
 *
 * The version is a number that rises when the nodes change.
 */
#ifndef SHELL_SERVERS_DISCOVERY_H
#define SHELL_SERVERS_DISCOVERY_H

#include "shell/session.h"

/* What a node has answered. */
struct discovery {
	struct buf nodes; /* host:port, each followed by a NUL */
	size_t count;
	size_t listed;       /* words, node or not, those over SERVERS_MAX too */
	uint64_t version;    /* 0: none */
	bool lost;           /* the answer did not come, or not whole */
	struct error failed; /* why there is nothing to be used; empty: there is */
};

/* Asks SERVER; OWN: nobody typed it. D is the caller's to hand on to discovery_use. */
void discovery_ask(struct session *s, size_t server, bool own, struct discovery *d);

/* Talks to the nodes of D, which it releases, where their version is another than the one in use;
 * they stay where it is the same. One that is older is D's failure. Returns how the connections
 * before could be closed, as ask_settle does. */
enum status discovery_use(struct session *s, struct discovery *d);

#endif
