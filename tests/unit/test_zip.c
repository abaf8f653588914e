#include "base/zip.h"
#include "lib/unit.h"

#include <stdlib.h>

static struct slice filled(char *room, size_t n, char c)
{
	memset(room, c, n);
	return slice_of(room, n);
}

TEST(what_goes_in_comes_out)
{
	static const size_t sizes[] = {0, 1, 2, 100, 16383, 16384, 16385, 100000};
	char *room = malloc(100000);
	assert_non_null(room);
	for (size_t i = 0; i < 100000; i++)
		room[i] = (char)(i * i >> 7);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		for (int level = -1; level <= 9; level++) {
			struct buf packed = BUF_INIT, plain = BUF_INIT;
			size_t used;
			assert_true(zip_deflate(slice_of(room, sizes[i]), level, &packed));
			assert_true(zip_looks_like_zlib(buf_slice(&packed)));
			/* A ceiling of exactly the size is enough. */
			assert_int_equal(
			    zip_inflate(buf_slice(&packed), ZIP_ZLIB, sizes[i], &plain, &used),
			    ZIP_OK);
			assert_int_equal(used, packed.len);
			assert_bytes(buf_slice(&plain), slice_of(room, sizes[i]));
			buf_release(&packed);
			buf_release(&plain);
		}
	}
	free(room);
}

TEST(a_ceiling_holds)
{
	char *room = malloc(1000000);
	struct buf packed = BUF_INIT, plain = BUF_INIT;
	assert_non_null(room);
	assert_true(zip_deflate(filled(room, 1000000, 'x'), ZIP_LEVEL_DEFAULT, &packed));
	static const size_t ceilings[] = {0, 1, 16384, 999999};
	for (size_t i = 0; i < sizeof ceilings / sizeof ceilings[0]; i++) {
		buf_release(&plain);
		assert_int_equal(
		    zip_inflate(buf_slice(&packed), ZIP_ZLIB, ceilings[i], &plain, NULL),
		    ZIP_CEILING);
		assert_int_equal(plain.len, ceilings[i]);
		assert_true(plain.cap <= 2 * ceilings[i] + 4096);
	}
	struct buf small = {.max = 10};
	assert_int_equal(zip_inflate(buf_slice(&packed), ZIP_ZLIB, 100, &small, NULL), ZIP_CEILING);
	assert_int_equal(small.len, 10);
	buf_release(&small);
	buf_release(&packed);
	buf_release(&plain);
	free(room);
}

TEST(a_cut_stream_is_told_from_a_damaged_one)
{
	struct buf packed = BUF_INIT, plain = BUF_INIT;
	size_t used;
	assert_true(zip_deflate(SLICE("hello hello hello hello"), ZIP_LEVEL_DEFAULT, &packed));
	for (size_t n = 0; n < packed.len; n++) {
		buf_clear(&plain);
		assert_int_equal(
		    zip_inflate(slice_of(packed.data, n), ZIP_ZLIB, 1000, &plain, &used),
		    ZIP_TRUNCATED);
		assert_int_equal(used, n);
	}
	packed.data[packed.len - 1] ^= 1; /* the checksum */
	buf_clear(&plain);
	assert_int_equal(zip_inflate(buf_slice(&packed), ZIP_ZLIB, 1000, &plain, &used),
	                 ZIP_CORRUPT);
	assert_text(buf_slice(&plain), "hello hello hello hello");
	assert_int_equal(zip_inflate(SLICE("no stream"), ZIP_ZLIB, 1000, &plain, &used),
	                 ZIP_CORRUPT);
	assert_int_equal(zip_inflate(SLICE("\x78\x9c"), ZIP_GZIP, 1000, &plain, &used),
	                 ZIP_CORRUPT);
	/* A stream that needs a dictionary is none that can be read. */
	assert_int_equal(
	    zip_inflate(SLICE("\x78\xbb\x00\x00\x00\x01\x00\x00"), ZIP_ZLIB, 0, &plain, &used),
	    ZIP_CORRUPT);
	buf_release(&packed);
	buf_release(&plain);
}

