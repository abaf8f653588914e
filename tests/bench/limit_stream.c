/*
 * The limit that scripts and loads are measured against: sends a file of prepared requests and
 *reads the replies, 256 KiB at a time, until the MN that answers the `mn` at the file's end. It
 *looks at nothing else.
 *
 *	limit_stream SERVER FILE [REPLIES [LOW_WATER]]
 *
 * The replies go into the file REPLIES ("" for none). With LOW_WATER the kernel wakes it only when
 * that many bytes of replies are there (SO_RCVLOWAT), until all is sent. Prints the replies'
 *length.
 */
#include "dial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)256 << 10)

struct stream {
	int fd, out;
	const char *data;
	size_t len, sent, received;
	char tail[4]; /* the last bytes that came */
};

static void send_some(struct stream *s)
{
	while (s->sent < s->len) {
		size_t want = s->len - s->sent < CHUNK ? s->len - s->sent : CHUNK;
		ssize_t n = send(s->fd, s->data + s->sent, want, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			die("send");
		s->sent += (size_t)n;
	}
}

static void keep_tail(struct stream *s, const char *data, size_t n)
{
	size_t keep = n < sizeof(s->tail) ? sizeof(s->tail) - n : 0;
	memmove(s->tail, s->tail + sizeof(s->tail) - keep, keep);
	memcpy(s->tail + keep, data + n - (sizeof(s->tail) - keep), sizeof(s->tail) - keep);
}

static void receive_some(struct stream *s)
{
	static char in[CHUNK];
	ssize_t n = recv(s->fd, in, sizeof(in), 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		die("recv");
	if (s->out >= 0 && write(s->out, in, (size_t)n) != n)
		die("write");
	s->received += (size_t)n;
	keep_tail(s, in, (size_t)n);
}

static void set_low_water(const struct stream *s, int bytes)
{
	if (setsockopt(s->fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof(bytes)) != 0)
		die("SO_RCVLOWAT");
}

static bool is_answered(const struct stream *s)
{
	return s->sent == s->len && memcmp(s->tail, "MN\r\n", sizeof(s->tail)) == 0;
}

static void run(struct stream *s, bool low_water)
{
	while (!is_answered(s)) {
		if (low_water && s->sent == s->len) {
			low_water = false;
			set_low_water(s, 1);
		}
		short writing = s->sent < s->len ? POLLOUT : 0;
		struct pollfd p = {.fd = s->fd, .events = (short)(POLLIN | writing)};
		if (poll(&p, 1, -1) < 0)
			die("poll");
		if (p.revents & POLLOUT)
			send_some(s);
		if (p.revents & (POLLIN | POLLHUP | POLLERR))
			receive_some(s);
	}
}

int main(int argc, char **argv)
{
	struct stat st;
	if (argc < 3 || argc > 5) {
		fprintf(stderr, "usage: limit_stream SERVER FILE [REPLIES [LOW_WATER]]\n");
		return 2;
	}
	int file = open(argv[2], O_RDONLY);
	if (file < 0 || fstat(file, &st) != 0)
		die(argv[2]);
	struct stream s = {.fd = dial(argv[1]), .out = -1, .len = (size_t)st.st_size};
	s.data = mmap(NULL, s.len, PROT_READ, MAP_PRIVATE, file, 0);
	if (s.data == MAP_FAILED)
		die("mmap");
	if (argc > 3 && *argv[3]) {
		s.out = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0666);
		if (s.out < 0)
			die(argv[3]);
	}
	if (argc > 4)
		set_low_water(&s, atoi(argv[4]));
	set_nonblocking(s.fd);
	run(&s, argc > 4);
	printf("%zu\n", s.received);
	return 0;
}
