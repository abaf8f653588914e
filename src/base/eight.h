/*
 * Eight bytes at a time: where the first byte of some kinds is, for loops over text in which nearly
 * no byte is. Tests answer in the high bit of each byte and are joined by |. Beyond the first one a
 * bit that is set may be wrong.
 */
#ifndef BASE_EIGHT_H
#define BASE_EIGHT_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EIGHT_ONES  UINT64_C(0x0101010101010101)
#define EIGHT_HIGHS (EIGHT_ONES << 7)

/* At DATA, where eight bytes are; the first is the lowest. */
static inline uint64_t eight_at(const char *data)
{
	uint64_t word;
	memcpy(&word, data, sizeof(word));
	return le64toh(word);
}

/* Bytes below LIMIT, which is 1 to 128. */
static inline uint64_t eight_below(uint64_t word, unsigned char limit)
{
	return (word - EIGHT_ONES * limit) & ~word;
}

/* Bytes that are C. */
static inline uint64_t eight_equal(uint64_t word, unsigned char c)
{
	return eight_below(word ^ EIGHT_ONES * c, 1);
}

/* Whether TESTS found one; *PLACE is its place then, 0 to 7. */
static inline bool eight_found(uint64_t tests, size_t *place)
{
	tests &= EIGHT_HIGHS;
	if (tests == 0)
		return false;
	*place = (size_t)__builtin_ctzll(tests) / 8;
	return true;
}

#endif
