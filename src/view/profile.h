/*
 * What a client library meant by the flags and the bytes that it stored. Each library's convention
 * is one file of view/profile/ behind this interface. Nothing is ever executed: serialised objects
 * are named, measured and, where it is safe to walk them, outlined.
 */
#ifndef VIEW_PROFILE_H
#define VIEW_PROFILE_H

#include "base/buf.h"

#include <stdint.h>

enum decoded_type {
	DECODED_BYTES,	 /* bytes of no known meaning */
	DECODED_TEXT,	 /* UTF-8 text */
	DECODED_INTEGER, /* `text` holds the decimal digits, of any length */
	DECODED_DOUBLE,	 /* `text` holds the number as the client would print it */
	DECODED_BOOLEAN, /* `text` is "true" or "false" */
	DECODED_NULL,
	DECODED_JSON,	    /* `text` holds a JSON document */
	DECODED_TIME,	    /* `text` holds a UTC time, RFC 3339 */
	DECODED_SERIALISED, /* `serialiser` names the format; `text` an outline, if one could be
			       made */
};

struct decoded {
	enum decoded_type type;
	const char *profile;	/* whose meaning this is */
	const char *container;	/* "zlib", "gzip", "fastlz", ... or NULL when not compressed */
	const char *serialiser; /* "pickle protocol 4", "PHP serialize", ... or NULL */
	size_t stored;		/* bytes as stored */
	size_t size;		/* bytes after decompression; equal to stored without it */
	struct buf text;	/* the meaning in words, see the types */
	struct buf bytes;	/* the decompressed bytes, when there was a container; else empty */
	char why[200];		/* auto: what decided; else empty */
	char problem[200];	/* a corrupt stream, an unknown flag: what is wrong; else empty */
};

void decoded_release(struct decoded *d);

struct profile {
	const char *name;  /* as .profile takes it */
	const char *about; /* one sentence: which library and versions, which flags */
	/* Whether a value with these flags and bytes could be this client's; 0 no, up to 100
	 * surely. On more than 0 WHY (200 bytes) gets the reason. For `auto`. */
	int (*sniff)(uint64_t flags, struct slice stored, char why[200]);
	/* Fills OUT, which the caller has zeroed, with what the client meant. Decompressed bytes
	 * pass no ceiling but INFLATE_MAX: beyond it `problem` says so. */
	void (*decode)(uint64_t flags, struct slice stored, size_t inflate_max,
		       struct decoded *out);
	/* The flags that this client gives to a value of TYPE, or UINT64_MAX when it has none. */
	uint64_t (*flags_for)(enum decoded_type type);
};

/* Every profile, `none` first, `auto` last. */
extern const struct profile *const profiles[];
extern const size_t profile_count;

/* By name; NULL when there is none. */
const struct profile *profile_find(struct slice name);

#endif
