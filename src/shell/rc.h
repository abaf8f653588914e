/*
 * mcshrc, the user's file of commands to run when a prompt starts:
 * $XDG_CONFIG_HOME/mcsh/mcshrc, or ~/.config/mcsh/mcshrc.
 */
#ifndef SHELL_RC_H
#define SHELL_RC_H

#include "shell/session.h"

/* Runs its commands. One that is not there is none. */
void rc_run(struct session *s);

/* Reads its lines of .cluster, and runs nothing; scripts that name a cluster need no more of it.
 * False when it cannot be read, or when a .cluster in it is wrong: ERROR says where, and those that
 * are right are known. */
bool rc_read_clusters(struct session *s, struct error *error);

#endif
