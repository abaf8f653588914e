/*
 * Reading what is about to be deleted, for .undo. Each item is then deleted only while it has the
 * cas number that was read with it, or is still not there, so that what is kept is what was
 * deleted: where another client has stored meanwhile it is read again, a bounded number of times.
 *
 * Reading takes the meta commands, which alone say how long an item lives, and counts as a get; to
 * compare a cas takes them too, and a server that keeps cas numbers. Where that cannot be had items
 * are deleted by `delete`, and what is stored in the moment between reading and deleting is lost.
 */
#ifndef SHELL_ITEMS_UNDO_TAKE_H
#define SHELL_ITEMS_UNDO_TAKE_H

#include "base/status.h"
#include "proto/reply.h"
#include "shell/items/undo.h"

/* An item that is about to be deleted. */
struct undo_item {
	size_t server;
	struct slice key; /* as it goes on the wire */
	uint64_t slot;    /* where it is kept; UNDO_NONE: it is not */
	uint64_t cas;     /* for the delete to compare (request->number); 0: none */
};

/* Reads COUNT items and keeps those that are there; each gets its slot and its cas. ROUND counts
 * from 0; in the last one nothing is read, and what is deleted is not kept. Where a server failed
 * or fell silent none is kept, and none is to be deleted: the status is that, and ERROR says why. */
enum status undo_take(struct session *s, struct undo_item *items, size_t count, unsigned round,
                      struct error *error);

/* What became of ITEM: forgets it unless KIND, the delete's answer, is that it was deleted, or may
 * have been. True: it was stored meanwhile, and is to be taken again, in the next round. */
bool undo_taken(struct session *s, const struct undo_item *item, enum reply_kind kind);

#endif
