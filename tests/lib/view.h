/*
 * What the tests of views share: a view with all that it borrows, which is asked and answered as by
 * one server.
 */
#ifndef TESTS_LIB_VIEW_H
#define TESTS_LIB_VIEW_H

#include "view/format/format.h"
#include "view/view.h"

/* One view with all that it borrows. */
struct bench {
	struct style style;
	struct buf out;
	struct view view;
	struct request request;
	struct question question;
	struct slice keys[4];
};

void bench_init(struct bench *b, enum format format);

void bench_release(struct bench *b);

void ask(struct bench *b, enum verb verb, const char *command, size_t keys);

void value_at(struct bench *b, size_t index, struct slice value, uint64_t flags);

void stat_line(struct bench *b, struct slice name, struct slice value);

void text_line(struct bench *b, struct slice line);

void end_with(struct bench *b, enum reply_kind kind, struct slice words);

void end(struct bench *b);

void get_one(struct bench *b, struct slice value, uint64_t flags);

#define assert_out(b, want) assert_text(buf_slice(&(b)->out), want)

#define TIME_US "\"time_us\":{\"connect\":0,\"send\":3,\"wait\":80,\"receive\":1,\"total\":84}}\n"
#define SERVER  "\"server\":\"127.0.0.1:11211\""

void believe(struct bench *b, const char *profile);

#endif
