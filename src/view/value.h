/*
 * A value for eyes: what kind of bytes it is, and its text. Nothing that could drive a terminal
 * comes out of here.
 */
#ifndef VIEW_VALUE_H
#define VIEW_VALUE_H

#include "base/buf.h"
#include "view/style.h"

enum value_form {
	VALUE_QUOTED,    /* on one line, in quotes: text of one line, few bytes, nothing */
	VALUE_JSON_LINE, /* JSON that fits a line */
	VALUE_JSON,      /* JSON over several lines */
	VALUE_LINES,     /* text of several lines: one that has more after its first line feed */
	VALUE_BINARY,    /* a hex dump */

	/* Never what value_form says: for a value whose type its flags say. On one line, as the
	 * text is: a number or a bool, and an outline, a time, a piece of JSON. */
	VALUE_NUMBER,
	VALUE_LITERAL,
};

/* RESERVED columns of the line are wanted for what follows the value. */
enum value_form value_form(const struct style *style, struct slice value, size_t reserved);

/* The value in FORM. QUOTED, JSON_LINE, NUMBER and LITERAL end without a line feed; the others are
 * lines, the last one ended too. More than style->max_shown bytes are cut off, and
 * "... N more bytes (.set max_shown)", on a line of its own, takes their place. */
void value_add(struct buf *out, const struct style *style, enum value_form form,
               struct slice value);

/* On one line, in at most WIDTH columns: a NUMBER or LITERAL as it is, everything else in quotes;
 * what is cut ends with an ellipsis. */
void value_add_short(struct buf *out, const struct style *style, enum value_form form,
                     struct slice value, size_t width);

/* Lines in a text; an end without a line feed counts as one. */
size_t value_lines(struct slice text);

#endif
