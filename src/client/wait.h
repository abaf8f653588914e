/*
 * The one wait of the core: for a set of connections, and for descriptors that are not theirs. A
 * round of whoever owns the connections is
 *
 *	wait_prepare   each connection does what it can without waiting
 *	wait_poll      until something can be done, or the time is up
 *	wait_pump      each connection does what it can now
 *
 * A reply is read into memory until it is whole, up to the largest value accepted. What all
 * connections of a set have read so has a ceiling too: beyond 16 MB only the connection with most
 * of it is read, and the others are held (conn_hold) until that reply is whole or its server's time
 * is up. So a set takes that much, one value, and what the sockets gave in one round; not a value
 * for each server.
 */
#ifndef CLIENT_WAIT_H
#define CLIENT_WAIT_H

#include "client/conn.h"

struct wait_set {
	struct conn **conns; /* NULL in a place: nothing is awaited there now */
	size_t count;
	struct pollfd *polled; /* of the connections, then of the others */
	size_t others;
	bool *came;       /* of each connection, whether something came in this round */
	bool full;        /* all but one are held */
	int64_t deadline; /* when one of the connections has to be looked at */
	int64_t now;      /* when the wait was over */
};

/* For COUNT connections, whose places are NULL, and OTHERS descriptors. */
void wait_init(struct wait_set *w, size_t count, size_t others);
void wait_release(struct wait_set *w);

/* Sends, begins to connect, and holds what takes too much memory. Returns how many connections wait
 * then. */
size_t wait_prepare(struct wait_set *w);

/* The I-th of the other descriptors: what to wait for, for the caller to set before wait_poll (fd
 * -1: nothing), and what was found. */
static inline struct pollfd *wait_other(struct wait_set *w, size_t i)
{
	return &w->polled[w->count + i];
}

/* Waits MS milliseconds at the most; -1: without end. True when something can be done. */
bool wait_poll(struct wait_set *w, int ms);

/* Sends, and reads what has come. A connection whose time is up is closed. */
void wait_pump(struct wait_set *w);

#endif
