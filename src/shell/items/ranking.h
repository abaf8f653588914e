/*
 * The first of many items in an order, in bounded memory: those that come after the last one that
 * fits are dropped as they come. Pure.
 */
#ifndef SHELL_ITEMS_RANKING_H
#define SHELL_ITEMS_RANKING_H

#include "proto/crawled.h"

enum ranking_by {
	RANKING_KEY,      /* byte by byte */
	RANKING_SIZE,     /* the largest first */
	RANKING_TTL,      /* what expires soonest first, what never does last */
	RANKING_UNBUMPED, /* the longest first */
};

/* The order that WORD names: key, size, ttl or unbumped. */
bool ranking_named(struct slice word, enum ranking_by *by);

struct ranked {
	struct crawled item; /* its key follows */
	size_t server;
};

struct ranking {
	enum ranking_by by;
	size_t limit;  /* items at the most */
	size_t memory; /* bytes at the most, their keys and pointers included */
	struct ranked *
	    *items; /* a heap with the last one first; after ranking_sort in their order */
	size_t count, cap, used;
	uint64_t left_out; /* items for which there was no memory */
};

void ranking_init(struct ranking *r, enum ranking_by by, size_t limit, size_t memory);
void ranking_release(struct ranking *r);

/* ITEM, whose key is copied. Of items that are alike, the one with the smaller key is first. */
void ranking_add(struct ranking *r, size_t server, const struct crawled *item);
/* Puts them in their order; nothing is added after that. */
void ranking_sort(struct ranking *r);

#endif
