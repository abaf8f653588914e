#include "base/deadline.h"

#include <limits.h>
#include <time.h>

int64_t clock_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

int64_t deadline_in(uint64_t ms)
{
	int64_t now = clock_now();
	if (ms == 0 || ms > (uint64_t)(INT64_MAX - now) / NSEC_PER_MSEC)
		return DEADLINE_NEVER;
	return now + (int64_t)ms * NSEC_PER_MSEC;
}

int deadline_poll_ms(int64_t deadline)
{
	if (deadline == DEADLINE_NEVER)
		return -1;
	int64_t left = deadline - clock_now();
	if (left <= 0)
		return 0;
	int64_t ms = (left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}
