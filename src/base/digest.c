#include "base/digest.h"

/* Both digests eat blocks of 64 bytes and end in the same way: a byte 0x80, zeros, and the length
 * in bits in the last 8 bytes of a block (MD5 puts its lowest byte first, SHA-1 its highest). */
#define BLOCK 64

typedef void block_fn(uint32_t state[], const uint8_t block[static BLOCK]);

static uint32_t rotate_left(uint32_t word, unsigned bits)
{
	return word << bits | word >> (32 - bits);
}

static uint32_t load_low_first(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t load_high_first(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static void eat(struct slice bytes, bool low_first, block_fn *eat_block, uint32_t state[])
{
	size_t whole = bytes.len / BLOCK * BLOCK, rest = bytes.len - whole;
	const uint8_t *data = (const uint8_t *)bytes.data;
	for (size_t at = 0; at < whole; at += BLOCK)
		eat_block(state, data + at);

	uint8_t tail[2 * BLOCK] = {0};
	size_t tail_len = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
	if (rest > 0)
		memcpy(tail, data + whole, rest);
	tail[rest] = 0x80;
	uint64_t bits = (uint64_t)bytes.len * 8;
	for (unsigned i = 0; i < 8; i++) {
		unsigned shift = low_first ? 8 * i : 8 * (7 - i);
		tail[tail_len - 8 + i] = (uint8_t)(bits >> shift);
	}
	for (size_t at = 0; at < tail_len; at += BLOCK)
		eat_block(state, tail + at);
}

/* The table T of RFC 1321, section 3.4: the integer part of 2^32 * |sin(i + 1)|. */
static const uint32_t md5_sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static void md5_block(uint32_t state[], const uint8_t block[static BLOCK])
{
	static const uint8_t rotations[4][4] = {
	    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	for (unsigned i = 0; i < 64; i++) {
		uint32_t mix;
		unsigned word;
		switch (i / 16) {
		case 0:
			mix = (b & c) | (~b & d);
			word = i;
			break;
		case 1:
			mix = (b & d) | (c & ~d);
			word = (5 * i + 1) % 16;
			break;
		case 2:
			mix = b ^ c ^ d;
			word = (3 * i + 5) % 16;
			break;
		default:
			mix = c ^ (b | ~d);
			word = 7 * i % 16;
			break;
		}
		mix += a + md5_sines[i] + load_low_first(block + 4 * word);
		a = d;
		d = c;
		c = b;
		b += rotate_left(mix, rotations[i / 16][i % 4]);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

static void sha1_block(uint32_t state[], const uint8_t block[static BLOCK])
{
	static const uint32_t constants[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
	uint32_t words[80];
	for (unsigned i = 0; i < 16; i++)
		words[i] = load_high_first(block + 4 * i);
	for (unsigned i = 16; i < 80; i++)
		words[i] =
		    rotate_left(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);

	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
	for (unsigned i = 0; i < 80; i++) {
		uint32_t mix;
		if (i < 20)
			mix = (b & c) | (~b & d);
		else if (i >= 40 && i < 60)
			mix = (b & c) | (b & d) | (c & d);
		else
			mix = b ^ c ^ d;
		mix += rotate_left(a, 5) + e + words[i] + constants[i / 20];
		e = d;
		d = c;
		c = rotate_left(b, 30);
		b = a;
		a = mix;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

void digest_md5(struct slice bytes, uint8_t out[static DIGEST_MD5_SIZE])
{
	uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
	eat(bytes, true, md5_block, state);
	for (unsigned i = 0; i < DIGEST_MD5_SIZE; i++)
		out[i] = (uint8_t)(state[i / 4] >> 8 * (i % 4));
}

void digest_sha1(struct slice bytes, uint8_t out[static DIGEST_SHA1_SIZE])
{
	uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	eat(bytes, false, sha1_block, state);
	for (unsigned i = 0; i < DIGEST_SHA1_SIZE; i++)
		out[i] = (uint8_t)(state[i / 4] >> 8 * (3 - i % 4));
}
