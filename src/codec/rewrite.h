/*
 * A stored value as a text that a person edits, and the text as a value again, stored the same way:
 * with the same flags, compressed if it was, as the type that it was, JSON in the spacing that it
 * had. Only what comes back byte for byte when nothing was changed is open to changes: a stream of
 * another compressor, a serialised object and bytes that are not text are not.
 */
#ifndef CODEC_REWRITE_H
#define CODEC_REWRITE_H

#include "base/status.h"
#include "codec/codec.h"

struct rewrite {
	bool editable;
	const char *why; /* it is not: words that follow "it is shown only, since " */
	bool binary;     /* nor is the text a text: it is the bytes */
	bool json;       /* the text is a JSON document */
	struct buf text; /* to be edited, or looked at */
	const struct codec *codec;
	enum decoded_type
	    type;        /* that the codec encodes; DECODED_BYTES: the text is what is stored */
	bool compressed; /* by zlib, with `level` and a length of `prefix` bytes before it */
	int level;
	unsigned prefix;
	const struct json_spacing
	    *spacing; /* json: it was one line of these; NULL: it is as it was */
};

/* Reads what is STORED with FLAGS as PROFILE does, of which NULL and one that guesses are any.
 * Expanded bytes pass no ceiling but INFLATE_MAX. STORED is not kept. */
void rewrite_begin(struct rewrite *r, const struct codec *profile, uint64_t flags,
                   struct slice stored, size_t inflate_max);
void rewrite_release(struct rewrite *r);

/* Appends to STORED what is to be stored for TEXT. False, with OUT as it was: ERROR says why TEXT
 * cannot stand for such a value. */
bool rewrite_end(const struct rewrite *r, struct slice text, struct buf *stored,
                 struct error *error);

#endif
