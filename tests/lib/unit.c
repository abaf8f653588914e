#include "lib/unit.h"

/* Long enough for any case of the tests; longer bytes are shown up to here. */
#define SHOWN 600

/* Escapes with code of its own, so that a fault in base/quote.c cannot hide itself. */
static void show(const char *label, struct slice bytes)
{
	static const char hex[] = "0123456789abcdef";
	char out[SHOWN * 4 + 1];
	size_t n = 0;
	for (size_t i = 0; i < bytes.len && i < SHOWN; i++) {
		unsigned char c = (unsigned char)bytes.data[i];
		if (c >= 0x20 && c < 0x7f && c != '\\') {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '\\';
		out[n++] = 'x';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	out[n] = '\0';
	print_error("%s (%zu bytes) |%s|%s\n", label, bytes.len, out,
	            bytes.len > SHOWN ? " ..." : "");
}

void unit_same(struct slice got, struct slice want, const char *expression, const char *file,
               int line)
{
	if (slice_eq(got, want))
		return;
	print_error("%s differs\n", expression);
	show("     got", got);
	show("expected", want);
	_fail(file, line);
}
