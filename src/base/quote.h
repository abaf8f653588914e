/*
 * Bytes from outside, made safe to print. quote_* writes what the tokenizer (shell/lang/tokenize.h)
 * reads back as the same bytes; escape_* writes text for a line of plain output. Both leave
 * printable UTF-8 as it is and escape every other byte.
 */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/buf.h"

/* "..." with \n \r \t \0 \e \\ \" and \xHH inside. */
void quote_add(struct buf *out, struct slice bytes);

/* As it is when it can be typed bare (no blank, quote, backslash, control; not empty, not | > >>,
 * not starting with # or -), else quoted. */
void quote_add_word(struct buf *out, struct slice bytes);

/* One field of a line (plain output, traces, errors): backslash, tab, CR, LF and all that could
 * drive a terminal are escaped, so that the field stays in its line and means the same bytes. */
void escape_add_field(struct buf *out, struct slice bytes);

/* A whole value for plain output: like escape_add_field, but LF, tab, CR before LF, and backslash
 * stay as they are. For eyes and pipes of text; the bytes as they are is the raw format's work. */
void escape_add_text(struct buf *out, struct slice bytes);

/* What is shown within a line and need not mean the same bytes (names of servers and files, what
 * was quoted before): like escape_add_text, but LF, tab and CR are escaped too. */
void escape_add_line(struct buf *out, struct slice bytes);

/* Reads the escape at the start of TEXT, whose first byte is a backslash: \n \r \t \0 \e \\ \" \'
 * \xHH. Returns its length and what it means, or 0 when it is none of these. */
size_t escape_read(struct slice text, char *meaning);

/* True when BYTES are UTF-8 text that a person reads: no escape would be needed but for line
 * feeds, tabs, CR before LF. The empty slice is text. */
bool bytes_are_text(struct slice bytes);

/* True when BYTES are UTF-8 that a person reads once what is not seen is escaped: as
 * bytes_are_text, but such characters (utf8_dangerous) may be among them if they drive nothing. */
bool bytes_are_readable(struct slice bytes);

/* CODE as JSON writes it in ASCII: \uHHHH, two of them above U+FFFF. */
void escape_add_json(struct buf *out, uint32_t code);

/* Adds TEXT, whose bytes beyond ASCII become \xHH, or, in a JSON document, \uHHHH: for a terminal
 * that does not show UTF-8. */
void ascii_add(struct buf *out, struct slice text, bool json);

#endif
