#include "client/hash.h"
#include "base/digest.h"
#include "base/utf8.h"

#include <zlib.h>

static uint32_t rotate_left(uint32_t word, unsigned bits)
{
	return word << bits | word >> (32 - bits);
}

static uint64_t rotate_left_64(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

/* Up to 8 bytes as a number, the lowest first. */
static uint64_t load(const uint8_t *p, size_t count)
{
	uint64_t word = 0;
	while (count-- > 0)
		word = word << 8 | p[count];
	return word;
}

static uint32_t load_32(const uint8_t *p)
{
	return (uint32_t)load(p, 4);
}

/* What the clients' "char" makes of a byte once it is widened. */
static uint64_t sign_extended(uint8_t byte)
{
	return byte < 0x80 ? byte : ~(uint64_t)0xff | byte;
}

static uint32_t crc32_of(struct slice key)
{
	return (uint32_t)crc32_z(0, (const Bytef *)key.data, key.len);
}

static uint32_t crc16_of(const uint8_t *p, size_t len)
{
	uint32_t crc = 0;
	for (size_t i = 0; i < len; i++) {
		uint32_t entry = ((crc >> 8 ^ p[i]) & 0xff) << 8;
		for (int bit = 0; bit < 8; bit++)
			entry = (entry << 1 ^ (entry & 0x8000 ? 0x1021 : 0)) & 0xffff;
		crc = crc << 8 ^ entry;
	}
	return crc;
}

static uint32_t md5_of(struct slice key)
{
	uint8_t digest[DIGEST_MD5_SIZE];
	digest_md5(key, digest);
	return load_32(digest);
}

static uint32_t one_at_a_time(const uint8_t *p, size_t len)
{
	uint32_t hash = 0;
	for (size_t i = 0; i < len; i++) {
		hash += (uint32_t)sign_extended(p[i]);
		hash += hash << 10;
		hash ^= hash >> 6;
	}
	hash += hash << 3;
	hash ^= hash >> 11;
	return hash + (hash << 15);
}

static const uint64_t fnv_64_start = 0xcbf29ce484222325, fnv_64_prime = 0x100000001b3;
static const uint32_t fnv_32_start = 0x811c9dc5, fnv_32_prime = 0x01000193;

static uint32_t fnv1_64(const uint8_t *p, size_t len)
{
	uint64_t hash = fnv_64_start;
	for (size_t i = 0; i < len; i++)
		hash = hash * fnv_64_prime ^ sign_extended(p[i]);
	return (uint32_t)hash;
}

static uint32_t fnv1_32(const uint8_t *p, size_t len)
{
	uint32_t hash = fnv_32_start;
	for (size_t i = 0; i < len; i++)
		hash = hash * fnv_32_prime ^ (uint32_t)sign_extended(p[i]);
	return hash;
}

static uint32_t fnv1a(const uint8_t *p, size_t len, uint32_t hash, uint32_t prime)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint32_t)sign_extended(p[i])) * prime;
	return hash;
}

static uint32_t hsieh(const uint8_t *p, size_t len)
{
	uint32_t hash = 0;
	for (; len >= 4; p += 4, len -= 4) {
		hash += (uint32_t)load(p, 2);
		hash = hash << 16 ^ (uint32_t)load(p + 2, 2) << 11 ^ hash;
		hash += hash >> 11;
	}
	switch (len) {
	case 3:
		hash += (uint32_t)load(p, 2);
		hash ^= hash << 16;
		hash ^= (uint32_t)sign_extended(p[2]) << 18;
		hash += hash >> 11;
		break;
	case 2:
		hash += (uint32_t)load(p, 2);
		hash ^= hash << 11;
		hash += hash >> 17;
		break;
	case 1:
		hash += (uint32_t)sign_extended(p[0]);
		hash ^= hash << 10;
		hash += hash >> 1;
		break;
	default:
		break;
	}
	hash ^= hash << 3;
	hash += hash >> 5;
	hash ^= hash << 4;
	hash += hash >> 17;
	hash ^= hash << 25;
	return hash + (hash >> 6);
}

static uint32_t murmur2(const uint8_t *p, size_t len)
{
	const uint32_t m = 0x5bd1e995;
	uint32_t hash = 0xdeadbeef * (uint32_t)len ^ (uint32_t)len;
	for (; len >= 4; p += 4, len -= 4) {
		uint32_t word = load_32(p) * m;
		word = (word ^ word >> 24) * m;
		hash = hash * m ^ word;
	}
	if (len > 0)
		hash = (hash ^ (uint32_t)load(p, len)) * m;
	hash = (hash ^ hash >> 13) * m;
	return hash ^ hash >> 15;
}

