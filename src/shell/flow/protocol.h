/*
 * What a request goes out as: .set protocol, and what the server is known to speak, choose.
 */
#ifndef SHELL_FLOW_PROTOCOL_H
#define SHELL_FLOW_PROTOCOL_H

#include "shell/session.h"

/* How a request goes out. */
struct form {
	enum dialect_id dialect;
	bool shares_line; /* with other gets: of a server that is known for memcached, which answers
	                   * each key for itself. A proxy may refuse all of them for one */
};

/* The form of WIRE, for SERVER, after PIPELINED other commands were (0: it is awaited). May wait
 * for what was sent before, and ask the server. */
struct form protocol_choose(struct session *s, const struct request *wire, size_t server,
                            size_t pipelined);

#endif
