/*
 * What a session offers for completion (shell/lang/complete.h).
 */
#ifndef SHELL_COMPLETION_H
#define SHELL_COMPLETION_H

#include "shell/lang/complete.h"

struct session;

/* The commands, keys, servers and settings of S, which is borrowed. */
struct sources completion_sources(const struct session *s);

#endif
