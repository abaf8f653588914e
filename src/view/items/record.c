#include "view/items/items.h"

#include "base/base64.h"
#include "base/number.h"

void item_reader_release(struct item_reader *r)
{
	buf_release(&r->key);
	buf_release(&r->value);
}

size_t item_line(struct slice bytes, struct item_scan *scan)
{
	struct slice rest = slice_skip(bytes, scan->seen);
	const char *end = rest.len ? memchr(rest.data, '\n', rest.len) : NULL;
	scan->seen = bytes.len;
	return end ? (size_t)(end - bytes.data) + 1 : 0;
}

bool item_parse_flags(struct slice text, struct item *item, struct error *error)
{
	uint64_t flags = 0;
	enum number_result result = number_parse_u64(text, &flags);
	if (result == NUMBER_EMPTY)
		return true;
	if (result == NUMBER_OK && flags > UINT32_MAX)
		result = NUMBER_OVERFLOW;
	if (result != NUMBER_OK)
		return error_set(error, "flags are a number from 0 to 4294967295",
		                 result == NUMBER_OVERFLOW ? "its flags %.*s are too large"
		                                           : "invalid flags: %.*s",
		                 SLICE_ARGS(text, 40));
	item->flags = flags;
	return true;
}

bool item_parse_exptime(struct slice text, struct item *item, struct error *error)
{
	enum number_result result = number_parse_i64(text, &item->exptime);
	if (result == NUMBER_OK || result == NUMBER_EMPTY)
		return true;
	return error_set(error, "it is a Unix time, or 0 for never", "invalid exptime: %.*s",
	                 SLICE_ARGS(text, 40));
}

bool item_parse_base64(struct buf *space, struct slice *bytes, const char *name,
                       struct error *error)
{
	buf_clear(space);
	if (base64_decode(space, *bytes)) {
		*bytes = buf_slice(space);
		return true;
	}
	return error_set(error, "base64 has letters, digits, + and /, and is padded with =",
	                 "its %s is said to be base64 and is not", name);
}
