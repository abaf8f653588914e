/*
 * python-memcached, pylibmc and pymemcache share their flags: 1 pickle, 2 and 4 integers, 8 zlib,
 * 16 text, 0 bytes. They differ in which of them they write, and when.
 */
#ifndef CODEC_PYTHON_FAMILY_H
#define CODEC_PYTHON_FAMILY_H

#include "codec/decode.h"

enum {
	PYTHON_PICKLE = 1,
	PYTHON_INTEGER = 2,
	PYTHON_LONG = 4,
	PYTHON_ZLIB = 8,
	PYTHON_TEXT = 16,
};

/* Reads as python-memcached does: the compression off first, then the first that is set of text,
 * integer, long, pickle. BOOLS: an integer 0 or 1 with flag 2 is a bool. */
void python_decode(const char *name, bool bools, uint64_t flags, struct slice stored,
                   size_t inflate_max, struct decoded *out);

/* What python-memcached and pymemcache write, who do not compress integers. */
extern const struct codec_typed python_typed[DECODED_TYPE_COUNT];

/* How sure a member of the family can be: the score of python-memcached, and WHY with NAME. */
int python_sniff(const char *name, uint64_t flags, struct slice stored, char why[SNIFF_WHY]);

#endif
