/*
 * From packets to replies: what answers a request of the binary protocol (proto/binary.h). A status
 * becomes the reply that classic has for it, an error its words.
 */
#ifndef PROTO_BINARY_ANSWER_H
#define PROTO_BINARY_ANSWER_H

#include "proto/reply_reader.h"

/* A row of proto/dialect.c: as dialect_read. */
enum reader_result binary_read(struct reply_reader *r, const struct request *request,
                               size_t *cursor, struct reply *out, struct error *error);

#endif
