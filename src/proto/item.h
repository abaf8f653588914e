/*
 * What a server holds under a key.
 */
#ifndef PROTO_ITEM_H
#define PROTO_ITEM_H

#include "base/slice.h"

#include <stdint.h>

struct item {
	struct slice key;   /* as it is, even when the classic commands cannot carry it */
	struct slice value; /* as it is stored */
	uint64_t flags;     /* a server may be built with 64 bits of them; mcsh stores 32 */
	int64_t exptime;    /* the Unix time at which it expires; 0: never */
	uint64_t cas;
	bool has_cas;
};

/* Whether the classic commands carry KEY, which is not longer than KEY_MAX_BYTES: as key_check
 * (proto/request.h), without words. The meta commands carry the others in base64. */
static inline bool item_key_is_classic(struct slice key)
{
	for (size_t i = 0; i < key.len; i++) {
		unsigned char c = (unsigned char)key.data[i];
		if (c <= ' ' || c == 0x7f)
			return false;
	}
	return key.len > 0;
}

#endif
