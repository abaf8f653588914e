/*
 * What is asked before a command that others would feel: which servers it is about, and what each
 * of them holds.
 */
#ifndef COMMAND_QUESTION_H
#define COMMAND_QUESTION_H

#include "shell/lang/args.h"
#include "shell/session.h"

/* What stands in brackets after a server. */
enum holding {
	HOLDING_ITEMS,  /* "1,234 items" */
	HOLDING_MEMORY, /* "1,234 items, of 1,024 MiB at the most" */
};

/*
 * Adds the servers that ARGS are meant for, with what they hold by their own stats, which are asked
 * for here: "127.0.0.1:11211 (1,234 items) and ...". *COUNT is how many servers these are. False:
 * ERROR says what is wrong with ARGS.
 */
bool question_servers(struct session *s, const struct args *args, enum holding what,
                      struct buf *out, size_t *count, struct error *error);

#endif
