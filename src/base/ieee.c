#include "base/ieee.h"

#include <stdbool.h>

/* BITS times 2^EXPONENT in PRECISION bits. MORE: the number is larger than that, by less than one
 * in BITS; BITS then has at least PRECISION + 1 bits. */
static struct ieee rounded(uint64_t bits, bool more, int exponent, unsigned precision)
{
	unsigned drop = 0;
	while (bits >> drop >> precision)
		drop++;
	if (drop == 0)
		return (struct ieee){bits, exponent};
	uint64_t half = (uint64_t)1 << (drop - 1), rest = bits & (2 * half - 1);
	uint64_t mantissa = bits >> drop;
	if (rest > half || (rest == half && (more || mantissa & 1)))
		mantissa++;
	return (struct ieee){mantissa, exponent + (int)drop};
}

struct ieee ieee_of(uint64_t n, unsigned precision)
{
	return rounded(n, false, 0, precision);
}

struct ieee ieee_divide(struct ieee a, struct ieee b, unsigned precision)
{
	if (a.mantissa == 0)
		return a;
	/* Mantissas are at most 2^53: eight bits more still fit. */
	uint64_t bits = a.mantissa / b.mantissa, rest = a.mantissa % b.mantissa;
	int exponent = a.exponent - b.exponent;
	while (bits >> (precision + 1) == 0) {
		rest <<= 8;
		bits = bits << 8 | rest / b.mantissa;
		rest %= b.mantissa;
		exponent -= 8;
	}
	return rounded(bits, rest > 0, exponent, precision);
}

struct ieee ieee_times(struct ieee a, uint32_t n, unsigned precision)
{
	/* The product has up to 86 bits: HIGH * 2^32 + LOW, until both fit into 64. */
	uint64_t low = (a.mantissa & UINT32_MAX) * n;
	uint64_t high = (a.mantissa >> 32) * n + (low >> 32);
	bool more = false;
	low &= UINT32_MAX;
	while (high >> 32) {
		more |= low & 1;
		low = low >> 1 | (high & 1) << 31;
		high >>= 1;
		a.exponent++;
	}
	return rounded(high << 32 | low, more, a.exponent, precision);
}

uint64_t ieee_whole(struct ieee a)
{
	if (a.exponent >= 0)
		return a.mantissa << a.exponent;
	return a.exponent > -64 ? a.mantissa >> -a.exponent : 0;
}
