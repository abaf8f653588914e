/*
 * Items that servers list, as rows (view/rows.h):
 *
 *   pretty       size, time to live and key; in long also the time since the last bump, class, read
 *                and flags
 *   plain        the key alone; in long a line of key, size, ttl, unbumped, class, fetched, flags
 *   json, csv    all of these, in long or not
 *
 * ttl and unbumped are in seconds; a ttl of -1 is an item that never expires. What a server does
 * not say is empty.
 */
#ifndef VIEW_KEYS_KEYLIST_H
#define VIEW_KEYS_KEYLIST_H

#include "proto/crawled.h"
#include "view/rows.h"

/* A list with STYLE into OUT, for the typed word COMMAND; all is borrowed until rows_release. The
 * rows of several servers are labelled (rows_label) where keylist_labels says so. */
void keylist_init(struct rows *r, const struct style *style, struct buf *out, const char *command,
                  bool in_long);
bool keylist_labels(const struct style *style, bool in_long);

void keylist_add(struct rows *r, const char *server, const struct crawled *item);

#endif
