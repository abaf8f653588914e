/*
 * The numbers and times that clients store, read and written without a locale's help.
 */
#ifndef CODEC_NUMBER_H
#define CODEC_NUMBER_H

#include "base/buf.h"

#include <stdint.h>

/* Optional minus and digits; what Python, PHP and the others print for an integer. */
bool is_integer(struct slice value);
/* An integer as a client stored it, or as memcached's decr left it there: a number that gets
 * shorter is filled up with blanks at its end, and every client reads over these. */
bool is_stored_integer(struct slice value);
/* VALUE without the blanks at its end. */
struct slice without_padding(struct slice value);
/* An integer, a fraction, an exponent; or Infinity, INF, NaN in the spellings of the clients. */
bool is_double(struct slice value);

/* Appends a double (a float, if SINGLE) in the fewest digits that give the same number again, with
 * ".0" after whole numbers. */
void add_double(struct buf *out, double value, bool single);
/* Appends milliseconds since 1970 as an RFC 3339 time in UTC; false outside the years 0 to 9999. */
bool add_time_ms(struct buf *out, int64_t ms);

#endif
