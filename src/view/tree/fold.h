/*
 * Keys as paths of segments, in which what differs from key to key is folded into a mark, so that
 * keys that are made in one way become one path:
 *
 *   user:42:profile                               user: <n>: profile
 *   s/0f5c9a1e-7d7b-4b0e-9f0c-2f1d3c4b5a69        s/ <uuid>
 *   page-9e107d9d372bb6826bd81d3542a419d6.html    page- <hash>. html
 *
 *   <n>     a run of digits
 *   <uuid>  8-4-4-4-12 hexadecimal digits
 *   <hash>  letters and digits mixed: 8 or more that are hexadecimal, 20 or more of any
 */
#ifndef VIEW_TREE_FOLD_H
#define VIEW_TREE_FOLD_H

#include "base/buf.h"

/* What each byte is: one that divides segments, or a part of a run. */
struct separators {
	unsigned char kinds[256];
};

#define SEPARATORS_USUAL ":/.|-_"

void separators_init(struct separators *s, struct slice bytes);

/* Takes the first segment off *REST, with all separators that follow it, and adds what it folds to.
 * False at the end. */
bool fold_next(const struct separators *s, struct slice *rest, struct buf *out);

#endif
