/*
 * A user's pattern looked for in text that may be long, so that neither Ctrl-C nor a deadline has
 * to wait for regexec(3): its time may grow with the square of the length of a line, and nothing
 * ends it. A text with a line longer than SEARCH_LINE bytes is therefore searched in a child
 * process, which is killed when it takes too long; others here, at a quarter of a second a line at
 * worst.
 */
#ifndef SHELL_IO_SEARCH_H
#define SHELL_IO_SEARCH_H

#include "base/pattern.h"

#include <stdint.h>
#include <sys/types.h>

#define SEARCH_LINE ((size_t)8192)

/* A line in which the pattern was found. */
struct search_match {
	uint64_t line_number; /* from 1 */
	size_t line, len;     /* where the line stands in the text */
	size_t at, found_len; /* where in the line it was found first */
};

/* A child process that searches one text after the other. Zeroed, there is none yet. */
struct search_child {
	pid_t pid; /* 0: none */
	int to, from;
};

/* Ends it, if there is one. */
void search_child_end(struct search_child *c);

struct search {
	const struct pattern *pattern;
	struct search_child *child; /* of all searches for this pattern by search_lines; NULL: one
	                             * is started for this text alone */
	struct slice text;          /* a NUL byte after it */
	int64_t deadline;
	void *ctx;
	bool (*found)(void *ctx, const struct search_match *m); /* false: enough */
};

enum search_end {
	SEARCH_DONE,        /* to the end of the text, or it was enough */
	SEARCH_LATE,        /* the deadline passed, or the child process was lost */
	SEARCH_INTERRUPTED, /* by Ctrl-C, where it is caught (shell/io/interrupt.h) */
};

/* Calls found for each line of the text in which the pattern is found, in their order. */
enum search_end search_lines(const struct search *s);

/* pattern_matches under a deadline. *FOUND is false unless SEARCH_DONE is returned. */
enum search_end search_matches(const struct pattern *pattern, struct slice text, int64_t deadline,
                               bool *found);

/* SEARCH_LATE in words: an expression took longer than TIMEOUT_MS in SIZE bytes of output. */
void search_say_late(struct error *error, uint64_t timeout_ms, size_t size);

#endif
