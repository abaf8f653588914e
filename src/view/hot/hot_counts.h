/*
 * Who is asked for most, counted from the events of servers (proto/event.h: fetchers, mutations,
 * and, for clients, connevents), in bounded memory: base/hitters.h.
 *
 * Servers log a look-up of the key before each store, by the same connection, which is not a get:
 * it becomes the store when that follows. Other commands (touch, delete, incr, the meta commands)
 * look a key up too, and count as gets: their lines do not say what they are.
 */
#ifndef VIEW_HOT_HOT_COUNTS_H
#define VIEW_HOT_HOT_COUNTS_H

#include "base/hitters.h"
#include "proto/event.h"

enum hot_by {
	HOT_KEY,
	HOT_PREFIX, /* the key up to and with the first of : / . | - _; without one, "" */
	HOT_CLIENT, /* a connection to a server */
};

/* The counters that there are. */
#define HOT_COUNTERS 4096

struct hot_totals {
	uint64_t hits, misses, stores; /* of all keys */
};

struct hot_row {
	size_t server;     /* HOT_PREFIX: 0, all of them are one */
	struct slice name; /* borrowed from the counts */
	uint64_t count,
	    error; /* gets and stores (of MISSES the misses); too high by at most that */
	/* Since the name has its counter: all of them while the error is 0. */
	uint64_t hits, misses, stores;
	uint64_t bytes, sized; /* of values that were read or stored, and how many these were */
};

struct hot_counts;

/* MISSES: only what is not found is counted. */
struct hot_counts *hot_counts_new(enum hot_by by, bool misses);
void hot_counts_free(struct hot_counts *c);

/* Counts EVENT of SERVER; others than those above are passed over. */
void hot_counts_add(struct hot_counts *c, size_t server, const struct event *event);

/* The connection FD of SERVER is NAME's, from now on. */
void hot_counts_client(struct hot_counts *c, size_t server, uint64_t fd, struct slice name);

/* No event follows: the look-ups for which a store could have come are gets. */
void hot_counts_end(struct hot_counts *c);

const struct hot_totals *hot_counts_totals(const struct hot_counts *c);
/* The most that a name that is not listed was counted: 0 while there were enough counters. */
uint64_t hot_counts_floor(const struct hot_counts *c);
/* Names that were counted; at least so many, where there were not enough counters. */
size_t hot_counts_names(const struct hot_counts *c);

/* The first, MOST of them at the most, into ROWS; returns how many. */
size_t hot_counts_top(const struct hot_counts *c, struct hot_row *rows, size_t most);

#endif
