/*
 * What a person sees first: who is at the other end.
 */
#ifndef SHELL_GREETING_H
#define SHELL_GREETING_H

#include "shell/session.h"

/* Connects to every server and says who is there. */
void greeting_show(struct session *s);

#endif
