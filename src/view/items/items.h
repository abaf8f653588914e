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

#include "base/buf.h"
#include "base/status.h"
#include "proto/item.h"

enum item_result {
	ITEM_READ,
	ITEM_NONE, /* a record without an item: a header, a blank line */
	ITEM_BAD,
	ITEM_BAD_HEADER, /* nothing after it can be read either */
};

struct item_format;

/* What a format must keep from one record to the next. */
struct item_reader {
	const struct item_format *format;
	struct buf key, value; /* unescaped */
	bool begun;            /* a record was read */
	int64_t now; /* the Unix time from which a time in a file may count; 0: none does */
	unsigned char columns[16];
	size_t column_count;
};

/* How far the search for a record's end has come, so that it begins where it left off when there
 * are more bytes. Zeroed for each record. */
struct item_scan {
	size_t seen; /* bytes that have been looked at */
	bool quoted; /* csv: within quotes */
};

struct item_format {
	const char *name;
	const char *extensions; /* of files, separated by blanks */
	bool certain;           /* its first bytes leave no doubt, whatever the file is called */
	/* What stands before the first item; NULL: nothing. */
	void (*begin)(struct buf *out, bool cas);
	/* Adds a record. False, adding nothing, when the format has no words for ITEM. */
	bool (*add)(struct buf *out, const struct item *item, bool cas);
	/* The bytes of the first record in BYTES, its line end included; 0: it is not whole. Then
	 * SCAN is for the next call, with the same bytes and more. */
	size_t (*record)(struct slice bytes, struct item_scan *scan);
	/* Whether the last record of a file needs its line end to be known as whole. */
	bool needs_end;
	/* Reads a record, without its line end. ITEM is borrowed from RECORD and the reader until
	 * the next call. NULL: the format is not read. */
	enum item_result (*parse)(struct item_reader *r, struct slice record, struct item *item,
	                          struct error *error);
};

/* A zeroed reader with its format set can be used. */
void item_reader_release(struct item_reader *r);

/* For the formats: the bytes of a record that is a line. */
size_t item_line(struct slice bytes, struct item_scan *scan);
/* Reads flags and an exptime; on false ERROR says what is wrong. Empty is 0. */
bool item_parse_flags(struct slice text, struct item *item, struct error *error);
bool item_parse_exptime(struct slice text, struct item *item, struct error *error);
/* Decodes base64 into SPACE, which is cleared, and sets *BYTES; NAME is what ERROR calls it.
 */
bool item_parse_base64(struct buf *space, struct slice *bytes, const char *name,
                       struct error *error);

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

/* The rows of item_formats, each defined in its own file. */
extern const struct item_format item_format_jsonl;
extern const struct item_format item_format_csv;
extern const struct item_format item_format_tsv;
extern const struct item_format item_format_mcsh;
extern const struct item_format item_format_protocol;

/* Whether LINE, without its line end, is a storage command of the protocol. */
bool item_is_protocol(struct slice line);

#endif
