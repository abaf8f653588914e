/*
 * The raw protocol, both ways, as it crossed the wire. One line of the protocol is one line here,
 * "> set foo 0 0 3\r\n": a direction mark, then the bytes escaped, so that what is shown is exactly
 * what crossed. Bytes come in pieces as the sockets delivered them; a line torn over two pieces is
 * shown whole.
 */
#ifndef VIEW_TRACE_H
#define VIEW_TRACE_H

#include "base/buf.h"
#include "view/style.h"

enum trace_direction {
	TRACE_SENT,
	TRACE_RECEIVED
};

struct trace {
	enum trace_mode mode;
	bool color;
	const char *server;    /* shown before each line when not NULL (several servers) */
	size_t line_max;       /* a longer line is cut, with a count of what is left; 0: never */
	struct buf partial[2]; /* the line begun and not ended, by direction */
	size_t dropped[2];     /* bytes of that line that are only counted */
	uint64_t offset[2];    /* hex: where in its stream the next byte stands */
};

void trace_init(struct trace *t);
void trace_release(struct trace *t);

/* Adds what BYTES complete to OUT. SECRET bytes are shown as *** (one mark a line, its length not
 * told), the line end apart. */
void trace_add(struct trace *t, struct buf *out, enum trace_direction direction, struct slice bytes,
	       bool secret);
/* The exchange is over: what is left of a begun line is shown, and marked as having no line end.
 * Hex offsets start again at 0. */
void trace_flush(struct trace *t, struct buf *out);

#endif
