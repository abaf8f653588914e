/*
 * Lengths of time, sizes and large numbers for eyes.
 */
#ifndef VIEW_TEXT_TIME_H
#define VIEW_TEXT_TIME_H

#include "base/buf.h"
#include "proto/reply.h"
#include "view/style.h"

/* A text that lives as long as the expression that it is made in, for a format or a table:
 * buf_addf(out, "%s of %s", size_text(used).s, size_text(limit).s). */
struct short_text {
	char s[128];
};

/* Of a format; what is too long is cut. */
struct short_text short_textf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Nanoseconds as "0.084 ms" (below 10 ms), "12.3 ms" (below 1 s), "1.204 s"; below 0 counts as 0.
 */
struct short_text time_text(int64_t ns);

/* Seconds as "3 d 4 h", "2 h 5 min", "3 min 20 s", "41 s": the two largest units, rounded down. */
struct short_text span_text(uint64_t seconds);

/* A Unix time as "2026-11-22 16:24:46 UTC"; the number itself when it is beyond the year 9999. */
struct short_text date_text(uint64_t seconds);

/* Bytes as "512 B", "1.5 KiB", "64 MiB". */
struct short_text size_text(uint64_t bytes);

/* 1234567 as it is. */
struct short_text digits_text(uint64_t n);

/* 1234567 as "1,234,567". */
struct short_text grouped_text(uint64_t n);

/* The same with a word after it: "1 line", "1,234 lines", for ONE " line" and MANY " lines", which
 * are cut after 100 bytes. */
struct short_text count_text(uint64_t n, const char *one, const char *many);

/* PART of WHOLE as "97.3 %"; "-" when WHOLE is 0. */
struct short_text percent_text(uint64_t part, uint64_t whole);

/* The time of an exchange as MODE has it: nothing, the total, or the total and its parts, these in
 * the unit of the total ("0.310 ms: connect 0.120, send 0.010, wait 0.170, receive 0.010"; without
 * the connect when the connection was there already). */
struct short_text timing_text(enum timing_mode mode, const struct timing *timing);

#endif
