/*
 * What the tests of many requests share: servers, ten thousand keys, and what came of each.
 */
#ifndef TESTS_LIB_MANY_H
#define TESTS_LIB_MANY_H

#include "client/many.h"
#include "lib/server.h"

#include <unistd.h>

#define MANY_SERVERS 4
#define MANY_KEYS    10000

extern struct server many_servers[MANY_SERVERS];

extern struct slice many_keys[MANY_KEYS];

/* Of forty keys one has half a megabyte or more, and one some hundred kilobytes: 290 MB in all. */
size_t many_value_length(size_t i);

struct slice many_large_value(size_t i);

/* What the tests have of the client, and what is answered each key. */
struct work {
	struct client_options options;
	struct client *client;
	struct slice (*value)(size_t i); /* what is stored under each key */
	size_t filled;
	size_t sent; /* bytes */
	int wake[2];
	bool wake_when_sent;     /* the first byte sent gives all up */
	useconds_t pause;        /* after each value */
	size_t calls[MANY_KEYS]; /* how often each key was answered */
	enum reply_kind kinds[MANY_KEYS];
	size_t wrong;  /* values with other bytes */
	size_t shares; /* get: shares that failed */
	size_t ends;   /* get: replies with a time */
	enum reply_kind end;
};

struct work *work_new(uint64_t timeout_ms);

void work_free(struct work *w);

void work_forget(struct work *w);

void work_fill(void *ctx, size_t i, struct request *request);

void work_on_reply(void *ctx, size_t i, const struct reply *reply);

struct slice work_key_at(void *ctx, size_t i);

bool work_store_on(struct work *w, size_t count, size_t server);

bool work_store(struct work *w, size_t count);

void work_on_value(void *ctx, const struct reply *reply);

bool work_load(struct work *w, size_t count, struct error *error);

/* How many of the first COUNT keys were answered once, as KIND. */
size_t work_answered_as(const struct work *w, size_t count, enum reply_kind kind);

int64_t many_milliseconds_since(int64_t start);

int many_start(void **state);

int many_stop(void **state);

#endif
