#include "codec/python_family.h"

#include "base/utf8.h"
#include "base/zip.h"
#include "codec/number.h"
#include "codec/serial/serial.h"

#include <inttypes.h>

enum {
	ALL = PYTHON_PICKLE | PYTHON_INTEGER | PYTHON_LONG | PYTHON_ZLIB | PYTHON_TEXT,
};

void python_decode(const char *name, bool bools, uint64_t flags, struct slice stored,
                   size_t inflate_max, struct decoded *out)
{
	struct slice value = stored;
	decode_begin(out, name, stored);
	if (flags & ~(uint64_t)ALL) {
		decode_problem(out, "flags %" PRIu64 ": %s refuses flags other than 1, 2, 4, 8, 16",
		               flags, name);
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

int python_sniff(const char *name, uint64_t flags, struct slice stored, char why[SNIFF_WHY])
{
	int score = 90;
	const char *kind;
	if (flags & PYTHON_ZLIB)
		kind = zip_looks_like_zlib(stored) ? compressed_kind(flags & ~(uint64_t)PYTHON_ZLIB)
		                                   : NULL;
	else
		kind = fitting_kind(flags, stored, &score);
	return sniffed(score, kind, flags, name, why);
}

const struct codec_typed python_typed[DECODED_TYPE_COUNT] = {
    [DECODED_BYTES] = {true, 0, PYTHON_ZLIB},
    [DECODED_TEXT] = {true, PYTHON_TEXT, PYTHON_ZLIB},
    [DECODED_INTEGER] = {true, PYTHON_INTEGER},
    [DECODED_LONG] = {true, PYTHON_LONG},
};
