#include "base/buf.h"

#include "base/number.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_release(struct buf *b)
{
	free(b->data);
	buf_init(b, b->max);
}

void buf_wipe(struct buf *b)
{
	if (b->data)
		explicit_bzero(b->data, b->cap);
	buf_release(b);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

char *buf_grow(struct buf *b, size_t n)
{
	size_t max = b->max ? b->max : BUF_MAX;
	if (n > max || b->len > max - n) {
		b->full = true;
		return NULL;
	}
	if (b->len + n + 1 > b->cap)
		b->data = xgrow(b->data, &b->cap, b->len + n + 1, 1);
	return b->data + b->len;
}

bool buf_add_repeat(struct buf *b, char c, size_t n)
{
	char *space = n ? buf_reserve(b, n) : NULL;
	if (!space)
		return n == 0;
	memset(space, c, n);
	b->len += n;
	return true;
}

bool buf_add_u64(struct buf *b, uint64_t n)
{
	char digits[NUMBER_DIGITS];
	struct slice text = number_u64(digits, n);
	return buf_add_slice(b, text);
}

bool buf_add_i64(struct buf *b, int64_t n)
{
	char digits[NUMBER_DIGITS];
	struct slice text = number_u64(digits + 1, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
	return (n >= 0 || buf_add_char(b, '-')) && buf_add_slice(b, text);
}

bool buf_vaddf(struct buf *b, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	char *space = n < 0 ? NULL : buf_reserve(b, (size_t)n);
	if (space) {
		vsnprintf(space, (size_t)n + 1, format, again);
		b->len += (size_t)n;
	}
	va_end(again);
	return space != NULL;
}

bool buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	bool ok = buf_vaddf(b, format, args);
	va_end(args);
	return ok;
}

void buf_drop(struct buf *b, size_t n)
{
	if (n >= b->len) {
		b->len = 0;
		return;
	}
	memmove(b->data, b->data + n, b->len - n);
	b->len -= n;
}

void buf_cut(struct buf *b, size_t n)
{
	if (n < b->len)
		b->len = n;
}

const char *buf_cstr(struct buf *b)
{
	*buf_reserve(b, 0) = '\0';
	return b->data;
}
