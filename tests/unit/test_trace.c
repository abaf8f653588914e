#include "lib/unit.h"
#include "view/trace.h"

static struct trace start(enum trace_mode mode)
{
	struct trace t;
	trace_init(&t);
	t.mode = mode;
	return t;
}

static void finish(struct trace *t, struct buf *out)
{
	trace_release(t);
	buf_release(out);
}

TEST(one_line_of_the_protocol_is_one_line)
{
	struct trace t = start(TRACE_ON);
	struct buf out = BUF_INIT;
	trace_add(&t, &out, TRACE_SENT, SLICE("set foo 0 0 3\r\nbar\r\n"), 0);
	trace_add(&t, &out, TRACE_RECEIVED, SLICE("STORED\r\n"), 0);
	assert_text(buf_slice(&out), "> set foo 0 0 3\\r\\n\n> bar\\r\\n\n< STORED\\r\\n\n");
	buf_clear(&out);
	trace_flush(&t, &out);
	assert_int_equal(out.len, 0);
	finish(&t, &out);
}

TEST(a_line_torn_at_any_byte_is_shown_whole)
{
	static const char lines[] = "VALUE k 0 2\r\n\x1b\\\r\nEND\r\n";
	struct trace t = start(TRACE_ON);
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < sizeof(lines) - 1; i++)
		trace_add(&t, &out, TRACE_RECEIVED, slice_of(lines + i, 1), 0);
	assert_text(buf_slice(&out), "< VALUE k 0 2\\r\\n\n< \\e\\\\\\r\\n\n< END\\r\\n\n");
	finish(&t, &out);
}

TEST(directions_do_not_mix)
{
	struct trace t = start(TRACE_ON);
	struct buf out = BUF_INIT;
	trace_add(&t, &out, TRACE_SENT, SLICE("ge"), 0);
	trace_add(&t, &out, TRACE_RECEIVED, SLICE("EN"), 0);
	trace_add(&t, &out, TRACE_SENT, SLICE("t a\r\n"), 0);
	trace_add(&t, &out, TRACE_RECEIVED, SLICE("D\r\n"), 0);
	assert_text(buf_slice(&out), "> get a\\r\\n\n< END\\r\\n\n");
	finish(&t, &out);
}

TEST(a_line_without_an_end_is_shown_when_the_exchange_is_over)
{
	struct trace t = start(TRACE_ON);
	struct buf out = BUF_INIT;
	trace_add(&t, &out, TRACE_RECEIVED, SLICE("END\r"), 0);
	assert_int_equal(out.len, 0);
	trace_flush(&t, &out);
	assert_text(buf_slice(&out), "< END\\r (no line end)\n");
	buf_clear(&out);
	trace_add(&t, &out, TRACE_RECEIVED, SLICE("\n"), 0);
	assert_text(buf_slice(&out), "< \\n\n");
	finish(&t, &out);
}

TEST(off_shows_nothing)
{
	struct trace t = start(TRACE_OFF);
	struct buf out = BUF_INIT;
	trace_add(&t, &out, TRACE_SENT, SLICE("get a\r\nget"), 0);
	trace_flush(&t, &out);
	assert_int_equal(out.len, 0);
	finish(&t, &out);
}

TEST(a_long_line_is_cut_and_counted)
{
	struct trace t = start(TRACE_ON);
	struct buf out = BUF_INIT;
	t.line_max = 4;
	trace_add(&t, &out, TRACE_SENT, SLICE("abc"), 0);
	trace_add(&t, &out, TRACE_SENT, SLICE("def"), 0);
	trace_add(&t, &out, TRACE_SENT, SLICE("gh\r\nab\r\nabcd\n"), 0);
	assert_text(buf_slice(&out), "> abcd\n  ... 6 more bytes\n> ab\\r\\n\n"
	                             "> abcd\n  ... 1 more byte\n");
	finish(&t, &out);
}

