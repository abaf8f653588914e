/*
 * A JSON document in another layout, byte for byte the same but for the blanks between its tokens:
 * strings keep their escapes, numbers their spelling. The text must be a whole document
 * (base/json_read.h).
 */
#ifndef BASE_JSON_PACK_H
#define BASE_JSON_PACK_H

#include "base/buf.h"

/* How a program writes JSON on one line. */
struct json_spacing {
	struct slice comma, colon;
};

/* `{"a":1,"b":[]}` as most write it, and `{"a": 1, "b": []}` as Python does. Ended by a row without
 * a comma. */
extern const struct json_spacing json_spacings[];

/* Adds TEXT on one line, with SPACING. */
void json_pack(struct buf *out, struct slice text, const struct json_spacing *spacing);

/* Adds TEXT with a line for each member and element, indented by two blanks; no line feed at its
 * end. */
void json_spread(struct buf *out, struct slice text);

#endif
