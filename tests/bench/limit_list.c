/*
 * The limit that a walk through the keys is measured against: the key list of one connection
 * (`lru_crawler metadump hash`), read as fast as it comes, of which only the lines are counted.
 *
 *	limit_list SERVER
 *
 * Prints how many keys the list had.
 */
#include "dial.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK ((size_t)256 << 10)

int main(int argc, char **argv)
{
	static const char ask[] = "lru_crawler metadump hash\r\n";
	static char chunk[CHUNK + 1];
	char tail[5] = "";
	size_t keys = 0;
	if (argc != 2) {
		fputs("usage: limit_list SERVER\n", stderr);
		return 2;
	}
	int fd = dial(argv[1]);
	if (write(fd, ask, sizeof(ask) - 1) != (ssize_t)sizeof(ask) - 1)
		return 4;
	/* The list ends with END\r\n; a line of a key ends with a line feed alone. */
	while (memcmp(tail, "END\r\n", 5) != 0) {
		ssize_t n = read(fd, chunk, CHUNK);
		if (n <= 0)
			return 4;
		for (const char *at = chunk; (at = memchr(at, '\n', (size_t)(chunk + n - at)));
		     at++)
			keys++;
		size_t kept = (size_t)n < 5 ? 5 - (size_t)n : 0;
		memmove(tail, tail + 5 - kept, kept);
		memcpy(tail + kept, chunk + n - (5 - kept), 5 - kept);
	}
	printf("%zu\n", keys - 1);
	return 0;
}
