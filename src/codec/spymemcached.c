/*
 * spymemcached (Java), and clients with its SerializingTranscoder: 1 Java serialisation, 2 gzip, a
 * type in the bits 8 to 15. Numbers are written with the highest byte first and without the zero
 * bytes at their beginning, so that 0 has no bytes at all.
 */
#include "base/number.h"
#include "base/zip.h"
#include "codec/decode.h"
#include "codec/number.h"
#include "codec/serial/outline.h"
#include "codec/serial/serial.h"

#include <inttypes.h>

enum {
	SERIALISED = 1,
	COMPRESSED = 2,
	TYPE_BOOLEAN = 0x100,
	TYPE_INT = 0x200,
	TYPE_LONG = 0x300,
	TYPE_DATE = 0x400,
	TYPE_BYTE = 0x500,
	TYPE_FLOAT = 0x600,
	TYPE_DOUBLE = 0x700,
	TYPE_BYTES = 0x800,
	TYPE_MASK = 0xff00,
};

static const struct slice java = {"\xac\xed\0\x05", 4};

/* The most bytes that a number of TYPE takes; 0 when it is not a number. */
static size_t number_size(unsigned type)
{
	switch (type) {
	case TYPE_BYTE:
		return 1;
	case TYPE_INT:
	case TYPE_FLOAT:
		return 4;
	case TYPE_LONG:
	case TYPE_DATE:
	case TYPE_DOUBLE:
		return 8;
	default:
		return 0;
	}
}

static const char *type_name(unsigned type)
{
	static const char *const names[] = {"string", "boolean", "int",    "long",  "date",
	                                    "byte",   "float",   "double", "byte[]"};
	return names[type >> 8];
}

static void decode_time(struct decoded *out, int64_t ms)
{
	out->type = DECODED_TIME;
	if (add_time_ms(&out->text, ms))
		return;
	out->type = DECODED_LONG;
	buf_add_i64(&out->text, ms);
	decode_problem(out, "a date outside the years 0 to 9999: shown in milliseconds since 1970");
}

static void decode_number(struct decoded *out, unsigned type, struct slice value)
{
	if (value.len > number_size(type)) {
		decode_bytes(out);
		decode_problem(out,
		               "the flags say %s, which has at most %zu bytes, and these are %zu",
		               type_name(type), number_size(type), value.len);
		return;
	}
	uint64_t n = number_big(value.data, value.len);
	decode_clear_text(out);
	switch (type) {
	case TYPE_DATE:
		decode_time(out, (int64_t)n);
		break;
	case TYPE_FLOAT:
	case TYPE_DOUBLE:
		out->type = DECODED_DOUBLE;
		add_double(&out->text,
		           type == TYPE_FLOAT ? outline_float_bits(n) : outline_double_bits(n),
		           type == TYPE_FLOAT);
		break;
	default:
		out->type = type == TYPE_LONG ? DECODED_LONG : DECODED_INTEGER;
		buf_add_i64(&out->text, outline_signed(n, (int)number_size(type)));
	}
}

static void decode_type(struct decoded *out, unsigned type, struct slice value)
{
	if (number_size(type) > 0) {
		decode_number(out, type, value);
	} else if (type == 0) {
		decode_string(out, value);
	} else if (type == TYPE_BOOLEAN) {
		decode_boolean(out, slice_eq_str(value, "1"));
		if (!slice_eq_str(value, "0") && !slice_eq_str(value, "1"))
			decode_problem(out,
			               "the flags say a boolean, and the bytes are not 0 or 1");
	} else {
		decode_bytes(out);
		if (type != TYPE_BYTES)
			decode_problem(out, "type 0x%x is none that spymemcached writes", type);
	}
}

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	struct slice value = stored;
	if (flags & COMPRESSED)
		decode_gzip(out, stored, inflate_max, &value);
	if (flags & SERIALISED)
		decode_serial(out, SERIAL_JAVA, value);
	else
		decode_type(out, flags & TYPE_MASK, value);
	if (flags & ~(uint64_t)(TYPE_MASK | SERIALISED | COMPRESSED))
		decode_problem(out, "flags %" PRIu64 " hold bits that spymemcached does not write",
		               flags);
}

