/*
 * The round trip that the kernel measures of a TCP connection (tcp(7), TCP_INFO): from a segment to
 * its acknowledgement. A server that answers at once acknowledges with the answer, so that its work
 * is in it; the least that was seen is nearest to the network alone.
 */
#ifndef CLIENT_TRANSPORT_RTT_H
#define CLIENT_TRANSPORT_RTT_H

#include <stdbool.h>
#include <stdint.h>

struct rtt {
	int64_t smoothed, least; /* nanoseconds */
};

/* Of the socket FD; false where there is no TCP, or a system that does not say. */
bool rtt_of(int fd, struct rtt *rtt);

#endif
