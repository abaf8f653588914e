#include "base/xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The only way from a failed allocation to what the program still has to write. */
static void (*at_end)(void *ctx);
static void *at_end_ctx;

void xalloc_at_end(void (*fn)(void *ctx), void *ctx)
{
	at_end = fn;
	at_end_ctx = ctx;
}

_Noreturn void xalloc_failed(void)
{
	void (*fn)(void *ctx) = at_end;
	at_end = NULL; /* should it fail itself */
	if (fn)
		fn(at_end_ctx);
	static const char text[] = "mcsh: out of memory: free some and start again\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)ignored;
	_exit(4);
}

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);
	if (!p)
		xalloc_failed();
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);
	if (!p)
		xalloc_failed();
	return p;
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		xalloc_failed();
	size_t bytes = count * size;
	void *p = realloc(old, bytes ? bytes : 1);
	if (!p)
		xalloc_failed();
	return p;
}

char *xstrdup(const char *text)
{
	return xmemdup0(text, strlen(text));
}

char *xmemdup0(const char *data, size_t len)
{
	char *p = xmalloc(len + 1);
	if (len > 0)
		memcpy(p, data, len);
	p[len] = '\0';
	return p;
}

void *xgrow(void *array, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return array;
	size_t grown = *cap ? *cap : 8;
	while (grown < need)
		grown = grown > SIZE_MAX / 2 ? need : grown * 2;
	array = xreallocarray(array, grown, size);
	*cap = grown;
	return array;
}
