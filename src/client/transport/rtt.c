#include "client/transport/rtt.h"

#include <stddef.h>
#include <sys/socket.h>

#ifdef __linux__
#include <linux/tcp.h>
#include <netinet/in.h>
#endif

bool rtt_of(int fd, struct rtt *rtt)
{
#ifdef __linux__
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);
	if (fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 || info.tcpi_rtt == 0)
		return false;
	rtt->smoothed = (int64_t)info.tcpi_rtt * 1000;
	/* Linux has it since 4.6; before, the answer is shorter. */
	bool knows = len >= offsetof(struct tcp_info, tcpi_min_rtt) + sizeof(info.tcpi_min_rtt);
	rtt->least = knows && info.tcpi_min_rtt > 0 && info.tcpi_min_rtt < info.tcpi_rtt
	                 ? (int64_t)info.tcpi_min_rtt * 1000
	                 : rtt->smoothed;
	return true;
#else
	(void)fd;
	(void)rtt;
	return false;
#endif
}
