/*
 * An item as lru_crawler metadump or mgdump names it, as a row: view/rows.h.
 */
#ifndef VIEW_KEYS_LISTED_H
#define VIEW_KEYS_LISTED_H

#include "view/rows.h"

#include <stdint.h>

/* The columns of metadump, or, with KEYS_ALONE, of mgdump; *COUNT is how many these are. */
const struct row_column *listed_columns(bool keys_alone, size_t *count);

/*
 * Adds LINE of SERVER: "key=foo exp=-1 la=1795374908 cas=2 fetch=no cls=1 size=66 flags=0", or "mg
 * foo" and "mg Zm9v b". NOW is the Unix time by which pretty counts. A key that cannot be decoded
 * is shown as it was sent; of a line that names none, the whole line is.
 */
void listed_add(struct rows *r, const char *server, struct slice line, int64_t now);

#endif
