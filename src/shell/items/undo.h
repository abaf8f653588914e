/*
 * What commands have taken away, kept to be brought back by .undo: key, value, flags and time, in
 * bounded memory (.set max_undo). What is about to be deleted is read by shell/items/undo_take.h.
 */
#ifndef SHELL_ITEMS_UNDO_H
#define SHELL_ITEMS_UNDO_H

#include "shell/session.h"

struct undo;

/* No item. */
#define UNDO_NONE UINT64_MAX

/* Begins what a command takes away; .undo brings back a command at a time. */
void undo_begin(struct session *s);

/* Keeps VALUE, which was under KEY at SERVER, with FLAGS and EXPTIME (a Unix time, 0: never),
 * before it was overwritten by what has CAS now; CAS 0: it was deleted. Returns its slot, or
 * UNDO_NONE. Where it does not fit, what was kept first is dropped. */
uint64_t undo_keep(struct session *s, size_t server, struct slice key, struct slice value,
                   uint64_t flags, int64_t exptime, uint64_t cas);

/* What is in SLOT was not taken away after all. UNDO_NONE is ignored. */
void undo_forget(struct session *s, uint64_t slot);

/* An item of the current command that cannot be kept, and WHY; whether there was one. */
void undo_leave_out(struct session *s, const struct error *why);
bool undo_leaves_out(struct session *s);

/* Ends what the command takes away: reports what could not be kept. */
void undo_end(struct session *s);

struct undo_counts {
	uint64_t restored, bytes; /* bytes of keys and values */
	uint64_t there;           /* stored again since, and left as it is */
	uint64_t expired;         /* its time would be up by now */
	uint64_t refused;         /* answered with an error, or on a server that is not talked to */
	uint64_t unknown;         /* no answer came: it is still kept */
	enum status status;
	struct error error; /* of the first that was refused or lost */
};

/* How many commands can be undone. */
uint64_t undo_depth(const struct session *s);

/* Brings back what the last COMMANDS of them took away, the latest first, and forgets it. False:
 * Ctrl-C ended it, and what is left is still kept. */
bool undo_restore(struct session *s, uint64_t commands, struct undo_counts *counts);

void undo_free(struct undo *u);

#endif
