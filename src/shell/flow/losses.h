/*
 * Commands whose answers never came, lost for the same reason: the first is reported as any other
 * would be, the others are counted and reported together.
 */
#ifndef SHELL_FLOW_LOSSES_H
#define SHELL_FLOW_LOSSES_H

#include "shell/session.h"

struct losses {
	size_t count, unsent;   /* unsent: of those after the first */
	struct location second; /* where that one stands */
	size_t last;            /* the last one's line */
	struct error error;
};

/* Counts the command at PLACE, of which REPLY says that it is lost. True when it needs no words of
 * its own, since it is not the first. */
bool losses_add(struct losses *l, struct location place, const struct reply *reply);

/* Reports those after the first, if there are any, and starts again. */
void losses_report(struct session *s, struct losses *l);

#endif