TEST(the_server_stands_before_each_line)
{
	struct trace t = start(TRACE_ON);
	struct buf out = BUF_INIT;
	t.server = "10.0.0.1:11211";
	trace_add(&t, &out, TRACE_SENT, SLICE("version\r\n"), 0);
	assert_text(buf_slice(&out), "10.0.0.1:11211 > version\\r\\n\n");
	finish(&t, &out);
}

TEST(hex_dumps_each_line_with_its_place_in_the_stream)
{
	struct trace t = start(TRACE_HEX);
	struct buf out = BUF_INIT;
	trace_add(&t, &out, TRACE_SENT, SLICE("set foo 0 0 17\r\n"), 0);
	trace_add(&t, &out, TRACE_SENT, SLICE("bar\r\n"), 0);
	assert_text(
	    buf_slice(&out),
	    "> set foo 0 0 17\\r\\n\n"
	    "  00000000  73 65 74 20 66 6f 6f 20  30 20 30 20 31 37 0d 0a  |set foo 0 0 17..|\n"
	    "> bar\\r\\n\n"
	    "  00000010  62 61 72 0d 0a                                    |bar..|\n");
	buf_clear(&out);
	trace_flush(&t, &out);
	t.columns = 60;
	trace_add(&t, &out, TRACE_SENT, SLICE("get abcd\r\n"), 0);
	assert_text(buf_slice(&out), "> get abcd\\r\\n\n"
	                             "  00000000  67 65 74 20 61 62 63 64  |get abcd|\n"
	                             "  00000008  0d 0a                    |..|\n");
	finish(&t, &out);
}

TEST(secrets_are_masked_however_they_are_torn)
{
	static const char secret[] = "set a 0 0 9\r\nuser\rpass\r\n\nx\n";
	for (size_t piece = 1; piece < sizeof(secret); piece++) {
		struct trace t = start(TRACE_ON);
		struct buf out = BUF_INIT;
		for (size_t at = 0; at < sizeof(secret) - 1; at += piece) {
			size_t left = sizeof(secret) - 1 - at;
			trace_add(&t, &out, TRACE_SENT,
			          slice_of(secret + at, left < piece ? left : piece), TRACE_SECRET);
		}
		assert_text(buf_slice(&out), "> ***\\r\\n\n> ***\\r\\n\n> \\n\n> ***\\n\n");
		finish(&t, &out);
	}
}

TEST(a_masked_line_is_not_dumped_and_moves_no_offset)
{
	struct trace t = start(TRACE_HEX);
	struct buf out = BUF_INIT;
	trace_add(&t, &out, TRACE_SENT, SLICE("user pass\r\n"), TRACE_SECRET);
	trace_add(&t, &out, TRACE_SENT, SLICE("ab\r\n"), 0);
	assert_text(buf_slice(&out),
	            "> ***\\r\\n\n> ab\\r\\n\n"
	            "  00000000  61 62 0d 0a                                       |ab..|\n");
	finish(&t, &out);
}

TEST(colours_name_the_direction_the_line_end_and_the_data)
{
	struct trace t = start(TRACE_ON);
	struct buf out = BUF_INIT;
	t.color = true;
	trace_add(&t, &out, TRACE_SENT, SLICE("get a\r\n"), 0);
	trace_add(&t, &out, TRACE_RECEIVED, SLICE("VALUE a 0 4\r\nb\nc\n\r\nEND\r\n"), 0);
	assert_text(buf_slice(&out),
	            "\033[36m> \033[0m\033[36mget a\033[0m\033[2m\\r\\n\033[0m\n"
	            "\033[32m< \033[0m\033[32mVALUE a 0 4\033[0m\033[2m\\r\\n\033[0m\n"
	            "\033[32m< \033[0m\033[35mb\\n\033[0m\n"
	            "\033[32m< \033[0m\033[35mc\\n\033[0m\n"
	            "\033[32m< \033[0m\033[2m\\r\\n\033[0m\n"
	            "\033[32m< \033[0m\033[32mEND\033[0m\033[2m\\r\\n\033[0m\n");
	buf_clear(&out);
	trace_add(&t, &out, TRACE_SENT, SLICE("ms k 2 T0\r\nmn\r\nmn\r\n"), 0);
	assert_text(buf_slice(&out),
	            "\033[36m> \033[0m\033[36mms k 2 T0\033[0m\033[2m\\r\\n\033[0m\n"
	            "\033[36m> \033[0m\033[35mmn\033[0m\033[2m\\r\\n\033[0m\n"
	            "\033[36m> \033[0m\033[36mmn\033[0m\033[2m\\r\\n\033[0m\n");
	finish(&t, &out);
}

