/*
 * One server's connection: a queue of requests that wait for their answers, the bytes still to be
 * sent, and the reader of what comes. It never blocks; client/client.c polls and calls.
 *
 * Answers are matched to requests by order alone, as the protocol has it. A reply that does not
 * match the head of the queue ends the connection, and every request in the queue is reported as
 * lost: an answer is never given to the wrong request. A lost connection is opened again by the
 * next request.
 */
#ifndef CLIENT_CONN_H
#define CLIENT_CONN_H

#include "client/address.h"
#include "client/options.h"
#include "client/transport/rtt.h"
#include "proto/reply.h"
#include "proto/request.h"

#include <poll.h>

/* Receives each reply of a request's answer, the last one included. What the reply points to is
 * borrowed until it returns. It may submit further requests; it must not free the client. */
typedef void reply_fn(void *ctx, const struct reply *reply);

enum conn_state {
	CONN_CLOSED,     /* not connected; the next request connects */
	CONN_CONNECTING, /* the name is being looked up, or an address tried */
	CONN_OPEN,
};

struct conn;

/* How a request came to its server, and so where else it may go when that one is down. */
struct route {
	enum {
		ROUTE_SERVER, /* it was named: nowhere else */
		ROUTE_KEY,    /* by its first key */
		ROUTE_HASH,   /* by a hash that stands in for the key's */
	} kind;
	uint32_t hash;    /* ROUTE_HASH */
	unsigned attempt; /* places tried before */
};

/* Of what goes to one server alone. */
#define ROUTE_HERE ((struct route){.kind = ROUTE_SERVER})

/* What a connection reports to its owner; each may be NULL. */
struct conn_owner {
	void *ctx;
	/* The server cannot be connected to, or did not answer in time; or it was connected to. */
	void (*down)(void *ctx, struct conn *c);
	void (*up)(void *ctx, struct conn *c);
	/* There is something for conn_take_doubt. */
	void (*doubt)(void *ctx);
	/* A set was given that the server takes, or has taken, for a login: what it stores may be a
	 * password. */
	void (*login)(void *ctx);
	/* No connection came about, and BYTES, a request in wire form, was not sent: true when it
	 * has been queued elsewhere and need not be lost. */
	bool (*rescue)(void *ctx, const struct request *request, struct slice bytes,
	               struct route route, reply_fn *fn, void *fn_ctx);
	/* Nanoseconds so far in which no server was waited for, because its replies were worked on
	 * or the results were being written. Deadlines do not count them. The connection adds what
	 * it spends on values. */
	int64_t *away;
};

/* The pointers are borrowed for the connection's life; OWNER may be NULL. Nothing is opened yet. */
struct conn *conn_new(const struct address *address, const struct client_options *options,
                      const struct conn_owner *owner);
/* Requests in the queue are lost without a word. */
void conn_free(struct conn *c);

/*
 * Queues REQUEST, which has passed request_check. Its keys and its text are borrowed until its
 * last reply, its value only during the call. False when the bytes waiting to be sent would pass
 * the ceiling; nothing is queued then.
 */
bool conn_submit(struct conn *c, const struct request *request, struct route route, reply_fn *fn,
                 void *ctx);
/* The same for a request whose wire form is BYTES already. */
bool conn_resubmit(struct conn *c, const struct request *request, struct slice bytes,
                   struct route route, reply_fn *fn, void *ctx);

/* Bytes that wait to be sent. */
size_t conn_backlog(const struct conn *c);
/* Requests that wait for their answers. */
size_t conn_waiting(const struct conn *c);

/* True while a request waits for its answer, or bytes wait to be sent. */
bool conn_busy(const struct conn *c);

/* Whether the server wants a login before anything else, as far as is known, the options have none,
 * and no command was answered over this connection: the data of a set is one then. conn_guard is
 * for who knows it otherwise. */
bool conn_wants_login(const struct conn *c);
void conn_guard(struct conn *c);

/* For poll(2): the descriptor (-1: nothing to wait for) and the events. */
struct pollfd conn_pollfd(const struct conn *c);

/* Leaves what comes unread, so that the server has to wait, until it is held for no reason. WHY is
 * one: the answers of other servers come first, or replies that are not whole take too much
 * memory (client/wait.h). */
enum {
	HOLD_ORDER = 1,
	HOLD_MEMORY = 2,
};
void conn_hold(struct conn *c, unsigned why, bool held);
/* Whether it is held for a reason other than memory; and the bytes read that are no reply yet. */
bool conn_has_turn(const struct conn *c);
size_t conn_unread(const struct conn *c);

/* When conn_expire must be called at the latest; DEADLINE_NEVER when nothing is awaited. */
int64_t conn_deadline(const struct conn *c);

/* NS nanoseconds of the owner's own have passed, and are in owner->away already. */
void conn_skip(struct conn *c, int64_t ns);

/* Begins to connect if there is need, sends and reads what can be done without waiting. REVENTS are
 * poll's, 0 for a first go. */
void conn_pump(struct conn *c, short revents);

/* The deadline has passed: what lies in the socket is read. Where an answer is overdue all the same
 * the connection is closed and the queue lost. */
void conn_expire(struct conn *c);

/* Queues a fence if none was sent yet after requests that want no answer, or after answers that
 * were matched by their order alone. The server has one second to answer it. */
void conn_settle(struct conn *c);
/* Whether conn_settle has something to do, or conn_take_doubt something to say. */
bool conn_unsettled(const struct conn *c);
/* Whether, since the last call, a connection was lost with requests on it that want no answer and
 * that nothing confirmed, or something came that was not asked for. ERROR says which. */
bool conn_take_doubt(struct conn *c, struct error *error);

/* Closes; the requests in the queue receive WHY. */
void conn_fail(struct conn *c, const struct error *why);
/* Closes without a reason; requests in the queue are lost as "disconnected". */
void conn_close(struct conn *c);
/* The same, since the options have changed: the next request connects with the new ones. */
void conn_renew(struct conn *c);
/* Whether it is closed for that alone: it was open then, and no attempt to connect has failed
 * since. */
bool conn_renewed(const struct conn *c);

/* Ends what comes and goes over FD, a connection's descriptor, and closes nothing: for a signal
 * handler, from which nothing else of a connection may be called. */
void conn_cut(int fd);

/* Looks whether the peer has closed an idle connection, and closes it then. */
void conn_check(struct conn *c);

enum conn_state conn_state(const struct conn *c);
const struct address *conn_address(const struct conn *c);
/* What carries its bytes, in a line: "TCP", "TLS 1.3, AES-256-GCM, CN=cache.example.org". True when
 * that is more than the name of its kind. */
bool conn_describe_transport(const struct conn *c, struct buf *out);
/* The round trip that the kernel has measured; false: it is not open, or there is no TCP. */
bool conn_rtt(const struct conn *c, struct rtt *rtt);
/* Whether the server refused the login of the last connection. */
bool conn_refused(const struct conn *c);
/* How many connections have been opened. */
uint64_t conn_opened(const struct conn *c);

#endif
