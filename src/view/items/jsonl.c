/*
 * JSON Lines (jsonlines.org). Members are written in a fixed order and read in any; a number that
 * stands for a value is the value as it is written. A member that no item has is an error: to pass
 * over a misspelt "exptime" would lose what it says.
 */
#include "base/json_read.h"
#include "base/number.h"
#include "base/utf8.h"
#include "view/items/items.h"
#include "view/text/json_write.h"

#define VERSION 1

static void jsonl_begin(struct buf *out, bool cas)
{
	(void)cas;
	buf_addf(out, "{\"mcsh_items\":%d}\n", VERSION);
}

static void add_number(struct buf *out, struct slice name, uint64_t n)
{
	char digits[NUMBER_DIGITS - 1];
	buf_add_slice(out, name);
	if (n == 0) /* most are */
		buf_add_char(out, '0');
	else
		buf_add_slice(out, number_u64(digits, n));
}

/* A member of bytes: START is its name as it stands before plain text, with all between. */
static void add_bytes(struct buf *out, struct slice start, const char *name, const char *encoding,
                      struct slice bytes)
{
	if (utf8_plain_run(bytes) < bytes.len) {
		json_bytes_member(out, name, encoding, bytes);
		return;
	}
	buf_add_slice(out, start);
	buf_add_slice(out, bytes);
	buf_add_char(out, '"');
}

static bool jsonl_add(struct buf *out, const struct item *item, bool cas)
{
	buf_add_char(out, '{');
	add_bytes(out, SLICE("\"key\":\""), "key", "key_encoding", item->key);
	add_number(out, SLICE(",\"flags\":"), item->flags);
	add_number(out, SLICE(",\"exptime\":"), (uint64_t)item->exptime);
	if (cas && item->has_cas)
		add_number(out, SLICE(",\"cas\":"), item->cas);
	add_bytes(out, SLICE(",\"value\":\""), "value", "encoding", item->value);
	buf_add(out, "}\n", 2);
	return true;
}

enum member {
	MEMBER_KEY,
	MEMBER_FLAGS,
	MEMBER_EXPTIME,
	MEMBER_CAS,
	MEMBER_VALUE,
	MEMBER_ENCODING,
	MEMBER_KEY_ENCODING,
	MEMBER_FORMAT, /* of the first line */
	MEMBER_COUNT,
};

static const struct slice names[MEMBER_COUNT] = {
    [MEMBER_KEY] = {"key", 3},
    [MEMBER_FLAGS] = {"flags", 5},
    [MEMBER_EXPTIME] = {"exptime", 7},
    [MEMBER_CAS] = {"cas", 3},
    [MEMBER_VALUE] = {"value", 5},
    [MEMBER_ENCODING] = {"encoding", 8},
    [MEMBER_KEY_ENCODING] = {"key_encoding", 12},
    [MEMBER_FORMAT] = {"mcsh_items", 10},
};

/* What a line says, as it is written there. */
struct line {
	struct slice texts[MEMBER_COUNT];
	enum json_token tokens[MEMBER_COUNT]; /* JSON_END: not there */
	bool escaped[MEMBER_COUNT];
};

static bool refuse(const struct json_read *r, struct error *error)
{
	return error_set(error, "each line is one JSON object with a key and a value",
	                 "invalid JSON object: %s, at byte %zu", r->fault, json_read_offset(r) + 1);
}

static bool refuse_member(struct slice name, const char *why, struct error *error)
{
	return error_set(
	    error,
	    "an item has key, flags, exptime, cas, value, encoding and key_encoding, each once",
	    "the member \"%.*s\" %s", SLICE_ARGS(name, 60), why);
}

