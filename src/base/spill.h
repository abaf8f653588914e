/*
 * spill: a queue of records, first in, first out, that keeps a bounded part of itself in memory and
 * the rest in a temporary file without a name. While the one who takes keeps up with the one who
 * adds, the file is never made.
 */
#ifndef BASE_SPILL_H
#define BASE_SPILL_H

#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>
#include <sys/types.h>

/* A record's largest size in bytes. */
#define SPILL_RECORD_MAX 4096

struct spill {
	struct buf head; /* taken from `taken` on */
	struct buf tail; /* added to */
	size_t taken;
	size_t block;   /* bytes in tail that are moved to the file at once */
	uint64_t count; /* records in the queue */
	int fd;         /* -1: no file */
	off_t written, read;
};

/* BLOCK: the bytes that each of two buffers may hold, more than SPILL_RECORD_MAX. */
void spill_init(struct spill *s, size_t block);
void spill_release(struct spill *s);

/* Adds a record. False: the temporary file cannot be written, ERROR says why, and the queue is of
 * no more use. */
bool spill_add(struct spill *s, struct slice record, struct error *error);

/* Takes the first record, borrowed until the next call. *RECORD has no data when there is none.
 * False: the file cannot be read. */
bool spill_take(struct spill *s, struct slice *record, struct error *error);

#endif
