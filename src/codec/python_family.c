/*
 * python-memcached, pylibmc and pymemcache share their flags: 1 pickle, 2 and 4 integers, 8 zlib,
 * 16 text, 0 bytes. They differ in which of them they write, and when.
 */
#include "base/utf8.h"
#include "base/zip.h"
#include "codec/decode.h"
#include "codec/number.h"
#include "codec/serial/serial.h"

#include <inttypes.h>

enum {
	PYTHON_PICKLE = 1,
	PYTHON_INTEGER = 2,
	PYTHON_LONG = 4,
	PYTHON_ZLIB = 8,
	PYTHON_TEXT = 16,
	ALL = PYTHON_PICKLE | PYTHON_INTEGER | PYTHON_LONG | PYTHON_ZLIB | PYTHON_TEXT,
};

/* Reads as python-memcached does: the compression off first, then the first that is set of text,
 * integer, long, pickle. BOOLS: an integer 0 or 1 with flag 2 is a bool. */
static void decode_family(bool bools, uint64_t flags, struct slice stored, size_t inflate_max,
                          struct decoded *out)
{
	struct slice value = stored;
	if (flags & ~(uint64_t)ALL) {
		decode_problem(out, "flags %" PRIu64 ": %s refuses flags other than 1, 2, 4, 8, 16",
		               flags, out->codec);
		return;
	}
	if (flags & PYTHON_ZLIB)
		decode_zlib(out, stored, inflate_max, &value);
	if (flags & PYTHON_TEXT)
		decode_text(out, value);
	else if ((flags & PYTHON_INTEGER) && bools &&
	         (slice_eq_str(value, "0") || slice_eq_str(value, "1")))
		decode_boolean(out, value.data[0] == '1');
	else if (flags & PYTHON_INTEGER)
		decode_integer(out, value, DECODED_INTEGER);
	else if (flags & PYTHON_LONG)
		decode_integer(out, value, DECODED_LONG);
	else if (flags & PYTHON_PICKLE)
		decode_serial(out, SERIAL_PICKLE, value);
	else
		decode_bytes(out);
}

/* The kind that FLAGS name, when VALUE can be of that kind; else NULL. */
static const char *fitting_kind(uint64_t flags, struct slice value, int *score)
{
	switch (flags) {
	case PYTHON_TEXT:
		*score = 90;
		return utf8_valid(value) ? "valid UTF-8: text" : NULL;
	case PYTHON_INTEGER:
	case PYTHON_LONG:
		*score = 70;
		return is_stored_integer(value) ? "decimal digits: an integer" : NULL;
	case PYTHON_PICKLE:
		*score = 85;
		return serial_sniff(value) == SERIAL_PICKLE ? "a pickle: an object" : NULL;
	default:
		return NULL;
	}
}

/* A compressed value says little of what is inside without being expanded: its flags must do. */
static const char *compressed_kind(uint64_t flags)
{
	switch (flags) {
	case 0:
		return "a zlib stream: compressed bytes";
	case PYTHON_TEXT:
		return "a zlib stream: compressed text";
	case PYTHON_INTEGER:
	case PYTHON_LONG:
		return "a zlib stream: a compressed integer";
	case PYTHON_PICKLE:
		return "a zlib stream: a compressed pickle";
	default:
		return NULL;
	}
}

/* What it is to any member of the family, each of which has its own score. */
static const char *family_kind(uint64_t flags, struct slice stored, int *score)
{
	*score = 90;
	if (!(flags & PYTHON_ZLIB))
		return fitting_kind(flags, stored, score);
	return zip_looks_like_zlib(stored) ? compressed_kind(flags & ~(uint64_t)PYTHON_ZLIB) : NULL;
}

/* Of a pickle of protocol 2 or later. */
static bool is_binary(struct slice stored)
{
	return stored.len > 0 && (unsigned char)stored.data[0] == 0x80;
}

