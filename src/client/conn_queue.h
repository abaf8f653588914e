/*
 * What a connection has asked and has no answer to: the queue of requests, the bytes still to be
 * sent, and what is not certain of those that were lost. client/conn.c connects and
 * waits, client/conn_answer.c reads.
 */
#ifndef CLIENT_CONN_QUEUE_H
#define CLIENT_CONN_QUEUE_H

#include "client/conn.h"
#include "client/queue.h"
#include "client/transport/lowat.h"
#include "client/transport/transport.h"
#include "proto/reply_reader.h"

struct conn {
	const struct address *address;
	const struct client_options *options;
	const struct conn_owner *owner;
	enum conn_state state;
	struct transport transport;
	int64_t dial_deadline; /* by conn_awaited */
	int64_t head_since;    /* when the head of the queue became the head, by conn_awaited */
	int64_t now; /* when the socket was last spoken to: a clock for every reply is dear */
	struct lowat lowat;
	unsigned held;                   /* reasons why what comes is left unread */
	bool heard;                      /* something came on this connection */
	bool hung_up;                    /* the server has closed it */
	bool renewed;                    /* it was open when conn_renew closed it */
	const struct software *software; /* by the last answer to `version`; NULL: none came */

	struct buf out;
	size_t out_pos;                  /* bytes of out that have been sent */
	uint64_t queued, sent;           /* bytes queued and sent over this connection */
	uint64_t secret_from, secret_to; /* of these, the ones to mask */
	struct reply_reader reader;

	struct queue queue;
	size_t sent_whole; /* requests at the queue's head whose last byte has been sent */
	size_t unanswered; /* requests in the queue that get an answer */

	uint32_t opaque;         /* of the last packet that was queued */
	enum dialect_id dialect; /* of the last request queued: a fence is in the same */
	bool unfenced; /* a request that wants no answer, and may get one all the same, has no fence
	                * after it yet */
	bool unproven; /* answers were matched by order alone, and no fence was after them yet */
	struct error doubt; /* what is not certain of what was sent or answered, not yet reported */

	struct error last_error;
	bool refused;  /* by it: the login that options has; requests get no connection then */
	bool guarded;  /* the server has said that it wants a login before anything else */
	bool admitted; /* and has answered a command over this connection all the same */
	uint64_t opened;
};

/* The time NOW without what was spent away from the servers: by this clock answers are overdue. */
static inline int64_t conn_awaited(const struct conn *c, int64_t now)
{
	return c->owner && c->owner->away ? now - *c->owner->away : now;
}

/* Whether REQUEST is one that a server takes for a login where it wants one: a set. */
bool conn_may_log_in(const struct request *request);
/* One was sent to such a server: the owner learns of it. */
void conn_note_login(struct conn *c);

/* What is known of bytes in either direction. */
unsigned conn_trace_marks(const struct conn *c);

/* The head leaves the queue, and the next one's time begins. */
struct pending conn_pop(struct conn *c);

/* Queues REQUEST after the others. False when the bytes waiting would pass the ceiling. */
bool conn_enqueue(struct conn *c, const struct request *request, struct route route, reply_fn *fn,
                  void *ctx);

/* The same for one whose wire form is BYTES already. */
bool conn_enqueue_bytes(struct conn *c, const struct request *request, struct slice bytes,
                        struct route route, reply_fn *fn, void *ctx);

/* Back to CONN_CLOSED; the queue is the caller's business. */
void conn_reset(struct conn *c);

/* Closes. What was not sent because no connection came about may go elsewhere, if RESCUE says so;
 * all else in the queue is lost. */
void conn_lose(struct conn *c, const struct error *why, bool rescue);

/* Closes without a reason; requests in the queue are lost as "disconnected". A login that was
 * refused may be tried again. */
void conn_hang_up(struct conn *c);

/* What came does not belong to any request: answers before it may belong to others than those they
 * were given to. Closes. */
void conn_fail_unasked(struct conn *c);

/* What was sent and wants no answer was refused, or lost: WHAT says how. */
void conn_refuse_quiet(struct conn *c, const char *what);

/* Closes with the system's word for errno; DOING is "sending to" and the like. */
void conn_fail_errno(struct conn *c, const char *doing);

/* Sends what the socket takes. False when the connection was lost. */
bool conn_flush(struct conn *c);

/* How many of the bytes that wait may be given to the transport at once; 0: those before them are
 * to be answered first. */
size_t conn_next_piece(const struct conn *c);

#endif
