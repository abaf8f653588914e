/*
 * The servers that let a question of the present command time out. They are not asked again for the
 * same command, which would otherwise take the timeout for each of its questions.
 */
#ifndef SHELL_SERVERS_SILENCE_H
#define SHELL_SERVERS_SILENCE_H

#include "base/status.h"

#include <stddef.h>

struct silent;

/* Zeroed, no server was silent. */
struct silence {
	struct silent *list;
	size_t count, cap;
};

/* A command begins. */
void silence_clear(struct silence *s);
void silence_release(struct silence *s);

/* SERVER, its label, did not answer in time, as ERROR says. */
void silence_add(struct silence *s, const char *server, const struct error *error);

/* What it said then; NULL: it was not silent. Borrowed until the next of these. */
const struct error *silence_of(const struct silence *s, const char *server);

#endif
