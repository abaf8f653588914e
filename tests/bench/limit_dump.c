/*
 * The limit that a dump is measured against: the key list of one connection (`lru_crawler metadump
 * hash`) streamed into gets of 100 keys on another, whose replies go to a file as they came.
 *
 *	limit_dump SERVER FILE
 *
 * It decodes no key, so it is for keys that the list does not encode, and looks at no value. It
 *keeps reading the list whatever the other connection does: the server holds a lock while the list
 *waits. Prints how many keys the list had.
 */
#include "dial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK    ((size_t)256 << 10)
#define GET_KEYS 100

struct dump {
	int list, gets, out;
	char *request; /* get lines, sent up to SENT */
	size_t len, sent, cap;
	size_t keys, in_line;
	size_t asked, answered; /* get lines */
	size_t matched;         /* bytes of an END at the end of what came */
	bool listed;            /* all of the list has come */
};

static void add(struct dump *d, const char *data, size_t n)
{
	if (d->sent == d->len)
		d->sent = d->len = 0;
	if (d->len + n > d->cap) {
		d->cap = 2 * (d->len + n);
		d->request = realloc(d->request, d->cap);
		if (!d->request)
			die("realloc");
	}
	memcpy(d->request + d->len, data, n);
	d->len += n;
}

static void end_get(struct dump *d)
{
	if (d->in_line == 0)
		return;
	add(d, "\r\n", 2);
	d->in_line = 0;
	d->asked++;
}

/* A line of the list: `key=NAME exp=...`, or END. */
static void take_line(struct dump *d, const char *line, const char *end)
{
	const char *blank = memchr(line, ' ', (size_t)(end - line));
	if (strncmp(line, "key=", 4) != 0 || !blank) {
		d->listed = true;
		end_get(d);
		return;
	}
	add(d, d->in_line == 0 ? "get " : " ", d->in_line == 0 ? 4 : 1);
	add(d, line + 4, (size_t)(blank - line) - 4);
	d->keys++;
	if (++d->in_line == GET_KEYS)
		end_get(d);
}

static void read_list(struct dump *d)
{
	static char in[CHUNK];
	static size_t len;
	ssize_t n = recv(d->list, in + len, sizeof(in) - len, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		die("recv");
	len += (size_t)n;
	char *at = in, *end;
	while ((end = memchr(at, '\n', len - (size_t)(at - in)))) {
		take_line(d, at, end);
		at = end + 1;
	}
	len -= (size_t)(at - in);
	memmove(in, at, len);
}

/* Counts the ENDs: no value of the workload has a capital in it. */
static void read_values(struct dump *d)
{
	static const char end[] = "END\r\n";
	static char in[CHUNK];
	ssize_t n = recv(d->gets, in, sizeof(in), 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		die("recv");
	if (write(d->out, in, (size_t)n) != n)
		die("write");
	for (const char *p = in; p < in + n; p++) {
		if (d->matched == 0 && !(p = memchr(p, 'E', (size_t)(in + n - p))))
			break;
		d->matched = *p == end[d->matched] ? d->matched + 1 : 0;
		if (end[d->matched] == '\0') {
			d->matched = 0;
			d->answered++;
		}
	}
}

static void send_gets(struct dump *d)
{
	while (d->sent < d->len) {
		ssize_t n = send(d->gets, d->request + d->sent, d->len - d->sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			die("send");
		d->sent += (size_t)n;
	}
}

int main(int argc, char **argv)
{
	static const char ask[] = "lru_crawler metadump hash\r\n";
	if (argc != 3) {
		fprintf(stderr, "usage: limit_dump SERVER FILE\n");
		return 2;
	}
	struct dump d = {.list = dial(argv[1]), .gets = dial(argv[1])};
	d.out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (d.out < 0)
		die(argv[2]);
	if (send(d.list, ask, sizeof(ask) - 1, 0) != (ssize_t)sizeof(ask) - 1)
		die("send");
	set_nonblocking(d.list);
	set_nonblocking(d.gets);
	while (!d.listed || d.answered < d.asked) {
		struct pollfd p[2] = {
		    {.fd = d.listed ? -1 : d.list, .events = POLLIN},
		    {.fd = d.gets, .events = POLLIN},
		};
		if (d.sent < d.len)
			p[1].events |= POLLOUT;
		if (poll(p, 2, -1) < 0)
			die("poll");
		if (p[0].revents)
			read_list(&d);
		if (p[1].revents & (POLLIN | POLLERR | POLLHUP))
			read_values(&d);
		send_gets(&d);
	}
	printf("%zu\n", d.keys);
	return 0;
}
