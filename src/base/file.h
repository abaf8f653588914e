/*
 * Descriptors read and written whole: a call that a signal interrupts, or that does a part, is made
 * again.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"

/* Writes all of BYTES. False: errno says why not. */
bool file_write(int fd, struct slice bytes);

/* Adds all that is left to read to OUT, which then has at most MAX bytes. False: errno says why
 * not, EFBIG that there is more. */
bool file_read(int fd, size_t max, struct buf *out);

#endif
