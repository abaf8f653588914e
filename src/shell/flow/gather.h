/*
 * Replies kept for later: of several servers, whose answers arrive as they please and are shown in
 * the order asked.
 */
#ifndef SHELL_FLOW_GATHER_H
#define SHELL_FLOW_GATHER_H

#include "base/buf.h"
#include "proto/reply.h"

struct gathered;

struct gather {
	struct gathered *list;
	size_t count, cap;
	struct buf bytes;     /* what the replies' slices held */
	struct error *errors; /* of the lost ones; replies lost for the same reason share it */
	size_t error_count, error_cap;
};

/* Copies REPLY, with all it points to. */
void gather_add(struct gather *g, const struct reply *reply);
/* Brings values into the order of their keys; what is not a value stays after them. */
void gather_sort(struct gather *g);
/* The I-th reply, whose slices are borrowed until the next gather_add. */
struct reply gather_at(const struct gather *g, size_t i);
/* The key_index of that one. */
size_t gather_key(const struct gather *g, size_t i);
/* Bytes that the replies and what they hold take. */
size_t gather_size(const struct gather *g);
/* Forgets the first N replies. Costs the length of the rest. */
void gather_drop(struct gather *g, size_t n);
/* Forgets the replies and keeps the memory. */
void gather_clear(struct gather *g);
void gather_release(struct gather *g);

#endif
