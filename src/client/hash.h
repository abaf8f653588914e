/*
 * The hash functions by which memcached clients choose a server. Each is bit for bit what the
 * clients compute, on every key, with their quirks: a place is only right when it is theirs.
 */
#ifndef CLIENT_HASH_H
#define CLIENT_HASH_H

#include "base/slice.h"

#include <stdint.h>

enum hash_kind {
	HASH_CRC32,            /* zlib's CRC-32; twemproxy calls it crc32a */
	HASH_CRC32_15,         /* its bits 16 to 30; libmemcached crc, twemproxy crc32 */
	HASH_CRC32_15_NONZERO, /* the same, and 1 for 0; python-memcached to 1.59, pecl memcache */
	HASH_CRC16,            /* polynomial 0x1021, start 0, carrying into 32 bits (twemproxy) */
	HASH_MD5,              /* the first 4 bytes of the digest, lowest first */
	HASH_ONE_AT_A_TIME,    /* Bob Jenkins' one-at-a-time */
	HASH_FNV1_64,          /* the low half of FNV-1 over 64 bits */
	HASH_FNV1A_64,         /* the 64-bit start and prime cut to 32 bits before use */
	HASH_FNV1_32,          /* FNV-1 over 32 bits */
	HASH_FNV1A_32,         /* FNV-1a over 32 bits */
	HASH_FNV1A_32_15_NONZERO, /* bits 16 to 30 of it, and 1 for 0 (pecl memcache) */
	HASH_HSIEH,               /* Paul Hsieh's SuperFastHash, starting from 0 */
	HASH_MURMUR,              /* MurmurHash2, seed 0xdeadbeef times the length */
	HASH_MURMUR3,             /* MurmurHash3 x86 32, the same seed (libmemcached) */
	HASH_JENKINS,             /* lookup3's hashlittle, initval 13 */
	HASH_JAVA,                /* java.lang.String.hashCode, as an unsigned number */
	HASH_JAVA_ABS,            /* its absolute value (memjs) */
};

/* The one-at-a-time and FNV hashes take a byte of 0x80 and up as negative, as compilers for x86
 * have made the clients do. The Java ones hash the UTF-16 form of UTF-8 text; a byte that belongs
 * to no character counts as U+FFFD, which is what Java decodes it to. */
uint32_t hash_key(enum hash_kind kind, struct slice key);

/* Its name for eyes: "CRC-32, bits 16 to 30". */
const char *hash_name(enum hash_kind kind);

/* XXH64 with seed 0 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md). */
uint64_t hash_xxh64(struct slice key);

/* MurmurHash3 x86 32 in pieces: a state can be copied after a common beginning, and each copy be
 * fed with its own rest. */
struct murmur3 {
	uint32_t hash;
	uint32_t tail;   /* the bytes of a word that is not yet full, lowest first */
	uint32_t length; /* of all bytes so far */
};

static inline struct murmur3 murmur3_start(uint32_t seed)
{
	return (struct murmur3){.hash = seed};
}

void murmur3_add(struct murmur3 *m, struct slice bytes);
void murmur3_add_byte(struct murmur3 *m, uint8_t byte);
uint32_t murmur3_end(const struct murmur3 *m);

#endif
