/*
 * What a server holds under a key.
 */
#ifndef PROTO_ITEM_H
#define PROTO_ITEM_H

#include "proto/request.h"

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
	return key.len > 0 && key_bad_byte(key) == key.len;
}

/* The least that a server's item_size_max can be (memcached -I). */
#define ITEM_SIZE_MAX_LEAST 1024

/* The bytes that a server takes for an item: a header of 48, with WITH_CAS 8 for its number, the
 * key and a NUL, 4 for flags that are not 0, the value and a line end (memcached's items.c, since
 * 1.4.36). One that takes more than item_size_max (stats settings) is refused. */
static inline uint64_t item_size(size_t key_len, uint64_t flags, size_t value_len, bool with_cas)
{
	return UINT64_C(48) + (with_cas ? 8 : 0) + key_len + 1 + (flags ? 4 : 0) + value_len + 2;
}

#endif
