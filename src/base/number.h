/*
 * Numbers as people and servers write them. Parsers take the whole slice or nothing, and
 * distinguish junk from overflow, because the two deserve different words.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/slice.h"

#include <stdint.h>

enum number_result {
	NUMBER_OK = 0,
	NUMBER_EMPTY,    /* no bytes */
	NUMBER_JUNK,     /* a byte that does not belong in a number */
	NUMBER_NEGATIVE, /* a minus where only unsigned numbers go */
	NUMBER_OVERFLOW, /* a number, and too large for the type */
};

/* Decimal digits only: no sign, no blank, no hex. */
enum number_result number_parse_u64(struct slice text, uint64_t *out);
/* The same with an optional minus. */
enum number_result number_parse_i64(struct slice text, int64_t *out);

/* A length of time, in milliseconds: a number with an optional fraction and a unit ms, s, m, h, d
 * or w; a number without a unit counts DEFAULT_UNIT_MS milliseconds each. "1.5s" is 1500. */
enum number_result number_parse_duration(struct slice text, uint64_t default_unit_ms, uint64_t *ms);

/* A size in bytes: a number with an optional k, m or g (1024 each step; "kb" and "kib" too). */
enum number_result number_parse_size(struct slice text, uint64_t *bytes);

/* N bytes, 8 at the most, as a number: the highest first, or the lowest. */
static inline uint64_t number_big(const char *bytes, size_t n)
{
	uint64_t number = 0;
	for (size_t i = 0; i < n; i++)
		number = number << 8 | (unsigned char)bytes[i];
	return number;
}
static inline uint64_t number_little(const char *bytes, size_t n)
{
	uint64_t number = 0;
	while (n-- > 0)
		number = number << 8 | (unsigned char)bytes[n];
	return number;
}

/* What a hexadecimal digit counts; -1 for other bytes. */
int number_hex_digit(char c);

/* Why a number was refused, for a sentence: "is not a number", "is larger than 64 bits hold". */
const char *number_why(enum number_result result);

/* Space enough for any 64-bit number with a sign. */
#define NUMBER_DIGITS 24

/* The decimal digits of N, written to the end of DIGITS and borrowed from there. */
struct slice number_u64(char digits[static NUMBER_DIGITS - 1], uint64_t n);

#endif
