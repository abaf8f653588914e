#include "base/zip.h"
#include "codec/rewrite.h"
#include "lib/unit.h"
#include "lib/vectors.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX ((size_t)1 << 20)

static struct rewrite begin(const char *codec, uint64_t flags, struct slice stored)
{
	struct rewrite r;
	rewrite_begin(&r, codec ? codec_find(slice_str(codec)) : NULL, flags, stored, MAX);
	return r;
}

/* TEXT is what is edited, and WANT what is stored for EDITED. */
static void rewrites(const char *codec, uint64_t flags, struct slice stored, const char *text,
                     const char *edited, struct slice want)
{
	struct rewrite r = begin(codec, flags, stored);
	struct buf made = BUF_INIT;
	struct error error;
	assert_true(r.editable);
	assert_bytes(buf_slice(&r.text), slice_str(text));
	assert_true(rewrite_end(&r, buf_slice(&r.text), &made, &error));
	assert_bytes(buf_slice(&made), stored);
	buf_clear(&made);
	assert_true(rewrite_end(&r, slice_str(edited), &made, &error));
	assert_bytes(buf_slice(&made), want);
	buf_release(&made);
	rewrite_release(&r);
}

static void refuses(const char *codec, uint64_t flags, struct slice stored, const char *edited,
                    const char *what)
{
	struct rewrite r = begin(codec, flags, stored);
	struct buf made = BUF_INIT;
	struct error error;
	assert_true(r.editable);
	assert_false(rewrite_end(&r, slice_str(edited), &made, &error));
	assert_string_equal(error.what, what);
	assert_int_equal(0, made.len);
	buf_release(&made);
	rewrite_release(&r);
}

TEST(text_is_stored_as_it_is)
{
	rewrites(NULL, 0, SLICE("bar"), "bar", "baz\n", SLICE("baz\n"));
	rewrites("auto", 0, SLICE("bar\n\n"), "bar\n\n", "", SLICE(""));
	rewrites("python-memcached", 16, SLICE("b\xc3\xa4r"), "b\xc3\xa4r", "x", SLICE("x"));
	rewrites("auto", 0, SLICE(""), "", "x", SLICE("x"));
}

TEST(json_on_one_line_keeps_its_spacing)
{
	rewrites("auto", 0, SLICE("{\"a\":[1,2]}"), "{\n  \"a\": [\n    1,\n    2\n  ]\n}",
	         "{\n  \"a\": [3]\n}", SLICE("{\"a\":[3]}"));
	rewrites(NULL, 0, SLICE("{\"a\": [1, 2]}"), "{\n  \"a\": [\n    1,\n    2\n  ]\n}",
	         "{\"a\":[3,4]}", SLICE("{\"a\": [3, 4]}"));
	/* Of another layout: as it is. */
	rewrites("auto", 0, SLICE("{ \"a\":1 }"), "{ \"a\":1 }", "{ \"a\" :2}",
	         SLICE("{ \"a\" :2}"));
	refuses("auto", 0, SLICE("{\"a\":1}"), "{\"a\":1", "it was JSON, and no longer is");
}

TEST(a_type_is_kept)
{
	rewrites("python-memcached", 2, SLICE("42"), "42", "-7", SLICE("-7"));
	refuses("python-memcached", 2, SLICE("42"), "abc", "it was of type int, and no longer is");
	rewrites("spymemcached", 0x200, SLICE("\x2a"), "42", "258", SLICE("\x01\x02"));
	refuses("spymemcached", 0x200, SLICE("\x2a"), "99999999999",
	        "it was of type int, and no longer is");
}

TEST(a_zlib_stream_is_made_again_at_its_level)
{
	char text[] =
	    "a text, a text, a text, a text, a text, a text, a text, a text, a text of mcsh";
	for (int level = 0; level <= 9; level++) {
		struct buf stored = BUF_INIT, want = BUF_INIT;
		assert_true(zip_deflate(slice_str(text), level, &stored));
		assert_true(zip_deflate(SLICE("another text"), level, &want));
		struct rewrite r = begin("python-memcached", 16 + 8, buf_slice(&stored));
		struct buf same = BUF_INIT;
		struct error error;
		assert_true(r.editable && r.compressed);
		assert_bytes(buf_slice(&r.text), slice_str(text));
		assert_true(rewrite_end(&r, buf_slice(&r.text), &same, &error));
		assert_bytes(buf_slice(&same), buf_slice(&stored));
		rewrite_release(&r);
		buf_release(&stored);
		buf_release(&want);
		buf_release(&same);
	}
}

