/*
 * The events of a server as they happen: watch STREAM..., on a connection of its own, which answers
 * nothing else from then on.
 *
 * A server keeps what a watcher does not read, up to a limit, and leaves out what comes after that;
 * so lines are read as fast as they come, whatever becomes of them. They wait in bounded memory;
 * when that is full the newest are dropped and counted.
 *
 *	watch_new, then in each round of the owner's loop:
 *	  wait for watch_conn (client/wait.h), between watch_prepare and watch_step
 *	  watch_take as many lines as are wanted
 *	until watch_state is WATCH_OVER and no line is left.
 */
#ifndef CLIENT_WATCH_H
#define CLIENT_WATCH_H

#include "client/conn.h"

struct watch_plan {
	const struct address *address;
	const struct client_options *options; /* its timeout: for the first answer */
	const char *ask;                      /* "watch fetchers\r\n" */
	void *ctx;                            /* of the function below */
	/* The descriptor over which lines come now, -1: none. A program that is stopped must call
	 * conn_cut (client/conn.h) with it first. May be NULL. */
	void (*guard)(void *ctx, int fd);
};

enum watch_state {
	WATCH_ASKED,   /* no answer yet: that may take a second */
	WATCH_ON,      /* lines come */
	WATCH_REFUSED, /* watch_refusal says by which line */
	WATCH_OVER,    /* it has broken off: watch_error */
};

struct watch;

/* PLAN is borrowed. Nothing is sent yet. */
struct watch *watch_new(const struct watch_plan *plan);
void watch_free(struct watch *w);

/* The connection, for the owner's wait. */
struct conn *watch_conn(const struct watch *w);
/* After wait_prepare, before each wait. */
void watch_prepare(struct watch *w);
/* After wait_pump; NOW is clock_now(). Must be called several times a second. */
void watch_step(struct watch *w, int64_t now);

enum watch_state watch_state(const struct watch *w);
/* The line that refused it, borrowed. */
struct slice watch_refusal(const struct watch *w);
const struct error *watch_error(const struct watch *w);

/* Takes the first line that waits, without its line end, borrowed until the next call of any of
 * these. False when there is none. */
bool watch_take(struct watch *w, struct slice *line);
/* Lines that were dropped, because nobody took those before them. */
uint64_t watch_dropped(const struct watch *w);

#endif
