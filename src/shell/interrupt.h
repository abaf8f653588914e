/*
 * Ctrl-C. A handler can reach nothing but static data, so here is the one place of it: a pipe that
 * becomes readable when SIGINT arrives. The client core polls it and gives running commands up.
 */
#ifndef SHELL_INTERRUPT_H
#define SHELL_INTERRUPT_H

#include <stdbool.h>

/* Catches SIGINT from now on. Returns the descriptor to poll, or -1 when there is none. */
int interrupt_catch(void);

/* The descriptor that interrupt_catch returned; -1 before. */
int interrupt_fd(void);

/* Whether SIGINT has come since the last call; forgets it. */
bool interrupt_take(void);

/* Whether SIGINT has come, without forgetting it. */
bool interrupt_pending(void);

#endif
