/*
 * UTF-8 (RFC 3629) without a locale: decoding, and the number of terminal columns of a character.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/slice.h"

#include <stdint.h>

/* Decodes the character at the start of TEXT. Returns its length in bytes (1 to 4), or 0 when the
 * bytes are not valid UTF-8 (a stray or missing continuation, an overlong form, a surrogate, a
 * code point above U+10FFFF) or TEXT is empty. */
size_t utf8_decode(struct slice text, uint32_t *code);

/* True when every byte of TEXT belongs to a valid character; true for the empty slice. */
bool utf8_valid(struct slice text);

/* How many bytes at the start of TEXT are ASCII and can stand between quotes as they are: no quote,
 * no backslash, no control, DEL neither. Fast, for readers and writers of long text. */
size_t utf8_plain_run(struct slice text);

/* Writes the UTF-8 form of CODE (a valid code point) to OUT, 4 bytes; returns its length.
 */
size_t utf8_encode(uint32_t code, char out[static 4]);

/* Whether BYTE is none that a character begins with. */
static inline bool utf8_continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* How many characters TEXT, which is valid, has. */
size_t utf8_count(struct slice text);

/* Columns that CODE takes in a terminal, by the Unicode version of utf8proc: 0 for combining marks
 * and joiners, 2 for East Asian wide and emoji, 1 for the rest. For output and prompt alike:
 * libedit uses it too (term/editor_line.c). Control characters have no width here: escape them
 * first. */
int utf8_width(uint32_t code);

/* Columns of a whole text; a byte that is not UTF-8 counts as one. */
size_t utf8_columns(struct slice text);
/* Makes WIDTH that of TEXT where TEXT is wider. */
void utf8_widen(size_t *width, struct slice text);

/* True for code points that can drive a terminal or hide text and so are never printed as they
 * are: C0 and C1 controls, DEL, bidirectional marks, overrides and isolates, line and paragraph
 * separators, and whatever takes no column and cannot be seen: zero-width blanks and joiners, soft
 * hyphens, fillers, tags, variation selectors but U+FE0E and U+FE0F, the byte order mark. */
bool utf8_dangerous(uint32_t code);

/* Of these, the ones that change where or in which order other characters stand; the others are
 * merely not seen. */
bool utf8_drives(uint32_t code);

#endif
