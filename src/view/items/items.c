#include "view/items/items.h"

/* clang-format off: one a line */
const struct item_format *const item_formats[] = {
    &item_format_jsonl, &item_format_csv,      &item_format_tsv,
    &item_format_mcsh,  &item_format_protocol, NULL,
};
/* clang-format on */

const struct item_format *item_format_named(struct slice name)
{
	for (size_t i = 0; item_formats[i]; i++) {
		if (slice_eq_str(name, item_formats[i]->name))
			return item_formats[i];
	}
	return NULL;
}

/* The part of NAME after its last dot; empty without one. */
static struct slice extension(struct slice name)
{
	for (size_t i = name.len; i > 0; i--) {
		if (name.data[i - 1] == '/')
			break;
		if (name.data[i - 1] == '.')
			return slice_skip(name, i);
	}
	return slice_of(NULL, 0);
}

const struct item_format *item_format_of_file(struct slice file)
{
	struct slice last = extension(file);
	if (slice_eq(last, SLICE("gz"))) {
		file.len -= 3;
		last = extension(file);
	}
	for (size_t i = 0; last.len > 0 && item_formats[i]; i++) {
		if (slice_lists(slice_str(item_formats[i]->extensions), ' ', last))
			return item_formats[i];
	}
	return NULL;
}

size_t item_mark(struct slice bytes)
{
	return slice_starts(bytes, SLICE("\xef\xbb\xbf")) ? 3 : 0;
}

/* Whether LINE has no control bytes but tabs and a CR: a workbook and what xz packed have others.
 */
static bool is_text(struct slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char byte = (unsigned char)line.data[i];
		if ((byte < ' ' && byte != '\t' && byte != '\r') || byte == 0x7f)
			return false;
	}
	return true;
}

const struct item_format *item_format_of_bytes(struct slice bytes)
{
	struct slice line = slice_before(bytes, '\n');
	if (line.len == 0 || !is_text(line))
		return NULL;
	if (line.data[0] == '{')
		return &item_format_jsonl;
	if (memchr(line.data, '\t', line.len))
		return &item_format_tsv;
	if (item_is_protocol(line))
		return &item_format_protocol;
	if (slice_starts(line, SLICE("set ")) || line.data[0] == '#')
		return &item_format_mcsh;
	if (memchr(line.data, ',', line.len) && memmem(line.data, line.len, "key", 3))
		return &item_format_csv;
	return NULL;
}
