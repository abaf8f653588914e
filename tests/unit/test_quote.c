#include "base/quote.h"
#include "lib/unit.h"

#include <stdio.h>

typedef void (*writer)(struct buf *out, struct slice bytes);

struct text_case {
	struct slice bytes;
	struct slice want;
};

static void check(writer write, const struct text_case *cases, size_t count)
{
	struct buf b = BUF_INIT;
	for (size_t i = 0; i < count; i++) {
		buf_clear(&b);
		write(&b, cases[i].bytes);
		assert_bytes(buf_slice(&b), cases[i].want);
	}
	buf_release(&b);
}

#define CHECK(write, cases) check((write), (cases), sizeof(cases) / sizeof((cases)[0]))

/* The escape of one byte, said again in the plainest way. */
static const char *escape_of(unsigned byte, char out[static 5])
{
	switch (byte) {
	case 0x00:
		return "\\0";
	case 0x09:
		return "\\t";
	case 0x0a:
		return "\\n";
	case 0x0d:
		return "\\r";
	case 0x1b:
		return "\\e";
	default:
		snprintf(out, 5, "\\x%02x", byte & 0xffu);
		return out;
	}
}

/* Every byte through WRITE, alone and in each place of a text of letters, since these are looked at
 * eight at a time. Printable ASCII stays, but for the characters of ESCAPED, which get a backslash;
 * the bytes of KEPT stay as well; QUOTE stands around. */
static void check_every_byte(writer write, const char *quote, const char *escaped, const char *kept)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	struct buf text = BUF_INIT, got = BUF_INIT, want = BUF_INIT;
	for (unsigned byte = 0; byte < 256; byte++) {
		char c = (char)byte, space[5], shown[8];
		if (byte != 0 && strchr(escaped, c))
			snprintf(shown, sizeof(shown), "\\%c", c);
		else if ((byte >= 0x20 && byte < 0x7f) || (byte != 0 && strchr(kept, c)))
			snprintf(shown, sizeof(shown), "%c", c);
		else
			snprintf(shown, sizeof(shown), "%s", escape_of(byte, space));
		for (size_t before = 0; before < 10; before++) {
			for (size_t after = 0; after < 18; after++) {
				buf_clear(&text);
				buf_clear(&got);
				buf_clear(&want);
				buf_add(&text, letters, before);
				buf_add_char(&text, c);
				buf_add(&text, letters, after);
				buf_add_str(&want, quote);
				buf_add(&want, letters, before);
				buf_add_str(&want, shown);
				buf_add(&want, letters, after);
				buf_add_str(&want, quote);
				write(&got, buf_slice(&text));
				assert_bytes(buf_slice(&got), buf_slice(&want));
			}
		}
	}
	buf_release(&text);
	buf_release(&got);
	buf_release(&want);
}

TEST(every_byte_quoted)
{
	check_every_byte(quote_add, "\"", "\"\\", "");
}

TEST(every_byte_in_a_field)
{
	check_every_byte(escape_add_field, "", "\\", "");
}

TEST(every_byte_in_a_text)
{
	check_every_byte(escape_add_text, "", "", "\n\t\\");
}

TEST(every_byte_as_a_word)
{
	struct buf got = BUF_INIT, want = BUF_INIT;
	for (unsigned byte = 0; byte < 256; byte++) {
		char c = (char)byte;
		bool bare = byte > 0x20 && byte < 0x7f && !strchr("\"'\\#-|>;", c);
		buf_clear(&got);
		buf_clear(&want);
		if (bare)
			buf_add_char(&want, c);
		else
			quote_add(&want, slice_of(&c, 1));
		quote_add_word(&got, slice_of(&c, 1));
		assert_bytes(buf_slice(&got), buf_slice(&want));
	}
	buf_release(&got);
	buf_release(&want);
}

TEST(quoted_texts)
{
	static const struct text_case cases[] = {
	    {SLICE(""), SLICE("\"\"")},
	    {SLICE("plain"), SLICE("\"plain\"")},
	    {SLICE("it's"), SLICE("\"it's\"")},
	    {SLICE("a\"b\\c"), SLICE("\"a\\\"b\\\\c\"")},
	    {SLICE("line\r\n"), SLICE("\"line\\r\\n\"")},
	    {SLICE("\0"
	           "1"),
	     SLICE("\"\\01\"")},
	    {SLICE("\x1b[31m"), SLICE("\"\\e[31m\"")},
	    {SLICE("caf\xc3\xa9"), SLICE("\"caf\xc3\xa9\"")},
	    {SLICE("caf\xc3"), SLICE("\"caf\\xc3\"")},
	    {SLICE("\xff"
	           "f"),
	     SLICE("\"\\xfff\"")},
	    {SLICE("\xc2\x9b"
	           "2J"),
	     SLICE("\"\\xc2\\x9b2J\"")},
	    {SLICE("\xe2\x80\xae"
	           "abc"),
	     SLICE("\"\\xe2\\x80\\xaeabc\"")},
	    {SLICE("\xef\xbb\xbf{}"), SLICE("\"\\xef\\xbb\\xbf{}\"")},
	    {SLICE("\xf0\x9f\x98\x80"), SLICE("\"\xf0\x9f\x98\x80\"")},
	};
	CHECK(quote_add, cases);
}

