/*
 * The lines of a list of keys that is asked for as a line of the protocol (.raw lru_crawler
 * metadump hash). As with client/crawl.h, a server may stand still with a list that is not read:
 * so it is read as fast as it comes, into bounded memory and beyond that into a temporary file, and
 * shown when it is over; and before Ctrl-Z stops the program its connection is cut.
 */
#ifndef SHELL_FLOW_LISTING_H
#define SHELL_FLOW_LISTING_H

#include "base/spill.h"
#include "shell/session.h"

/* The bytes of a list; what is longer is cut. */
#define LISTING_MAX ((uint64_t)1 << 30)

struct listing {
	struct session *session;
	struct spill lines;
	uint64_t bytes;
	const char *server; /* that sent the lines; NULL: none came */
	bool cut;           /* it is not whole: */
	struct error error; /* why */
};

void listing_init(struct listing *l, struct session *s);
void listing_release(struct listing *l);

/* While one is awaited, before each wait: what is to be cut before the program stops is known as
 * soon as its connection is open. */
void listing_guard(const struct session *s);

/* Keeps REPLY, a REPLY_LINE. */
void listing_add(struct listing *l, const struct reply *reply);

/* The list is over: no line comes any more. Returns whether it was cut because the program had to
 * stop. */
bool listing_end(void);

/* Takes the first line, borrowed until the next call. False when there is none. */
bool listing_take(struct listing *l, struct reply *line);

#endif
