/*
 * What a command prints is written as it comes: when nothing more has come for a moment, and while
 * more does, a few times in that moment's length, never once for each reply. Only at a prompt on a
 * terminal the answer of a command that ends by itself waits for its end, since the pager may have
 * to show it.
 *
 * When what was printed can no longer be written, or when nobody is there to read it, a command
 * that only asks is cancelled.
 */
#ifndef SHELL_FLOW_LIVE_H
#define SHELL_FLOW_LIVE_H

#include "proto/reply.h"
#include "proto/request.h"

struct session;

/* What is written while a command is awaited. */
struct live {
	bool asking;            /* the command changes nothing */
	bool streaming;         /* it goes on until it is stopped */
	int64_t gathered_since; /* since when results wait to be written; 0: they do not */
	int64_t reader_from;    /* from when on the end of who reads them ends the command */
};

/* For client_options.live; SESSION is a struct session. */
int64_t live_write(void *session);

/* Around the wait for REQUEST's answer. */
void live_begin(struct session *s, const struct request *request);
void live_end(struct session *s);

/* Whether REPLY, which is lost, is of a command that was cancelled because nobody reads its answer:
 * then it is neither reported nor a failure. */
bool live_is_unread(struct session *s, const struct reply *reply);

#endif
