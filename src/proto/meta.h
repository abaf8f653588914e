/*
 * The meta form of a classic request (memcached's doc/protocol.txt, "Meta Commands"): the same
 * question and the same answer in fewer bytes, and a server that answers a run of them with one
 * write where it answers each classic get with one of its own.
 *
 *   get, gets             mg <key> f v, mg <key> f c v      VA <size> f<flags> [c<cas>], EN
 *   gat, gats             the same, and T<exptime>          the same
 *   any of several keys   the same and k q for each, mn     VA <size> f<flags> k<key> [b], MN
 *   touch                 mg <key> T<exptime>               HD, EN
 *   set ... cas           ms <key> <size> [F.] [T.] [M.] [C.]   HD, NS, EX, NF
 *   delete                md <key> [C<cas>]                 HD, NF, EX
 *   incr, decr            ma <key> [MD] D<delta> v          VA <size>, NF
 *
 * Each may bear an opaque, O and three characters, which its answer repeats. touch, delete
 * and what stores may have their one key in base64 (request->key_coded), and the flag b.
 *
 * And the meta commands as they are typed, verbs that no other dialect has (VERB_MG ... VERB_ME):
 * the flags are the request's text; with request->key_coded the key goes out in base64, and the
 * flag b with it. Each is answered by one reply, which has its code as its kind (REPLY_HD ...
 * REPLY_ME) and the flags as they came. After a quiet one (flag q) goes `mn`: its MN says that no
 * other answer will come, which is REPLY_EN to mg and REPLY_QUIET to the others, without bytes.
 */
#ifndef PROTO_META_H
#define PROTO_META_H

#include "proto/field.h"
#include "proto/reply_reader.h"

/*
 * Whether the meta form of REQUEST also does the same, whatever the server holds, so that it may
 * stand for the classic one where nobody asked for it. That is so of set and delete alone:
 *   - a refused ms (too large, out of memory) deletes the old item in each of its modes; of the
 *     classic commands only set does;
 *   - mg takes the token of a stale item, and with it the duty to fetch it again; get does not;
 *   - decr leaves blanks where a number gets shorter, ma may not.
 */
bool meta_does_the_same(const struct request *request);

/* Whether FLAG is among those of a typed meta command. */
bool meta_asks(const struct request *request, char flag);

/* Whether a typed meta command is quiet. */
bool meta_is_quiet(const struct request *request);

/* What stands after the code of REPLY (REPLY_HD ... REPLY_ME), and after a value's length: the
 * flags, with blanks between. Borrowed from its wire. */
struct slice meta_reply_flags(const struct reply *reply);

/* Takes the next flag off *REST, of the flags of an answer to REQUEST: letter and token. An opaque
 * that REQUEST's text does not have is left out. False at the end. */
bool meta_next_flag(const struct request *request, struct slice *rest, struct slice *flag);

/* The largest opaque of a request; above it they start again at 1. */
#define META_OPAQUE_MAX ((1u << 18) - 1)

/* These are a row of proto/dialect.c: see struct dialect. */
bool meta_has_form(const struct request *request);
void meta_encode(const struct request *request, struct buf *out, struct fields *fields);
enum reader_result meta_read(struct reply_reader *r, const struct request *request, size_t *cursor,
                             struct reply *out, struct error *error);
bool meta_is_marked(const struct request *request);
size_t meta_fence_len(const struct request *request);
bool meta_leaves_rest(const struct request *request, size_t cursor, const struct reply *reply,
                      bool alone);

/* Whether VERSION, such as 1.6.18 or 1.6.18-abc, is one of those with the meta commands as they are
 * now. Those from 1.6.0 on answer mn too, but want the size of a value as a flag (protocol.txt of
 * 1.6.10 has the change); 1.6.12 is the first that leaves nothing to be desired. */
bool meta_is_known_to(struct slice version);
extern const struct request meta_noop; /* mn */

#endif
