/*
 * Types at a program on a pseudo-terminal, as a person does, and prints how long its answers take:
 * two numbers, the median microseconds from Enter to the reply of a line that was typed before, and
 * those from a line pasted with its Enter to the reply.
 *
 *	typist ROUNDS LINE REPLY COMMAND [ARGUMENT...]
 *
 * REPLY is text that stands in the answer and not in LINE. Before each line the program is given
 *time to become quiet.
 */
#include "dial.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A program that has printed nothing for this long waits for the next key: a person's pause, after
 * which the processor has to wake up, or none that counts. One that does not answer for so long
 * never will. */
#define PAUSE_MS  15
#define QUIET_MS  2
#define ANSWER_MS 5000

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Waits until REPLY has come, or with NULL until nothing has come for MS milliseconds. */
static bool await(int fd, const char *reply, int ms)
{
	char in[65536];
	size_t len = 0;
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int ready = poll(&p, 1, ms);
		if (ready <= 0)
			return !reply;
		ssize_t n = read(fd, in + len, sizeof(in) - len);
		if (n <= 0)
			return false;
		len += (size_t)n;
		if (reply && memmem(in, len, reply, strlen(reply)))
			return true;
		if (!reply || len == sizeof(in))
			len = 0;
	}
}

static void type(int fd, const char *text, size_t len)
{
	if (write(fd, text, len) != (ssize_t)len)
		die("write");
}

/* Sends the bytes; the microseconds to REPLY. */
static double answer(int fd, const char *text, size_t len, const char *reply)
{
	double start = now_us();
	type(fd, text, len);
	if (!await(fd, reply, ANSWER_MS)) {
		fprintf(stderr, "typist: no \"%s\" came\n", reply);
		exit(1);
	}
	return now_us() - start;
}

static double ask_typed(int fd, const char *line, const char *reply)
{
	for (; *line; line++) {
		await(fd, NULL, QUIET_MS);
		type(fd, line, 1);
	}
	await(fd, NULL, PAUSE_MS);
	return answer(fd, "\r", 1, reply);
}

static double ask_pasted(int fd, const char *line, const char *reply)
{
	char paste[1024];
	int len = snprintf(paste, sizeof(paste), "%s\r", line);
	await(fd, NULL, QUIET_MS);
	return answer(fd, paste, (size_t)len, reply);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *times, size_t count)
{
	qsort(times, count, sizeof(*times), by_value);
	return times[count / 2];
}

int main(int argc, char **argv)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	int fd;
	if (argc < 5 || strlen(argv[2]) > 1000) {
		fprintf(stderr, "usage: typist ROUNDS LINE REPLY COMMAND...\n");
		return 2;
	}
	size_t rounds = strtoul(argv[1], NULL, 10);
	pid_t child = forkpty(&fd, NULL, NULL, &size);
	if (child < 0)
		die("forkpty");
	if (child == 0) {
		execvp(argv[4], argv + 4);
		die(argv[4]);
	}
	double *typed = calloc(rounds + 1, sizeof(*typed)),
	       *pasted = calloc(rounds + 1, sizeof(*pasted));
	if (!typed || !pasted)
		die("calloc");
	await(fd, NULL, 10 * PAUSE_MS);
	ask_pasted(fd, argv[2], argv[3]); /* the connection stands then */
	for (size_t i = 0; i < rounds; i++)
		typed[i] = ask_typed(fd, argv[2], argv[3]);
	for (size_t i = 0; i < rounds; i++)
		pasted[i] = ask_pasted(fd, argv[2], argv[3]);
	printf("%.0f %.0f\n", median(typed, rounds), median(pasted, rounds));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
