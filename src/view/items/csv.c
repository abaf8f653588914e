/*
 * Comma-separated values (RFC 4180) under a header line, which says where each column is. Reading
 * needs the columns key and value and takes the others in any order; LF and CR LF both end a line.
 */
#include "base/base64.h"
#include "base/quote.h"
#include "view/items/items.h"
#include "view/text/csv_write.h"

static void csv_begin(struct buf *out, bool cas)
{
	buf_add_str(out, "key,flags,exptime,");
	buf_add_str(out, cas ? "cas," : "");
	buf_add_str(out, "value,encoding,key_encoding\n");
}

/* A field with any bytes; whether it is base64. */
static bool add_bytes(struct buf *out, struct slice bytes)
{
	if (bytes_are_text(bytes)) {
		csv_add_field(out, bytes);
		return false;
	}
	base64_add(out, bytes);
	return true;
}

static bool csv_add(struct buf *out, const struct item *item, bool cas)
{
	bool key64 = add_bytes(out, item->key);
	buf_add_char(out, ',');
	buf_add_u64(out, item->flags);
	buf_add_char(out, ',');
	buf_add_i64(out, item->exptime);
	buf_add_char(out, ',');
	if (cas) {
		if (item->has_cas)
			buf_add_u64(out, item->cas);
		buf_add_char(out, ',');
	}
	bool value64 = add_bytes(out, item->value);
	buf_add_str(out, value64 ? ",base64," : ",,");
	buf_add_str(out, key64 ? "base64\n" : "\n");
	return true;
}

/* A line end within quotes is part of the field. */
static size_t csv_record(struct slice bytes, struct item_scan *scan)
{
	bool quoted = scan->quoted;
	for (size_t i = scan->seen; i < bytes.len; i++) {
		if (bytes.data[i] == '"')
			quoted = !quoted;
		else if (bytes.data[i] == '\n' && !quoted)
			return i + 1;
	}
	scan->seen = bytes.len;
	scan->quoted = quoted;
	return 0;
}

enum column {
	COLUMN_KEY,
	COLUMN_FLAGS,
	COLUMN_EXPTIME,
	COLUMN_VALUE,
	COLUMN_ENCODING,
	COLUMN_KEY_ENCODING,
	COLUMN_COUNT,
	COLUMN_OTHER = COLUMN_COUNT, /* not looked at: cas, bytes */
};

static const struct slice columns[] = {
    [COLUMN_KEY] = {"key", 3},           [COLUMN_FLAGS] = {"flags", 5},
    [COLUMN_EXPTIME] = {"exptime", 7},   [COLUMN_VALUE] = {"value", 5},
    [COLUMN_ENCODING] = {"encoding", 8}, [COLUMN_KEY_ENCODING] = {"key_encoding", 12},
    [COLUMN_COUNT] = {"cas", 3},         [COLUMN_COUNT + 1] = {"bytes", 5},
};

/* A field as it is written, without its quotes. */
struct field {
	struct slice text;
	bool doubled; /* there are doubled quotes in it */
};

/* Takes the field at the front of *REST, which is moved after its comma; REST->data is NULL after
 * the last. */
static bool take_field(struct slice *rest, struct field *field, struct error *error)
{
	*field = (struct field){0};
	if (rest->len == 0 || rest->data[0] != '"') {
		bool last = slice_before(*rest, ',').len == rest->len;
		field->text = slice_take(rest, ',');
		rest->data = last ? NULL : rest->data;
		return true;
	}
	size_t i = 1;
	for (;;) {
		const char *quote = i < rest->len ? memchr(rest->data + i, '"', rest->len - i)
		                                  : NULL;
		if (!quote)
			return error_set(error, "is the file cut short?",
			                 "a quote in it does not end");
		i = (size_t)(quote - rest->data);
		if (i + 1 == rest->len || rest->data[i + 1] != '"')
			break;
		field->doubled = true;
		i += 2;
	}
	field->text = slice_of(rest->data + 1, i - 1);
	if (i + 1 < rest->len && rest->data[i + 1] != ',')
		return error_set(error, "a quote within quotes is written twice",
		                 "a comma is missing after a closing quote");
	*rest = i + 1 < rest->len ? slice_skip(*rest, i + 2) : slice_of(NULL, 0);
	return true;
}

