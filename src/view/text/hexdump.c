#include "view/text/hexdump.h"

/* Columns of a line of 16 bytes, without its indentation. */
#define LINE_OF_16 78

static void add_hex(struct buf *out, uint64_t n, unsigned digits)
{
	static const char hex[] = "0123456789abcdef";
	while (digits > 0)
		buf_add_char(out, hex[n >> (4 * --digits) & 15]);
}

static void add_line(struct buf *out, struct slice bytes, uint64_t offset, size_t per_line)
{
	add_hex(out, offset, offset >> 32 ? 16 : 8);
	for (size_t i = 0; i < per_line; i++) {
		buf_add_repeat(out, ' ', i % 8 == 0 ? 2 : 1);
		if (i < bytes.len)
			add_hex(out, (unsigned char)bytes.data[i], 2);
		else
			buf_add_repeat(out, ' ', 2);
	}
	buf_add_str(out, "  |");
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.data[i];
		buf_add_char(out, c >= 0x20 && c < 0x7f ? c : '.');
	}
	buf_add_str(out, "|\n");
}

void hexdump_add(struct buf *out, struct slice bytes, uint64_t offset, unsigned indent,
                 unsigned columns)
{
	size_t per_line = columns >= indent + LINE_OF_16 ? 16 : 8;
	while (bytes.len > 0) {
		size_t n = bytes.len < per_line ? bytes.len : per_line;
		buf_add_repeat(out, ' ', indent);
		add_line(out, slice_of(bytes.data, n), offset, per_line);
		bytes = slice_skip(bytes, n);
		offset += n;
	}
}
