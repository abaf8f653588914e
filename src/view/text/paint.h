/*
 * Colours by meaning, readable on dark and on light backgrounds (none of the sixteen that vanish
 * on one of them), and nothing at all where colour is off.
 */
#ifndef VIEW_TEXT_PAINT_H
#define VIEW_TEXT_PAINT_H

#include "base/buf.h"
#include "view/style.h"

/* Begins PAINT; paint_off ends it. Both add nothing when COLOR is false or PAINT is PAINT_NONE. */
void paint_on(struct buf *out, bool color, enum paint paint);
void paint_off(struct buf *out, bool color, enum paint paint);

/* TEXT in PAINT; of a format. */
void paint_add(struct buf *out, bool color, enum paint paint, const char *text);
void paint_addf(struct buf *out, bool color, enum paint paint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same of what ADD (escape_add_field, quote_add, ...) makes of TEXT; NULL: as it is. */
void paint_slice(struct buf *out, bool color, enum paint paint,
                 void (*add)(struct buf *out, struct slice text), struct slice text);

/* Columns that TEXT takes, colours apart. */
size_t paint_columns(struct slice text);

/* TEXT without the colours in it. */
void paint_strip(struct buf *out, struct slice text);

#endif
