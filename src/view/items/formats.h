/*
 * The rows of item_formats, each defined in its own file.
 */
#ifndef VIEW_ITEMS_FORMATS_H
#define VIEW_ITEMS_FORMATS_H

#include "view/items/record.h"

extern const struct item_format item_format_jsonl;
extern const struct item_format item_format_csv;
extern const struct item_format item_format_tsv;
extern const struct item_format item_format_mcsh;
extern const struct item_format item_format_protocol;

/* Whether LINE, without its line end, is a storage command of the protocol. */
bool item_is_protocol(struct slice line);

#endif
