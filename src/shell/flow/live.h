/*
 * What a command prints is written as it comes: when nothing more has come for a moment, and while
 * more does, a few times in that moment's length, never once for each reply. Only at a prompt on a
 * terminal the answer of a command that ends by itself waits for its end, since the pager may have
 * to show it.
 *
 * When what was printed can no longer be written, or when nobody is there to read it, a command
 * that only asks is given up.
 */
#ifndef SHELL_FLOW_LIVE_H
#define SHELL_FLOW_LIVE_H

#include "shell/session.h"

/* For client_options.live; SESSION is a struct session. */
int64_t live_write(void *session);

/* Around the wait for REQUEST's answer. */
void live_begin(struct session *s, const struct request *request);
void live_end(struct session *s);

/* Whether REPLY, which is lost, is of a command that was given up because nobody reads its answer:
 * then it is neither reported nor a failure. */
bool live_is_unread(struct session *s, const struct reply *reply);

#endif
