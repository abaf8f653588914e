#include "base/digest.h"
#include "client/hash.h"
#include "lib/unit.h"
#include "lib/vectors.h"

#include <stdio.h>
#include <stdlib.h>

static const struct column {
	const char *name;
	int base;
	enum hash_kind kind;
} columns[] = {
    {"crc32", 16, HASH_CRC32},       {"pymc_159", 10, HASH_CRC32_15_NONZERO},
    {"pymc_160", 10, HASH_CRC32_15}, {"oaat", 16, HASH_ONE_AT_A_TIME},
    {"md5_le32", 16, HASH_MD5},      {"crc_lm", 16, HASH_CRC32_15},
    {"fnv1_64", 16, HASH_FNV1_64},   {"fnv1a_64", 16, HASH_FNV1A_64},
    {"fnv1_32", 16, HASH_FNV1_32},   {"fnv1a_32", 16, HASH_FNV1A_32},
    {"hsieh", 16, HASH_HSIEH},       {"murmur2", 16, HASH_MURMUR},
    {"jenkins", 16, HASH_JENKINS},   {"murmur3_lm", 16, HASH_MURMUR3},
    {"java", 10, HASH_JAVA},
};

/* The number in a cell; signed ones become the unsigned 32-bit number of the same bits. */
static uint32_t number_of(const char *cell, int base)
{
	char *end;
	long long number = strtoll(cell, &end, base);
	if (*end || end == cell)
		fail_msg("'%s' is not a number", cell);
	return (uint32_t)number;
}

static void check_hash(const char *column, const char *key, uint32_t got, uint32_t want)
{
	if (got != want)
		fail_msg("%s of %s is %08x, not %08x", column, key, got, want);
}

TEST(hashes_are_those_of_the_clients)
{
	struct vectors v;
	char room[VECTORS_KEY_ROOM];
	vectors_load(&v, "hashes.tsv");
	/* All columns but the key and murmur3_0, which has a test of its own. */
	assert_int_equal(v.columns, sizeof(columns) / sizeof(columns[0]) + 2);
	for (size_t row = 1; row < v.rows; row++) {
		const char *key = vectors_cell(&v, row, 0);
		for (const struct column *c = columns;
		     c < columns + sizeof(columns) / sizeof(columns[0]); c++) {
			const char *cell = vectors_cell(&v, row, vectors_column(&v, c->name));
			if (strcmp(cell, "-") == 0)
				continue;
			check_hash(c->name, key, hash_key(c->kind, vectors_key(key, room)),
			           number_of(cell, c->base));
		}
	}
	vectors_release(&v);
}

TEST(murmur3_is_the_same_in_pieces)
{
	struct vectors v;
	char room[VECTORS_KEY_ROOM];
	vectors_load(&v, "hashes.tsv");
	size_t column = vectors_column(&v, "murmur3_0");
	for (size_t row = 1; row < v.rows; row++) {
		struct slice key = vectors_key(vectors_cell(&v, row, 0), room);
		for (size_t cut = 0; cut <= key.len; cut++) {
			struct murmur3 m = murmur3_start(0);
			murmur3_add(&m, slice_of(key.data, cut));
			murmur3_add(&m, slice_skip(key, cut));
			check_hash("murmur3_0", vectors_cell(&v, row, 0), murmur3_end(&m),
			           number_of(vectors_cell(&v, row, column), 16));
		}
	}
	vectors_release(&v);
}

TEST(java_hashes_utf16)
{
	/* U+1F600 is the pair D83D DE00; a byte outside UTF-8 reads as U+FFFD. */
	assert_int_equal(hash_key(HASH_JAVA, SLICE("\xf0\x9f\x98\x80")), 0xd83d * 31 + 0xde00);
	assert_int_equal(hash_key(HASH_JAVA, SLICE("a\xff")), 'a' * 31 + 0xfffd);
	/* "polygenelubricants" hashes to the lowest number, which has no positive twin. */
	assert_int_equal(hash_key(HASH_JAVA, SLICE("polygenelubricants")), 0x80000000);
	assert_int_equal(hash_key(HASH_JAVA_ABS, SLICE("polygenelubricants")), 0x80000000);
	assert_int_equal(hash_key(HASH_JAVA_ABS, SLICE("user:1")), 836031422);
}

TEST(empty_keys_have_hashes)
{
	assert_int_equal(hash_key(HASH_CRC32, SLICE("")), 0);
	assert_int_equal(hash_key(HASH_CRC32_15_NONZERO, SLICE("")), 1);
	assert_int_equal(hash_key(HASH_FNV1A_32, SLICE("")), 0x811c9dc5);
	assert_int_equal(hash_key(HASH_JENKINS, SLICE("")), 0xdeadbeef + 13);
	assert_int_equal(hash_key(HASH_MD5, SLICE("")), 0xd98c1dd4);
}

