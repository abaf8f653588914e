/*
 * What a command asks of the servers, and the two ways to ask it: as a command whose answer is
 * shown (shell/flow/window.h), or outside of one, where the asker reads the replies itself.
 */
#ifndef SHELL_FLOW_ASK_H
#define SHELL_FLOW_ASK_H

#include "shell/session.h"

struct ask {
	const char *command;           /* the name under which the answer is shown */
	const struct request *request; /* with the keys as they were typed */
	struct target target;
	struct slice prefix; /* put before every key on the wire, and not shown */
	bool keyed;          /* each value is shown with its key, one alone too */
	/* Awaited: a reply for which this is true ends the answer, and is not shown, since the
	 * asker will ask again. NULL: each is shown. */
	bool (*withhold)(void *ctx, const struct reply *reply);
	void *ctx;
};

/* KEYS with PREFIX before each: slices into ARENA, in an array that the caller frees. */
struct slice *ask_prefixed(struct slice prefix, const struct slice *keys, size_t count,
                           struct buf *arena);

/*
 * The one way to ask outside of a command: asks the servers from FIRST to below END for REQUEST,
 * all at once, and waits. It is traced; a question that nobody typed is marked so (request->own).
 * FN receives the replies of the I-th of them with CTX + I * SIZE, REPLY_LOST too where it could
 * not be sent, and where an earlier question of this command was not answered in time
 * (shell/servers/silence.h): a command takes the timeout once. False when Ctrl-C ended the wait.
 */
bool ask_servers(struct session *s, const struct request *request, size_t first, size_t end,
                 reply_fn *fn, void *ctx, size_t size);
/* The same for `stats WORDS`, which nobody typed. */
bool ask_stats(struct session *s, const char *words, size_t first, size_t end, reply_fn *fn,
               void *ctx, size_t size);

/* How a server failed to answer; STATUS_OK: it did not. */
struct failure {
	enum status status;
	struct error error;
};

/* Whether REPLY, to REQUEST, is a failure, which F then holds. */
bool failure_take(struct failure *f, const struct request *request, const struct reply *reply);
/* Reports it, and returns its status. */
enum status failure_report(struct session *s, const struct failure *f);

/* What a server answers to `version`. */
struct said {
	bool there;         /* a version, */
	char version[200];  /* which is this, cut if need be; else "" */
	bool lost;          /* nothing */
	bool shut;          /* that it wants a login */
	struct error error; /* what is wrong, unless it is there */
};

/* For ask_servers: the answer goes into CTX, a struct said. */
void said_read(void *ctx, const struct reply *reply);

/* Asks the servers from FIRST to below END for their versions, all at once. SAID has a place for
 * each of them. False when Ctrl-C ended the wait. */
bool ask_version(struct session *s, size_t first, size_t end, struct said *said);

/*
 * Before connections are closed: waits, a second at most, until the servers have carried out
 * what was sent with --noreply; else the next connection could be ahead of it. Looks, too, whether
 * they sent as many answers as a pipelined script asked for. Reports when that is not sure, and
 * returns STATUS_LOST then.
 */
enum status ask_settle(struct session *s);

#endif
