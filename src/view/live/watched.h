/*
 * An event of a watching connection, as a row: view/rows.h.
 */
#ifndef VIEW_LIVE_WATCHED_H
#define VIEW_LIVE_WATCHED_H

#include "proto/event.h"
#include "view/rows.h"

/* gid and type, what the fields of proto/event.h are, ts and text. */
#define WATCHED_COLUMNS (EVENT_FIELDS + 3)

/* Fills COLUMNS for a terminal of WIDTH columns: those that are known to fit are shown there, all
 * in the other formats. OF_SERVER: events of the server itself are among them, or of its proxy,
 * whose names are longer. */
void watched_columns(struct row_column columns[WATCHED_COLUMNS], unsigned width, bool of_server);

/* Adds EVENT, of SERVER; KEY is its key, decoded. */
void watched_add(struct rows *r, const char *server, const struct event *event, struct slice key);

#endif
