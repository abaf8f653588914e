#include "codec/python_family.h"

static const char name[] = "python-memcached";

/* It pickles with protocol 0 by default, and compresses no integers. */
static int sniff(uint64_t flags, struct slice stored, char why[SNIFF_WHY])
{
	int score = python_sniff(name, flags, stored, why);
	bool binary = stored.len > 0 && (unsigned char)stored.data[0] == 0x80;
	if (flags == PYTHON_PICKLE && score > 0 && binary)
		return score - 20;
	if ((flags & PYTHON_ZLIB) && (flags & (PYTHON_INTEGER | PYTHON_LONG)))
		return score - 50 > 0 ? score - 50 : 0;
	return score;
}

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	python_decode(name, false, flags, stored, inflate_max, out);
}

const struct codec codec_python_memcached = {
    .name = name,
    .about = "python-memcached 1.x: 1 pickle, 2 int, 4 long, 8 zlib, 16 text, 0 bytes",
    .sniff = sniff,
    .decode = decode,
    .typed = python_typed,
};
