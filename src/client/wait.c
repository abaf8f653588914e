#include "client/wait.h"

#include "base/deadline.h"
#include "base/xalloc.h"

#include <stdlib.h>

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

size_t wait_prepare(struct wait_set *w)
{
	size_t busy = 0;
	for (size_t i = 0; i < w->count; i++) {
		if (w->conns[i] && conn_busy(w->conns[i]))
			conn_pump(w->conns[i], 0);
	}
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
