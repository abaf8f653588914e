/*
 * Every item of a server, streamed. One connection carries the list of keys (client/crawl.h),
 * another fetches what it names, a hundred keys at a time, while the list still comes.
 *
 * It is a walk through a server that others use: what is stored meanwhile may be in it or not, and
 * what is gone before it is read is counted.
 */
#ifndef CLIENT_DUMP_H
#define CLIENT_DUMP_H

#include "client/address.h"
#include "client/options.h"
#include "proto/crawled.h"
#include "proto/item.h"

struct dump_counts {
	uint64_t looked_at; /* keys that the server named */
	uint64_t listed;    /* of these, the ones that were wanted */
	uint64_t items;     /* handed over */
	uint64_t bytes;     /* of their keys and values */
	uint64_t expired;   /* were not there any more, and their time was up */
	uint64_t gone;      /* were not there any more: deleted or evicted meanwhile */
	uint64_t refused;   /* have keys that no command can ask for */
	uint64_t tokens; /* in_place: are stale, and reading took the right to fetch them again */
};

struct dump_plan {
	const struct address *address;
	const struct client_options *options; /* its timeout: for silence, not for the whole */
	bool cas;
	/* Read by mg with u, which the server must know: an item is neither moved up in its LRU nor
	 * marked as read. Else by get. */
	bool in_place;
	void *ctx; /* of the functions below */

	/* Whether ITEM is to be fetched. */
	bool (*wants)(void *ctx, const struct crawled *item);
	bool terse; /* its key and exptime decide that */
	/* See client/crawl.h. */
	void (*guard)(void *ctx, int fd);
	/* Receives each item; what it points to is borrowed for the call. */
	void (*item)(void *ctx, const struct item *item);
	/* Where the items go cannot take more now: the descriptor that has to become writable
	 * first. -1: it can. No item is fetched meanwhile, the list is read on. */
	int (*full)(void *ctx);
	/* Called when that descriptor is writable, and at times when it can take more. False ends
	 * the dump. */
	bool (*drain)(void *ctx);
	/* Called about ten times a second. May be NULL. */
	void (*tick)(void *ctx, const struct dump_counts *counts);
};

struct dump_result {
	struct dump_counts counts;
	enum status status; /* STATUS_OK: all that the server named was asked for */
	bool interrupted;   /* by options->wake_fd */
	bool stopped;       /* drain said so */
	struct error error; /* when the status is not OK */
};

/* Carries PLAN out and fills RESULT. */
void dump_run(const struct dump_plan *plan, struct dump_result *result);

#endif