static uint32_t jenkins(const uint8_t *p, size_t len)
{
	uint32_t a = 0xdeadbeef + (uint32_t)len + 13, b = a, c = a;
	for (; len > 12; p += 12, len -= 12) {
		a += load_32(p);
		b += load_32(p + 4);
		c += load_32(p + 8);
		a = (a - c) ^ rotate_left(c, 4);
		c += b;
		b = (b - a) ^ rotate_left(a, 6);
		a += c;
		c = (c - b) ^ rotate_left(b, 8);
		b += a;
		a = (a - c) ^ rotate_left(c, 16);
		c += b;
		b = (b - a) ^ rotate_left(a, 19);
		a += c;
		c = (c - b) ^ rotate_left(b, 4);
		b += a;
	}
	if (len == 0)
		return c;
	a += (uint32_t)load(p, len < 4 ? len : 4);
	if (len > 4)
		b += (uint32_t)load(p + 4, len < 8 ? len - 4 : 4);
	if (len > 8)
		c += (uint32_t)load(p + 8, len - 8);
	c = (c ^ b) - rotate_left(b, 14);
	a = (a ^ c) - rotate_left(c, 11);
	b = (b ^ a) - rotate_left(a, 25);
	c = (c ^ b) - rotate_left(b, 16);
	a = (a ^ c) - rotate_left(c, 4);
	b = (b ^ a) - rotate_left(a, 14);
	return (c ^ b) - rotate_left(b, 24);
}

static uint32_t java(struct slice text)
{
	uint32_t hash = 0;
	while (text.len > 0) {
		uint32_t code;
		size_t len = utf8_decode(text, &code);
		if (len == 0) {
			code = 0xfffd;
			len = 1;
		}
		if (code > 0xffff) {
			hash = hash * 31 + 0xd800 + ((code - 0x10000) >> 10);
			code = 0xdc00 + (code & 0x3ff);
		}
		hash = hash * 31 + code;
		text = slice_skip(text, len);
	}
	return hash;
}

static uint32_t murmur3_word(uint32_t word)
{
	return rotate_left(word * 0xcc9e2d51, 15) * 0x1b873593;
}

void murmur3_add_byte(struct murmur3 *m, uint8_t byte)
{
	m->tail |= (uint32_t)byte << 8 * (m->length % 4);
	m->length++;
	if (m->length % 4 == 0) {
		m->hash = rotate_left(m->hash ^ murmur3_word(m->tail), 13) * 5 + 0xe6546b64;
		m->tail = 0;
	}
}

void murmur3_add(struct murmur3 *m, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		murmur3_add_byte(m, (uint8_t)bytes.data[i]);
}

uint32_t murmur3_end(const struct murmur3 *m)
{
	uint32_t hash = m->hash ^ murmur3_word(m->tail) ^ m->length;
	hash = (hash ^ hash >> 16) * 0x85ebca6b;
	hash = (hash ^ hash >> 13) * 0xc2b2ae35;
	return hash ^ hash >> 16;
}

static uint32_t murmur3_libmemcached(struct slice key)
{
	struct murmur3 m = murmur3_start(0xdeadbeef * (uint32_t)key.len);
	murmur3_add(&m, key);
	return murmur3_end(&m);
}

static uint32_t bits_16_to_30(uint32_t hash)
{
	return hash >> 16 & 0x7fff;
}

static uint32_t one_for_zero(uint32_t hash)
{
	return hash ? hash : 1;
}

static uint32_t absolute(uint32_t hash)
{
	return hash >> 31 ? -hash : hash;
}

uint32_t hash_key(enum hash_kind kind, struct slice key)
{
	const uint8_t *p = (const uint8_t *)key.data;
	switch (kind) {
	case HASH_CRC32:
		return crc32_of(key);
	case HASH_CRC32_15:
		return bits_16_to_30(crc32_of(key));
	case HASH_CRC32_15_NONZERO:
		return one_for_zero(bits_16_to_30(crc32_of(key)));
	case HASH_CRC16:
		return crc16_of(p, key.len);
	case HASH_MD5:
		return md5_of(key);
	case HASH_ONE_AT_A_TIME:
		return one_at_a_time(p, key.len);
	case HASH_FNV1_64:
		return fnv1_64(p, key.len);
	case HASH_FNV1A_64:
		return fnv1a(p, key.len, (uint32_t)fnv_64_start, (uint32_t)fnv_64_prime);
	case HASH_FNV1_32:
		return fnv1_32(p, key.len);
	case HASH_FNV1A_32:
		return fnv1a(p, key.len, fnv_32_start, fnv_32_prime);
	case HASH_FNV1A_32_15_NONZERO:
		return one_for_zero(bits_16_to_30(fnv1a(p, key.len, fnv_32_start, fnv_32_prime)));
	case HASH_HSIEH:
		return hsieh(p, key.len);
	case HASH_MURMUR:
		return murmur2(p, key.len);
	case HASH_MURMUR3:
		return murmur3_libmemcached(key);
	case HASH_JENKINS:
		return jenkins(p, key.len);
	case HASH_JAVA:
		return java(key);
	case HASH_JAVA_ABS:
		return absolute(java(key));
	}
	return 0;
}

