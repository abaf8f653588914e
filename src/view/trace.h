/*
 * The raw protocol, both ways, as it crossed the wire. One line of the protocol is one line here,
 * "> set foo 0 0 3\r\n": a direction mark, then the bytes escaped, so that what is shown is exactly
 * what crossed. Bytes come in pieces as the sockets delivered them; a line torn over two pieces is
 * shown whole. In the hex mode each line is followed by a dump of its bytes. Packets of the binary
 * protocol are drawn by view/trace_packet.h.
 */
#ifndef VIEW_TRACE_H
#define VIEW_TRACE_H

#include "base/buf.h"
#include "view/style.h"
#include "view/trace_packet.h"

#include <stdint.h>

enum trace_direction {
	TRACE_SENT,
	TRACE_RECEIVED
};

/* What is known of bytes. */
enum {
	TRACE_SECRET = 1,   /* they are shown as *** */
	TRACE_OWN = 2,      /* mcsh sent them for its own ends: a fence, a login, a question */
	TRACE_QUESTION = 4, /* the last of these: a command that nobody typed */
	TRACE_PACKETS = 8,  /* they are packets (view/trace_packet.h), and no lines */
};

/* One direction's line: begun, and not ended. */
struct trace_line {
	struct buf bytes;
	uint64_t dropped; /* bytes after those kept, which are only counted */
	uint64_t offset;  /* hex: where in its stream the line begins */
	bool begun;
	bool secret;    /* some of it is masked: its bytes are not dumped */
	bool secret_cr; /* the last masked byte was a CR */
	unsigned marks; /* of the bytes that it began with */
	uint64_t block; /* bytes of a data block that the lines before it announced */
};

struct trace {
	enum trace_mode mode;
	bool color;
	const char *server; /* shown before each line when not NULL (several servers) */
	size_t line_max;    /* a longer line is cut, with a count of what is left; 0: never */
	unsigned columns;   /* hex: the width to lay out for; 80 when 0 */
	struct trace_line lines[2]; /* by direction */
	struct packet_trace packets[2];
	/* Fences and their like that were sent and not answered, a bit each, the latest the lowest:
	 * 1 for mcsh's own, and of these for its questions. */
	uint64_t asked, questions;
	unsigned asked_count;
};

void trace_init(struct trace *t);
void trace_release(struct trace *t);

/* Adds what BYTES complete to OUT; nothing with TRACE_OFF. MARKS are TRACE_SECRET and the like.
 * Secret bytes are shown as *** (one mark a line, its length not shown), the line end apart; hex
 * offsets do not count them either. A line of mcsh's own, and the answer to one, ends with a remark
 * that says so. With colours, the directions, data blocks and line ends have one each. */
void trace_add(struct trace *t, struct buf *out, enum trace_direction direction, struct slice bytes,
               unsigned marks);
/* The exchange is over: what is left of a begun line is shown, and marked as having no line end.
 * Hex offsets start again at 0. */
void trace_flush(struct trace *t, struct buf *out);

#endif
