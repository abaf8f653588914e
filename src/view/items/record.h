/*
 * A record of a file of items: what a format does with it, and what the formats share.
 */
#ifndef VIEW_ITEMS_RECORD_H
#define VIEW_ITEMS_RECORD_H

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

#endif
