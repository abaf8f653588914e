/*
 * The session's server list as distributions take it.
 */
#ifndef COMMAND_CONNECT_H
#define COMMAND_CONNECT_H

#include "shell/session.h"

/* How SETUP would place keys on the session's servers; NULL without a SETUP. The caller frees. */
struct distribution *connect_distribution(const struct session *s,
                                          const struct distribution_setup *setup);

#endif
