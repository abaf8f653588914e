/*
 * Lengths of time, sizes and large numbers for eyes.
 */
#ifndef VIEW_TIME_H
#define VIEW_TIME_H

#include "base/buf.h"
#include "proto/reply.h"
#include "view/style.h"

/* "0.084 ms", "12.3 ms", "1.204 s". */
void time_add(struct buf *out, int64_t ns);

/* Seconds as "3 d 4 h", "2 h 5 min", "41 s". */
void time_add_span(struct buf *out, uint64_t seconds);

/* Bytes as "512 B", "1.5 KiB", "64 MiB". */
void time_add_size(struct buf *out, uint64_t bytes);

/* 1234567 as "1,234,567". */
void time_add_grouped(struct buf *out, uint64_t n);

/* The time of an exchange as MODE has it: nothing, the total, or the total and its parts
 * ("0.310 ms: connect 0.120, send 0.010, wait 0.170, receive 0.010"). */
void time_add_timing(struct buf *out, enum timing_mode mode, const struct timing *timing);

/* Every sample of a repeated command, in nanoseconds, in any order (they are sorted here): count,
 * min, median, p90, p99, max and a small histogram drawn with the terminal's characters in
 * pretty; name and microseconds by lines in plain; one object in JSON; a row in CSV. */
void time_add_samples(struct buf *out, const struct style *style, const char *command,
		      int64_t *samples, size_t count);

#endif
