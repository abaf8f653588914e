/*
 * What the tests of codecs share.
 */
#ifndef TESTS_LIB_CODEC_H
#define TESTS_LIB_CODEC_H

#include "codec/codec.h"

enum {
	INFLATE_MAX = 1 << 20
};

/* One piece: hex digits, and "*N" for N times. */
void codec_add_hex(struct buf *out, const char *piece);

const struct codec *codec_named(const char *name);

#endif
