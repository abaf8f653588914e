#include "codec/python_family.h"

static const char name[] = "pylibmc";

/* Integers are 4 and bools 2; the pickles are of the highest protocol. */
static int sniff(uint64_t flags, struct slice stored, char why[SNIFF_WHY])
{
	int score = python_sniff(name, flags, stored, why);
	bool bit = slice_eq_str(stored, "0") || slice_eq_str(stored, "1");
	bool binary = stored.len > 0 && (unsigned char)stored.data[0] == 0x80;
	if (flags == PYTHON_LONG && score > 0)
		return score + 10;
	if ((flags == PYTHON_INTEGER && !bit) || (flags == PYTHON_PICKLE && !binary))
		return score / 2;
	/* Where it writes the same as python-memcached, that one is named. */
	return score > 5 ? score - 5 : 0;
}

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	python_decode(name, true, flags, stored, inflate_max, out);
	/* It knows one kind of integers. */
	if (out->type == DECODED_LONG)
		out->type = DECODED_INTEGER;
}

static const struct codec_typed typed[DECODED_TYPE_COUNT] = {
    [DECODED_BYTES] = {true, 0, PYTHON_ZLIB},
    [DECODED_TEXT] = {true, PYTHON_TEXT, PYTHON_ZLIB},
    [DECODED_INTEGER] = {true, PYTHON_LONG, PYTHON_ZLIB},
    [DECODED_LONG] = {true, PYTHON_LONG, PYTHON_ZLIB},
};

const struct codec codec_pylibmc = {
    .name = name,
    .about = "pylibmc 1.6: 1 pickle, 2 bool, 4 int, 8 zlib, 16 text, 0 bytes",
    .sniff = sniff,
    .decode = decode,
    .typed = typed,
};
