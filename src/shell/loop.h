/*
 * Reads commands and runs them, until there are no more.
 */
#ifndef SHELL_LOOP_H
#define SHELL_LOOP_H

#include "shell/session.h"

/* Reads INPUT (and what it sources) to its end, running each command. Takes INPUT over. */
void session_loop(struct session *s, struct input *input);

#endif
