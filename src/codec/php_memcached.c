/*
 * php-memcached 3: the low four bits are the type, the bits from 4 to 15 its own (compression), the
 * upper sixteen the user's. A compressed value begins with its length in four bytes, lowest first.
 */
#include "base/json_read.h"
#include "base/number.h"
#include "base/zip.h"
#include "codec/decode.h"
#include "codec/fastlz.h"
#include "codec/number.h"
#include "codec/serial/serial.h"

#include <inttypes.h>

enum {
	TYPE_STRING,
	TYPE_LONG,
	TYPE_DOUBLE,
	TYPE_BOOL,
	TYPE_PHP,
	TYPE_IGBINARY,
	TYPE_JSON,
	TYPE_MSGPACK,

	TYPE_MASK = 15,
	COMPRESSED = 16,
	ZLIB = 32,
	FASTLZ = 64,
	ZSTD = 128,
	INTERNAL = 0xfff0,
	USER_SHIFT = 16,
	PREFIX = 4,
};

static void decode_fastlz(struct decoded *out, struct slice stream, size_t max,
                          struct slice *inside)
{
	static const char *const why[] = {"is whole", "is cut short", "is damaged",
	                                  "expands to more than is allowed"};
	size_t used;
	enum fastlz_result result = fastlz_expand(stream, max, &out->bytes, &used);
	out->container = "fastlz";
	out->size = out->bytes.len;
	*inside = out->size > 0 ? buf_slice(&out->bytes) : SLICE("");
	if (result != FASTLZ_OK)
		decode_problem(
		    out, "the fastlz stream %s after %zu of its %zu bytes, %zu bytes came out",
		    why[result], used, stream.len, out->size);
}

/* False when nothing can be read from what is compressed. */
static bool expand(struct decoded *out, uint64_t flags, struct slice stored, size_t max,
                   struct slice *inside)
{
	if (stored.len < PREFIX) {
		decode_problem(out,
		               "a compressed value begins with 4 bytes of length, here are %zu",
		               stored.len);
		return false;
	}
	uint64_t length = number_little(stored.data, PREFIX);
	struct slice stream = slice_skip(stored, PREFIX);
	if (flags & FASTLZ) {
		decode_fastlz(out, stream, max, inside);
	} else if (flags & ZLIB) {
		decode_zlib(out, stream, max, inside);
	} else if (flags & ZSTD) {
		out->container = "zstd";
		decode_problem(out,
		               "compressed with zstd, which mcsh does not expand; it announces "
		               "%" PRIu64 " bytes",
		               length);
		return false;
	} else {
		decode_problem(out, "flags %" PRIu64 ": compressed, and no bit says by what",
		               flags);
		return false;
	}
	if (out->size != length)
		decode_problem(out, "it announces %" PRIu64 " bytes, and %zu came out", length,
		               out->size);
	return true;
}

static void decode_type(struct decoded *out, unsigned type, struct slice value)
{
	switch (type) {
	case TYPE_STRING:
		decode_string(out, value);
		break;
	case TYPE_LONG:
		decode_integer(out, value, DECODED_INTEGER);
		break;
	case TYPE_DOUBLE:
		decode_double(out, value);
		break;
	case TYPE_BOOL:
		decode_boolean(out, slice_eq_str(value, "1"));
		if (value.len > 0 && !slice_eq_str(value, "1"))
			decode_problem(out,
			               "the flags say a bool, and the bytes are not 1 or none");
		break;
	case TYPE_PHP:
		decode_serial(out, SERIAL_PHP, value);
		break;
	case TYPE_IGBINARY:
		decode_serial(out, SERIAL_IGBINARY, value);
		break;
	case TYPE_JSON:
		decode_json(out, value);
		break;
	case TYPE_MSGPACK:
		decode_serial(out, SERIAL_MSGPACK, value);
		break;
	default:
		decode_string(out, value);
		decode_problem(out, "type %u is none that php-memcached writes", type);
	}
}

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	struct slice value = stored;
	if ((flags & COMPRESSED) && !expand(out, flags, stored, inflate_max, &value))
		return;
	decode_type(out, flags & TYPE_MASK, value);
}

static const char *fitting_kind(unsigned type, struct slice value, int *score)
{
	*score = 88;
	switch (type) {
	case TYPE_LONG:
		*score = 70;
		return is_stored_integer(value) ? "decimal digits: an int" : NULL;
	case TYPE_DOUBLE:
		*score = is_stored_integer(value) ? 50 : 85;
		return is_double(value) ? "a decimal number: a float" : NULL;
	case TYPE_BOOL:
		return value.len == 0 || slice_eq_str(value, "1") ? "1 or nothing: a bool" : NULL;
	case TYPE_PHP:
		return serial_fits(SERIAL_PHP, value) ? "PHP serialize: a value" : NULL;
	case TYPE_IGBINARY:
		return serial_fits(SERIAL_IGBINARY, value) ? "igbinary: a value" : NULL;
	case TYPE_JSON:
		return json_is_valid(value) ? "a JSON document: a value" : NULL;
	case TYPE_MSGPACK:
		return serial_fits(SERIAL_MSGPACK, value) ? "msgpack: a value" : NULL;
	default:
		return NULL;
	}
}

static const char *compressed_kind(uint64_t flags, struct slice stored)
{
	unsigned type = flags & TYPE_MASK;
	unsigned by = flags & INTERNAL & ~(unsigned)COMPRESSED;
	if (stored.len <= PREFIX || (type != TYPE_STRING && type < TYPE_PHP) || type > TYPE_MSGPACK)
		return NULL;
	if (by == FASTLZ && (unsigned char)stored.data[PREFIX] < 64)
		return "4 bytes of length: a value compressed with fastlz";
	if (by == ZLIB && zip_looks_like_zlib(slice_skip(stored, PREFIX)))
		return "4 bytes of length: a value compressed with zlib";
	if (by == ZSTD && slice_starts(slice_skip(stored, PREFIX), SLICE("\x28\xb5\x2f\xfd")))
		return "4 bytes of length: a value compressed with zstd";
	return NULL;
}

static const char *kind(uint64_t flags, struct slice stored, int *score)
{
	*score = 95;
	if (flags > UINT32_MAX)
		return NULL;
	if (flags & COMPRESSED)
		return compressed_kind(flags, stored);
	if (flags & INTERNAL)
		return NULL;
	if ((flags & TYPE_MASK) != TYPE_STRING)
		return fitting_kind(flags & TYPE_MASK, stored, score);
	*score = 40;
	return "no type: a string";
}

/* Numbers are never compressed. */
static const struct codec_typed typed[DECODED_TYPE_COUNT] = {
    [DECODED_BYTES] = {true, TYPE_STRING, COMPRESSED | ZLIB},
    [DECODED_TEXT] = {true, TYPE_STRING, COMPRESSED | ZLIB},
    [DECODED_INTEGER] = {true, TYPE_LONG, 0},
    [DECODED_LONG] = {true, TYPE_LONG, 0},
    [DECODED_JSON] = {true, TYPE_JSON, COMPRESSED | ZLIB},
};

const struct codec codec_php_memcached = {
    .name = "php-memcached",
    .about =
	"php-memcached 3: 0 string, 1 int, 2 float, 3 bool, 4 serialize, 5 igbinary, 6 JSON, 7 "
	"msgpack; 16 compressed, 32 zlib, 64 fastlz, 128 zstd",
    .kind = kind,
    .user_shift = USER_SHIFT,
    .decode = decode,
    .typed = typed,
    .zlib_prefix = PREFIX,
};
