#include "base/status.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

const char *status_name(enum status status)
{
	static const char *const names[] = {
	    [STATUS_OK] = "ok",         [STATUS_NEGATIVE] = "negative", [STATUS_USAGE] = "usage",
	    [STATUS_SERVER] = "server", [STATUS_LOST] = "lost",         [STATUS_ASSERT] = "assert",
	};
	return names[status];
}

/* A text cut by vsnprintf may end inside a character: take the torn character away. */
static void drop_torn_character(char *text, size_t len)
{
	size_t i = len;
	while (i > 0 && utf8_continues(text[i - 1]))
		i--;
	if (i > 0 && (unsigned char)text[i - 1] >= 0xc0)
		text[i - 1] = '\0';
}

/* Control bytes and what is not valid UTF-8 become '?', and so do the C1 controls. */
static void clean(char *text)
{
	for (struct slice rest = slice_str(text); rest.len > 0;) {
		uint32_t code;
		size_t n = utf8_decode(rest, &code), at = (size_t)(rest.data - text);
		if (n == 0 || utf8_dangerous(code))
			memset(text + at, '?', n ? n : 1);
		rest = slice_skip(rest, n ? n : 1);
	}
}

static void fill(char *out, size_t size, const char *format, va_list args)
{
	int n = vsnprintf(out, size, format, args);
	if (n >= (int)size)
		drop_torn_character(out, size - 1);
	clean(out);
}

bool error_set(struct error *e, const char *hint, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fill(e->what, sizeof(e->what), format, args);
	va_end(args);
	e->hint[0] = '\0';
	if (hint)
		error_hint(e, "%s", hint);
	return false;
}

void error_hint_also(struct error *e, const char *more)
{
	struct error before = *e;
	error_hint(e, "%s%s%s", before.hint, before.hint[0] ? "; " : "", more);
}

void error_hint(struct error *e, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fill(e->hint, sizeof(e->hint), format, args);
	va_end(args);
}
