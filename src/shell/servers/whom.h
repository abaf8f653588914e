/*
 * Whom to talk to, as a user names it: servers, or a cluster.
 */
#ifndef SHELL_SERVERS_WHOM_H
#define SHELL_SERVERS_WHOM_H

#include "shell/session.h"

/* Talks to the servers of SPECS from now on, or to those of the cluster that the only one of them
 * names (@NAME). *CLUSTER is that, or NULL; it is the caller's to enter it (cluster.h), once it is
 * sure that the servers stay. On false ERROR says what is wrong, and nothing has changed. */
bool whom_connect(struct session *s, const struct slice *specs, size_t count,
                  const struct cluster **cluster, struct error *error);

#endif
