/*
 * The servers asked for their counters.
 */
#ifndef COMMAND_SERVERS_H
#define COMMAND_SERVERS_H

#include "shell/session.h"

/* What one server says of itself, or why it does not. */
struct probe {
	char version[64];
	char uptime[24]; /* seconds */
	char items[24];
	bool there; /* it answers, be it by an error */
	struct error lost;
};

/* Asks every server for its counters, all at once. The caller frees. */
struct probe *servers_probe(struct session *s);

#endif
