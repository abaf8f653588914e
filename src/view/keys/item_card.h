/*
 * All that is known of one item, as a card:
 *
 *   pretty   the value as get shows it, and below it a line for each fact
 *   plain    a line for each fact: name, tab, value; with several keys the key and a tab before it.
 *            Nothing of a miss
 *   json     an object: {"command":".peek","key":"foo","found":true,...}
 *   csv      a row, under a header line; no row for a miss
 *
 * The facts, in this order; one that is not known is left out (csv: empty):
 *
 *   key server placed   where it is, and by what hash; `placed` is of several servers alone
 *   flags bytes value   as get has them (json: and what the value means); csv has `encoding` after
 *                       the value, "base64" where that is not text
 *   type profile        what it is, and to which client
 *   class chunk size    slab class, the bytes of its chunks, and those of memory that the item
 * takes ttl exptime         seconds left, -1: never expires; the Unix time, 0: never bumped seconds
 * since it was moved up in its LRU fetched             yes or no: whether it was read since it was
 * stored cas stale           stale: yes, of an item that is marked so
 */
#ifndef VIEW_KEYS_ITEM_CARD_H
#define VIEW_KEYS_ITEM_CARD_H

#include "base/buf.h"
#include "proto/item_state.h"
#include "view/style.h"

struct item_card {
	const char *command; /* the typed word */
	struct slice key;
	bool keyed; /* plain: one of several keys */
	const char *server;
	struct slice placed; /* why it is on that server; empty: there is no other */
	struct item_state item;
	struct slice value; /* with item.has_value */
	uint64_t chunk;     /* bytes of a chunk of its class; 0: not known */
	int64_t now;        /* the Unix time at which it was looked at */
	/* Makes space in the output while a long value is added to it; NULL: not wanted. */
	void (*drain)(void *ctx);
	void *drain_ctx;
};

/* Adds CARD to OUT; all is borrowed for the call. */
void item_card_add(struct buf *out, const struct style *style, const struct item_card *card);

/* "1 min 40 s, until 2026-11-26 15:31:01 UTC", "never expires" */
void item_card_add_ttl(struct buf *out, const struct item_state *item, int64_t now);

#endif
