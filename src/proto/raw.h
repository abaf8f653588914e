/*
 * Bytes of the caller's own, and lines of any kind as their answer. That ends with the answer to a
 * fence, a command sent after them (VERB_RAW); with a line that ends a list of keys; or not at all
 * (VERB_LISTEN). A data block is a line of its own, whatever it holds.
 */
#ifndef PROTO_RAW_H
#define PROTO_RAW_H

#include "proto/reply_reader.h"

/* What ends the text of a VERB_RAW request: a command whose answer ends theirs, or nothing. */
struct slice raw_fence(const struct request *request);

/* Appends REQUEST to OUT, whose ceiling the caller looks after. */
void raw_encode(const struct request *request, struct buf *out);

/* Takes the next line of an answer to REQUEST: as dialect_read (proto/dialect.h). */
enum reader_result raw_read(struct reply_reader *r, const struct request *request, size_t *cursor,
                            struct reply *out, struct error *error);

#endif