static bool read_header(struct item_reader *r, struct slice rest, struct error *error)
{
	bool seen[COLUMN_COUNT] = {false};
	struct field field;
	while (rest.data) {
		size_t c = 0, known = sizeof(columns) / sizeof(columns[0]);
		if (!take_field(&rest, &field, error))
			return false;
		while (c < known && !slice_eq(field.text, columns[c]))
			c++;
		bool twice = c < COLUMN_COUNT && seen[c];
		if (c == known || twice || r->column_count == sizeof(r->columns))
			return error_set(
			    error,
			    "the first line names the columns, with commas between: key, "
			    "flags, exptime, cas, value, encoding, key_encoding",
			    twice ? "column \"%.*s\" is there twice" : "unknown column \"%.*s\"",
			    SLICE_ARGS(field.text, 60));
		r->columns[r->column_count++] =
		    (unsigned char)(c < COLUMN_COUNT ? c : COLUMN_OTHER);
		if (c < COLUMN_COUNT)
			seen[c] = true;
	}
	if (seen[COLUMN_KEY] && seen[COLUMN_VALUE])
		return true;
	return error_set(error,
	                 "the first line names the columns: key and value must be among them",
	                 "missing column %s", seen[COLUMN_KEY] ? "value" : "key");
}

/* The bytes of a field, in SPACE if need be. */
static bool bytes_of(const struct field *field, const struct field *encoding, const char *name,
                     struct buf *space, struct slice *bytes, struct error *error)
{
	*bytes = field->text;
	if (slice_eq(encoding->text, SLICE("base64")))
		return item_parse_base64(space, bytes, name, error);
	if (encoding->text.len > 0)
		return error_set(error, "it is base64, or empty",
		                 "the encoding of its %s is unknown: %.*s", name,
		                 SLICE_ARGS(encoding->text, 40));
	if (!field->doubled)
		return true;
	buf_clear(space);
	for (struct slice rest = *bytes; rest.len > 0;) {
		size_t n = slice_before(rest, '"').len + 1;
		buf_add(space, rest.data, n < rest.len ? n : rest.len);
		rest = slice_skip(rest, n + 1);
	}
	*bytes = buf_slice(space);
	return true;
}

static enum item_result csv_parse(struct item_reader *r, struct slice record, struct item *item,
                                  struct error *error)
{
	struct field fields[COLUMN_COUNT + 1] = {0};
	struct slice rest = record;
	size_t count = 0;
	rest = slice_chop(rest, '\r');
	if (rest.len == 0)
		return ITEM_NONE;
	if (!r->begun) {
		r->begun = true;
		return read_header(r, rest, error) ? ITEM_NONE : ITEM_BAD_HEADER;
	}
	while (rest.data) {
		struct field field;
		if (!take_field(&rest, &field, error))
			return ITEM_BAD;
		if (count < r->column_count)
			fields[r->columns[count]] = field;
		count++;
	}
	if (count != r->column_count) {
		error_set(error, "is the file cut short?", "it has %zu field%s, the header has %zu",
		          count, count == 1 ? "" : "s", r->column_count);
		return ITEM_BAD;
	}
	*item = (struct item){0};
	bool ok = bytes_of(&fields[COLUMN_KEY], &fields[COLUMN_KEY_ENCODING], "key", &r->key,
	                   &item->key, error) &&
	          bytes_of(&fields[COLUMN_VALUE], &fields[COLUMN_ENCODING], "value", &r->value,
	                   &item->value, error) &&
	          item_parse_flags(fields[COLUMN_FLAGS].text, item, error) &&
	          item_parse_exptime(fields[COLUMN_EXPTIME].text, item, error);
	return ok ? ITEM_READ : ITEM_BAD;
}

const struct item_format item_format_csv = {
    .name = "csv",
    .extensions = "csv",
    .begin = csv_begin,
    .add = csv_add,
    .record = csv_record,
    .needs_end = true,
    .parse = csv_parse,
};
