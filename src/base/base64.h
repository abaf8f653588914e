/*
 * Base64 as RFC 4648 has it, with padding and without line ends.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

/* Adds BYTES in base64; nothing when that would pass OUT's ceiling. */
void base64_add(struct buf *out, struct slice bytes);

/* The bytes that base64 of N bytes takes. */
static inline size_t base64_length(size_t n)
{
	return (n + 2) / 3 * 4;
}

/* Adds the bytes that TEXT stands for. False, and OUT as it was, when TEXT is not what base64_add
 * writes: another letter, padding that is missing or in the wrong place, bits that mean nothing;
 * and when OUT is full. */
bool base64_decode(struct buf *out, struct slice text);

#endif
