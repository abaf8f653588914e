/*
 * PHP's older extension, pecl memcache 4: 1 serialised, 2 zlib, a type in the bits 8 to 11, and the
 * bits from 16 on for the user.
 */
#include "base/zip.h"
#include "codec/decode.h"
#include "codec/number.h"
#include "codec/serial/serial.h"

#include <inttypes.h>

enum {
	SERIALISED = 1,
	COMPRESSED = 2,
	TYPE_MASK = 0xf00,
	TYPE_BOOL = 0x100,
	TYPE_LONG = 0x300,
	TYPE_DOUBLE = 0x700,
	KNOWN = SERIALISED | COMPRESSED | TYPE_MASK,
	OWN = 0xffff,
};

static void decode_type(struct decoded *out, unsigned type, struct slice value)
{
	switch (type) {
	case 0:
		decode_string(out, value);
		break;
	case TYPE_BOOL:
		decode_boolean(out, value.len > 0 && !slice_eq_str(value, "0"));
		if (!slice_eq_str(value, "0") && !slice_eq_str(value, "1"))
			decode_problem(out, "the flags say a bool, and the bytes are not 0 or 1");
		break;
	case TYPE_LONG:
		decode_integer(out, value, DECODED_INTEGER);
		break;
	case TYPE_DOUBLE:
		decode_double(out, value);
		break;
	default:
		decode_string(out, value);
		decode_problem(out, "type 0x%x is none that pecl-memcache writes", type);
	}
}

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	struct slice value = stored;
	if (flags & COMPRESSED)
		decode_zlib(out, stored, inflate_max, &value);
	if (flags & SERIALISED)
		decode_serial(out, SERIAL_PHP, value);
	else
		decode_type(out, flags & TYPE_MASK, value);
	if (flags & OWN & ~(uint64_t)KNOWN)
		decode_problem(out, "flags %" PRIu64 " hold bits that pecl-memcache does not write",
		               flags);
}

/* The start of a serialised value is enough when it is compressed: the rest was not expanded. */
static bool starts_like_php(struct slice value)
{
	return value.len >= 2 && strchr("NbidsaOCE", value.data[0]) && value.data[0] != '\0' &&
	       (value.data[1] == ':' || value.data[1] == ';');
}

static const char *fitting_kind(unsigned flags, struct slice stored, int *score)
{
	char bytes[64];
	*score = 75;
	switch (flags) {
	case SERIALISED:
		*score = 87;
		return serial_fits(SERIAL_PHP, stored) ? "PHP serialize: a value" : NULL;
	case COMPRESSED:
		*score = 70;
		return zip_looks_like_zlib(stored) ? "a zlib stream: a compressed string" : NULL;
	case SERIALISED | COMPRESSED:
		*score = 90;
		return zip_looks_like_zlib(stored) && starts_like_php(peek_inside(stored, bytes))
		           ? "PHP serialize in a zlib stream: a value"
		           : NULL;
	case TYPE_BOOL:
		return slice_eq_str(stored, "0") || slice_eq_str(stored, "1") ? "0 or 1: a bool"
		                                                              : NULL;
	case TYPE_LONG:
		return is_stored_integer(stored) ? "decimal digits: an int" : NULL;
	case TYPE_DOUBLE:
		*score = 85;
		return is_double(stored) ? "a decimal number: a float" : NULL;
	default:
		return NULL;
	}
}

static const char *kind(uint64_t flags, struct slice stored, int *score)
{
	*score = 35;
	if (flags > UINT32_MAX)
		return NULL;
	return flags & OWN ? fitting_kind(flags & OWN, stored, score) : "no type: a string";
}

/* Only strings and what is serialised are compressed. */
static const struct codec_typed typed[DECODED_TYPE_COUNT] = {
    [DECODED_BYTES] = {true, 0, COMPRESSED},
    [DECODED_TEXT] = {true, 0, COMPRESSED},
    [DECODED_INTEGER] = {true, TYPE_LONG, 0},
    [DECODED_LONG] = {true, TYPE_LONG, 0},
};

const struct codec codec_pecl_memcache = {
    .name = "pecl-memcache",
    .about =
	"pecl memcache 4 (PHP): 1 serialize, 2 zlib, 0x100 bool, 0x300 int, 0x700 float, 0 string",
    .kind = kind,
    .decode = decode,
    .typed = typed,
};
