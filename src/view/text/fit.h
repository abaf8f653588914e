/*
 * Text in columns of a terminal: cut and padded by what a character takes on the screen, not by
 * its bytes. TEXT has been made safe to print before it gets here.
 */
#ifndef VIEW_TEXT_FIT_H
#define VIEW_TEXT_FIT_H

#include "base/buf.h"
#include "view/style.h"

enum fit_align {
	FIT_CUT,   /* cut when too wide, not padded */
	FIT_LEFT,  /* cut, blanks after */
	FIT_RIGHT, /* cut, blanks before */
};

/* "..." or, with UTF8, the one character for it, in as many columns as fit_ellipsis_columns says.
 */
const char *fit_ellipsis(bool utf8);
size_t fit_ellipsis_columns(bool utf8);

/* TEXT in at most WIDTH columns; what is cut ends with an ellipsis. */
void fit_add(struct buf *out, struct slice text, size_t width, enum fit_align align, bool utf8);

/* The same in PAINT. */
void fit_painted(struct buf *out, const struct style *style, enum paint paint, struct slice text,
                 size_t width, enum fit_align align);

/* The longest start of TEXT of at most MAX bytes that does not tear a UTF-8 character. */
size_t fit_bytes(struct slice text, size_t max);

/* Rows of a screen of WIDTH columns that TEXT takes, colours apart: a line that is wider takes
 * several. Counting stops at ENOUGH. */
size_t fit_rows(struct slice text, size_t width, size_t enough);

/* Takes the blanks off the end of OUT, down to the length FROM. */
void fit_trim_end(struct buf *out, size_t from);

#endif
