/*
 * The prompt: a session that reads from a person.
 */
#ifndef TERM_PROMPT_H
#define TERM_PROMPT_H

#include "shell/session.h"

struct prompt_options {
	bool edit; /* with the line editor, where the terminal allows it */
	bool rc;   /* run the commands of mcshrc first */
};

/* Greets, runs mcshrc, reads and runs commands until the person leaves. */
void prompt_run(struct session *s, const struct prompt_options *options);

#endif
