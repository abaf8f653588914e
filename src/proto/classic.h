/*
 * The classic text commands, as memcached's doc/protocol.txt has them: a line, a data block after
 * the storage commands, and answers that do not describe themselves.
 */
#ifndef PROTO_CLASSIC_H
#define PROTO_CLASSIC_H

#include "proto/reply_reader.h"

/* Bytes at the end of a login's wire form, CR LF after them not counted, that nobody shall see. */
size_t classic_login_secret(const struct request *login);

/* Appends REQUEST to OUT, whose ceiling the caller looks after. */
void classic_encode(const struct request *request, struct buf *out);

/* Takes the next reply of an answer to REQUEST: as dialect_read (proto/dialect.h). */
enum reader_result classic_read(struct reply_reader *r, const struct request *request,
                                size_t *cursor, struct reply *out, struct error *error);

#endif
