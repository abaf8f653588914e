#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

const char *status_name(enum status status)
{
	switch (status) {
	case STATUS_OK:
		return "ok";
	case STATUS_NEGATIVE:
		return "negative";
	case STATUS_USAGE:
		return "usage";
	case STATUS_SERVER:
		return "server";
	case STATUS_LOST:
		return "lost";
	case STATUS_ASSERT:
		return "assert";
	}
	return "unknown";
}

/* A text cut by vsnprintf may end inside a character: take the torn character away. */
static void drop_torn_character(char *text, size_t len)
{
	size_t i = len;
	while (i > 0 && ((unsigned char)text[i - 1] & 0xc0) == 0x80)
		i--;
	if (i > 0 && (unsigned char)text[i - 1] >= 0xc0)
		text[i - 1] = '\0';
}

static void fill(char *out, size_t size, const char *format, va_list args)
{
	int n = vsnprintf(out, size, format, args);
	if (n >= (int)size)
		drop_torn_character(out, size - 1);
	for (char *p = out; *p; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	}
}

void error_set(struct error *e, const char *hint, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fill(e->what, sizeof(e->what), format, args);
	va_end(args);
	snprintf(e->hint, sizeof(e->hint), "%s", hint ? hint : "");
}

void error_hint(struct error *e, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fill(e->hint, sizeof(e->hint), format, args);
	va_end(args);
}
