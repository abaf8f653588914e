/*
 * Rows that are written as they come, when nobody knows how many there will be: columns of fixed
 * widths (pretty), fields with tabs between (plain, raw, wire), CSV with a header line, or an
 * object a row:
 *
 *   {"command":"watch","server":"127.0.0.1:11211","type":"item_get","key":"foo",...}
 *
 * A table whose rows are all there before it is shown is view/text/table.h.
 */
#ifndef VIEW_ROWS_H
#define VIEW_ROWS_H

#include "base/buf.h"
#include "view/style.h"

/* Pretty: blanks between two columns. */
#define ROWS_GAP 2

struct row_column {
	/* CSV header and JSON member (status: result); NULL: pretty alone shows it. */
	const char *name;
	const char *heading; /* pretty; NULL: it is not shown there */
	unsigned width;      /* pretty: in columns of the terminal */
	bool number;         /* aligned to the right; a JSON number when it is a decimal one */
	enum paint paint;
};

struct rows {
	const struct style *style;
	struct buf *out;
	const char *command; /* the word that was typed, for JSON */
	const struct row_column *columns;
	size_t count;       /* of the columns; the first has a name */
	uint32_t hidden;    /* pretty: the columns of these bits are not shown */
	size_t label_width; /* pretty: of the servers' names; 0: one server, which is not named */
	uint64_t shown;     /* rows so far */
	struct buf text;
};

/* All is borrowed until rows_release. */
void rows_init(struct rows *r, const struct style *style, struct buf *out, const char *command,
               const struct row_column *columns, size_t count);
void rows_release(struct rows *r);

/* One of several servers, whose rows name them. */
void rows_label(struct rows *r, const char *server);

/* The next row, from SERVER; NULL: it is of all of them. CELLS are the columns', any bytes; an
 * empty one is "-" in pretty and no member in JSON. EYES, where it is not NULL, has for pretty what
 * stands there instead. */
void rows_add(struct rows *r, const char *server, const struct slice *cells,
              const struct slice *eyes);

#endif
