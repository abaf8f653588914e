#include "base/file.h"

#include <errno.h>
#include <unistd.h>

/* What is asked for in one call. */
#define PIECE ((size_t)64 * 1024)

bool file_write(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.data, bytes.len);
		if (n < 0 && errno != EINTR)
			return false;
		bytes = slice_skip(bytes, n > 0 ? (size_t)n : 0);
	}
	return true;
}

bool file_read(int fd, size_t max, struct buf *out)
{
	for (;;) {
		char *room = buf_room(out, PIECE);
		if (!room || out->len > max) {
			errno = EFBIG;
			return false;
		}
		ssize_t n = read(fd, room, out->cap - out->len);
		if (n < 0 && errno != EINTR)
			return false;
		if (n == 0)
			return true;
		out->len += n > 0 ? (size_t)n : 0;
	}
}
