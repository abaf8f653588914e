/*
 * Running text in lines of a given width.
 */
#ifndef VIEW_TEXT_WRAP_H
#define VIEW_TEXT_WRAP_H

#include "base/buf.h"
#include "view/style.h"

/* The widest that running text gets: longer lines are hard to read. */
#define WRAP_WIDTH 88

/* Adds TEXT, which may be painted, broken at its blanks into lines of at most WIDTH columns, each
 * after INDENT blanks, and a line feed. The first line begins at COLUMN of a line that is there
 * already. A word that is longer than a line is not broken, nor is a number from its unit. What is
 * to be copied has a line of its own where it would be broken and fits on one: what stands in
 * quotes, and a command. That begins with .word, --option, the name of a program, or after "type"
 * or "write", and goes on to the end of its part of the sentence. */
void wrap_add(struct buf *out, struct slice text, size_t indent, size_t column, size_t width);

/* The first word of TEXT, and where that is a number the unit after it: what no line breaks, for
 * who breaks lines elsewhere. */
struct slice wrap_unbroken(struct slice text);

/* The columns of running text in STYLE. */
static inline unsigned wrap_width(const struct style *style)
{
	return style->columns < WRAP_WIDTH ? style->columns : WRAP_WIDTH;
}

/* TEXT in PAINT, each of its lines after INDENT blanks. */
void wrap_add_painted(struct buf *out, const struct style *style, enum paint paint,
                      struct slice text, size_t indent);

/* Adds PIECE, which may be painted, after COLUMN columns of a line: after GAP, or, where it would
 * end beyond WIDTH, on a line of its own after INDENT blanks. At the first column there is neither.
 * A piece that is wider than a line is broken at its blanks. Returns the columns that are then
 * taken. */
size_t wrap_piece(struct buf *out, struct slice piece, const char *gap, size_t indent,
                  size_t column, size_t width);

#endif
