/*
 * What the tests of reply_reader share: transcripts, read whole, byte by byte and cut in two.
 */
#ifndef TESTS_LIB_READING_H
#define TESTS_LIB_READING_H

#include "proto/dialect.h"

#define VALUE_MAX 1000

/* A request and every byte that comes back for it, and what the reader shall make of them: a line
 * for each reply as `add_reply` writes it, and how it ends: "left N" bytes after the last reply,
 * "more" when the answer is not whole, "bad". */
struct transcript {
	struct request request;
	struct slice bytes;
	struct slice replies;
};

extern const struct slice reading_foo[];
extern const struct slice reading_abca[];

#define GET_FOO                                                                                    \
	{                                                                                          \
		.verb = VERB_GET, .keys = reading_foo, .key_count = 1                              \
	}
#define GET_ABCA                                                                                   \
	{                                                                                          \
		.verb = VERB_GET, .keys = reading_abca, .key_count = 4                             \
	}
#define GETS_FOO                                                                                   \
	{                                                                                          \
		.verb = VERB_GETS, .keys = reading_foo, .key_count = 1                             \
	}
#define SET                                                                                        \
	{                                                                                          \
		.verb = VERB_SET, .keys = reading_foo, .key_count = 1                              \
	}
#define INCR                                                                                       \
	{                                                                                          \
		.verb = VERB_INCR, .keys = reading_foo, .key_count = 1                             \
	}
#define STATS                                                                                      \
	{                                                                                          \
		.verb = VERB_STATS                                                                 \
	}
#define RAW                                                                                        \
	{                                                                                          \
		.verb = VERB_RAW                                                                   \
	}

const char *reading_kind(enum reply_kind kind);

/* Takes the next reply, and its fields. */
enum reader_result reading_take(struct reply_reader *r, const struct request *request,
                                size_t *cursor, struct reply *reply, struct error *error);

void reading_check(const struct transcript *list, size_t count);

#define CHECK(list) reading_check((list), sizeof(list) / sizeof((list)[0]))

#endif
