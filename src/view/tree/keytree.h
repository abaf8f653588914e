/*
 * The key space as a tree of folded segments (view/tree/fold.h), with what lies below each: built
 * item by item, in bounded memory. Where the nodes do not suffice, the leaves with the fewest items
 * are given up, again and again: what they had stays in the totals of the nodes above them, and
 * those that come again begin at 0. Nodes with many items are not touched by that.
 */
#ifndef VIEW_TREE_KEYTREE_H
#define VIEW_TREE_KEYTREE_H

#include "proto/crawled.h"
#include "view/tree/fold.h"

/* Nodes of about 300 bytes. */
#define KEYTREE_NODES 40000
/* Segments of a key that are kept apart; the rest of it counts for the last one. */
#define KEYTREE_DEPTH 16

/* Times to live, two classes for each doubling. */
#define KEYTREE_TTLS 48

struct keytree_sums {
	uint64_t items, bytes, forever; /* forever: items that never expire */
	uint32_t ttls[KEYTREE_TTLS];    /* of the others */
	int64_t shortest, longest;      /* seconds that these have left */
};

struct keytree_node {
	uint32_t parent;
	uint32_t name, name_length; /* in the tree's names */
	uint32_t children;          /* how many it has */
	uint32_t first, next;       /* child and sibling, in their order; 0: none */
	struct keytree_sums sums;
};

struct keytree {
	struct separators separators;
	struct keytree_node *nodes; /* the first is the root; a parent is before its children */
	size_t count, most;
	uint32_t *table; /* open addressing; 0: free */
	size_t table_size;
	struct buf names, folded;
	uint64_t given_up; /* nodes */
};

/* MOST nodes at the most, KEYTREE_DEPTH + 1 of them at the least. */
void keytree_init(struct keytree *t, const struct separators *separators, size_t most);
void keytree_release(struct keytree *t);

/* Adds ITEM under KEY, which is its key or what is left of that. */
void keytree_add(struct keytree *t, struct slice key, const struct crawled *item);

/* Seconds that half of the items that expire have left, about, but never less than the first of
 * them nor more than the last; -1: all are for ever. */
int64_t keytree_median_ttl(const struct keytree_sums *sums);

/* A line of the tree as it is shown. */
struct keytree_row {
	struct slice path; /* from the root, borrowed for the call */
	struct slice name; /* of these, the segments that the row above does not have */
	unsigned depth;    /* 0: the root */
	bool others;       /* what is not shown of its siblings, and has no name */
	struct keytree_sums sums;
};

struct keytree_view {
	unsigned depth; /* levels below the root */
	size_t top;     /* rows of each level with the same parent; more are one, the others */
	bool by_items;  /* in the order of items, not of bytes */
	void *ctx;
	void (*row)(void *ctx, const struct keytree_row *row);
};

/* Hands over the rows, each before those below it, the largest first. Segments that all keys of a
 * row share stand in one row. Nothing is added after that. */
void keytree_show(struct keytree *t, const struct keytree_view *view);

#endif
