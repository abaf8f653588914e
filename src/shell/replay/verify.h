/*
 * mcsh --verify: transcripts are played again, and what their commands show is held against what
 * the files say.
 */
#ifndef SHELL_REPLAY_VERIFY_H
#define SHELL_REPLAY_VERIFY_H

#include "shell/session.h"

struct verify_options {
	bool update;      /* write what was shown into the files */
	unsigned servers; /* of a file whose first line does not say; at least 1 */
};

/* Plays each of the COUNT FILES in a session of its own, with the usual settings and what its first
 * line says, on private servers of its own. What differs is shown in S, as `diff -u` would, and at
 * the end how many do; in json an object a file. Returns STATUS_ASSERT when one differs (and is not
 * updated), STATUS_USAGE when one cannot be read or written, STATUS_LOST without a memcached. */
enum status verify_files(struct session *s, char *const *files, size_t count,
                         const struct verify_options *options);

#endif
