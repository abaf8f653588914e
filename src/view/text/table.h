/*
 * A table in the session's format: aligned columns, or upright where these do not fit (pretty:
 * nothing is cut), tab-separated with escaped fields
 * (plain, raw, wire), CSV as RFC 4180 has it with a header line, or one JSON object
 * {"command":...,"rows":[{column: cell}]}.
 */
#ifndef VIEW_TEXT_TABLE_H
#define VIEW_TEXT_TABLE_H

#include "base/buf.h"
#include "view/style.h"

struct table_column {
	const char *name; /* heading, CSV header and JSON member */
	bool number; /* aligned to the right; a JSON number when the cell is a decimal number */
};

struct table {
	const struct style *style;
	struct buf *out;
	const char *command;
	const struct table_column *columns;
	size_t column_count;
	bool notes; /* set by the caller: where the last column is empty, pretty leaves it so */
	struct buf cells; /* the cells' bytes, one after the other */
	size_t *ends;     /* where each cell ends in it */
	enum paint *paints;
	size_t cell_count, cell_cap, paint_cap;
};

/* COMMAND and COLUMNS are borrowed until table_end. COMMAND is the typed word, for JSON. */
void table_begin(struct table *t, const struct style *style, struct buf *out, const char *command,
                 const struct table_column *columns, size_t column_count);
/* The next cell, row by row; the bytes are copied, any bytes will do. An empty cell is shown as "-"
 * in pretty and is null in JSON. */
void table_cell(struct table *t, enum paint paint, struct slice text);
void table_cell_str(struct table *t, enum paint paint, const char *text);
void table_cellf(struct table *t, enum paint paint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Renders it and releases what the table holds. A row that was begun is filled up with empty cells.
 * In pretty a table that is wider than style->columns has the text of its last column broken at
 * blanks, if the others leave space for that; else it stands upright, a line a cell, with its
 * column's name. A table without rows is, in pretty, nothing. */
void table_end(struct table *t);

#endif
