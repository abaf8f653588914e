/*
 * The limit that a get of many keys is measured against: prepared get lines to all servers at once,
 * and their replies read to the last END. It looks at nothing else.
 *
 *	limit_get_many LINE_KEYS ROUNDS KEYS SERVER...
 *
 * A get line holds up to LINE_KEYS keys; 0 puts all the keys of a server into one. Stores KEYS
 *values of 16 to 64 bytes first; prints the median time of one get, in microseconds.
 */
#include "dial.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SERVERS_MAX 8

static const char filler[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

struct server {
	int fd;
	char *request;
	size_t len, sent;
	size_t reply, received; /* how long the whole reply is, and how much of it came */
};

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Sends what there is to send and takes what came; false when the whole reply has come. */
static int advance(struct server *s)
{
	static char in[256 << 10];
	if (s->sent < s->len) {
		ssize_t n = send(s->fd, s->request + s->sent, s->len - s->sent, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN)
			die("send");
		s->sent += n > 0 ? (size_t)n : 0;
	}
	ssize_t n = recv(s->fd, in, sizeof(in), 0);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		die("recv");
	s->received += n > 0 ? (size_t)n : 0;
	return s->received < s->reply;
}

static void get(struct server *servers, size_t count)
{
	struct pollfd polled[SERVERS_MAX];
	size_t open = 0;
	for (size_t i = 0; i < count; i++) {
		servers[i].sent = servers[i].received = 0;
		open += (size_t)advance(&servers[i]);
	}
	while (open > 0) {
		for (size_t i = 0; i < count; i++) {
			struct server *s = &servers[i];
			polled[i] = (struct pollfd){.fd = s->received < s->reply ? s->fd : -1,
			                            .events = POLLIN};
			if (s->sent < s->len)
				polled[i].events |= POLLOUT;
		}
		if (poll(polled, count, -1) < 0)
			die("poll");
		for (size_t i = 0; i < count; i++) {
			if (polled[i].fd >= 0 && polled[i].revents)
				open -= !advance(&servers[i]);
		}
	}
}

/* The request of every COUNTth key from FIRST on, and how long its reply will be. The values are
 * stored on the way. */
static void prepare(struct server *s, size_t first, size_t count, size_t keys, size_t line)
{
	size_t in_line = 0;
	char text[256], reply[8];
	FILE *f = open_memstream(&s->request, &s->len);
	for (size_t i = first; i < keys; i += count) {
		int value = 16 + (int)(i % 49);
		int n = snprintf(text, sizeof(text), "set key:%08zu 0 0 %d\r\n%.*s\r\n", i, value,
		                 value, filler);
		if (send(s->fd, text, (size_t)n, MSG_NOSIGNAL) != n ||
		    recv(s->fd, reply, sizeof(reply), MSG_WAITALL) != sizeof(reply))
			die("set");
		fprintf(f, in_line == 0 ? "get key:%08zu" : " key:%08zu", i);
		s->reply +=
		    (size_t)snprintf(text, sizeof(text), "VALUE key:%08zu 0 %d\r\n", i, value) +
		    (size_t)value + 2;
		if (++in_line == line || i + count >= keys) {
			fputs("\r\n", f);
			s->reply += sizeof("END\r\n") - 1;
			in_line = 0;
		}
	}
	fclose(f);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	struct server servers[SERVERS_MAX] = {0};
	size_t count = (size_t)argc - 4;
	if (argc < 5 || count > SERVERS_MAX) {
		fprintf(stderr, "usage: limit_get_many LINE_KEYS ROUNDS KEYS SERVER...\n");
		return 2;
	}
	size_t line = strtoul(argv[1], NULL, 10), rounds = strtoul(argv[2], NULL, 10),
	       keys = strtoul(argv[3], NULL, 10);
	double *times = calloc(rounds, sizeof(*times));
	for (size_t i = 0; i < count; i++) {
		servers[i].fd = dial(argv[4 + i]);
		prepare(&servers[i], i, count, keys, line);
		set_nonblocking(servers[i].fd);
	}
	for (size_t i = 0; times && i < rounds; i++) {
		double start = now_us();
		get(servers, count);
		times[i] = now_us() - start;
	}
	if (!times)
		die("calloc");
	qsort(times, rounds, sizeof(*times), by_value);
	printf("%.0f\n", times[rounds / 2]);
	return 0;
}