/* Lengths about which the rest of a key is eaten in other pieces; the answers are those of the
 * xxHash library. */
TEST(xxh64_is_xxhash)
{
	static const struct {
		size_t len;
		uint64_t hash;
	} cases[] = {
	    {0, 0xef46db3751d8e999},  {1, 0x841226287060849f},  {3, 0x84cb09f71310c712},
	    {4, 0xc740fb9d565403ad},  {7, 0xd3b98ff4b5ca8ce5},  {8, 0x59877d37d145a299},
	    {9, 0xde2a5f48279b5f73},  {13, 0xa1f0814040d0baad}, {31, 0xe1cc5752a8056eac},
	    {32, 0x61ba23e16431ab62}, {33, 0xaa0125b08bc27e61}, {63, 0xd56fad33adda9e7a},
	    {64, 0xdc613f3b7e837519}, {79, 0xf87d82d7833b7675}, {100, 0xb5e6caa920ffe07f},
	};
	char bytes[100];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 37 + 128);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(hash_xxh64(slice_of(bytes, cases[i].len)), cases[i].hash);
	assert_int_equal(hash_xxh64(SLICE("abc")), 0x44bc2cf5ad770999);
}

static void check_digest(const uint8_t *digest, size_t size, const char *want)
{
	char hex[2 * DIGEST_SHA1_SIZE + 1];
	for (size_t i = 0; i < size; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(hex, want);
}

static void check_md5(struct slice bytes, const char *want)
{
	uint8_t digest[DIGEST_MD5_SIZE];
	digest_md5(bytes, digest);
	check_digest(digest, sizeof(digest), want);
}

static void check_sha1(struct slice bytes, const char *want)
{
	uint8_t digest[DIGEST_SHA1_SIZE];
	digest_sha1(bytes, digest);
	check_digest(digest, sizeof(digest), want);
}

#define EIGHTY_DIGITS                                                                              \
	"12345678901234567890123456789012345678901234567890123456789012345678901234567890"

/* RFC 1321, appendix A.5. */
TEST(md5_is_that_of_the_rfc)
{
	check_md5(SLICE(""), "d41d8cd98f00b204e9800998ecf8427e");
	check_md5(SLICE("a"), "0cc175b9c0f1b6a831c399e269772661");
	check_md5(SLICE("abc"), "900150983cd24fb0d6963f7d28e17f72");
	check_md5(SLICE("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
	check_md5(SLICE("abcdefghijklmnopqrstuvwxyz"), "c3fcd3d76192e4007dfb496cca67e13b");
	check_md5(SLICE("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
	          "d174ab98d277d9f5a5611c2c9f419d9f");
	check_md5(SLICE(EIGHTY_DIGITS), "57edf4a22be3c955ac49da2e2107b67a");
}

/* RFC 3174, section 7.3. */
TEST(sha1_is_that_of_the_rfc)
{
	check_sha1(SLICE("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
	check_sha1(SLICE("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
	           "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	char *letters = malloc(1000000);
	assert_non_null(letters);
	memset(letters, 'a', 1000000);
	check_sha1(slice_of(letters, 1000000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
	free(letters);
}

/* Lengths about which the padding takes one block or two, both digests of all of them hashed
 * together. */
TEST(digests_pad_every_length)
{
	char bytes[130], digests[sizeof(bytes) * DIGEST_SHA1_SIZE];
	memset(bytes, 'x', sizeof(bytes));
	for (size_t len = 0; len < sizeof(bytes); len++)
		digest_md5(slice_of(bytes, len), (uint8_t *)digests + len * DIGEST_MD5_SIZE);
	check_md5(slice_of(digests, sizeof(bytes) * DIGEST_MD5_SIZE),
	          "6c93ccf027822c47aed4077bedd7e658");
	for (size_t len = 0; len < sizeof(bytes); len++)
		digest_sha1(slice_of(bytes, len), (uint8_t *)digests + len * DIGEST_SHA1_SIZE);
	check_sha1(slice_of(digests, sizeof(digests)), "917e149b75e688b99b568bb19d9a8970db0ffe1c");
}

UNIT_MAIN(cmocka_unit_test(hashes_are_those_of_the_clients),
          cmocka_unit_test(murmur3_is_the_same_in_pieces), cmocka_unit_test(java_hashes_utf16),
          cmocka_unit_test(empty_keys_have_hashes), cmocka_unit_test(xxh64_is_xxhash),
          cmocka_unit_test(md5_is_that_of_the_rfc), cmocka_unit_test(sha1_is_that_of_the_rfc),
          cmocka_unit_test(digests_pad_every_length))
