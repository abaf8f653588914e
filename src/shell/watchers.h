/*
 * What happens on several servers, as they report it: each is watched (client/watch.h) on a
 * connection of its own, until Ctrl-C, a time, or who takes the events ends it. Connections that
 * Ctrl-Z has closed are made again. How many events were not reported is counted, as far as it is
 * known: what servers left out (skipped=), what was dropped here, and the rise of
 * log_worker_dropped, for which the servers are asked before and after.
 */
#ifndef SHELL_WATCHERS_H
#define SHELL_WATCHERS_H

#include "proto/event.h"
#include "shell/session.h"

struct bulk_out;

struct watchers_plan {
	struct session *session;
	size_t first, end;    /* the servers, at least one */
	const char *ask;      /* "watch fetchers\r\n" */
	int64_t span;         /* nanoseconds; 0: without end */
	bool from_answer;     /* the span begins when the first server has said OK, which takes up
	                       * to a second */
	struct bulk_out *out; /* while it is full no event is taken; NULL: there is none */
	/* For a person, in OUT once the first server has said OK. May be NULL. */
	const char *greeting;
	void *ctx; /* of the functions below */
	/* An event of SERVER; of a line that is none, EVENT is empty but for its text. False:
	 * enough. */
	bool (*event)(void *ctx, size_t server, const struct event *event);
	/* Several times a second, ELAPSED as below. False: enough. May be NULL. */
	bool (*tick)(void *ctx, int64_t elapsed);
	/* A counter of SERVER's stats, before and (AFTER) after. May be NULL. */
	void (*stat)(void *ctx, size_t server, const struct reply *reply, bool after);
};

struct watchers_result {
	enum status status;
	int64_t elapsed;  /* nanoseconds, in all; with from_answer, of the span */
	bool interrupted; /* by Ctrl-C */
	uint64_t missing; /* events that were not reported: at least so many */
	bool leaves;      /* Ctrl-C came, and would have ended mcsh: it should leave */
};

/* Whether each server can be watched: not over UDP. */
bool watchers_can(const struct watchers_plan *plan, struct error *error);

/* Watches. What goes wrong is reported, with OUT's text before it. Ctrl-C ends it and is no
 * failure. `missing` is left at what is known without asking again when OUT has failed. */
void watchers_run(const struct watchers_plan *plan, struct watchers_result *result);

/* Asks each server of PLAN whose connection each descriptor is (`stats conns`), as events have them
 * (cfd=): FN receives FD and ADDRESS, "127.0.0.1:4711", with plan->ctx. Of a socket in the file
 * system the server says what it is, and not who is there: then ADDRESS is empty. */
void watchers_name_clients(const struct watchers_plan *plan,
                           void (*fn)(void *ctx, size_t server, uint64_t fd, struct slice address));

/* The time that --for, among ARGS, gives, in nanoseconds; *SPAN stays as it is without one. */
struct args;
bool watchers_span(const struct args *args, int64_t *span, struct error *error);

#endif
