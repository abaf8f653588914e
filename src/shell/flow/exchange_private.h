/*
 * What asking and waiting (shell/flow/exchange.c) and asking and going on (shell/flow/pipeline.c)
 * share.
 */
#ifndef SHELL_FLOW_EXCHANGE_PRIVATE_H
#define SHELL_FLOW_EXCHANGE_PRIVATE_H

#include "shell/flow/exchange.h"
#include "shell/flow/gather.h"
#include "shell/flow/listing.h"

struct exchange {
	struct session *session;
	const struct question *question;
	struct gather *gather;   /* replies are kept for later; NULL: they are shown as they come */
	struct listing *listing; /* lines are kept here; NULL: as the other replies */
	bool meta;               /* it was asked in its meta form */
	bool divided;            /* several servers make up the answer */
	bool failed;             /* a part of it did */
	bool ended;              /* its last reply has been shown */
	bool too_long;           /* there is more of it than may be kept */
	bool told;               /* of what went wrong nothing is said */
	enum status status;
};

/* One reply of an answer: kept or shown. A reply_fn; EXCHANGE is a struct exchange. */
void exchange_reply(void *exchange, const struct reply *reply);

/* The server that TARGET, or the first key of WIRE, names now. */
size_t exchange_server(const struct session *s, const struct target *target,
                       const struct request *wire);

/* Queues WIRE for TARGET; FN hears its answer. */
bool exchange_submit(struct session *s, const struct target *target, const struct request *wire,
                     reply_fn *fn, void *ctx, struct error *error);

/* Whether the keys have to be divided, over servers or over lines. */
bool exchange_divides(const struct session *s, const struct ask *ask);

/* The name of SERVER in answers. */
const char *exchange_label(const struct session *s, size_t server);

#endif
