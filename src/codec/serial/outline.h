/*
 * Outlines of serialised values: readers that walk the bytes and write a JSON-like literal, without
 * making any object. A reader may meet anything. It is bounded four ways: each step eats input or
 * writes output, the output has a ceiling, the nesting has a limit, and tables have a limit. Where
 * a bound is met or a byte makes no sense, the outline ends in "...".
 */
#ifndef CODEC_SERIAL_OUTLINE_H
#define CODEC_SERIAL_OUTLINE_H

#include "codec/codec.h"

enum {
	OUTLINE_DEPTH = 32,   /* brackets inside brackets */
	OUTLINE_TABLE = 4096, /* names, handles or nodes remembered */
};

enum outline_state {
	OUTLINE_GOING,
	OUTLINE_CUT,    /* a ceiling or a limit was met: sound as far as it was read */
	OUTLINE_BROKEN, /* a byte before `at` that this format does not have there */
	OUTLINE_SHORT,  /* the bytes end before the value does */
};

struct outline {
	struct slice in;
	size_t at; /* of the next byte to read */
	struct buf *out;
	int depth;
	int mute; /* above 0 nothing is written: what is read is skipped */
	int nest; /* values inside values, brackets or not */
	enum outline_state state;
	struct slice *texts; /* remembered, in the order of their numbers */
	size_t text_count, text_cap;
	int protocol; /* of a pickle: as it names it itself, else 0 or 1 by its opcodes */
};

void outline_init(struct outline *o, struct slice in, struct buf *out);
/* Frees what was remembered; IN and OUT are the caller's. */
void outline_release(struct outline *o);

/* Ends the outline with "...". The first end counts. Returns false, for `return`. */
bool outline_cut(struct outline *o);
bool outline_broken(struct outline *o);

/* Writing. False when the outline has ended, then and every time afterwards. */
bool outline_add(struct outline *o, const char *text, size_t n);
bool outline_str(struct outline *o, const char *text);
bool outline_number(struct outline *o, int64_t n);
bool outline_unsigned(struct outline *o, uint64_t n);
/* "...", with escapes for all that is not printable UTF-8. */
bool outline_quoted(struct outline *o, struct slice bytes);
/* The same without the quotes: for names of classes and the like. */
bool outline_name(struct outline *o, struct slice bytes);
bool outline_double(struct outline *o, double value, bool single);
/* An integer of any length, decimal: N bytes of its magnitude, the lowest first. */
bool outline_magnitude(struct outline *o, bool negative, struct slice bytes);

/* True when N more bytes do not meet the ceiling. */
bool outline_fits(const struct outline *o, size_t n);
/* The comma before member number I, the first being 0. */
bool outline_comma(struct outline *o, uint64_t i);
/* N members in BRACKETS, "[]" or the like, each read and written by MEMBER. */
bool outline_members(struct outline *o, const char *brackets, uint64_t n,
                     bool (*member)(struct outline *o));
/* &N: the value of that number again. */
bool outline_reference(struct outline *o, uint64_t n);

/* A value inside the one that is being read: outline_enter before it, outline_leave with what came
 * of it after it. */
bool outline_enter(struct outline *o);
bool outline_leave(struct outline *o, bool ok);

/* Gives TEXT, borrowed, the next number, from 0 on; finds the one of number N. */
bool outline_remember(struct outline *o, struct slice text);
bool outline_recall(struct outline *o, uint64_t n, struct slice *text);

/* An opening bracket, one level deeper; and the closing one. */
bool outline_open(struct outline *o, const char *bracket);
bool outline_close(struct outline *o, const char *bracket);

/* Reading. False, and the outline has ended, where the bytes do not reach. */
bool outline_byte(struct outline *o, unsigned *byte);
bool outline_take(struct outline *o, uint64_t n, struct slice *bytes);
/* N (1 to 8) bytes as an unsigned number, highest or lowest first. */
bool outline_big(struct outline *o, int n, uint64_t *number);
bool outline_little(struct outline *o, int n, uint64_t *number);
/* The bytes up to END, which is read over and not among them. */
bool outline_until(struct outline *o, char end, struct slice *bytes);
/* One byte that must be C. */
bool outline_expect(struct outline *o, char c);
/* N bits of two's complement in the low bits of NUMBER, with their sign. */
int64_t outline_signed(uint64_t number, int bytes);
double outline_double_bits(uint64_t bits);
double outline_float_bits(uint64_t bits);

/* One reader per format. Each reads the one value at the start of the bytes. */
bool outline_php(struct outline *o);
bool outline_igbinary(struct outline *o);
bool outline_msgpack(struct outline *o);
bool outline_marshal(struct outline *o);
bool outline_java(struct outline *o);
bool outline_pickle(struct outline *o);

#endif