TEST(what_mcsh_adds_is_marked_as_its_own_both_ways)
{
	struct trace t = start(TRACE_ON);
	struct buf out = BUF_INIT;
	trace_add(&t, &out, TRACE_SENT, SLICE("version\r\nset k 0 0 7\r\nversion\r\n"), 0);
	trace_add(&t, &out, TRACE_SENT, SLICE("vers"), TRACE_OWN);
	trace_add(&t, &out, TRACE_SENT, SLICE("ion\r\n"), TRACE_OWN);
	trace_add(&t, &out, TRACE_RECEIVED,
	          SLICE("VERSION 1\r\nVALUE k 0 9\r\nVERSION 1\r\nVERSION 1\r\n"), 0);
	assert_text(buf_slice(&out), "> version\\r\\n\n> set k 0 0 7\\r\\n\n> version\\r\\n\n"
	                             "> version\\r\\n (mcsh's own fence)\n"
	                             "< VERSION 1\\r\\n\n< VALUE k 0 9\\r\\n\n"
	                             "< VERSION 1\\r\\n\n"
	                             "< VERSION 1\\r\\n (to mcsh's own fence)\n");
	buf_clear(&out);
	trace_flush(&t, &out);
	trace_add(&t, &out, TRACE_SENT, SLICE("set login 0 -1 3\r\n"), TRACE_OWN);
	trace_add(&t, &out, TRACE_SENT, SLICE("a b"), TRACE_OWN | TRACE_SECRET);
	trace_add(&t, &out, TRACE_SENT, SLICE("\r\n"), TRACE_OWN);
	assert_text(buf_slice(&out), "> set login 0 -1 3\\r\\n (mcsh's own login)\n"
	                             "> ***\\r\\n\n");
	buf_clear(&out);
	trace_flush(&t, &out);
	trace_add(&t, &out, TRACE_SENT, SLICE("version\r\n"), TRACE_OWN);
	trace_add(&t, &out, TRACE_SENT, SLICE("version\r\n"), TRACE_OWN | TRACE_QUESTION);
	trace_add(&t, &out, TRACE_RECEIVED, SLICE("VERSION 1\r\nVERSION 1\r\n"), 0);
	assert_text(buf_slice(&out), "> version\\r\\n (mcsh's own fence)\n"
	                             "> version\\r\\n (mcsh's own question)\n"
	                             "< VERSION 1\\r\\n (to mcsh's own fence)\n"
	                             "< VERSION 1\\r\\n (to mcsh's own question)\n");
	finish(&t, &out);
}

UNIT_MAIN(cmocka_unit_test(one_line_of_the_protocol_is_one_line),
          cmocka_unit_test(a_line_torn_at_any_byte_is_shown_whole),
          cmocka_unit_test(directions_do_not_mix),
          cmocka_unit_test(a_line_without_an_end_is_shown_when_the_exchange_is_over),
          cmocka_unit_test(off_shows_nothing), cmocka_unit_test(a_long_line_is_cut_and_counted),
          cmocka_unit_test(the_server_stands_before_each_line),
          cmocka_unit_test(hex_dumps_each_line_with_its_place_in_the_stream),
          cmocka_unit_test(secrets_are_masked_however_they_are_torn),
          cmocka_unit_test(a_masked_line_is_not_dumped_and_moves_no_offset),
          cmocka_unit_test(colours_name_the_direction_the_line_end_and_the_data),
          cmocka_unit_test(what_mcsh_adds_is_marked_as_its_own_both_ways))
