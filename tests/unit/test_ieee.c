#include "base/ieee.h"
#include "lib/unit.h"

#include <float.h>
#include <math.h>

/* Fails unless A is MANTISSA * 2^EXPONENT, however it is written. */
static void check(struct ieee a, uint64_t mantissa, int exponent)
{
	while (a.exponent > exponent) {
		a.mantissa <<= 1;
		a.exponent--;
	}
	while (a.exponent < exponent) {
		assert_int_equal(a.mantissa & 1, 0);
		a.mantissa >>= 1;
		a.exponent++;
	}
	assert_int_equal(a.mantissa, mantissa);
}

TEST(integers_round_to_nearest_and_ties_to_even)
{
	check(ieee_of(0, IEEE_FLOAT), 0, 0);
	check(ieee_of(16777215, IEEE_FLOAT), 16777215, 0);
	check(ieee_of(16777217, IEEE_FLOAT), 16777216, 0);
	check(ieee_of(16777219, IEEE_FLOAT), 16777220, 0);
	check(ieee_of(16777221, IEEE_FLOAT), 16777220, 0);
	check(ieee_of(33554431, IEEE_FLOAT), 33554432, 0);
	check(ieee_of(9007199254740993, IEEE_DOUBLE), 9007199254740992, 0);
	check(ieee_of(9007199254740995, IEEE_DOUBLE), 9007199254740996, 0);
	check(ieee_of(UINT64_MAX, IEEE_DOUBLE), 1, 64);
}

static struct ieee quotient(uint64_t a, uint64_t b, unsigned precision)
{
	return ieee_divide(ieee_of(a, precision), ieee_of(b, precision), precision);
}

TEST(quotients_have_the_bits_of_float_and_double)
{
	check(quotient(0, 7, IEEE_FLOAT), 0, 0);
	check(quotient(6, 3, IEEE_FLOAT), 2, 0);
	check(quotient(1, 3, IEEE_FLOAT), 0xaaaaab, -25);
	check(quotient(1, 3, IEEE_DOUBLE), 0x15555555555555, -54);
	check(quotient(1, 10, IEEE_DOUBLE), 0x1999999999999a, -56);
	check(quotient(1, UINT64_C(1) << 53, IEEE_DOUBLE), 1, -53);
}

/* Rounded to x87's 64 bits first, these come to lie half-way between two doubles, and then go the
 * wrong way. */
TEST(quotients_are_rounded_once)
{
	check(quotient(115, 2051, IEEE_DOUBLE), 0x1cb53c097c7155, -57);
	check(quotient(1999, 2055, IEEE_DOUBLE), 0x1f20c355158d25, -53);
	check(quotient(917999344, 2800000083, IEEE_DOUBLE), 0x14fb9b8095cfe3, -54);
	check(quotient(3463292708, 690773388, IEEE_DOUBLE), 0x140df9047da609, -50);
}

TEST(products_are_rounded_at_each_step)
{
	struct ieee part = quotient(1, 25, IEEE_FLOAT);
	part = ieee_times(part, 40, IEEE_FLOAT);
	check(part, 0xcccccc, -23);
	assert_int_equal(ieee_whole(ieee_times(part, 25, IEEE_FLOAT)), 39);
	part = ieee_times(quotient(1, 25, IEEE_DOUBLE), 40, IEEE_DOUBLE);
	assert_int_equal(ieee_whole(ieee_times(part, 25, IEEE_DOUBLE)), 40);
	/* 86 bits, cut to 53. */
	check(ieee_times(ieee_of((UINT64_C(1) << 53) - 1, IEEE_DOUBLE), UINT32_MAX, IEEE_DOUBLE),
	      0x1fffffffdfffff, 32);
	assert_int_equal(ieee_whole(quotient(1, UINT64_C(1) << 40, IEEE_DOUBLE)), 0);
	assert_int_equal(ieee_whole(ieee_of(UINT64_C(1) << 63, IEEE_FLOAT)), UINT64_C(1) << 63);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* The sum was computed by the float and double of x86-64; where this machine's round each
 * operation too, it computes them here as well. */
TEST(every_machine_gets_the_same_as_sse)
{
	uint64_t seed = 88172645463325252, sum = 0;
	for (size_t i = 0; i < 300000; i++) {
		uint64_t random = next_random(&seed);
		uint32_t a = (uint32_t)random >> (i % 20), b = (uint32_t)(random >> 32) >> (i % 31);
		uint32_t n = 1 + (uint32_t)(random >> 13) % 100000;
		b |= 1;
		struct ieee f = ieee_times(quotient(a, b, IEEE_FLOAT), n, IEEE_FLOAT);
		struct ieee d = ieee_times(quotient(a, b, IEEE_DOUBLE), n, IEEE_DOUBLE);
#if FLT_EVAL_METHOD == 0
		float product_f = (float)a / (float)b * (float)n;
		double product_d = (double)a / (double)b * (double)n;
		assert_true(ldexp((double)f.mantissa, f.exponent) == (double)product_f);
		assert_true(ldexp((double)d.mantissa, d.exponent) == product_d);
#endif
		sum = sum * 31 + (ieee_whole(f) ^ ieee_whole(d));
	}
	assert_int_equal(sum, 0xd4df5f12d1185698);
}

UNIT_MAIN(cmocka_unit_test(integers_round_to_nearest_and_ties_to_even),
          cmocka_unit_test(quotients_have_the_bits_of_float_and_double),
          cmocka_unit_test(quotients_are_rounded_once),
          cmocka_unit_test(products_are_rounded_at_each_step),
          cmocka_unit_test(every_machine_gets_the_same_as_sse))
