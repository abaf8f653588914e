/*
 * The binary protocol (memcached's doc/protocol-binary; upstream calls it deprecated): the classic
 * commands as packets (proto/packet.h). A connection speaks it from its first byte on, or never.
 *
 *   get, gets             GETK; of several keys GETKQ each, and NOOP
 *   gat, gats             GATKQ each, and NOOP
 *   set ... prepend       SET, ADD, REPLACE, APPEND, PREPEND
 *   cas                   SET with a cas unique in its header
 *   delete, touch         DELETE, TOUCH and NOOP
 *   incr, decr            INCR, DECR, which may create: struct request, creates
 *   stats                 STAT and NOOP; a packet a statistic, then one without a key
 *   version, flush_all    VERSION, FLUSH
 *   quit                  QUITQ
 *   a login               SASL LIST, SASL AUTH for PLAIN, and NOOP
 *
 * With noreply it is the quiet opcode, which is answered when it fails: those answers come before
 * that of the fence, and mean nothing to who did not want any. Every packet of a request bears its
 * opaque, and an answer that bears another ends the connection. Statuses become the replies that
 * classic has for them.
 *
 * A server reads over as many bytes as the body of an opcode has that it does not know, after its
 * answer: it is out of step then, and the connection ends. NOOP after TOUCH and GAT, which were
 * added late, makes such a server answer at all.
 */
#ifndef PROTO_BINARY_H
#define PROTO_BINARY_H

#include "proto/field.h"
#include "proto/reply.h"
#include "proto/request.h"

/* Whether REQUEST can be said in it; on false ERROR says why not. Its keys may hold any byte. */
bool binary_check(const struct request *request, struct error *error);

/* The opcode that REQUEST goes out with, which its answer repeats. */
unsigned binary_opcode(const struct request *request);

/* These are a row of proto/dialect.c: see struct dialect. */
bool binary_has_form(const struct request *request);
void binary_encode(const struct request *request, struct buf *out, struct fields *fields);
bool binary_is_marked(const struct request *request);
size_t binary_fence_len(const struct request *request);
bool binary_leaves_rest(const struct request *request, size_t cursor, const struct reply *reply,
                        bool alone);
extern const struct request binary_noop;

#endif
