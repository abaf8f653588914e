/*
 * The counters of each server as this session saw them last, by stats or stats --since: what the
 * next stats --since counts from.
 */
#ifndef SHELL_SERVERS_LOOKS_H
#define SHELL_SERVERS_LOOKS_H

#include "proto/reply.h"
#include "proto/request.h"

#include <stddef.h>

struct look;
struct sample;

/* Zeroed, nobody has looked. */
struct looks {
	struct look *list;
	size_t count, cap;
	size_t last; /* the one used last */
};

void looks_release(struct looks *l);

/* Takes REPLY to REQUEST, if that asks for the general counters. A look counts once its answer is
 * whole. */
void looks_take(struct looks *l, const struct request *request, const struct reply *reply);

/* What was seen of SERVER; NULL: nothing. Borrowed until the next of these. */
const struct sample *looks_of(struct looks *l, const char *server);

/* What was seen of SERVER is SAMPLE from now on, which is emptied. */
void looks_put(struct looks *l, const char *server, struct sample *sample);

#endif
