/*
 * The rows of a key tree (view/tree/keytree.h):
 *
 *   pretty       items, size, share with a bar, share that never expires, median ttl, and the name,
 *                set in by its depth
 *   plain, csv   key, depth, items, bytes, share, forever, ttl; json an object of these
 *
 * share is of the tree's bytes, or items, in percent; ttl is the median of the items that expire,
 * in seconds. What is not shown of a level is "<others>". The root is for eyes alone.
 */
#ifndef VIEW_TREE_TREE_ROWS_H
#define VIEW_TREE_TREE_ROWS_H

#include "view/rows.h"
#include "view/tree/keytree.h"

#define TREE_COLUMNS 13

struct tree_rows {
	struct rows rows;
	struct row_column columns[TREE_COLUMNS];
	struct slice prefix; /* of all keys, before the paths */
	bool by_items;
	uint64_t whole; /* of the root */
	struct buf text[TREE_COLUMNS];
};

/* All is borrowed until tree_rows_release. */
void tree_rows_init(struct tree_rows *t, const struct style *style, struct buf *out,
                    const char *command, struct slice prefix, bool by_items);
void tree_rows_release(struct tree_rows *t);

/* The next row, for keytree_show; CTX is the struct tree_rows. The first is the root. */
void tree_rows_add(void *ctx, const struct keytree_row *row);

#endif
