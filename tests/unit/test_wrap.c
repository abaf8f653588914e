#include "lib/unit.h"
#include "view/text/wrap.h"

/* TEXT, that begins a line of WIDTH columns, must become WANT. */
static void check(const char *text, size_t indent, size_t width, const char *want)
{
	struct buf out = BUF_INIT;
	wrap_add(&out, slice_str(text), indent, indent, width);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
}

TEST(words_are_broken_at_blanks)
{
	check("one two three", 0, 7, "one two\nthree\n");
	check("one two three", 0, 6, "one\ntwo\nthree\n");
	check("unbreakable x", 0, 4, "unbreakable\nx\n");
	check("one two", 2, 5, "one\n  two\n");
}

TEST(a_list_that_is_too_long_for_a_line_is_broken_between_its_words)
{
	check("it takes one|two|three|four; .help x", 2, 14,
	      "it takes\n  one|two|\n  three|four;\n  .help x\n");
	check("it takes one|two; so", 0, 8, "it takes\none|two;\nso\n");
	check("a very_long_one|b", 0, 8, "a\nvery_long_one|b\n");
}

TEST(a_command_is_not_broken)
{
	check("only yes carries it out; .set confirm off ends the asking", 0, 40,
	      "only yes carries it out;\n.set confirm off ends the asking\n");
	check("the server has it with .raw mg KEY t", 0, 30,
	      "the server has it with\n.raw mg KEY t\n");
	check("mcsh counts: type set KEY VALUE; a file", 0, 30,
	      "mcsh counts: type\nset KEY VALUE; a file\n");
	check("install it (apt-get install memcached), or", 2, 34,
	      "install it\n  (apt-get install memcached), or\n");
	check("or name one: mcsh host:port", 0, 22, "or name one:\nmcsh host:port\n");
	check("it may say: --data VALUE", 0, 17, "it may say:\n--data VALUE\n");
}

TEST(a_command_ends_where_the_sentence_goes_on)
{
	check("with .set pager off or so it is", 0, 26, "with .set pager off or so\nit is\n");
	check("write a decimal number", 0, 15, "write a decimal\nnumber\n");
	check("as mcsh does it all", 0, 12, "as mcsh does\nit all\n");
	check(".profile's client would", 0, 18, ".profile's client\nwould\n");
}

TEST(a_command_that_fits_on_no_line_begins_one)
{
	check("so type set foo bar baz qux; it is", 0, 12,
	      "so type\nset foo bar\nbaz qux; it\nis\n");
	check("type .repeat 9 .on 2 get", 0, 17, "type\n.repeat 9 .on 2\nget\n");
}

TEST(what_is_in_quotes_is_not_broken)
{
	check("cannot read \"a b c\"", 0, 16, "cannot read\n\"a b c\"\n");
	check("say '.auth USER off' once", 0, 18, "say\n'.auth USER off'\nonce\n");
	check("memcached's key and 'it", 0, 12, "memcached's\nkey and 'it\n");
	check("name \"one two three four\"", 0, 12, "name \"one\ntwo three\nfour\"\n");
	check("type set foo 'a, b' now", 0, 16, "type\nset foo 'a, b'\nnow\n");
}

TEST(a_number_and_its_unit_stay_together)
{
	check("holds 153 B on average", 0, 9, "holds\n153 B on\naverage\n");
	check("holds 153 B on average", 0, 11, "holds 153 B\non average\n");
	check("of it (97.3 %), in 1,204 ms.", 0, 15, "of it (97.3 %),\nin 1,204 ms.\n");
	check("up 3 d 4 h", 0, 7, "up 3 d\n4 h\n");
	check("item 12 bytes", 0, 9, "item 12\nbytes\n");
	check("1 BAD", 0, 4, "1\nBAD\n");
}

UNIT_MAIN(cmocka_unit_test(a_number_and_its_unit_stay_together),
          cmocka_unit_test(words_are_broken_at_blanks),
          cmocka_unit_test(a_list_that_is_too_long_for_a_line_is_broken_between_its_words),
          cmocka_unit_test(a_command_is_not_broken),
          cmocka_unit_test(a_command_ends_where_the_sentence_goes_on),
          cmocka_unit_test(a_command_that_fits_on_no_line_begins_one),
          cmocka_unit_test(what_is_in_quotes_is_not_broken))
