/*
 * The keys of a server, for every command that walks through them: lru_crawler metadump hash, on a
 * connection of its own.
 *
 * A server holds an item's lock while it writes the list, and may stand still, for everybody, with
 * a list that is not read. So the list is read as fast as it comes, whatever becomes of the keys:
 * they wait in bounded memory, and beyond that in a temporary file without a name; when that cannot
 * be written the list is closed. It is never asked for while lru_crawler_running is 1, since one
 * that waits for another holds up a thread of the server, nor while the server's hash table is
 *about to grow, which can stop its crawler for good. Only `hash` names items that are in use: that
 *is what is asked for, unless the owner has a line of its own.
 *
 * A list ends, in failure if need be: after a silence as long as the timeout; after ten times the
 * timeout, and once more for each 1,000 items that the server counts (curr_items); when it has
 * named twice as many keys, and a million.
 *
 *	crawl_new, then in each round of the owner's loop:
 *	  wait for crawl_conn (client/wait.h), between crawl_prepare and crawl_step
 *	  crawl_take as many keys as are wanted
 *	until crawl_state is no longer CRAWL_LISTING and crawl_waiting is 0.
 */
#ifndef CLIENT_CRAWL_H
#define CLIENT_CRAWL_H

#include "client/conn.h"
#include "proto/crawled.h"

struct crawl_plan {
	const struct address *address;
	/* Read at each use. The timeout is for silence; 0: the list may take for ever. */
	const struct client_options *options;
	void *ctx; /* of the functions below */
	/* The line that asks for the list, with its line end; its answer is kept as the lines that
	 * come, all of them (crawl_take_line). NULL: lru_crawler metadump hash, for crawl_take. */
	const char *ask;
	/* Without ASK: whether ITEM is to be kept; borrowed for the call. Of all that pass here, in
	 * their order, it sees each once. */
	bool (*wants)(void *ctx, const struct crawled *item);
	bool terse; /* of an item only its key and exptime are wanted; crawl_take gives no more */
	/* The descriptor over which the list comes now, -1: none. A program that is stopped must
	 * call conn_cut (client/conn.h) with it first. May be NULL. */
	void (*guard)(void *ctx, int fd);
};

enum crawl_state {
	CRAWL_LISTING,
	CRAWL_LISTED, /* the list has ended */
	CRAWL_FAILED, /* it has broken off, or could not be had: see crawl_error */
};

struct crawl;

/* PLAN is borrowed. Nothing is sent yet. */
struct crawl *crawl_new(const struct crawl_plan *plan);
void crawl_free(struct crawl *c);

/* The connection, for the owner's wait. */
struct conn *crawl_conn(const struct crawl *c);
/* What is not to come any more is not waited for: after wait_prepare, before each wait. */
void crawl_prepare(struct crawl *c);
/* Whether it will go on by itself, in less than a second, although there is nothing to wait for. */
bool crawl_pauses(const struct crawl *c);
/* After wait_pump: whether something CAME, and clock_now(). Must be called several times a second,
 * so that silence and pauses end. */
void crawl_step(struct crawl *c, bool came, int64_t now);

/* Takes the first item that waits; its key is borrowed until the next call. False when there is
 * none. */
bool crawl_take(struct crawl *c, struct crawled *item);
/* With ask: the first line that waits, without its line end, borrowed until the next call. */
bool crawl_take_line(struct crawl *c, struct slice *line);
/* Items, or lines, that wait. */
uint64_t crawl_waiting(const struct crawl *c);

enum crawl_state crawl_state(const struct crawl *c);
/* Of one that failed. */
enum status crawl_error(const struct crawl *c, struct error *error);

/* Keys that the server has named, and of these the ones that were wanted. */
uint64_t crawl_looked_at(const struct crawl *c);
uint64_t crawl_wanted(const struct crawl *c);

/* What the server said before the list: how many items it holds (curr_items) and how many were ever
 * stored (total_items). False when it has not said so. */
bool crawl_items(const struct crawl *c, uint64_t *items, uint64_t *stored);

#endif
