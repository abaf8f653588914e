/*
 * Bytes as people read them: an offset, the bytes in hex, and beside them the printable ASCII.
 *
 *   00000000  89 50 4e 47 0d 0a 1a 0a  00 00 00 0d 49 48 44 52  |.PNG........IHDR|
 */
#ifndef VIEW_TEXT_HEXDUMP_H
#define VIEW_TEXT_HEXDUMP_H

#include "base/buf.h"

#include <stdint.h>

/* Adds BYTES, the first of which stands at OFFSET, as lines after INDENT blanks. A line holds 16
 * bytes, or 8 when COLUMNS has no space for 16. */
void hexdump_add(struct buf *out, struct slice bytes, uint64_t offset, unsigned indent,
                 unsigned columns);

#endif
