/*
 * The limit that the prompt is measured against: a shell that does nothing but send the line that
 *the terminal gives it and write the answer.
 *
 *	line_shell SERVER
 */
#include "dial.h"

#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char line[4096];
	ssize_t n;
	if (argc != 2)
		return 2;
	int fd = dial(argv[1]);
	write(STDOUT_FILENO, "> ", 2);
	while ((n = read(STDIN_FILENO, line, sizeof(line) - 1)) > 0) {
		line[n - 1] = '\r';
		line[n] = '\n';
		if (send(fd, line, (size_t)n + 1, MSG_NOSIGNAL) != n + 1)
			die("send");
		n = recv(fd, line, sizeof(line) - 2, 0);
		if (n <= 0)
			die("recv");
		line[n++] = '>';
		line[n++] = ' ';
		if (write(STDOUT_FILENO, line, (size_t)n) != n)
			die("write");
	}
	return 0;
}
