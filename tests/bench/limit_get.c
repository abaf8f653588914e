/*
 * The limit that start-up is measured against: connect to a unix socket, ask `get foo`, read the
 * answer to its END, print the value, leave. Nothing else.
 *
 *	limit_get SOCKET
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	char in[4096];
	size_t len = 0;

	if (argc != 2 || strlen(argv[1]) >= sizeof(to.sun_path))
		return 2;
	memcpy(to.sun_path, argv[1], strlen(argv[1]));
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		return 4;
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
