/*
 * The limit that start-up is measured against: connects, asks `get foo`, reads the answer to its
 *END, prints the value, leaves. Nothing else.
 *
 *	limit_get SERVER
 */
#include "dial.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char in[4096];
	size_t len = 0;

	if (argc != 2)
		return 2;
	int fd = dial(argv[1]);
	if (write(fd, "get foo\r\n", 9) != 9)
		return 4;
	while (len < 5 || memcmp(in + len - 5, "END\r\n", 5) != 0) {
		ssize_t n = read(fd, in + len, sizeof(in) - len);
		if (n <= 0)
			return 4;
		len += (size_t)n;
	}
	const char *value = memchr(in, '\n', len),
		   *end = value ? memchr(value, '\r', len - (size_t)(value - in)) : NULL;
	if (!end)
		return 1;
	size_t size = (size_t)(end - value) - 1;
	return write(STDOUT_FILENO, value + 1, size) == (ssize_t)size ? 0 : 4;
}
