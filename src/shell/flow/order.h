/*
 * Answers in the order of their commands. A slot is a command whose answer has not been shown; what
 * comes for the first slot is shown as it comes, what comes for another is kept until that is the
 * first. Nothing is sent from here.
 */
#ifndef SHELL_FLOW_ORDER_H
#define SHELL_FLOW_ORDER_H

#include "shell/flow/losses.h"
#include "shell/flow/show.h"

/* The most commands under way; a power of two. More would no longer fit the processor's caches,
 * and with fewer the servers would have to wait for us. */
#define SLOTS_MAX 8192

/* The answers of one server come in the order of its commands, but for gets that share lines: those
 * of one verb are in order among themselves alone. */
enum lane {
	LANE_SINGLE,
	LANE_GET,  /* lines of get */
	LANE_GETS, /* lines of gets */
	LANES,
};

struct order;

/* A command whose answer has not been shown. */
struct slot {
	struct order *order;
	const char *command;
	struct request request; /* its keys, in the order's memory, as they were typed */
	struct location place;  /* in the script */
	uint32_t server;
	uint32_t kept; /* replies that came out of order */
	bool keyed;
	bool done; /* all of it came out of order */
	enum lane lane : 8;
};

struct order {
	struct session *session;
	size_t count; /* slots */

	struct slot alone; /* the only slot while a command is awaited */
	bool awaits;
	const struct ask *asked; /* the awaited one */
	enum status status;      /* how it ended */

	struct slot *ring; /* SLOTS_MAX; NULL until a command is pipelined */
	size_t head;
	char *keys;     /* a ring of memory for their keys */
	size_t keys_to; /* where the next one's go */

	bool begun; /* the first slot's answer is being shown */
	struct show show;

	struct peer *peers; /* one for each server */
	size_t servers;
	size_t kept;          /* bytes of replies that came early */
	bool holding;         /* some servers are not read from */
	bool loss_unreported; /* commands were lost, and not all of them have been reported */
};

void order_release(struct order *o);

/* The only slot, for ASK, which SERVER answers and which is awaited: its replies go to order_reply,
 * its status is then in o->status. It is asked in DIALECT. There are no others. */
struct slot *order_await(struct order *o, const struct ask *ask, size_t server,
                         enum dialect_id dialect);
/* It has been answered, or could not be sent. */
void order_await_end(struct order *o);

/* Makes ready for more than one slot; there is none now. */
void order_deepen(struct order *o);

/* N bytes for a slot's keys; NULL while those of others need them. */
char *order_reserve(struct order *o, size_t n);

/* A slot after the last, for the caller to fill; it counts from order_push on. N is how many bytes
 * its keys take. */
struct slot *order_next(struct order *o);
void order_push(struct order *o, struct slot *slot, size_t n);

/* A reply_fn: SLOT is a struct slot. */
void order_reply(void *slot, const struct reply *reply);

#endif
