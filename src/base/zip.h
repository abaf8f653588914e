/*
 * A thin door to zlib: streams go in and out of counted bytes, and every expansion has a ceiling.
 * The formats are those of RFC 1950 (zlib) and RFC 1952 (gzip).
 */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include "base/buf.h"

enum zip_format {
	ZIP_ZLIB,
	ZIP_GZIP,
};

enum zip_result {
	ZIP_OK = 0,
	ZIP_TRUNCATED, /* the stream goes on where the bytes end */
	ZIP_CORRUPT,   /* no stream of this format, or damaged; a wrong checksum counts */
	ZIP_CEILING,   /* more would come out than was allowed */
};

/* zlib's own choice of a compression level, which Python's zlib.compress takes too. */
#define ZIP_LEVEL_DEFAULT (-1)

/* Appends to OUT what the stream at the start of IN expands to, at most MAX bytes (and no more than
 * OUT's own ceiling). What came out before a failure stays in OUT. Memory follows what really comes
 * out: lengths that a stream announces are not believed. *USED (may be NULL) gets the number of
 * bytes of IN that were read; on ZIP_OK whatever lies after them is not part of the stream. */
enum zip_result zip_inflate(struct slice in, enum zip_format format, size_t max, struct buf *out,
                            size_t *used);

/* What a result means, as the end of a sentence: "is cut short", "is damaged". */
const char *zip_why(enum zip_result result);

/* Appends IN as a zlib stream of LEVEL (0 to 9, or ZIP_LEVEL_DEFAULT) to OUT. False, and OUT as it
 * was, when that would pass OUT's ceiling or the level is none. */
bool zip_deflate(struct slice in, int level, struct buf *out);

/* python-memcached's decision whether to compress a value that it stores: only when
 * MIN_COMPRESS_LEN is not 0 and VALUE is longer than it, and only when the stream is shorter than
 * the value. Returns true when OUT, which is cleared first, holds the stream to store instead of
 * VALUE; else OUT is empty. */
bool zip_compress_if_smaller(struct slice value, size_t min_compress_len, int level,
                             struct buf *out);

/* True when BYTES begin like a zlib stream: deflate, a window that zlib knows, no preset
 * dictionary, and the header's check. One in a thousand random pairs of bytes does as well. */
bool zip_looks_like_zlib(struct slice bytes);

/* True when BYTES begin like a gzip file: its two magic bytes and the one known method. */
bool zip_looks_like_gzip(struct slice bytes);

/*
 * gzip (RFC 1952) piece by piece, for files that do not fit into memory: what goes in and what
 * comes out at a time is the caller's choice.
 */

struct zip_writer;

struct zip_writer *zip_writer_new(void);
void zip_writer_free(struct zip_writer *w);

/* Compresses BYTES and adds to OUT what is ready by then. With END it is the last piece, and all
 * that is left is added. False when OUT's ceiling forbids it; the stream is of no use then. */
bool zip_writer_add(struct zip_writer *w, struct slice bytes, bool end, struct buf *out);

struct zip_reader;

struct zip_reader *zip_reader_new(void);
void zip_reader_free(struct zip_reader *r);

/* Expands bytes from the front of *IN, which is moved on, into SPACE bytes at OUT; *MADE gets their
 * number. With *MADE 0 and ZIP_OK more input is needed. Several streams, one after the other, are
 * one, as gzip has it. ZIP_CORRUPT: no gzip, or damaged. */
enum zip_result zip_reader_take(struct zip_reader *r, struct slice *in, char *out, size_t space,
                                size_t *made);

/* True where the input may end: after a whole stream. */
bool zip_reader_at_end(const struct zip_reader *r);

#endif
