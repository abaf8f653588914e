/*
 * Whether a command showed what its transcript says, line by line, and what the transcript would
 * say if it were to follow what was shown.
 */
#ifndef SHELL_REPLAY_MATCH_H
#define SHELL_REPLAY_MATCH_H

#include "base/buf.h"
#include "shell/replay/transcript.h"
#include "view/style.h"

/* What makes lines of output alike: without what differs from run to run, which is times and rates,
 * cas numbers, the path of a sandbox, and in JSON the name of the server. */
struct normaliser;

struct normaliser *normaliser_new(void);
void normaliser_free(struct normaliser *s);

struct match {
	const struct normaliser *normaliser;
	enum format format;
	struct slice command; /* its name */
	uint64_t timeout_ms;  /* what all expressions may take together */
};

/* True when GOT (as transcript_add_output writes it) is what WANT says. Else adds to MERGED the
 * lines of GOT, where they agree with a line of WANT that line itself, patterns among them.
 * ERROR is filled when an expression among WANT cannot be read, or takes too long; else it is left
 * alone. */
bool match_merge(const struct match *l, const struct slice *want, size_t want_count,
                 const struct lines *got, struct buf *merged, struct error *error);

#endif
