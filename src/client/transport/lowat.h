/*
 * How many bytes the kernel gathers before it wakes a reader (SO_RCVLOWAT, tcp(7) and socket(7)).
 * A server that answers thousands of requests in small pieces spends most of its time in waking
 * whoever reads them; fewer wake-ups are what both sides gain most by.
 *
 * Whoever waits so must be certain that as many bytes come. Answers have a least length, so the
 * number of unanswered requests gives a bound; and a server may be slow, so no wait is longer than
 * LOWAT_WAIT. A unix socket knows no such mark, and is never asked.
 */
#ifndef CLIENT_TRANSPORT_LOWAT_H
#define CLIENT_TRANSPORT_LOWAT_H

#include <stddef.h>
#include <stdint.h>

/* The shortest answer to a request: two letters or one digit, and a line end. */
#define ANSWER_LEAST 3

/* For how long replies may lie unread, in nanoseconds. */
#define LOWAT_WAIT 20000000

struct lowat {
	size_t bytes;  /* 0: the kernel wakes at once */
	int64_t tried; /* when it was found that bytes come slowly; 0: they do not */
};

/* LEAST bytes are certain to come on socket FD: raises or lowers the mark to fit. NOW is
 * clock_now's. */
void lowat_fit(struct lowat *l, int fd, size_t least, int64_t now);

/* Nothing came for LOWAT_WAIT: every byte wakes again, and for a while the mark is left alone. */
void lowat_drop(struct lowat *l, int fd, int64_t now);

#endif
