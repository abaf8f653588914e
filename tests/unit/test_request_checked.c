#include "lib/unit.h"
#include "proto/dialect.h"

#include <stdio.h>

static const struct slice foo[] = {SLICE("foo")};

#define ONE_KEY    .keys = foo, .key_count = 1
#define KEYS_OF(k) .keys = (k), .key_count = sizeof(k) / sizeof((k)[0])

TEST(a_key_may_hold_every_byte_but_blanks_and_controls)
{
	for (int byte = 0; byte < 256; byte++) {
		bool allowed = byte > 0x20 && byte != 0x7f;
		for (size_t at = 0; at < 3; at++) {
			struct error error = {.what = "untouched"};
			char key[3] = {'k', 'k', 'k'};
			key[at] = (char)byte;
			assert_int_equal(key_check(slice_of(key, 3), &error), allowed);
			assert_int_equal(strcmp(error.what, "untouched") == 0, allowed);
			assert_int_equal(key_check(slice_of(key + at, 1), &error), allowed);
		}
	}
}

TEST(a_bad_byte_is_found_wherever_it_stands)
{
	char key[41], where[20];
	struct error error;
	for (size_t len = 1; len < sizeof(key); len++) {
		memset(key, 'k', sizeof(key));
		key[len] = ' '; /* after the key: not looked at */
		assert_true(key_check(slice_of(key, len), &error));
		for (size_t bad = 0; bad < len; bad++) {
			memset(key, bad % 2 ? '\xff' : 'k', sizeof(key));
			key[bad] = bad % 3 ? 0x7f : '\t';
			snprintf(where, sizeof(where), "at byte %zu", bad + 1);
			assert_false(key_check(slice_of(key, len), &error));
			assert_non_null(strstr(error.what, where));
		}
	}
}

TEST(a_key_has_1_to_250_bytes)
{
	char key[300];
	struct error error;
	memset(key, 'k', sizeof(key));
	assert_true(key_check(slice_of(key, 1), &error));
	assert_true(key_check(slice_of(key, 250), &error));

	assert_false(key_check(slice_of(key, 0), &error));
	assert_string_equal(error.what, "the key is empty");
	assert_false(key_check(slice_of(NULL, 0), &error));
	assert_false(key_check(slice_of(key, 251), &error));
	assert_string_equal(error.what, "the key has 251 bytes");
	assert_true(error.hint[0]);
	assert_false(key_check(slice_of(key, 300), &error));
	/* The bad byte may be the last one, and after a byte of value 0. */
	key[249] = '\n';
	assert_false(key_check(slice_of(key, 250), &error));
	key[0] = '\0';
	assert_false(key_check(slice_of(key, 250), &error));
}

TEST(every_key_of_a_request_is_checked)
{
	static const struct slice keys[] = {SLICE("a"), SLICE("b"), SLICE("c c")};
	struct error error;
	for (enum verb verb = VERB_SET; verb <= VERB_DECR; verb++) {
		struct request r = {.verb = verb, .keys = keys, .key_count = 2};
		assert_true(request_check(&r, &error));
		r.key_count = 3;
		assert_false(request_check(&r, &error));
		assert_true(error.what[0] && error.hint[0]);
	}
}

TEST(an_exptime_fits_32_bits)
{
	struct error error;
	struct request r = {.verb = VERB_TOUCH, ONE_KEY, .exptime = INT32_MAX};
	assert_true(request_check(&r, &error));
	r.exptime = (int64_t)INT32_MAX + 1;
	assert_false(request_check(&r, &error));
	r.exptime = INT32_MIN;
	assert_true(request_check(&r, &error));
	r.exptime = (int64_t)INT32_MIN - 1;
	assert_false(request_check(&r, &error));
}

TEST(text_cannot_end_its_line)
{
	struct error error;
	for (int byte = 0; byte < 256; byte++) {
		char text[] = "items x";
		text[5] = (char)byte;
		struct request r = {.verb = VERB_STATS, .text = slice_of(text, 7)};
		assert_int_equal(request_check(&r, &error), byte >= 0x20 && byte != 0x7f);
		/* What is raw is the caller's own. */
		r.verb = VERB_RAW;
		assert_true(request_check(&r, &error));
	}
	char longest[1025];
	memset(longest, 'x', sizeof(longest));
	struct request r = {.verb = VERB_STATS, .text = slice_of(longest, 1024)};
	assert_true(request_check(&r, &error));
	r.text.len = 1025;
	assert_false(request_check(&r, &error));
}

/* memcached closes on an unfinished line of more than 2048 bytes, get and gets apart. */
TEST(a_gat_line_is_never_longer_than_a_server_reads)
{
	char text[250];
	struct slice keys[9];
	struct error error;
	memset(text, 'k', sizeof(text));
	for (size_t i = 0; i < 9; i++)
		keys[i] = slice_of(text, 250);
	struct request r = {.verb = VERB_GAT, .keys = keys, .key_count = 9, .exptime = INT32_MIN};
	assert_false(request_check(&r, &error));
	r.verb = VERB_GATS;
	assert_false(request_check(&r, &error));
	r.verb = VERB_GET;
	assert_true(request_check(&r, &error));
	r.verb = VERB_GATS;
	r.key_count = 7;
	assert_true(request_check(&r, &error));
	struct buf out = BUF_INIT;
	assert_true(dialect_encode(&r, &out, NULL));
	assert_true(out.len < 2048);
	buf_release(&out);
}

UNIT_MAIN(cmocka_unit_test(a_bad_byte_is_found_wherever_it_stands),
          cmocka_unit_test(a_key_may_hold_every_byte_but_blanks_and_controls),
          cmocka_unit_test(a_key_has_1_to_250_bytes),
          cmocka_unit_test(every_key_of_a_request_is_checked),
          cmocka_unit_test(an_exptime_fits_32_bits), cmocka_unit_test(text_cannot_end_its_line),
          cmocka_unit_test(a_gat_line_is_never_longer_than_a_server_reads))