TEST(bytes_after_a_stream_are_left)
{
	struct buf packed = BUF_INIT, plain = BUF_INIT;
	size_t used;
	assert_true(zip_deflate(SLICE("abc"), 9, &packed));
	size_t len = packed.len;
	buf_add_str(&packed, "more");
	assert_int_equal(zip_inflate(buf_slice(&packed), ZIP_ZLIB, 1000, &plain, &used), ZIP_OK);
	assert_int_equal(used, len);
	assert_text(buf_slice(&plain), "abc");
	buf_release(&packed);
	buf_release(&plain);
}

TEST(deflate_keeps_to_the_ceiling_of_its_buf)
{
	struct buf packed = {.max = 8};
	buf_add_str(&packed, "ab");
	assert_false(zip_deflate(SLICE("0123456789abcdef"), ZIP_LEVEL_DEFAULT, &packed));
	assert_text(buf_slice(&packed), "ab");
	assert_true(packed.full);
	packed.max = 100;
	assert_false(zip_deflate(SLICE("abc"), 10, &packed));
	assert_text(buf_slice(&packed), "ab");
	buf_release(&packed);
}

/* The same values and lengths as python-memcached was seen to decide on. */
TEST(python_memcached_decides_like_this)
{
	char room[100], range[95];
	struct slice hundred = filled(room, sizeof room, 'x');
	struct buf out = BUF_INIT;
	assert_false(zip_compress_if_smaller(hundred, 0, ZIP_LEVEL_DEFAULT, &out));
	assert_false(zip_compress_if_smaller(hundred, 100, ZIP_LEVEL_DEFAULT, &out));
	assert_int_equal(out.len, 0);
	assert_true(zip_compress_if_smaller(hundred, 99, ZIP_LEVEL_DEFAULT, &out));
	assert_text(buf_slice(&out), "\x78\x9c\xab\xa8\xa0\x3d\x00\x00\x40\x1b\x2e\xe1");
	assert_true(zip_compress_if_smaller(hundred, 50, ZIP_LEVEL_DEFAULT, &out));
	assert_int_equal(out.len, 12);
	assert_true(zip_compress_if_smaller(slice_of(room, 20), 19, ZIP_LEVEL_DEFAULT, &out));
	assert_text(buf_slice(&out), "\x78\x9c\xab\xa8\xc0\x04\x00\x62\x84\x09\x61");

	for (size_t i = 0; i < sizeof range; i++)
		range[i] = (char)(' ' + i);
	assert_false(zip_compress_if_smaller(slice_of(range, sizeof range), 10, -1, &out));
	assert_int_equal(out.len, 0);
	assert_false(out.full);
	/* Eleven bytes that would become eleven stay as they are: shorter is what counts. */
	assert_false(zip_compress_if_smaller(slice_of(room, 11), 1, -1, &out));
	assert_true(zip_compress_if_smaller(slice_of(room, 12), 1, -1, &out));
	assert_int_equal(out.len, 11);
	assert_false(zip_compress_if_smaller(SLICE("ab"), 1, -1, &out));
	assert_int_equal(out.max, 0);
	buf_release(&out);
}

TEST(formats_are_known_by_their_beginning)
{
	assert_true(zip_looks_like_zlib(SLICE("\x78\x9c")));
	assert_true(zip_looks_like_zlib(SLICE("\x78\x01")));
	assert_true(zip_looks_like_zlib(SLICE("\x78\xda")));
	assert_false(zip_looks_like_zlib(SLICE("\x78\x9d")));
	assert_false(zip_looks_like_zlib(SLICE("\x88\x1c")));
	assert_false(zip_looks_like_zlib(SLICE("\x78")));
	assert_true(zip_looks_like_gzip(SLICE("\x1f\x8b\x08")));
	assert_false(zip_looks_like_gzip(SLICE("\x1f\x8b")));
}

UNIT_MAIN(cmocka_unit_test(what_goes_in_comes_out), cmocka_unit_test(a_ceiling_holds),
          cmocka_unit_test(a_cut_stream_is_told_from_a_damaged_one),
          cmocka_unit_test(bytes_after_a_stream_are_left),
          cmocka_unit_test(deflate_keeps_to_the_ceiling_of_its_buf),
          cmocka_unit_test(python_memcached_decides_like_this),
          cmocka_unit_test(formats_are_known_by_their_beginning))
