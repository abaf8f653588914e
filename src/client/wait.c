#include "client/wait.h"

#include "base/deadline.h"
#include "base/xalloc.h"

#include <stdlib.h>

/* Bytes of replies that are not whole yet, on all connections together. */
#define UNREAD_MAX ((size_t)16 * 1024 * 1024)

void wait_init(struct wait_set *w, size_t count, size_t others)
{
	*w = (struct wait_set){.count = count, .others = others};
	w->conns = xcalloc(count, sizeof(struct conn *));
	w->came = xcalloc(count, sizeof(*w->came));
	w->polled = xcalloc(count + others, sizeof(*w->polled));
	for (size_t i = 0; i < others; i++)
		wait_other(w, i)->fd = -1;
}

void wait_release(struct wait_set *w)
{
	free(w->conns);
	free(w->came);
	free(w->polled);
	*w = (struct wait_set){0};
}

/* Holds all but the connection with the longest unfinished reply while these take too much. */
static void share_memory(struct wait_set *w)
{
	size_t sum = 0, most = 0, reader = 0;
	for (size_t i = 0; i < w->count; i++) {
		struct conn *c = w->conns[i];
		size_t n = c && conn_busy(c) ? conn_unread(c) : 0;
		sum += n;
		if (n > most && conn_has_turn(c)) {
			most = n;
			reader = i;
		}
	}
	bool full = sum > UNREAD_MAX && most > 0;
	for (size_t i = 0; (full || w->full) && i < w->count; i++) {
		if (w->conns[i])
			conn_hold(w->conns[i], HOLD_MEMORY, full && i != reader);
	}
	w->full = full;
}

size_t wait_prepare(struct wait_set *w)
{
	size_t busy = 0;
	for (size_t i = 0; i < w->count; i++) {
		if (w->conns[i] && conn_busy(w->conns[i]))
			conn_pump(w->conns[i], 0);
	}
	share_memory(w);
	w->deadline = DEADLINE_NEVER;
	for (size_t i = 0; i < w->count; i++) {
		struct conn *c = w->conns[i];
		bool waits = c && conn_busy(c);
		w->polled[i] = waits ? conn_pollfd(c) : (struct pollfd){.fd = -1};
		busy += waits;
		if (waits)
			w->deadline = deadline_min(w->deadline, conn_deadline(c));
	}
	return busy;
}

bool wait_poll(struct wait_set *w, int ms)
{
	size_t count = w->count + w->others;
	int n = poll(w->polled, count, ms);
	w->now = clock_now();
	for (size_t i = 0; n <= 0 && i < count; i++)
		w->polled[i].revents = 0;
	return n > 0;
}

void wait_pump(struct wait_set *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct conn *c = w->conns[i];
		w->came[i] = w->polled[i].fd >= 0 && w->polled[i].revents;
		if (w->came[i])
			conn_pump(c, w->polled[i].revents);
		if (c && conn_busy(c) && conn_deadline(c) <= w->now)
			conn_expire(c);
	}
}
