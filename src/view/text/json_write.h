/*
 * JSON text (RFC 8259), written piece by piece. A piece puts a comma before itself where one is
 * due, which it reads off the last byte of the output: after an opening bracket or a colon none is.
 * Control characters and what else could drive a terminal are \u escapes; the rest of UTF-8 stays
 * as it is.
 */
#ifndef VIEW_TEXT_JSON_WRITE_H
#define VIEW_TEXT_JSON_WRITE_H

#include "base/buf.h"

#include <stdint.h>

/* A comma, if the last byte of OUT ends a value. Each function below that adds a value or a member
 * begins with this. */
void json_comma(struct buf *out);
/* One of { and [, as a value; closing brackets are plain buf_add_char. */
void json_open(struct buf *out, char bracket);
/* A member's name and its colon. */
void json_name(struct buf *out, const char *name);

/* TEXT must be UTF-8 (utf8_valid). */
void json_string(struct buf *out, struct slice text);
/* What stands between the quotes of TEXT's string: for one that is written in pieces. */
void json_add_text(struct buf *out, struct slice text);
void json_u64(struct buf *out, uint64_t n);
/* The text as a JSON number when it is an integer in JSON's own spelling, of 64 bits at the most;
 * as a string otherwise. */
void json_number_or_string(struct buf *out, struct slice text);
/* A member and its value. */
void json_string_member(struct buf *out, const char *name, const char *text);
void json_u64_member(struct buf *out, const char *name, uint64_t n);
void json_bool_member(struct buf *out, const char *name, bool value);
void json_open_member(struct buf *out, const char *name, char bracket);
/* A whole JSON document as a value, in pieces: json_comma, and then each of them. The blanks
 * between its tokens are left out, so that it stays on the line, and what could drive a terminal is
 * escaped. STATE is zeroed before the first. */
struct json_document_state {
	bool in_string;
	bool escaped; /* a backslash ended the piece before */
};
void json_document_piece(struct buf *out, struct slice text, struct json_document_state *state);
/* Bytes that are text as a rule: a string, or {"base64":"..."} when they are not UTF-8. */
void json_bytes(struct buf *out, struct slice bytes);
void json_text_member(struct buf *out, const char *name, struct slice bytes);
/* The member NAME with these bytes; when they are not UTF-8, base64, and a member ENCODING with
 * the value "base64" after it. */
void json_bytes_member(struct buf *out, const char *name, const char *encoding, struct slice bytes);

#endif