static bool read_member(struct json_read *r, struct line *line, struct error *error)
{
	struct slice name = r->text;
	size_t m = 0;
	while (m < MEMBER_COUNT &&
	       !(r->escaped ? json_string_is(name, names[m]) : slice_eq(name, names[m])))
		m++;
	if (m == MEMBER_COUNT)
		return refuse_member(name, "is not one of an item", error);
	if (line->tokens[m] != JSON_END)
		return refuse_member(name, "is there twice", error);
	enum json_token token = json_read_next(r);
	if (token == JSON_FAULT)
		return refuse(r, error);
	bool text = m == MEMBER_KEY || m == MEMBER_VALUE;
	bool string = text || m == MEMBER_ENCODING || m == MEMBER_KEY_ENCODING;
	if (!(string && token == JSON_STRING) && !((text || !string) && token == JSON_NUMBER))
		return refuse_member(name, string ? "is not a string" : "is not a number", error);
	line->tokens[m] = token;
	line->texts[m] = r->text;
	line->escaped[m] = token == JSON_STRING && r->escaped;
	return true;
}

static bool read_line(struct slice record, struct line *line, struct error *error)
{
	struct json_read r;
	json_read_init(&r, record);
	memset(line, 0, sizeof(*line));
	enum json_token token = json_read_next(&r);
	if (token != JSON_OBJECT) {
		r.fault = r.fault ? r.fault : "it begins with something else";
		return refuse(&r, error);
	}
	while ((token = json_read_next(&r)) == JSON_NAME) {
		if (!read_member(&r, line, error))
			return false;
	}
	return (token == JSON_OBJECT_END && json_read_next(&r) == JSON_END) || refuse(&r, error);
}

/* The bytes of member M, in SPACE if need be; ENCODING is the member that may say base64.
 */
static bool bytes_of(const struct line *line, enum member m, enum member encoding,
                     struct buf *space, struct slice *bytes, struct error *error)
{
	*bytes = line->texts[m];
	if (line->tokens[encoding] == JSON_STRING) {
		if (json_string_is(line->texts[encoding], SLICE("base64")))
			return item_parse_base64(space, bytes, names[m].data, error);
		return error_set(error, "it can be base64, or left out", "its %s is unknown: %.*s",
		                 names[encoding].data, SLICE_ARGS(line->texts[encoding], 40));
	}
	if (!line->escaped[m])
		return true;
	buf_clear(space);
	if (json_unescape(space, *bytes)) {
		*bytes = buf_slice(space);
		return true;
	}
	return error_set(error, "bytes that are not UTF-8 are written in base64",
	                 "in its %s half of a surrogate pair stands alone", names[m].data);
}

static enum item_result jsonl_parse(struct item_reader *r, struct slice record, struct item *item,
                                    struct error *error)
{
	struct line line;
	uint64_t version;
	if (slice_trim(record).len == 0)
		return ITEM_NONE;
	if (!read_line(record, &line, error))
		return ITEM_BAD;
	/* Dumps that were put together have such a line in their midst. */
	if (line.tokens[MEMBER_FORMAT] != JSON_END) {
		if (number_parse_u64(line.texts[MEMBER_FORMAT], &version) == NUMBER_OK &&
		    version == VERSION)
			return ITEM_NONE;
		error_set(error, "a newer mcsh wrote it, and reads it",
		          "its format has the version %.*s, and this mcsh knows version %d",
		          SLICE_ARGS(line.texts[MEMBER_FORMAT], 40), VERSION);
		return ITEM_BAD;
	}
	if (line.tokens[MEMBER_KEY] == JSON_END || line.tokens[MEMBER_VALUE] == JSON_END) {
		error_set(error, "each line is one JSON object with a key and a value",
		          "it has no %s", line.tokens[MEMBER_KEY] == JSON_END ? "key" : "value");
		return ITEM_BAD;
	}
	*item = (struct item){0};
	bool ok = bytes_of(&line, MEMBER_KEY, MEMBER_KEY_ENCODING, &r->key, &item->key, error) &&
	          bytes_of(&line, MEMBER_VALUE, MEMBER_ENCODING, &r->value, &item->value, error) &&
	          item_parse_flags(line.texts[MEMBER_FLAGS], item, error) &&
	          item_parse_exptime(line.texts[MEMBER_EXPTIME], item, error);
	return ok ? ITEM_READ : ITEM_BAD;
}

const struct item_format item_format_jsonl = {
    .name = "jsonl",
    .extensions = "jsonl ndjson json",
    .begin = jsonl_begin,
    .add = jsonl_add,
    .record = item_line,
    .parse = jsonl_parse,
};
