/*
 * Comma-separated values as RFC 4180 has them, with LF line ends, as csvlook, awk and SQLite read.
 */
#ifndef VIEW_CSV_H
#define VIEW_CSV_H

#include "base/buf.h"

/* A field: in double quotes when it holds a comma, a quote, CR, LF, or a blank at an end. The bytes
 * are otherwise as they are: what is not text is base64 or escaped before it gets here. */
void csv_add_field(struct buf *out, struct slice text);

#endif
