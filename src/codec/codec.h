/*
 * What a client library meant by the flags and the bytes that it stored. Each library's convention
 * is one codec: a file of this folder under this interface. Nothing is ever executed: serialised
 * objects are named, measured and, where it is safe to walk them, outlined.
 */
#ifndef CODEC_CODEC_H
#define CODEC_CODEC_H

#include "base/buf.h"

#include <stdint.h>

enum decoded_type {
	DECODED_BYTES,      /* bytes of no known meaning; `text` is empty */
	DECODED_TEXT,       /* UTF-8 text; `text` holds it */
	DECODED_INTEGER,    /* `text` holds the decimal digits, of any length */
	DECODED_LONG,       /* the same where a client has two kinds of integers */
	DECODED_DOUBLE,     /* `text` holds the number as the client would print it */
	DECODED_BOOLEAN,    /* `text` is "true" or "false" */
	DECODED_JSON,       /* `text` holds a JSON document */
	DECODED_TIME,       /* `text` holds a UTC time, RFC 3339 */
	DECODED_SERIALISED, /* `serialiser` names the format; `text` an outline, if one could be
	                       made: JSON-like, at most DECODED_OUTLINE_MAX bytes of UTF-8, and
	                       "..." where something was left out */
	DECODED_TYPE_COUNT,
};

/* Where an outline is cut, in bytes. */
#define DECODED_OUTLINE_MAX 4096

/* One word: "bytes", "text", "int", "long", "double", "bool", "json", "time", "object". */
const char *decoded_type_name(enum decoded_type type);
/* The other way round; false when NAME is none of them. */
bool decoded_type_find(struct slice name, enum decoded_type *type);

/* Whether VALUE, as a user types it, is of TYPE: text is UTF-8, an int or a long an optional minus
 * and decimal digits, however many; json a whole document. Any bytes are bytes; the other types
 * cannot be typed. */
bool decoded_type_fits(enum decoded_type type, struct slice value);

struct decoded {
	enum decoded_type type;
	const char *codec;      /* whose meaning this is: a name of the table below */
	const char *container;  /* "zlib", "gzip", "fastlz", "zstd", "latin-1 in UTF-8", or NULL
	                           when the bytes were stored as they are */
	const char *serialiser; /* "pickle protocol 4", "PHP serialize", ... or NULL */
	size_t stored;          /* bytes as stored */
	size_t size;            /* bytes inside the container; equal to stored without one */
	struct buf text;        /* the meaning in words, see the types */
	bool borrowed;          /* `text` is part of `bytes`, or of what was stored: a long value is
	                           not copied. Such a text is not added to */
	struct buf bytes;       /* the bytes inside the container, when there was one; else empty */
	char why[200];          /* auto: what decided; else empty */
	char problem[200];      /* a corrupt stream, an unknown flag: what is wrong; else empty */
};

/* Frees what the codec put in; D itself is the caller's. What was stored must still be there
 * while D is looked at. */
void decoded_release(struct decoded *d);

/* How a client stores what was typed as a type. */
struct codec_typed {
	bool has; /* the client has the type */
	uint32_t flags;
	uint32_t zlib; /* what it adds to them when it compresses with zlib; 0: it does not */
};

struct codec {
	const char *name; /* as .profile takes it */
	/* One sentence: which library and versions, and after a colon which flags: a number and a
	 * name each, between commas or semicolons (codec_name_flags reads them). */
	const char *about;
	bool guesses; /* decides by the content, too: `auto` */
	/* What a value with these flags (not 0) and bytes is, if it is this client's, and how sure
	 * that is: *SCORE, 1 to 100. NULL: it is not. For `auto`; NULL for `none` and `auto`
	 * themselves. */
	const char *(*kind)(uint64_t flags, struct slice stored, int *score);
	unsigned user_shift; /* flags from this bit on are the user's; 0: none are */
	/* As codec_decode, in an OUT of bytes. */
	void (*decode)(uint64_t flags, struct slice stored, size_t inflate_max,
	               struct decoded *out);
	/* By type, DECODED_TYPE_COUNT of them. NULL for `none` and `auto` themselves. */
	const struct codec_typed *typed;
	/* Appends to OUT the bytes that this client stores for VALUE, which fits TYPE. False when
	 * the client's TYPE cannot hold it; then OUT is as it was. NULL when the client stores what
	 * was typed. */
	bool (*encode)(enum decoded_type type, struct slice value, struct buf *out);
	/* How many bytes of the value's length, the lowest first, stand before the zlib stream. */
	unsigned zlib_prefix;
};

/* Every codec: the clients, `none` (flags and bytes of no client) and `auto` (whoever it may be),
 * in the order in which they are listed. A user chooses one by .profile. */
extern const struct codec *const codecs[];
extern const size_t codec_count;

/* By name; NULL when there is none. */
const struct codec *codec_find(struct slice name);
/* Its place in the table; that of `none` when there is none of the name. */
size_t codec_place(struct slice name);

/* Fills OUT, which the caller has zeroed, with what P meant; the caller releases it. Expanded bytes
 * pass no ceiling but INFLATE_MAX: beyond it `problem` says so. After a problem OUT holds as much
 * as could be read. */
void codec_decode(const struct codec *p, uint64_t flags, struct slice stored, size_t inflate_max,
                  struct decoded *out);

/* Adds FLAGS in P's terms, "16 text + 8 zlib", 0 by its name alone; a bit that P has no name for is
 * an unknown one. */
void codec_name_flags(const struct codec *p, uint64_t flags, struct buf *out);

/* True when no client was recognised in D: the content alone has decided. */
bool decoded_by_content(const struct decoded *d);

/* Whose flags and bytes are written under P: P's own, and under those of no client (none,
 * auto) python-memcached's, whose calls the shell's commands follow. */
const struct codec *codec_writer(const struct codec *p);

#endif
