/*
 * A list of servers that someone else keeps: the addresses of a name (dns://), or the nodes of a
 * cluster that .servers discover has found. It is asked for again where the servers say that it may
 * have changed: one of them cannot be reached or, of a cluster, was lost and is there again.
 */
#ifndef SHELL_SERVERS_FOLLOW_H
#define SHELL_SERVERS_FOLLOW_H

#include "shell/session.h"

/*
 * To be called before a command asks the servers: asks for the list again where that is due, a few
 * seconds after the last time at the earliest, and talks to the servers that it has now; what has
 * changed is reported. Waits for all answers before, and for the list as long as for a connection.
 */
void follow_servers(struct session *s);

#endif
