#include "base/deadline.h"
#include "lib/unit.h"

#include <limits.h>

TEST(the_clock_does_not_go_back)
{
	int64_t last = clock_now();
	assert_true(last > 0);
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_now();
		assert_true(now >= last);
		last = now;
	}
}

TEST(a_deadline_lies_ahead_by_what_was_asked)
{
	int64_t before = clock_now();
	int64_t deadline = deadline_in(1500);
	int64_t after = clock_now();
	assert_true(deadline >= before + 1500 * (int64_t)NSEC_PER_MSEC);
	assert_true(deadline <= after + 1500 * (int64_t)NSEC_PER_MSEC);
}

TEST(zero_and_what_the_clock_cannot_hold_mean_never)
{
	assert_true(deadline_in(0) == DEADLINE_NEVER);
	assert_true(deadline_in(UINT64_MAX) == DEADLINE_NEVER);
	assert_true(deadline_in((uint64_t)INT64_MAX) == DEADLINE_NEVER);
	assert_true(deadline_in((uint64_t)INT64_MAX / NSEC_PER_MSEC + 1) == DEADLINE_NEVER);
	/* A hundred years still fit. */
	assert_true(deadline_in(3155760000000u) < DEADLINE_NEVER);
}

TEST(the_earlier_of_two)
{
	assert_int_equal(deadline_min(1, 2), 1);
	assert_int_equal(deadline_min(2, 1), 1);
	assert_int_equal(deadline_min(2, 2), 2);
	assert_int_equal(deadline_min(DEADLINE_NEVER, 5), 5);
}

TEST(poll_gets_its_own_forms)
{
	assert_int_equal(deadline_poll_ms(DEADLINE_NEVER), -1);
	assert_int_equal(deadline_poll_ms(0), 0);
	assert_int_equal(deadline_poll_ms(clock_now()), 0);
	assert_int_equal(deadline_poll_ms(clock_now() - NSEC_PER_SEC), 0);
	assert_int_equal(deadline_poll_ms(deadline_in(3155760000000u)), INT_MAX);
}

/* An hour ahead: a machine that halts for an hour inside this test has other troubles. */
TEST(poll_rounds_up)
{
	int64_t hour = 3600 * (int64_t)NSEC_PER_SEC;
	int64_t before = clock_now();
	int ms = deadline_poll_ms(before + hour + 1);
	int64_t after = clock_now();
	assert_true(ms <= 3600001);
	assert_true((int64_t)ms * NSEC_PER_MSEC >= hour - (after - before));
}

/* With less than a millisecond left poll must still wait, or its caller would spin. */
TEST(poll_never_rounds_a_future_down_to_now)
{
	int64_t deadline = clock_now() + 20 * (int64_t)NSEC_PER_MSEC;
	for (;;) {
		int ms = deadline_poll_ms(deadline);
		int64_t after = clock_now();
		if (after < deadline)
			assert_in_range(ms, 1, 20);
		else if (ms == 0)
			break;
	}
	assert_int_equal(deadline_poll_ms(deadline), 0);
}

UNIT_MAIN(cmocka_unit_test(the_clock_does_not_go_back),
          cmocka_unit_test(a_deadline_lies_ahead_by_what_was_asked),
          cmocka_unit_test(zero_and_what_the_clock_cannot_hold_mean_never),
          cmocka_unit_test(the_earlier_of_two), cmocka_unit_test(poll_gets_its_own_forms),
          cmocka_unit_test(poll_rounds_up),
          cmocka_unit_test(poll_never_rounds_a_future_down_to_now))
