#include "client/queue.h"

#include "base/xalloc.h"

#include <stdlib.h>

struct pending *queue_push(struct queue *q)
{
	if (q->count == q->cap) {
		/* In place, where the system can: what had gone round goes after the rest. */
		size_t cap = q->cap ? q->cap * 2 : 16;
		q->ring = xreallocarray(q->ring, cap, sizeof(*q->ring));
		for (size_t i = 0; i < q->head; i++)
			q->ring[q->cap + i] = q->ring[i];
		q->cap = cap;
	}
	return queue_at(q, q->count++);
}

void queue_release(struct queue *q)
{
	free(q->ring);
	*q = (struct queue){0};
}

/* The parts of P's time, now that its answer is whole. */
static struct timing timing_of(const struct pending *p, int64_t now)
{
	if (!p->sent && !p->linked)
		return (struct timing){.connect = now - p->start, .total = now - p->start};
	int64_t sent = p->sent ? p->sent : now;
	int64_t first = p->first ? p->first : now;
	int64_t ready = p->linked ? p->linked : p->start;
	return (struct timing){
	    .connect = ready - p->start,
	    .send = sent > ready ? sent - ready : 0,
	    .wait = first > sent ? first - sent : 0,
	    .receive = now - first,
	    .total = now - p->start,
	};
}

void pending_finish(const struct pending *p, const struct reply *reply, int64_t now)
{
	struct timing timing = timing_of(p, now);
	struct reply last = *reply;
	last.timing = &timing;
	if (p->fn)
		p->fn(p->ctx, &last);
}