static const char *compressed_kind(uint64_t flags, struct slice stored)
{
	char bytes[64];
	if (!zip_looks_like_gzip(stored))
		return NULL;
	if (flags & SERIALISED)
		return slice_starts(peek_inside(stored, bytes), java)
		           ? "Java serialisation in a gzip stream: an object"
		           : NULL;
	return "a gzip stream: a compressed value";
}

static const char *fitting_kind(unsigned type, struct slice stored, int *score)
{
	static const char *const kinds[] = {
	    "no type: a string",        "0 or 1: a boolean",         "at most 4 bytes: an int",
	    "at most 8 bytes: a long",  "at most 8 bytes: a date",   "one byte: a byte",
	    "at most 4 bytes: a float", "at most 8 bytes: a double", "any bytes: a byte[]"};
	bool fits = stored.len <= number_size(type);
	*score = 70;
	if (type == TYPE_BOOLEAN) {
		*score = 74; /* pecl-memcache writes the same and means the same */
		fits = slice_eq_str(stored, "0") || slice_eq_str(stored, "1");
	} else if (type == TYPE_BYTES) {
		fits = true;
	} else if (type != TYPE_BYTE && stored.len > 0 && stored.data[0] == 0) {
		*score = 30; /* it would have cut the zero byte off */
	}
	return fits ? kinds[type >> 8] : NULL;
}

static const char *kind(uint64_t flags, struct slice stored, int *score)
{
	unsigned type = flags & TYPE_MASK;
	*score = 92;
	if (type > TYPE_BYTES || flags & ~(uint64_t)(TYPE_MASK | SERIALISED | COMPRESSED))
		return NULL;
	if (flags & COMPRESSED)
		return compressed_kind(flags, stored);
	if (flags == SERIALISED)
		return slice_starts(stored, java) ? "Java serialisation: an object" : NULL;
	return flags == type ? fitting_kind(type, stored, score) : NULL;
}

/* It keeps JSON as a string. */
static const struct codec_typed typed[DECODED_TYPE_COUNT] = {
    [DECODED_BYTES] = {true, TYPE_BYTES, 0}, [DECODED_TEXT] = {true, 0, 0},
    [DECODED_INTEGER] = {true, TYPE_INT, 0}, [DECODED_LONG] = {true, TYPE_LONG, 0},
    [DECODED_JSON] = {true, 0, 0},
};

static bool encode_number(struct slice digits, int64_t least, int64_t most, size_t size,
                          struct buf *out)
{
	int64_t n;
	if (number_parse_i64(digits, &n) != NUMBER_OK || n < least || n > most)
		return false;
	bool begun = false;
	for (size_t i = size; i-- > 0;) {
		unsigned char byte = (unsigned char)((uint64_t)n >> 8 * i);
		begun = begun || byte != 0;
		if (begun)
			buf_add_char(out, (char)byte);
	}
	return true;
}

static bool encode(enum decoded_type type, struct slice value, struct buf *out)
{
	if (type == DECODED_INTEGER)
		return encode_number(value, INT32_MIN, INT32_MAX, 4, out);
	if (type == DECODED_LONG)
		return encode_number(value, INT64_MIN, INT64_MAX, 8, out);
	return buf_add_slice(out, value);
}

const struct codec codec_spymemcached = {
    .name = "spymemcached",
    .about = "spymemcached 2 (Java): 1 Java serialisation, 2 gzip, 0x100 boolean, 0x200 int, 0x300 "
	     "long, 0x400 date, 0x500 byte, 0x600 float, 0x700 double, 0x800 byte[], 0 string",
    .kind = kind,
    .decode = decode,
    .typed = typed,
    .encode = encode,
};
