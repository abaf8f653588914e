/*
 * No client: flags mean nothing, and the bytes are text when they are UTF-8. What memjs, gomemcache
 * and libmemcached's tools store is of this kind.
 */
#include "codec/decode.h"

static void decode(uint64_t flags, struct slice stored, size_t inflate_max, struct decoded *out)
{
	(void)flags;
	(void)inflate_max;
	decode_string(out, stored);
}

const struct codec codec_none = {
    .name = "none",
    .about = "no client's convention: flags are not looked at (memjs, gomemcache, memcp)",
    .decode = decode,
};
