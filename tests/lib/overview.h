/*
 * What the tests of .report share: a cache in figures, built by hand.
 */
#ifndef TESTS_LIB_OVERVIEW_H
#define TESTS_LIB_OVERVIEW_H

#include "view/overview/overview.h"

#define OVERVIEW_NOW 1800000000

extern const char *const overview_labels[3];

/* COUNT servers, one to three, that are in use and well; the caller releases O. */
void overview_well(struct overview *o, size_t count);

/* A counter of SERVER is VALUE from now on. */
void overview_says(struct overview *o, size_t server, const char *name, const char *value);

/* COUNT items "PREFIX<number>"; TTL and AGE in seconds, TTL 0: never. */
struct made_items {
	const char *prefix;
	unsigned count, size, ttl, age;
	bool unread, misplaced;
};

void overview_items(struct overview *o, size_t server, struct made_items m);

#endif
