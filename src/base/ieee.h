/*
 * Floating point as IEEE 754 rounds it, in integers. Clients place keys by float or double
 * arithmetic, and a last bit decides where a key goes, so that it must come out the same on every
 * machine. The compiler's own does not: x87 and s390x keep intermediate results in more bits than
 * the type has, and other targets fuse two operations into one.
 *
 * Numbers are positive or zero; each operation rounds once, to nearest, ties to even, to PRECISION
 * bits: IEEE_FLOAT or IEEE_DOUBLE. Exponents have no limits here: stay far from those of the type.
 */
#ifndef BASE_IEEE_H
#define BASE_IEEE_H

#include <stdint.h>

#define IEEE_FLOAT  24u
#define IEEE_DOUBLE 53u

/* MANTISSA times two to the power of EXPONENT. MANTISSA is at most two to the power of the
 * precision. */
struct ieee {
	uint64_t mantissa;
	int exponent;
};

/* N converted: exact when it has no more bits than PRECISION. */
struct ieee ieee_of(uint64_t n, unsigned precision);

/* B is not zero. */
struct ieee ieee_divide(struct ieee a, struct ieee b, unsigned precision);

/* N is taken as exact: for IEEE_FLOAT it must be below 2^24. */
struct ieee ieee_times(struct ieee a, uint32_t n, unsigned precision);

/* The whole part. It must be below 2^64. */
uint64_t ieee_whole(struct ieee a);

#endif
