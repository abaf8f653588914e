#include "shell/items/walk_lists.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/crawl.h"
#include "shell/io/interrupt.h"

#include <stdlib.h>

/* Servers that are listed at a time: each costs a connection, and up to 2 MiB of keys where the
 * output is slow. */
#define AT_ONCE 16

struct lists;

/* A server that is being listed. */
struct walked {
	struct lists *lists;
	size_t place, server;
	struct crawl_plan plan;
	struct crawl *crawl; /* NULL: none is, here */
};

/* The lists under way. */
struct lists {
	struct walking *walk;
	struct walked *places;
	size_t count; /* of the places */
	size_t next;  /* the server that is listed next */
	struct wait_set set;
	uint64_t expected; /* items on the servers that are done */
	uint64_t listed;   /* items that these have listed */
	bool cut;          /* before the program was stopped lists were closed */
};

static void guard(void *ctx, int fd)
{
	const struct walked *v = ctx;
	interrupt_guard_stop(v->place, fd, conn_cut);
}

/* Of what comes, only that waits which cannot be handed over at once. */
static bool wants(void *ctx, const struct crawled *item)
{
	struct walked *v = ctx;
	struct walking *w = v->lists->walk;
	if (w->end->enough || !walk_passes(w, v->server, item))
		return false;
	if (crawl_waiting(v->crawl) > 0 || walk_is_full(w))
		return true;
	walk_hand_over(w, v->server, item);
	return false;
}

static void begin(struct lists *l, struct walked *v, size_t server)
{
	v->lists = l;
	v->server = server;
	v->plan = (struct crawl_plan){
	    .address = conn_address(client_server(l->walk->s->servers.client, server)),
	    .options = &l->walk->s->servers.options,
	    .ctx = v,
	    .ask = l->walk->plan->ask,
	    .wants = wants,
	    .guard = guard};
	v->crawl = crawl_new(&v->plan);
}

static void note_failure(const struct walked *v)
{
	struct lists *l = v->lists;
	struct failure *f = walk_fail(l->walk);
	f->status = crawl_error(v->crawl, &f->error);
	l->cut |= interrupt_was_cut();
	if (l->cut && f->status == STATUS_LOST)
		error_set(&f->error, "give the command again",
		          "stopped while %s listed its keys: the list was closed, because a server "
		          "stands still with one that is not read",
		          v->plan.address->label);
}

/* The server is done, or is given up. */
static void finish(struct lists *l, struct walked *v)
{
	uint64_t items, stored;
	bool known = crawl_items(v->crawl, &items, &stored);
	l->listed += crawl_looked_at(v->crawl);
	l->expected += known ? items : 0;
	l->walk->stored += known ? stored : 0;
	if (crawl_state(v->crawl) == CRAWL_FAILED)
		note_failure(v);
	crawl_free(v->crawl);
	v->crawl = NULL;
}

static uint64_t looked_at(const struct lists *l)
{
	uint64_t n = l->listed;
	for (size_t i = 0; i < l->count; i++)
		n += l->places[i].crawl ? crawl_looked_at(l->places[i].crawl) : 0;
	return n;
}

/* Items of the servers that are listed; 0: one has not said how many it holds. */
static uint64_t expected(const struct lists *l)
{
	uint64_t n = l->expected, items, stored;
	for (size_t i = 0; i < l->count; i++) {
		if (l->places[i].crawl && !crawl_items(l->places[i].crawl, &items, &stored))
			return 0;
		n += l->places[i].crawl ? items : 0;
	}
	return l->next == l->walk->plan->end ? n : 0;
}

/* Places that are free take the next servers. Returns how many lists are under way. */
static size_t start(struct lists *l)
{
	size_t active = 0;
	for (size_t i = 0; i < l->count; i++) {
		struct walked *v = &l->places[i];
		if (!v->crawl && l->next < l->walk->plan->end)
			begin(l, v, l->next++);
		l->set.conns[i] = v->crawl ? crawl_conn(v->crawl) : NULL;
		active += v->crawl != NULL;
	}
	return active;
}

/* Waits until something can be done. False: Ctrl-C came. */
static bool await(struct lists *l)
{
	size_t waiting = wait_prepare(&l->set);
	for (size_t i = 0; i < l->count; i++) {
		if (!l->places[i].crawl)
			continue;
		crawl_prepare(l->places[i].crawl);
		waiting += crawl_pauses(l->places[i].crawl);
	}
	return bulk_wait(&l->set, waiting, l->walk->plan->out, l->walk->s->servers.options.wake_fd,
	                 DEADLINE_NEVER);
}

/* Hands over the first thing that waits. False: nothing does. */
static bool hand_over(struct walking *w, struct walked *v)
{
	struct crawled item;
	struct slice line;
	if (w->plan->ask) {
		if (!crawl_take_line(v->crawl, &line))
			return false;
		walk_hand_over_line(w, v->server, line);
	} else {
		if (!crawl_take(v->crawl, &item))
			return false;
		walk_hand_over(w, v->server, &item);
	}
	return true;
}

/* What waits is handed over as far as the output takes it; servers that have nothing left are done.
 */
static void deliver(struct lists *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct walked *v = &l->places[i];
		if (!v->crawl)
			continue;
		crawl_step(v->crawl, l->set.came[i], l->set.now);
		while (!l->walk->end->enough && !walk_is_full(l->walk) && hand_over(l->walk, v))
			;
		if (crawl_state(v->crawl) != CRAWL_LISTING && crawl_waiting(v->crawl) == 0)
			finish(l, v);
	}
}

static void list_all(struct lists *l)
{
	struct walk_end *end = l->walk->end;
	while (!end->enough && !end->unread && !end->interrupted && start(l) > 0) {
		if (!await(l)) {
			end->interrupted = true;
			break;
		}
		wait_pump(&l->set);
		deliver(l);
		bulk_waited(&l->set, l->walk->plan->out);
		walk_show(l->walk, looked_at(l), expected(l), l->set.now);
	}
	for (size_t i = 0; i < l->count; i++) {
		if (l->places[i].crawl)
			finish(l, &l->places[i]);
	}
}

void walk_lists(struct walking *w)
{
	struct lists l = {.walk = w, .next = w->plan->first};
	size_t servers = w->plan->end - w->plan->first;
	l.count = w->plan->ask ? 1 : servers < AT_ONCE ? servers : AT_ONCE;
	l.places = xcalloc(l.count, sizeof(*l.places));
	for (size_t i = 0; i < l.count; i++)
		l.places[i].place = i;
	wait_init(&l.set, l.count, BULK_WAIT_OTHERS);
	list_all(&l);
	w->end->looked_at = l.listed;
	wait_release(&l.set);
	free(l.places);
}
