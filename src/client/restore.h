/*
 * Items stored in large numbers, streamed: what was given is sent in chunks of quiet meta commands
 * (ms ... q, closed by mn), a few of them under way to each server at a time, so that only what was
 * not stored is answered. A server that does not know these gets classic commands with a reply
 * each, many of them under way.
 *
 * add and replace are classic commands always: a server that refuses an ms, because its value is
 * too large or memory has run out, deletes the item that was there, in every mode; a refused set
 * does so too, a refused add or replace does not. No classic command carries a key that needs
 * base64: with add and replace such an item is RESTORE_BAD, and nothing is sent for it.
 */
#ifndef CLIENT_RESTORE_H
#define CLIENT_RESTORE_H

#include "client/client.h"
#include "proto/item.h"

struct restore_counts {
	uint64_t stored;
	uint64_t bytes; /* of keys and values, also of those that were not stored beside others */
	uint64_t negative; /* add: were there already; replace: were not there */
	uint64_t refused;  /* answered with an error */
	uint64_t unknown;  /* sent, and the connection was lost before the answer */
};

struct restore_plan {
	struct client *client;
	enum verb verb;      /* VERB_SET, VERB_ADD or VERB_REPLACE */
	size_t server;       /* where all go, or SERVER_BY_KEY */
	struct slice prefix; /* put before each key */
	bool any_key;        /* keys may hold any byte: storing them is up to the client */
	bool classic;        /* no meta command is sent, nor is it asked whether they are known */
	void *ctx;
	/* One of the items of lines FIRST to LAST was answered with the error REPLY. VERB is the
	 * command that had this effect: a refused VERB_SET has deleted what was there. */
	void (*refused)(void *ctx, uint64_t first, uint64_t last, enum verb verb,
	                const struct reply *reply);
};

struct restore;

/* PLAN is borrowed. */
struct restore *restore_new(const struct restore_plan *plan);
void restore_free(struct restore *r);

enum restore_result {
	RESTORE_OK = 0,
	RESTORE_BAD,  /* the item cannot be sent: its key or its time; others can */
	RESTORE_LOST, /* a connection was lost or everything was cancelled: nothing more goes */
};

/* Queues ITEM, which came from LINE, and sends when enough has gathered; waits while too much is
 * under way. An exptime must be a Unix time in the future or 0, and flags have 32 bits. */
enum restore_result restore_add(struct restore *r, const struct item *item, uint64_t line,
                                struct error *error);

/* Sends what has gathered and waits for all answers; after a loss too, to the servers that are
 * there, unless it was interrupted. Must be called before restore_free. */
enum restore_result restore_finish(struct restore *r, struct error *error);

const struct restore_counts *restore_counts(const struct restore *r);

#endif