static const uint64_t xxh_prime_1 = 0x9e3779b185ebca87, xxh_prime_2 = 0xc2b2ae3d27d4eb4f,
		      xxh_prime_3 = 0x165667b19e3779f9, xxh_prime_4 = 0x85ebca77c2b2ae63,
		      xxh_prime_5 = 0x27d4eb2f165667c5;

static uint64_t xxh_round(uint64_t lane, uint64_t word)
{
	return rotate_left_64(lane + word * xxh_prime_2, 31) * xxh_prime_1;
}

/* The part of a key that fills whole stripes of 32 bytes; returns the hash that they come to. */
static uint64_t xxh_stripes(const uint8_t *p, size_t stripes)
{
	static const uint8_t turns[4] = {1, 7, 12, 18};
	uint64_t lanes[4] = {xxh_prime_1 + xxh_prime_2, xxh_prime_2, 0, -xxh_prime_1};
	for (; stripes > 0; stripes--)
		for (unsigned i = 0; i < 4; i++, p += 8)
			lanes[i] = xxh_round(lanes[i], load(p, 8));
	uint64_t hash = 0;
	for (unsigned i = 0; i < 4; i++)
		hash += rotate_left_64(lanes[i], turns[i]);
	for (unsigned i = 0; i < 4; i++)
		hash = (hash ^ xxh_round(0, lanes[i])) * xxh_prime_1 + xxh_prime_4;
	return hash;
}

uint64_t hash_xxh64(struct slice key)
{
	const uint8_t *p = (const uint8_t *)key.data;
	size_t stripes = key.len / 32, left = key.len % 32;
	uint64_t hash = stripes > 0 ? xxh_stripes(p, stripes) : xxh_prime_5;
	hash += key.len;
	for (p += 32 * stripes; left >= 8; p += 8, left -= 8) {
		hash ^= xxh_round(0, load(p, 8));
		hash = rotate_left_64(hash, 27) * xxh_prime_1 + xxh_prime_4;
	}
	if (left >= 4) {
		hash ^= load(p, 4) * xxh_prime_1;
		hash = rotate_left_64(hash, 23) * xxh_prime_2 + xxh_prime_3;
		p += 4;
		left -= 4;
	}
	for (; left > 0; p++, left--)
		hash = rotate_left_64(hash ^ *p * xxh_prime_5, 11) * xxh_prime_1;
	hash = (hash ^ hash >> 33) * xxh_prime_2;
	hash = (hash ^ hash >> 29) * xxh_prime_3;
	return hash ^ hash >> 32;
}

const char *hash_name(enum hash_kind kind)
{
	static const char *const names[] = {
	    [HASH_CRC32] = "CRC-32",
	    [HASH_CRC32_15] = "CRC-32, bits 16 to 30",
	    [HASH_CRC32_15_NONZERO] = "CRC-32, bits 16 to 30, 1 for 0",
	    [HASH_CRC16] = "CRC-16",
	    [HASH_MD5] = "MD5, 4 bytes of it",
	    [HASH_ONE_AT_A_TIME] = "one-at-a-time",
	    [HASH_FNV1_64] = "FNV-1, 64 bits, the low half",
	    [HASH_FNV1A_64] = "FNV-1a, 64-bit constants cut to 32",
	    [HASH_FNV1_32] = "FNV-1, 32 bits",
	    [HASH_FNV1A_32] = "FNV-1a, 32 bits",
	    [HASH_FNV1A_32_15_NONZERO] = "FNV-1a, bits 16 to 30, 1 for 0",
	    [HASH_HSIEH] = "SuperFastHash",
	    [HASH_MURMUR] = "MurmurHash2",
	    [HASH_MURMUR3] = "MurmurHash3",
	    [HASH_JENKINS] = "lookup3",
	    [HASH_JAVA] = "String.hashCode",
	    [HASH_JAVA_ABS] = "String.hashCode, its absolute value",
	};
	return names[kind];
}