TEST(php_has_the_length_before_its_stream)
{
	struct buf stored = BUF_INIT, want = BUF_INIT;
	buf_add(&stored, "\x06\0\0\0", 4);
	assert_true(zip_deflate(SLICE("abcabc"), 6, &stored));
	buf_add(&want, "\x02\0\0\0", 4);
	assert_true(zip_deflate(SLICE("xy"), 6, &want));
	rewrites("php-memcached", 16 + 32, buf_slice(&stored), "abcabc", "xy", buf_slice(&want));
	buf_release(&stored);
	buf_release(&want);
}

static void only_shows(const char *codec, uint64_t flags, struct slice stored, const char *why,
                       bool binary)
{
	struct rewrite r = begin(codec, flags, stored);
	assert_false(r.editable);
	assert_string_equal(r.why, why);
	assert_int_equal(binary, r.binary);
	rewrite_release(&r);
}

TEST(what_would_not_come_back_is_not_editable)
{
	only_shows(NULL, 0, SLICE("\xff\xfe"), "its bytes are not text", true);
	only_shows("auto", 0, SLICE("a\0b"), "its bytes are not text", true);
	only_shows("python-memcached", 1, SLICE("\x80\x04K*."),
	           "a serialised object cannot be made of text", false);
	only_shows("python-memcached", 16 + 8, SLICE("x\x9c no stream"),
	           "it cannot be read as its flags say", true);
	struct buf stored = BUF_INIT;
	assert_true(zip_deflate(SLICE("abcabc"), 6, &stored));
	buf_add_str(&stored, "more");
	struct rewrite r = begin("python-memcached", 16 + 8, buf_slice(&stored));
	assert_false(r.editable);
	rewrite_release(&r);
	buf_release(&stored);
}

/* Hex digits; false: the cell has another form, of a long value. */
static bool read_hex(const char *cell, struct buf *out)
{
	unsigned byte;
	for (; *cell; cell += 2) {
		if (strchr("*+.", cell[0]) || sscanf(cell, "%2x", &byte) != 1)
			return false;
		buf_add_char(out, (char)byte);
	}
	return true;
}

/* Whatever real clients have stored: what is open to changes comes back as it was. */
TEST(values_of_real_clients_come_back_byte_for_byte)
{
	struct vectors v;
	size_t editable = 0, all = 0;
	vectors_load(&v, "stored_values.tsv");
	for (size_t row = 1; row < v.rows; row++) {
		struct buf stored = BUF_INIT, made = BUF_INIT;
		struct error error;
		uint64_t flags =
		    strtoull(vectors_cell(&v, row, vectors_column(&v, "flags")), NULL, 10);
		if (!read_hex(vectors_cell(&v, row, vectors_column(&v, "bytes")), &stored)) {
			buf_release(&stored);
			continue;
		}
		struct rewrite r = begin("auto", flags, buf_slice(&stored));
		all++;
		if (r.editable) {
			editable++;
			assert_true(rewrite_end(&r, buf_slice(&r.text), &made, &error));
			assert_bytes(buf_slice(&made), buf_slice(&stored));
		}
		rewrite_release(&r);
		buf_release(&stored);
		buf_release(&made);
	}
	vectors_release(&v);
	assert_true(all > 100 && editable > all / 3);
}

UNIT_MAIN(cmocka_unit_test(text_is_stored_as_it_is),
          cmocka_unit_test(json_on_one_line_keeps_its_spacing), cmocka_unit_test(a_type_is_kept),
          cmocka_unit_test(a_zlib_stream_is_made_again_at_its_level),
          cmocka_unit_test(php_has_the_length_before_its_stream),
          cmocka_unit_test(what_would_not_come_back_is_not_editable),
          cmocka_unit_test(values_of_real_clients_come_back_byte_for_byte))
