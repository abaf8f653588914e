/*
 * buf: owned bytes that grow, up to a ceiling. An append that would pass the ceiling changes
 * nothing and marks the buf as full (`full`), so that a run of appends can be checked once, at
 * its end. Capacity is kept by buf_clear, so a buf used again and again stops allocating.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

#include <stdarg.h>
#include <stdint.h>

struct buf {
	char *data; /* not terminated; NULL until the first append */
	size_t len;
	size_t cap;
	size_t max; /* the ceiling in bytes; 0 means BUF_MAX */
	bool full;  /* an append was refused since the last clear */
};

/* The ceiling of a buf that was given none: 2 GiB. */
#define BUF_MAX ((size_t)1 << 31)

#define BUF_INIT                                                                                   \
	{                                                                                          \
		0                                                                                  \
	}

void buf_init(struct buf *b, size_t max);
/* Frees the bytes; the buf is empty and can be used again. */
void buf_release(struct buf *b);
/* Like buf_release, for bytes that are secret: they are overwritten first. What a growing buf left
 * elsewhere is not: reserve once as much as can be needed. */
void buf_wipe(struct buf *b);
/* Forgets the bytes and keeps the memory. */
void buf_clear(struct buf *b);

/* buf_reserve where the capacity has to grow, or the ceiling forbids it. */
char *buf_grow(struct buf *b, size_t n);

/* Space for N more bytes after the last one, or NULL (and `full`) when the ceiling forbids it. The
 * caller writes there and then adds what it wrote to b->len. */
static inline char *buf_reserve(struct buf *b, size_t n)
{
	/* One byte more is kept for the NUL that C wants after a text. */
	bool fits = n < b->cap - b->len && b->len + n <= (b->max ? b->max : BUF_MAX);
	return fits ? b->data + b->len : buf_grow(b, n);
}

/* Each of these returns false, changing nothing, when the ceiling forbids it. */
static inline bool buf_add(struct buf *b, const void *data, size_t n)
{
	char *space = n ? buf_reserve(b, n) : NULL;
	if (!space)
		return n == 0;
	memcpy(space, data, n);
	b->len += n;
	return true;
}

static inline bool buf_add_str(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

bool buf_add_repeat(struct buf *b, char c, size_t n);
/* The number in decimal. */
bool buf_add_u64(struct buf *b, uint64_t n);
bool buf_add_i64(struct buf *b, int64_t n);
bool buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool buf_vaddf(struct buf *b, const char *format, va_list args);

static inline bool buf_add_slice(struct buf *b, struct slice s)
{
	return buf_add(b, s.data, s.len);
}

static inline bool buf_add_char(struct buf *b, char c)
{
	/* Space is there mostly; one byte more is kept for a NUL. */
	if (b->len + 1 >= b->cap || (b->max && b->len >= b->max))
		return buf_add(b, &c, 1);
	b->data[b->len++] = c;
	return true;
}

/* Takes the first N bytes away and moves the rest to the front. Costs the length of the rest: for
 * queues, keep a position and call this when it has passed half of the bytes. */
void buf_drop(struct buf *b, size_t n);

/* Cuts to the first N bytes; N above the length changes nothing. */
void buf_cut(struct buf *b, size_t n);

/* Borrowed until the buf is next changed. */
static inline struct slice buf_slice(const struct buf *b)
{
	return slice_of(b->data, b->len);
}

/* The bytes with a NUL after them (not counted in len), borrowed until the buf is next changed. */
const char *buf_cstr(struct buf *b);

#endif
