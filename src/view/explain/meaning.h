/*
 * What the fields of a request or of a reply mean, in words.
 */
#ifndef VIEW_EXPLAIN_MEANING_H
#define VIEW_EXPLAIN_MEANING_H

#include "base/buf.h"
#include "codec/codec.h"
#include "proto/field.h"
#include "proto/reply.h"
#include "proto/request.h"

/* One message: a request as it goes out, or one reply to it. Borrowed for each call. */
struct message {
	const struct request *request;
	const struct reply *reply; /* NULL: the request is the message */
	struct slice bytes;
	const struct fields *fields;
	const char *server;          /* NULL: it goes without saying */
	bool own;                    /* mcsh's own: a login, a fence, a question */
	const struct codec *profile; /* whose flags they are */
	int64_t now;                 /* Unix time */
};

/* The bytes of FIELD; "***" for those that nobody shall see. */
struct slice meaning_text(const struct message *m, const struct field *field);

/* Adds the same to be looked at: escaped, and the numbers of a packet in hex. */
void meaning_show(struct buf *out, const struct message *m, const struct field *field, size_t most);

/* Whether M consists of packets, and not of lines. */
bool meaning_is_packet(const struct message *m);

/* Adds what FIELD means; nothing where its name and its text say all. */
void meaning_add(struct buf *out, const struct message *m, const struct field *field);

#endif
