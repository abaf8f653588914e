/*
 * JSON documents (RFC 8259) found in values: distinguished from other text by a strict parser, and
 * laid out for eyes. Nothing is decoded: strings and numbers are printed as they were stored.
 */
#ifndef VIEW_TEXT_JSON_LAYOUT_H
#define VIEW_TEXT_JSON_LAYOUT_H

#include "base/buf.h"
#include "view/style.h"

/* True when the whole of TEXT is one JSON object or array, nested no deeper than JSON_DEPTH_MAX. */
bool json_is_container(struct slice text);

/* Adds TEXT, for which json_is_container is true, with a blank after each comma and colon.
 * Objects and arrays that fit in the columns left, by style->columns, are a line; of the others
 * each member is one, two blanks deeper. No line feed at the end. Once the layout is longer than
 * MAX bytes (0: never) it breaks off; the bytes of TEXT that are left are returned, else 0. */
size_t json_layout_add(struct buf *out, const struct style *style, struct slice text, size_t max);

/* True when the layout is one line of at most WIDTH columns. */
bool json_layout_is_line(struct slice text, size_t width);

#endif
