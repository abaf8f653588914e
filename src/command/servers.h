/*
 * The servers asked for their counters, and as distributions take them.
 */
#ifndef COMMAND_SERVERS_H
#define COMMAND_SERVERS_H

#include "shell/session.h"

/* How SETUP would place keys on the session's servers; NULL without a SETUP. The caller frees. */
struct distribution *servers_distribution(const struct session *s,
                                          const struct distribution_setup *setup);

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
