/*
 * The card of an item (view/keys/item_card.h), for the commands that show one.
 */
#ifndef COMMAND_PEEK_H
#define COMMAND_PEEK_H

#include "shell/flow/look.h"

/* What cards need of the servers, asked for once: zeroed, and released in the end. */
struct peek {
	struct session *session;
	const char *command; /* the typed word */
	bool keyed;          /* each card names its key in plain, too */
	struct distribution *distribution;
	uint64_t *chunks; /* of each server's classes */
	bool *asked;      /* of each server: whether it was */
};

void peek_begin(struct peek *p, struct session *s, const char *command);
void peek_end(struct peek *p);

/* Adds the card of what LOOK has found under KEY, as it goes on the wire, at SERVER; SHOWN is the
 * key as it was typed. */
void peek_show(struct peek *p, struct slice shown, struct slice key, size_t server,
               const struct look *look);

#endif
