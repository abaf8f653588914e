/*
 * A packet of the binary protocol (proto/packet.h) in a trace: the header's fields in hex with the
 * name of what it asks or answers, and below it the body: extras in hex, key, value.
 *
 *   > 80 0c 0003 00 00 0000 00000003 00000001 0000000000000000 getk
 *   > foo
 *   < 81 0c 0003 04 00 0000 0000000a 00000001 0000000000000009 getk: ok
 *   < 00000000 foo bar
 */
#ifndef VIEW_TRACE_PACKET_H
#define VIEW_TRACE_PACKET_H

#include "base/buf.h"
#include "proto/packet.h"

/* A packet of which bytes have come; zero is one without any. */
struct packet_trace {
	struct buf bytes;    /* the header, and of the body as much as is shown */
	struct packet head;  /* once the header is whole */
	size_t body;         /* bytes of the body that have come */
	size_t secret_at;    /* where in the body bytes begin that nobody shall see; */
	size_t secret_count; /* 0: there are none */
	unsigned marks;      /* of the bytes that it began with */
};

/* How it is drawn. */
struct packet_style {
	bool sent, color;
	unsigned columns;           /* of the dump in hex; 0: none */
	const char *before, *after; /* the server's name, and a remark; may be NULL */
};

/* Takes bytes of BYTES up to the packet's end, and returns how many. SECRET: they are not to be
 * seen. Of a body BODY_MAX bytes are kept; 0: all. */
size_t packet_trace_take(struct packet_trace *p, struct slice bytes, bool secret, size_t body_max);

/* Whether any byte of it has come, and whether all have. */
static inline bool packet_trace_begun(const struct packet_trace *p)
{
	return p->bytes.len > 0;
}
bool packet_trace_whole(const struct packet_trace *p);

/* Adds it to OUT, as far as it has come, and makes space for the next. */
void packet_trace_show(struct packet_trace *p, const struct packet_style *style, struct buf *out);

void packet_trace_release(struct packet_trace *p);

#endif
