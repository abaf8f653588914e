/*
 * Dalli (Ruby): 1 Marshal, or what other serialiser was chosen, 2 zlib or gzip, 4 a UTF-8 string of
 * version 5; raw values have flags 0.
 */
#include "base/json_read.h"
#include "base/utf8.h"
#include "base/zip.h"
#include "codec/decode.h"
#include "codec/serial/serial.h"

#include <inttypes.h>

enum {
	SERIALISED = 1,
	COMPRESSED = 2,
	UTF8 = 4,
	ALL = SERIALISED | COMPRESSED | UTF8,
};

static const struct slice marshal = {"\x04\x08", 2};

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	struct slice value = stored;
	if ((flags & COMPRESSED) && zip_looks_like_gzip(stored))
		decode_gzip(out, stored, inflate_max, &value);
	else if (flags & COMPRESSED)
		decode_zlib(out, stored, inflate_max, &value);
	if ((flags & SERIALISED) && !slice_starts(value, marshal) && json_is_valid(value))
		decode_json(out, value); /* its serialiser was set to JSON */
	else if (flags & SERIALISED)
		decode_serial(out, SERIAL_MARSHAL, value);
	else if (flags & UTF8)
		decode_text(out, value);
	else
		decode_string(out, value);
	if (flags & ~(uint64_t)ALL)
		decode_problem(out, "flags %" PRIu64 " hold bits that Dalli does not write", flags);
}

static const char *kind(uint64_t flags, struct slice stored, int *score)
{
	char bytes[64];
	struct slice inside = peek_inside(stored, bytes);
	switch (flags) {
	case SERIALISED:
		*score = slice_starts(stored, marshal) ? 92 : 50;
		if (*score == 92)
			return "Marshal: an object";
		return json_is_valid(stored) ? "a JSON document: a value" : NULL;
	case COMPRESSED:
		*score = 65;
		return inside.len > 0 ? "a compressed stream: a raw string" : NULL;
	case SERIALISED | COMPRESSED:
		*score = 92;
		return slice_starts(inside, marshal) ? "compressed Marshal: an object" : NULL;
	case UTF8:
		*score = 50;
		return utf8_valid(stored) ? "valid UTF-8: a string" : NULL;
	case UTF8 | COMPRESSED:
		*score = 60;
		return inside.len > 0 ? "a compressed stream: a string" : NULL;
	default:
		return NULL;
	}
}

/* What it would serialise with Marshal cannot be typed: raw strings are left. */
static const struct codec_typed typed[DECODED_TYPE_COUNT] = {
    [DECODED_BYTES] = {true, 0, COMPRESSED},
    [DECODED_TEXT] = {true, 0, COMPRESSED},
};

const struct codec codec_dalli = {
    .name = "dalli",
    .about = "Dalli 3 to 5 (Ruby): 1 Marshal, 2 zlib or gzip, 4 UTF-8, 0 raw",
    .kind = kind,
    .decode = decode,
    .typed = typed,
};
