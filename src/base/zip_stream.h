/*
 * gzip (RFC 1952) piece by piece, for files that do not fit into memory: what goes in and what
 * comes out at a time is the caller's choice.
 */
#ifndef BASE_ZIP_STREAM_H
#define BASE_ZIP_STREAM_H

#include "base/zip.h"

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
