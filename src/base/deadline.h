/*
 * Time on the monotonic clock, in nanoseconds since some fixed point. A deadline is such a time;
 * DEADLINE_NEVER means to wait for ever.
 */
#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include <stdint.h>

#define DEADLINE_NEVER INT64_MAX
#define NSEC_PER_MSEC  1000000
#define NSEC_PER_SEC   1000000000

int64_t clock_now(void);

/* Now plus MS milliseconds; 0 gives DEADLINE_NEVER. */
int64_t deadline_in(uint64_t ms);

/* The earlier of two. */
static inline int64_t deadline_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Milliseconds left for poll(2): rounded up, 0 when passed, -1 for DEADLINE_NEVER. */
int deadline_poll_ms(int64_t deadline);

#endif
