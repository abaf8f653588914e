/*
 * Comma-separated values as RFC 4180 has them, with LF line ends, as csvlook, awk and SQLite read.
 */
#ifndef VIEW_TEXT_CSV_WRITE_H
#define VIEW_TEXT_CSV_WRITE_H

#include "base/buf.h"
#include "view/style.h"

/* A field: in double quotes when it holds a comma, a quote, CR, LF, or a blank at an end. The bytes
 * are otherwise as they are: what is not text is base64 or escaped before it gets here. */
void csv_add_field(struct buf *out, struct slice text);

/*
 * For a spreadsheet, which computes what begins with = + - @, a tab or a CR: with the style's
 * csv_guard such a field, unless it is a number, has a ' before it. For what comes from outside.
 */
void csv_add_data(struct buf *out, const struct style *style, struct slice text);

/* The same for any bytes: what is not text is escaped as in plain. */
void csv_add_safe(struct buf *out, const struct style *style, struct slice bytes);

/* The two in pieces: what opens the field, "" where it needs no quotes, and the text within them.
 * A field that was opened ends in a quote. */
const char *csv_quote(const struct style *style, struct slice text);
void csv_add_quoted(struct buf *out, struct slice text);

/* Of csv_last: the next header, whichever it is, is there already. */
#define CSV_ANY 1

/* Answers of one kind are one table: the header that OUT has from FROM on is taken away when the
 * last one of the style's csv_last was the same; else it is noted there. */
void csv_end_header(struct buf *out, size_t from, const struct style *style);

#endif
