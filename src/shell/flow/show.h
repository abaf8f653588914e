/*
 * The answer to one ask, shown reply by reply: values and words as results, errors as reports. It
 * is the one place that does; how the answer counts is known when it is over.
 */
#ifndef SHELL_FLOW_SHOW_H
#define SHELL_FLOW_SHOW_H

#include "shell/flow/ask.h"
#include "shell/flow/gather.h"

struct show {
	struct session *session;
	struct question question;
	enum status status; /* of the replies so far */
	bool shares;        /* several servers make up the answer */
	bool failed;        /* a part of it did */
	bool ended;         /* its last reply has been shown */
	bool too_long;      /* there is more of it than may be kept */
	bool reported;      /* what failed has been reported by the caller */
};

/* Begins to show the answer to QUESTION, which is borrowed like what it points to. */
void show_begin(struct show *w, struct session *s, const struct question *question);

/* Shows REPLY; an error is reported. */
void show_reply(struct show *w, const struct reply *reply);

/* Keeps REPLY in G, to be shown later. *KEPT counts the bytes that are kept for the whole answer;
 * when they pass .set max_answer (and max_value, of values) the client is asked to cancel. */
void show_keep(struct show *w, struct gather *g, size_t *kept, const struct reply *reply);

/* Shows what was gathered, values in the order of their keys, and releases it. Where a part of the
 * answer failed it ends as lost. */
void show_gathered(struct show *w, struct gather *g);

#endif
