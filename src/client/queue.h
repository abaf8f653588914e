/*
 * The requests that wait for their answers, in the order in which they were sent.
 */
#ifndef CLIENT_QUEUE_H
#define CLIENT_QUEUE_H

#include "client/conn.h"

/* There are thousands of a script, and so no byte more than must be. */
struct pending {
	struct request request; /* keys and text are borrowed, value is not kept */
	struct route route;
	uint32_t len; /* of what is sent for it, in bytes */
	reply_fn *fn; /* NULL: nobody listens (the fence after an error) */
	void *ctx;
	bool settles;    /* a fence that confirms what was sent before it (conn_settle) */
	bool quiet;      /* it does so for requests that want no answer: errors may be before it */
	bool login;      /* it opens the connection; when refused, nothing after it is answered */
	uint32_t values; /* that have come: no more than keys were asked */
	size_t cursor;   /* the reply reader's */
	uint64_t end;    /* where in what is sent over the connection the request ends */
	int64_t start;   /* when it was queued */
	int64_t linked;  /* when the connection it had to wait for was there; 0: it did not wait */
	int64_t sent;    /* when its last byte had been taken by the socket; 0: not yet */
	int64_t first;   /* when the first byte of its answer came; 0: not yet */
};

/* Where in what is sent the request begins. */
static inline uint64_t pending_begin(const struct pending *p)
{
	return p->end - p->len;
}

/* REPLY, which came at NOW, ends P's answer: it is handed over with its times. */
void pending_finish(const struct pending *p, const struct reply *reply, int64_t now);

/* A ring: COUNT entries from HEAD on; the capacity is a power of two and is kept. */
struct queue {
	struct pending *ring;
	size_t head, count, cap;
};

/* The I-th entry, 0 the head; borrowed until the next push. */
static inline struct pending *queue_at(const struct queue *q, size_t i)
{
	return &q->ring[(q->head + i) & (q->cap - 1)];
}
/* A new last entry, for the caller to fill. */
struct pending *queue_push(struct queue *q);
/* Takes the head; there is one. */
static inline struct pending queue_pop(struct queue *q)
{
	const struct pending *p = queue_at(q, 0);
	q->head = (q->head + 1) & (q->cap - 1);
	q->count--;
	return *p;
}
void queue_release(struct queue *q);

#endif