TEST(words_are_quoted_only_when_they_must)
{
	static const struct text_case cases[] = {
	    {SLICE("foo"), SLICE("foo")},
	    {SLICE("user:1/name=x,y;z"), SLICE("user:1/name=x,y;z")},
	    {SLICE("caf\xc3\xa9"), SLICE("caf\xc3\xa9")},
	    {SLICE("a#b-c.d"), SLICE("a#b-c.d")},
	    {SLICE("a|b"), SLICE("a|b")},
	    {SLICE("||"), SLICE("\"||\"")},
	    {SLICE("&&"), SLICE("\"&&\"")},
	    {SLICE("2>&1"), SLICE("\"2>&1\"")},
	    {SLICE("2;1"), SLICE("2;1")},
	    {SLICE("a;"), SLICE("\"a;\"")},
	    {SLICE("a;get"), SLICE("\"a;get\"")},
	    {SLICE("\xe2\x80\x9cx"), SLICE("\"\xe2\x80\x9cx\"")},
	    {SLICE(""), SLICE("\"\"")},
	    {SLICE("a b"), SLICE("\"a b\"")},
	    {SLICE("a\tb"), SLICE("\"a\\tb\"")},
	    {SLICE("it's"), SLICE("\"it's\"")},
	    {SLICE("a\"b"), SLICE("\"a\\\"b\"")},
	    {SLICE("a\\b"), SLICE("\"a\\\\b\"")},
	    {SLICE("|"), SLICE("\"|\"")},
	    {SLICE(">"), SLICE("\">\"")},
	    {SLICE(">>"), SLICE("\">>\"")},
	    {SLICE("#foo"), SLICE("\"#foo\"")},
	    {SLICE("-1"), SLICE("\"-1\"")},
	    {SLICE("--file"), SLICE("\"--file\"")},
	    {SLICE(".help"), SLICE(".help")},
	    {SLICE("\xff"), SLICE("\"\\xff\"")},
	    {SLICE("a\xe2\x80\xa8z"), SLICE("\"a\\xe2\\x80\\xa8z\"")},
	};
	CHECK(quote_add_word, cases);
}

TEST(a_field_stays_in_its_line)
{
	static const struct text_case cases[] = {
	    {SLICE(""), SLICE("")},
	    {SLICE("say \"hi\""), SLICE("say \"hi\"")},
	    {SLICE("a\tb\nc\r\nd\\n"), SLICE("a\\tb\\nc\\r\\nd\\\\n")},
	    {SLICE("\x1b]0;x\x07"), SLICE("\\e]0;x\\x07")},
	    {SLICE("\xe6\x97\xa5\x80"), SLICE("\xe6\x97\xa5\\x80")},
	};
	CHECK(escape_add_field, cases);
}

TEST(a_text_keeps_its_lines)
{
	static const struct text_case cases[] = {
	    {SLICE("a\tb\nc\r\nd\\n\"e\""), SLICE("a\tb\nc\r\nd\\n\"e\"")},
	    {SLICE("a\rb"), SLICE("a\\rb")},
	    {SLICE("a\r"), SLICE("a\\r")},
	    {SLICE("a\r\r\n"), SLICE("a\\r\r\n")},
	    {SLICE("\x1b[2J\n"), SLICE("\\e[2J\n")},
	    {SLICE("\0\n"), SLICE("\\0\n")},
	};
	CHECK(escape_add_text, cases);
}

TEST(text_is_told_from_bytes)
{
	static const struct {
		struct slice bytes;
		bool text;
	} cases[] = {
	    {{NULL, 0}, true},
	    {SLICE(""), true},
	    {SLICE("hello"), true},
	    {SLICE("two\r\nlines\twith \\ and \"\n"), true},
	    {SLICE("\xe6\x97\xa5\xe6\x9c\xac"), true},
	    {SLICE("a\rb"), false},
	    {SLICE("a\r"), false},
	    {SLICE("a\0"), false},
	    {SLICE("\x1b[1m"), false},
	    {SLICE("\x7f"), false},
	    {SLICE("\xc2\x85"), false},
	    {SLICE("\x80\x04\x95"), false},
	    {SLICE("caf\xe9"), false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (bytes_are_text(cases[i].bytes) != cases[i].text)
			fail_msg("case %zu", i);
	}
}

TEST(a_line_stays_one_and_keeps_backslashes)
{
	struct buf out = BUF_INIT;
	escape_add_line(&out, SLICE("/a\\b\n\r\t\x1b[2J\xe2\x80\x8b\xf3\xa0\x81\x81\xff\xc3\xa9"));
	assert_string_equal(buf_cstr(&out),
	                    "/a\\b\\n\\r\\t\\e[2J\\xe2\\x80\\x8b\\xf3\\xa0\\x81\\x81\\xff\xc3\xa9");
	buf_release(&out);
}

TEST(text_with_what_is_not_seen_is_readable)
{
	assert_true(bytes_are_readable(SLICE("a\n\xe2\x80\x8b\xc3\xa9")));
	assert_true(bytes_are_readable(SLICE("")));
	assert_false(bytes_are_text(SLICE("a\xe2\x80\x8b")));
	assert_false(bytes_are_readable(SLICE("a\x1b")));
	assert_false(bytes_are_readable(SLICE("a\xe2\x80\xae")));
	assert_false(bytes_are_readable(SLICE("a\xff")));
}

UNIT_MAIN(cmocka_unit_test(every_byte_quoted), cmocka_unit_test(every_byte_in_a_field),
          cmocka_unit_test(every_byte_in_a_text), cmocka_unit_test(every_byte_as_a_word),
          cmocka_unit_test(quoted_texts), cmocka_unit_test(words_are_quoted_only_when_they_must),
          cmocka_unit_test(a_field_stays_in_its_line), cmocka_unit_test(a_text_keeps_its_lines),
          cmocka_unit_test(a_line_stays_one_and_keeps_backslashes),
          cmocka_unit_test(text_with_what_is_not_seen_is_readable),
          cmocka_unit_test(text_is_told_from_bytes))
