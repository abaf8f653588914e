/*
 * The block format of FastLZ, which php-memcached compresses with by default. Its first
 * byte holds the level (1 or 2) in its upper three bits; then follow runs of literal bytes and
 * references to what came out before.
 */
#ifndef CODEC_FASTLZ_H
#define CODEC_FASTLZ_H

#include "base/buf.h"

enum fastlz_result {
	FASTLZ_OK = 0,
	FASTLZ_TRUNCATED, /* a run or a reference goes on where the bytes end */
	FASTLZ_CORRUPT,   /* an unknown level, or a reference to before the beginning */
	FASTLZ_CEILING,   /* more would come out than was allowed */
};

/* Appends what IN expands to, at most MAX bytes, to OUT, which must be empty. What came out before
 * a failure stays there. *USED gets the number of bytes of IN that were read. */
enum fastlz_result fastlz_expand(struct slice in, size_t max, struct buf *out, size_t *used);

#endif
