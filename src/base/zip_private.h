/*
 * What base/zip.c and base/zip_stream.c share of zlib.
 */
#ifndef BASE_ZIP_PRIVATE_H
#define BASE_ZIP_PRIVATE_H

#include "base/slice.h"

#define ZLIB_CONST
#include <zlib.h>

enum {
	ZIP_WINDOW_BITS = 15,
	ZIP_WINDOW_GZIP = ZIP_WINDOW_BITS + 16, /* the window's bits, and a gzip header around it */
	ZIP_MEMORY_LEVEL = 8,
};

/* A stream whose memory is the program's: no call on it ends with Z_MEM_ERROR. */
extern const z_stream zip_fresh;

/* Hands over the next part of *REST, once what was handed over before has been taken: zlib counts
 * in unsigned int. */
void zip_feed(z_stream *z, struct slice *rest);

#endif
