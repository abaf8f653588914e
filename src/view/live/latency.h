/*
 * Round trips to servers, as they were measured:
 *
 *   pretty           of several servers a table; of each the percentiles, a histogram, and which
 *                    part is the network
 *   plain, raw, wire a line a server: the columns of csv with tabs between
 *   csv              server,round_trips,lost,min_us,p50_us,p90_us,p99_us,p999_us,max_us,rtt_us,
 *                    least_rtt_us,rest_us
 *   json             {"command":".latency","seconds":5.000,"unit":"us","servers":[{"server":...,
 *                    "round_trips":N,"lost":0,"min":...,"p50":...,...,"rtt":...,"least_rtt":...,
 *                    "rest":...,"histogram":[{"from":...,"count":...}]}]}
 *
 * rtt is the kernel's, where there is TCP; rest is the median without the least rtt: the server's
 * work, and waking both programs. What is not known is empty, or null.
 */
#ifndef VIEW_LIVE_LATENCY_H
#define VIEW_LIVE_LATENCY_H

#include "base/buf.h"
#include "base/histogram.h"
#include "view/style.h"

struct latency_of {
	const char *server;
	const struct histogram *times;
	uint64_t lost;          /* questions without an answer */
	int64_t rtt, least_rtt; /* nanoseconds; 0: not known */
};

/* ELAPSED is in nanoseconds. */
void latency_show(struct buf *out, const struct style *style, const struct latency_of *list,
                  size_t count, int64_t elapsed);

#endif
