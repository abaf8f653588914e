/*
 * Items in files: one record an item, in one of several formats. A format is a row of item_formats
 * and a file in view/items.
 *
 *   jsonl  a line of JSON each: {"key":"foo","flags":0,"exptime":0,"value":"bar"}; bytes that are
 *          not UTF-8 are base64, as "encoding" and "key_encoding" say. The first line names
 *          the format and its version: {"mcsh_items":1}
 *   csv    key,flags,exptime,value,encoding,key_encoding as RFC 4180 has it, under a header line;
 *          bytes that are not text are base64, as the encoding columns say
 *   tsv    key, tab, value; then, unless they are 0, tab, flags, tab, exptime. Bytes that do not
 *          print are escaped (base/quote.h, escape_add_field)
 *   mcsh   set commands that can be typed: set --flags F KEY VALUE @EXPTIME
 *   protocol  add <key> <flags> <exptime> <bytes> and the value below it, by its length: what
 *          memcached-tool dumps, and what can be sent to a server as it is
 *
 * They are read as other programs write them too: a UTF-8 byte order mark at the beginning is no
 * part of them (item_mark), and CR LF ends a line as LF does; what is written has neither.
 *
 * With cas there is a member or column "cas" before the value; the others have no place for it.
 * An exptime is a Unix time; 0, and none, is never.
 */
#ifndef VIEW_ITEMS_ITEMS_H
#define VIEW_ITEMS_ITEMS_H

#include "view/items/record.h"

/* Ended by NULL; the first is the default. */
extern const struct item_format *const item_formats[];

/* The format of that name; NULL: there is none. */
const struct item_format *item_format_named(struct slice name);
/* The format that FILE's name ends in, a .gz after it left aside; NULL: none. */
const struct item_format *item_format_of_file(struct slice file);
/* The bytes of the byte order mark (EF BB BF) with which spreadsheets begin a file; 0: there is
 * none. */
size_t item_mark(struct slice bytes);
/* The format that a file with these first bytes has; NULL: unknown. */
const struct item_format *item_format_of_bytes(struct slice bytes);

#endif
