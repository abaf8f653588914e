#include "client/transport/lowat.h"

#include <sys/socket.h>

/* A mark of so many bytes leaves one wake-up in forty of a server that answers gets one by one. */
#define LOWAT_BYTES 16384

/* How long a slow server is left alone, in nanoseconds. */
#define SLOW_FOR 100000000

static void mark(struct lowat *l, int fd, size_t bytes)
{
	int value = bytes ? (int)bytes : 1;
	l->bytes = setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &value, sizeof(value)) == 0 ? bytes : 0;
}

void lowat_fit(struct lowat *l, int fd, size_t least, int64_t now)
{
	if (l->bytes > least)
		mark(l, fd, 0);
	else if (l->bytes == 0 && least >= LOWAT_BYTES && (!l->tried || now - l->tried > SLOW_FOR))
		mark(l, fd, LOWAT_BYTES);
}

void lowat_drop(struct lowat *l, int fd, int64_t now)
{
	mark(l, fd, 0);
	l->tried = now;
}
