/*
 * slice: borrowed bytes. Whoever made the slice says how long they live. A slice may hold any
 * byte, NUL among them, and is not terminated.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *data;
	size_t len;
};

/* A slice over a string literal; its length is known when it is compiled. SLICE_INIT is for the
 * members of a table. */
#define SLICE_INIT(literal)                                                                        \
	{                                                                                          \
		(literal), sizeof(literal) - 1                                                     \
	}
#define SLICE(literal) ((struct slice)SLICE_INIT(literal))

/* For "%.*s": the bytes of S, MOST of them at the most. */
#define SLICE_ARGS(s, most) (int)((s).len < (most) ? (s).len : (most)), (s).data

static inline struct slice slice_of(const char *data, size_t len)
{
	return (struct slice){data, len};
}

/* A slice over a NUL-terminated string; NULL gives the empty slice. */
static inline struct slice slice_str(const char *text)
{
	return (struct slice){text, text ? strlen(text) : 0};
}

/* Compared whole: the same length and the same bytes. */
static inline bool slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool slice_eq_str(struct slice a, const char *b)
{
	/* Most comparisons are with one name after another: few begin alike. */
	return (a.len > 0 ? a.data[0] == b[0] : b[0] == '\0') && slice_eq(a, slice_str(b));
}

static inline bool slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(s.data, prefix.data, prefix.len) == 0);
}

/* The same but for the case of ASCII letters. */
bool slice_eq_folded(struct slice a, const char *b);

static inline bool slice_ends(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len && (suffix.len == 0 || memcmp(s.data + s.len - suffix.len,
	                                                         suffix.data, suffix.len) == 0);
}

/* By their bytes, a beginning before what goes on: below 0 when A comes first, 0 when they are
 * equal.
 */
static inline int slice_compare(struct slice a, struct slice b)
{
	size_t least = a.len < b.len ? a.len : b.len;
	int order = least > 0 ? memcmp(a.data, b.data, least) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Where PART first stands in S; NULL: nowhere. */
static inline const char *slice_find(struct slice s, struct slice part)
{
	return part.len == 0 ? s.data
	       : s.len == 0  ? NULL
	                     : memmem(s.data, s.len, part.data, part.len);
}

/* What is left of S after its first N bytes; N may be larger than S. */
static inline struct slice slice_skip(struct slice s, size_t n)
{
	if (n > s.len)
		n = s.len;
	/* An empty slice may have no address to add to. */
	return n == 0 ? s : (struct slice){s.data + n, s.len - n};
}

/* The first N bytes of S; N may be larger than S. */
static inline struct slice slice_first(struct slice s, size_t n)
{
	return (struct slice){s.data, s.len < n ? s.len : n};
}

/* S without the C that it may end with. */
static inline struct slice slice_chop(struct slice s, char c)
{
	return slice_first(s, s.len - (s.len > 0 && s.data[s.len - 1] == c));
}

/* S up to the first C, without it; all of S where there is none. */
static inline struct slice slice_before(struct slice s, char c)
{
	const char *at = s.len > 0 ? memchr(s.data, c, s.len) : NULL;
	return at ? slice_of(s.data, (size_t)(at - s.data)) : s;
}

/* Takes that, and the C after it, off the front of REST. */
static inline struct slice slice_take(struct slice *rest, char c)
{
	struct slice first = slice_before(*rest, c);
	*rest = slice_skip(*rest, first.len + 1);
	return first;
}

/* Whether WORD is one of the words of LIST, which SEPARATOR divides. */
bool slice_lists(struct slice list, char separator, struct slice word);

/* The same of words with single blanks between. */
static inline bool slice_is_among(struct slice word, const char *words)
{
	return slice_lists(slice_str(words), ' ', word);
}

/* What stands after NAME in the first word of LINE that begins with it, words being divided by
 * single blanks: of "key=foo exp=-1", for "exp=", "-1". False when there is none. */
bool slice_word(struct slice line, struct slice name, struct slice *rest);

/* The blanks (space, tab, CR, LF) at both ends taken off. */
struct slice slice_trim(struct slice s);

#endif
