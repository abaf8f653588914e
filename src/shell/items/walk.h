/*
 * A walk through the keys of servers, all at once, for every command that is about many items: the
 * crawler's list of each (client/crawl.h), which is read whatever becomes of the output; the items
 * that a filter lets pass, as they come; a line on the terminal that says how far it is, after half
 * a second; Ctrl-C at any moment.
 */
#ifndef SHELL_ITEMS_WALK_H
#define SHELL_ITEMS_WALK_H

#include "proto/crawled.h"
#include "shell/io/bulk_file.h"
#include "shell/lang/keyfilter.h"
#include "shell/session.h"

struct walk_plan {
	const struct keyfilter *filter;
	size_t first, end; /* the servers (execute_servers) */
	bool foreign;      /* items without the session's key prefix, too; keys are whole then */
	void *ctx;         /* of the function below */
	/* Receives each item that passes, on SERVER, without the session's key prefix, which has to
	 * be there; borrowed for the call. False: that is enough, and the walk ends. */
	bool (*item)(void *ctx, size_t server, const struct crawled *item);
	/* A list that is asked for by its owner's own line (client/crawl.h): instead of items, this
	 * receives all lines of the answer, the servers being listed one after another. */
	const char *ask;
	bool (*line)(void *ctx, size_t server, struct slice line);
	/* Where that function writes; it is called while this takes more. Closed at the end of the
	 * walk, when no server waits any longer. NULL: it writes nothing. */
	struct bulk_out *out;
};

/* How a walk ended. */
struct walk_end {
	uint64_t looked_at; /* items that servers listed */
	uint64_t found;     /* of these, handed over */
	uint64_t bytes;     /* of these, as servers count sizes */
	uint64_t stored;    /* items that were stored meanwhile; at a prompt only */
	bool picks;         /* the filter left out something, or could have */
	bool enough;        /* the plan's function said so */
	bool interrupted;   /* by Ctrl-C */
	bool unread;        /* the output can take no more: its reader has gone */
	enum status status; /* STATUS_OK: each server was listed to its end, or `enough` */
	int64_t elapsed;    /* nanoseconds */
};

/* Whether the session's servers are such that FILTER makes sense. On false ERROR says why not. */
bool walk_can(const struct session *s, const struct keyfilter *filter, struct error *error);

/* Walks. What went wrong, server by server, and an interruption have been reported when it returns
 * end->status. */
enum status walk(struct session *s, const struct walk_plan *plan, struct walk_end *end);

/* Whether the counts mean anything: where every list was refused, how many items there are is not
 * known. */
bool walk_listed(const struct walk_end *end);

/* What a walk cannot know, a line each for eyes; nothing in other formats than pretty. */
void walk_add_limits(struct buf *out, const struct style *style, const struct walk_end *end);

/* For eyes: "(12 keys of 3,456 looked at, 1.2 KiB, in 0.310 s)", the items being called ONE or
 * MANY, and the limits. SHOWN, where it is less than what was found: "(10 shown; 12 keys ...". */
void walk_add_summary(struct buf *out, const struct style *style, const char *one, const char *many,
                      uint64_t shown, const struct walk_end *end);

#endif