/* What python-memcached and pymemcache write, who do not compress integers. */
static const struct codec_typed python_typed[DECODED_TYPE_COUNT] = {
    [DECODED_BYTES] = {true, 0, PYTHON_ZLIB},
    [DECODED_TEXT] = {true, PYTHON_TEXT, PYTHON_ZLIB},
    [DECODED_INTEGER] = {true, PYTHON_INTEGER, 0},
    [DECODED_LONG] = {true, PYTHON_LONG, 0},
};

/* It pickles with protocol 0 by default, and compresses no integers. */
static const char *memcached_kind(uint64_t flags, struct slice stored, int *score)
{
	const char *kind = family_kind(flags, stored, score);
	if (flags == PYTHON_PICKLE && is_binary(stored))
		*score -= 20;
	else if ((flags & PYTHON_ZLIB) && (flags & (PYTHON_INTEGER | PYTHON_LONG)))
		*score -= 50;
	return kind;
}

static void python_decode(uint64_t flags, struct slice stored, size_t inflate_max,
                          struct decoded *out)
{
	decode_family(false, flags, stored, inflate_max, out);
}

const struct codec codec_python_memcached = {
    .name = "python-memcached",
    .about = "python-memcached 1.x: 1 pickle, 2 int, 4 long, 8 zlib, 16 text, 0 bytes",
    .kind = memcached_kind,
    .decode = python_decode,
    .typed = python_typed,
};

/* Integers are 4 and bools 2; the pickles are of the highest protocol. */
static const char *pylibmc_kind(uint64_t flags, struct slice stored, int *score)
{
	const char *kind = family_kind(flags, stored, score);
	bool bit = slice_eq_str(stored, "0") || slice_eq_str(stored, "1");
	if (flags == PYTHON_LONG)
		*score += 10;
	else if ((flags == PYTHON_INTEGER && !bit) ||
	         (flags == PYTHON_PICKLE && !is_binary(stored)))
		*score /= 2;
	else /* where it writes the same as python-memcached, that one is named */
		*score -= 5;
	return kind;
}

static void pylibmc_decode(uint64_t flags, struct slice stored, size_t inflate_max,
                           struct decoded *out)
{
	decode_family(true, flags, stored, inflate_max, out);
	/* It knows one kind of integers. */
	if (out->type == DECODED_LONG)
		out->type = DECODED_INTEGER;
}

static const struct codec_typed pylibmc_typed[DECODED_TYPE_COUNT] = {
    [DECODED_BYTES] = {true, 0, PYTHON_ZLIB},
    [DECODED_TEXT] = {true, PYTHON_TEXT, PYTHON_ZLIB},
    [DECODED_INTEGER] = {true, PYTHON_LONG, PYTHON_ZLIB},
    [DECODED_LONG] = {true, PYTHON_LONG, PYTHON_ZLIB},
};

const struct codec codec_pylibmc = {
    .name = "pylibmc",
    .about = "pylibmc 1.6: 1 pickle, 2 bool, 4 int, 8 zlib, 16 text, 0 bytes",
    .kind = pylibmc_kind,
    .decode = pylibmc_decode,
    .typed = pylibmc_typed,
};

/* Its flags are python-memcached's, its pickles of the highest protocol. Without a serde all is
 * stored with flags 0. */
static const char *pymemcache_kind(uint64_t flags, struct slice stored, int *score)
{
	const char *kind = family_kind(flags, stored, score);
	if (flags == PYTHON_PICKLE && !is_binary(stored))
		*score /= 2;
	else /* where it writes the same as the other two, those are named */
		*score -= 6;
	return kind;
}

const struct codec codec_pymemcache = {
    .name = "pymemcache",
    .about = "pymemcache 3 and 4 with pickle_serde: 1 pickle, 2 int, 4 long, 8 zlib, 16 text, 0 as "
	     "given",
    .kind = pymemcache_kind,
    .decode = python_decode,
    .typed = python_typed,
};
