/*
 * A line an item: key, tab, value, and, unless both are 0, tab, flags, tab, exptime. A backslash
 * begins an escape: \n \r \t \0 \e \\ \" \' \xHH. Reading takes CR LF for a line end too: a CR that
 * is data is written \r.
 */
#include "base/quote.h"
#include "view/items/items.h"

static bool tsv_add(struct buf *out, const struct item *item, bool cas)
{
	(void)cas;
	escape_add_field(out, item->key);
	buf_add_char(out, '\t');
	escape_add_field(out, item->value);
	if (item->flags != 0 || item->exptime != 0) {
		buf_add_char(out, '\t');
		buf_add_u64(out, item->flags);
	}
	if (item->exptime != 0) {
		buf_add_char(out, '\t');
		buf_add_i64(out, item->exptime);
	}
	buf_add_char(out, '\n');
	return true;
}

static bool unescape(struct buf *space, struct slice *field, const char *name, struct error *error)
{
	struct slice rest = *field;
	const char *mark = rest.len ? memchr(rest.data, '\\', rest.len) : NULL;
	if (!mark)
		return true;
	buf_clear(space);
	while (mark) {
		char byte;
		size_t plain = (size_t)(mark - rest.data);
		buf_add(space, rest.data, plain);
		rest = slice_skip(rest, plain);
		size_t n = escape_read(rest, &byte);
		if (n == 0)
			return error_set(error,
			                 "an escape is one of \\n \\r \\t \\0 \\e \\\\ \\\" \\xHH",
			                 "in its %s a backslash begins no escape: %.*s", name,
			                 SLICE_ARGS(rest, 4));
		buf_add_char(space, byte);
		rest = slice_skip(rest, n);
		mark = rest.len ? memchr(rest.data, '\\', rest.len) : NULL;
	}
	buf_add_slice(space, rest);
	*field = buf_slice(space);
	return true;
}

/* Takes the field at the front of *REST; false when there is none. */
static bool take_field(struct slice *rest, struct slice *field)
{
	if (!rest->data)
		return false;
	const char *tab = rest->len ? memchr(rest->data, '\t', rest->len) : NULL;
	*field = slice_of(rest->data, tab ? (size_t)(tab - rest->data) : rest->len);
	*rest = tab ? slice_of(tab + 1, rest->len - field->len - 1) : slice_of(NULL, 0);
	return true;
}

static enum item_result tsv_parse(struct item_reader *r, struct slice record, struct item *item,
                                  struct error *error)
{
	struct slice rest = record, field;
	*item = (struct item){0};
	rest = slice_chop(rest, '\r');
	if (rest.len == 0)
		return ITEM_NONE;
	take_field(&rest, &item->key);
	if (!take_field(&rest, &item->value)) {
		error_set(error, "a line is a key, a tab and a value", "a tab is missing");
		return ITEM_BAD;
	}
	if (take_field(&rest, &field) && !item_parse_flags(field, item, error))
		return ITEM_BAD;
	if (take_field(&rest, &field) && !item_parse_exptime(field, item, error))
		return ITEM_BAD;
	if (take_field(&rest, &field)) {
		error_set(error, "a tab in a key or value is written \\t",
		          "there are more than three tabs in it");
		return ITEM_BAD;
	}
	bool ok = unescape(&r->key, &item->key, "key", error) &&
	          unescape(&r->value, &item->value, "value", error);
	return ok ? ITEM_READ : ITEM_BAD;
}

const struct item_format item_format_tsv = {
    .name = "tsv",
    .extensions = "tsv tab txt",
    .add = tsv_add,
    .record = item_line,
    .needs_end = true,
    .parse = tsv_parse,
};
