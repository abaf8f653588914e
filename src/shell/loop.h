/*
 * Reads commands and runs them, until there are no more.
 */
#ifndef SHELL_LOOP_H
#define SHELL_LOOP_H

#include "shell/session.h"

/* How deep scripts may source scripts. */
#define SOURCE_MAX 16

/* Reads INPUT (and what it sources) to its end, running each command. Takes INPUT over. */
void session_loop(struct session *s, struct input *input);

/* Reads INPUT next, before what is left of the current one (.source). Takes it over. False when
 * scripts are nested too deep. */
bool session_push(struct session *s, struct input *input);

#endif
