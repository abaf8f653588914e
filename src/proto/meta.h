/*
 * The meta form of a classic request (memcached's doc/protocol.txt, "Meta Commands"): the same
 * question and the same answer in fewer bytes, and a server that answers a run of them with one
 * write where it answers each classic get with one of its own.
 *
 *   get, gets             mg <key> f v, mg <key> f c v      VA <size> f<flags> [c<cas>], EN
 *   set ... cas           ms <key> <size> [F.] [T.] [M.] [C.]   HD, NS, EX, NF
 *   delete                md <key>                          HD, NF
 *   incr, decr            ma <key> [MD] D<delta> v          VA <size>, NF
 *
 * Each may bear an opaque, O and three characters, which its answer repeats.
 */
#ifndef PROTO_META_H
#define PROTO_META_H

#include "proto/reply_reader.h"

/* Whether REQUEST has a meta form that is answered by the same words: one key, and an answer. */
bool meta_has_form(const struct request *request);

/*
 * Whether that form also does the same, whatever the server holds, so that it may stand for the
 * classic one where nobody asked for it. That is so of set and delete alone:
 *   - a refused ms (too large, out of memory) deletes the old item in each of its modes; of the
 *     classic commands only set does;
 *   - mg takes the token of a stale item, and with it the duty to fetch it again; get does not;
 *   - decr leaves blanks where a number gets shorter, ma may not.
 */
bool meta_does_the_same(const struct request *request);

/* The largest opaque of a request; above it they start again at 1. */
#define META_OPAQUE_MAX ((1u << 18) - 1)

/* Appends that form to OUT, whose ceiling the caller looks after. */
void meta_encode(const struct request *request, struct buf *out);

/* Takes the next reply of an answer to REQUEST, which went out in its meta form: as dialect_read
 * (proto/dialect.h). */
enum reader_result meta_read(struct reply_reader *r, const struct request *request, size_t *cursor,
                             struct reply *out, struct error *error);

#endif
