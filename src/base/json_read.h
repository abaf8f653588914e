/*
 * JSON (RFC 8259), read strictly and piece by piece from bytes in memory. Nothing is allocated and
 * nothing copied: what is handed out lies in the text. Strings must be UTF-8; numbers are handed
 * out as they are written, number_parse_u64 and number_parse_i64 read those that are whole.
 *
 *	struct json_read r;
 *	json_read_init(&r, text);
 *	while ((token = json_read_next(&r)) != JSON_END && token != JSON_FAULT)
 *		...
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/buf.h"

/* Objects and arrays nested deeper than this are a fault. */
#define JSON_DEPTH_MAX 128

enum json_token {
	JSON_END,        /* one value, and nothing but blanks after it */
	JSON_OBJECT,     /* { */
	JSON_OBJECT_END, /* } */
	JSON_ARRAY,      /* [ */
	JSON_ARRAY_END,  /* ] */
	JSON_NAME,       /* a member's name; its value comes next */
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
	JSON_FAULT, /* no JSON; `fault` says why, and nothing more is read */
};

enum json_want {
	JSON_WANT_VALUE,
	JSON_WANT_FIRST, /* a container has just been opened */
	JSON_WANT_MORE,  /* a comma or the container's end */
	JSON_WANT_END,
};

struct json_read {
	/* The token as it is written, borrowed from the text; of a string and a name what stands
	 * between the quotes. */
	struct slice text;
	bool escaped;      /* of a string and a name: there is a backslash in it */
	unsigned depth;    /* containers that are open */
	const char *fault; /* words such as "a string does not end"; NULL while all is well */

	/* The reader's own. */
	const char *begin, *at, *end;
	uint64_t objects[JSON_DEPTH_MAX / 64]; /* a bit an open container: 1 is an object */
	enum json_want want;
};

/* TEXT is borrowed for as long as the reader is used. A reader can be copied: the copy goes on by
 * itself from where the first one stands. */
void json_read_init(struct json_read *r, struct slice text);

enum json_token json_read_next(struct json_read *r);

/* Reads on to the end of the innermost open container, which is read too. False on a fault. */
bool json_read_rest(struct json_read *r);

/* Reads the value that comes next, whole, and gives it as it is written, quotes and brackets
 * included. False on a fault, and where no value comes next. */
bool json_read_value(struct json_read *r, struct slice *value);

/* True when the whole of TEXT is one JSON value. */
bool json_is_valid(struct slice text);

/* Bytes of the text that were read; after a fault, where it is. */
size_t json_read_offset(const struct json_read *r);

/* The three below take what stands between the quotes of a string that was read without a fault. */

/* Adds the bytes that the string means. False, and OUT as it was, when half of a surrogate pair
 * stands alone in it (\ud800), which the grammar allows and no UTF-8 can say, or when OUT is full.
 */
bool json_unescape(struct buf *out, struct slice string);

/* True when the string means BYTES, or the same as the string OTHER. */
bool json_string_is(struct slice string, struct slice bytes);
bool json_string_same(struct slice string, struct slice other);

#endif
