/*
 * A line of a value in which something was found, as a row:
 *
 *   pretty   key:line: the line, with what was found in it in colour
 *   plain    key, line, offset and the line, tabs between
 *   json     {"command":".grep","server":"...","key":"foo","line":1,"offset":7,"text":"..."}
 *   csv      server,key,line,offset,text
 *
 * Lines are counted from 1, offsets from 0: where what was found begins in the value, decoded. Of a
 * line that is longer than GREPPED_SHOWN bytes a piece around it is shown, between "...".
 */
#ifndef VIEW_KEYS_GREPPED_H
#define VIEW_KEYS_GREPPED_H

#include "base/buf.h"
#include "view/style.h"

#define GREPPED_SHOWN 200

struct grepped {
	const char *server;
	bool labelled; /* one of several servers */
	struct slice key;
	uint64_t line_number, offset;
	struct slice line;
	size_t at, len; /* of what was found, in the line */
};

void grepped_add(struct buf *out, const struct style *style, const struct grepped *m);

/* The same without the place, a row a key: for what asks for the keys alone. */
void grepped_add_key(struct buf *out, const struct style *style, const struct grepped *m);

#endif
