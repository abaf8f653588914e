/*
 * A message of the protocol drawn for who wants to understand it: each line's fields side by side,
 * each with its name under its bytes, and below what those mean that have a meaning of their own.
 *
 *   > set      foo  16     60       3       \r\n
 *     command  key  flags  exptime  length  end
 *
 *     flags    16 text (python-memcached)
 *     exptime  1 min 0 s from now: 2026-11-26 15:31:00 UTC
 *
 * Blanks between words are where the fields are apart. What does not fit the width goes on below,
 * names and all.
 */
#ifndef VIEW_EXPLAIN_EXPLAIN_H
#define VIEW_EXPLAIN_EXPLAIN_H

#include "view/explain/meaning.h"
#include "view/style.h"
#include "view/text/table.h"

/* Draws M, in STYLE's colours and columns, of whatever format. */
void explain_draw(struct buf *out, const struct style *style, const struct message *m);

/* One JSON object and a line feed: {"sent":true,"server":...,"dialect":...,"bytes":N,"fields":
 * [{"offset":0,"length":3,"name":"command","text":"set","meaning":...}]}. Own messages have
 * "own":true. */
void explain_json(struct buf *out, const struct message *m);

/* A label, and TEXT after it, wrapped; INDENT blanks before. Labels of a list have the same WIDTH.
 */
void explain_row(struct buf *out, const struct style *style, size_t indent, size_t width,
                 enum paint paint, struct slice label, struct slice text);

#endif
