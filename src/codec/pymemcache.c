#include "codec/python_family.h"

static const char name[] = "pymemcache";

/* Its flags are python-memcached's, its pickles of the highest protocol. Without a serde all is
 * stored with flags 0. */
static int sniff(uint64_t flags, struct slice stored, char why[SNIFF_WHY])
{
	int score = python_sniff(name, flags, stored, why);
	bool binary = stored.len > 0 && (unsigned char)stored.data[0] == 0x80;
	if (flags == PYTHON_PICKLE && !binary)
		return score / 2;
	/* Where it writes the same as the other two, those are named. */
	return score > 6 ? score - 6 : 0;
}

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	python_decode(name, false, flags, stored, inflate_max, out);
}

const struct codec codec_pymemcache = {
    .name = name,
    .about = "pymemcache 3 and 4 with pickle_serde: 1 pickle, 2 int, 4 long, 8 zlib, 16 text, 0 as "
	     "given",
    .sniff = sniff,
    .decode = decode,
    .typed = python_typed,
};
