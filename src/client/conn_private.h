/*
 * What the files of a connection share: client/conn.c has its queue and its life, and
 * client/conn_answer.c what is sent, and whose answer is what comes. client/conn_gets.c lets gets
 * wait for each other: a server sends the answer to each get line by itself, and one for many keys
 * costs it less than many for one. client/conn_settle.c keeps what is not certain until it is.
 */
#ifndef CLIENT_CONN_PRIVATE_H
#define CLIENT_CONN_PRIVATE_H

#include "client/conn.h"
#include "client/lowat.h"
#include "client/queue.h"
#include "proto/reply_reader.h"

struct conn {
	const struct address *address;
	const struct client_options *options;
	const struct conn_owner *owner;
	enum conn_state state;
	int fd;
	struct dial *dial;     /* while resolving and connecting */
	int64_t dial_deadline; /* by conn_awaited */
	int64_t head_since;    /* when the head of the queue became the head, by conn_awaited */
	int64_t now; /* when the socket was last spoken to: a clock for every reply is dear */
	struct lowat lowat;
	bool held; /* what comes is left unread */

	struct buf out;
	size_t out_pos;                  /* bytes of out that have been sent */
	uint64_t queued, sent;           /* bytes queued and sent over this connection */
	uint64_t secret_from, secret_to; /* of these, the ones to mask */
	struct reply_reader reader;

	struct gets
	    *gets; /* those that wait for the end of their line; NULL: there never were any */
	struct queue queue;
	size_t sent_whole; /* requests at the queue's head whose last byte has been sent */
	size_t unanswered; /* requests in the queue that get an answer */

	bool unfenced; /* a request that wants no answer, and may get one all the same, has no fence
	                * after it yet */
	bool unproven; /* answers were matched by order alone, and no fence was after them yet */
	struct error doubt; /* what is not certain of what was sent or answered, not yet reported */

	struct error last_error;
	uint64_t opened;
};

/* The time NOW without what was spent away from the servers: by this clock answers are overdue. */
static inline int64_t conn_awaited(const struct conn *c, int64_t now)
{
	return c->owner && c->owner->away ? now - *c->owner->away : now;
}

/* The head leaves the queue, and the next one's time begins. */
struct pending conn_pop(struct conn *c);

/* Queues REQUEST after the others. False when the bytes waiting would pass the ceiling. */
bool conn_enqueue(struct conn *c, const struct request *request, struct route route, reply_fn *fn,
                  void *ctx);

/* REPLY answers the login. False when it was refused, which ends the connection. */
bool conn_logged_in(struct conn *c, const struct reply *reply);

/* What came does not belong to any request: answers before it may belong to others than those they
 * were given to. Closes. */
void conn_fail_unasked(struct conn *c);

/* WHAT happened before the fence of conn_settle was answered; QUIET: requests that want no answer
 * were before it. */
void conn_doubt(struct conn *c, const char *what, bool quiet);

/* What was sent and wants no answer was refused, or lost: WHAT says how. */
void conn_refuse_quiet(struct conn *c, const char *what);

/* Closes with the system's word for errno; DOING is "sending to" and the like. */
void conn_fail_errno(struct conn *c, const char *doing);

/* Sends what the socket takes. False when the connection was lost. */
bool conn_flush(struct conn *c);

/* Reads what has come, and hands over every reply in it that is whole. */
void conn_receive(struct conn *c);

/* Hands over every reply that has come whole. False when the connection was lost. */
bool conn_take_replies(struct conn *c);

/* The head's answer ends with the connection, if it is of that kind. */
bool conn_end_by_closing(struct conn *c);

#endif
