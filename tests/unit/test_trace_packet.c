#include "lib/unit.h"
#include "view/trace.h"

/* A get of "a b" and its answer; a set of 5 bytes. */
static const struct slice ask = SLICE("\x80\x0c\0\3\0\0\0\0\0\0\0\3\0\0\0\1\0\0\0\0\0\0\0\0"
                                      "a b"),
			  answer = SLICE("\x81\x0c\0\3\4\0\0\0\0\0\0\x0a\0\0\0\1\0\0\0\0\0\0\0\x09"
                                         "\0\0\0\7a b\x1b\r\n"),
			  store = SLICE("\x80\x01\0\1\x08\0\0\0\0\0\0\x0e\0\0\0\2\0\0\0\0\0\0\0\0"
                                        "\0\0\0\0\0\0\0\5kvalue"),
			  login = SLICE("\x80\x21\0\5\0\0\0\0\0\0\0\x08\0\0\0\3\0\0\0\0\0\0\0\0"
                                        "PLAINxyz"),
			  noop = SLICE("\x81\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\0");

#define ASK "> 80 0c 0003 00 00 0000 00000003 00000001 0000000000000000 getk\n> \"a b\"\n"
#define ANSWER                                                                                     \
	"< 81 0c 0003 04 00 0000 0000000a 00000001 0000000000000009 getk: ok\n"                    \
	"< 00000007 \"a b\" \\e\\r\\n\n"
#define STORE "> 80 01 0001 08 00 0000 0000000e 00000002 0000000000000000 set\n"

/* What the trace T shows of BYTES, fed MOST at a time, and of the exchange's end. */
static void check_shown(struct trace t, enum trace_direction direction, struct slice bytes,
                        size_t most, const char *want)
{
	struct buf out = BUF_INIT;
	while (bytes.len > 0) {
		size_t n = bytes.len < most ? bytes.len : most;
		trace_add(&t, &out, direction, slice_of(bytes.data, n), TRACE_PACKETS);
		bytes = slice_skip(bytes, n);
	}
	trace_flush(&t, &out);
	assert_string_equal(buf_cstr(&out), want);
	trace_release(&t);
	buf_release(&out);
}

TEST(a_packet_torn_at_any_byte_is_shown_whole)
{
	for (size_t most = 1; most <= answer.len; most++) {
		check_shown((struct trace){.mode = TRACE_ON}, TRACE_SENT, ask, most, ASK);
		check_shown((struct trace){.mode = TRACE_ON}, TRACE_RECEIVED, answer, most, ANSWER);
	}
}

TEST(several_packets_are_cut_apart)
{
	struct buf both = BUF_INIT;
	buf_add_slice(&both, ask);
	buf_add_slice(&both, ask);
	check_shown((struct trace){.mode = TRACE_ON}, TRACE_SENT, buf_slice(&both), 1000, ASK ASK);
	buf_release(&both);
}

TEST(a_long_body_is_cut_and_counted)
{
	check_shown((struct trace){.mode = TRACE_ON, .line_max = 11}, TRACE_SENT, store, 3,
	            STORE "> 00000000 00000005 k va\n  ... 3 more bytes\n");
	check_shown((struct trace){.mode = TRACE_ON, .line_max = 6}, TRACE_SENT, store, 7,
	            STORE "> 00000000 0000\n  ... 8 more bytes\n");
}

TEST(what_breaks_off_is_shown_as_far_as_it_came)
{
	check_shown((struct trace){.mode = TRACE_ON}, TRACE_SENT, slice_of(ask.data, 3), 1,
	            "> 800c00 (broken off)\n");
	check_shown(
	    (struct trace){.mode = TRACE_ON}, TRACE_SENT, slice_of(store.data, 24), 9,
	    "> 80 01 0001 08 00 0000 0000000e 00000002 0000000000000000 set (broken off)\n");
	check_shown((struct trace){.mode = TRACE_ON}, TRACE_SENT, slice_of(store.data, 35), 9,
	            STORE "> 00000000 00000005 k va (broken off)\n");
}

TEST(lengths_that_do_not_fit_their_body_are_shown_as_they_are)
{
	check_shown((struct trace){.mode = TRACE_ON}, TRACE_RECEIVED,
	            SLICE("\x81\x0c\0\x9\4\0\0\1\0\0\0\2\0\0\0\1\0\0\0\0\0\0\0\0xy"), 5,
	            "< 81 0c 0009 04 00 0001 00000002 00000001 0000000000000000 getk: not found\n"
	            "< xy\n");
}

TEST(a_secret_is_masked_however_it_is_torn)
{
	for (size_t most = 1; most <= 3; most++) {
		struct trace t = {.mode = TRACE_HEX};
		struct buf out = BUF_INIT;
		trace_add(&t, &out, TRACE_SENT, slice_of(login.data, 29),
		          TRACE_PACKETS | TRACE_OWN);
		for (size_t at = 29; at < login.len; at += most)
			trace_add(&t, &out, TRACE_SENT,
			          slice_of(login.data + at,
			                   login.len - at < most ? login.len - at : most),
			          TRACE_PACKETS | TRACE_OWN | TRACE_SECRET);
		assert_non_null(
		    strstr(buf_cstr(&out), "sasl auth (mcsh's own login)\n> PLAIN ***\n"));
		assert_null(strstr(buf_cstr(&out), "78"));
		assert_null(strstr(buf_cstr(&out), "xyz"));
		trace_release(&t);
		buf_release(&out);
	}
}

TEST(a_fence_is_marked_and_the_server_stands_before)
{
	check_shown((struct trace){.mode = TRACE_ON, .server = "here"}, TRACE_RECEIVED, noop, 50,
	            "here < 81 0a 0000 00 00 0000 00000000 00000003 0000000000000000 noop: ok "
	            "(to mcsh's own fence)\n");
}

TEST(hex_has_a_line_for_each_field)
{
	check_shown((struct trace){.mode = TRACE_HEX}, TRACE_SENT, ask, 50,
	            ASK "  00000000  80                       magic  request\n"
	                "  00000001  0c                       opcode  getk\n"
	                "  00000002  00 03                    key length  3\n"
	                "  00000004  00                       extras length  0\n"
	                "  00000005  00                       data type  0\n"
	                "  00000006  00 00                    vbucket  0\n"
	                "  00000008  00 00 00 03              body length  3\n"
	                "  0000000c  00 00 00 01              opaque  1\n"
	                "  00000010  00 00 00 00 00 00 00 00  cas  0\n"
	                "  00000018                           key\n"
	                "  00000018  61 20 62                                          |a b|\n");
}

UNIT_MAIN(cmocka_unit_test(a_packet_torn_at_any_byte_is_shown_whole),
          cmocka_unit_test(several_packets_are_cut_apart),
          cmocka_unit_test(a_long_body_is_cut_and_counted),
          cmocka_unit_test(what_breaks_off_is_shown_as_far_as_it_came),
          cmocka_unit_test(lengths_that_do_not_fit_their_body_are_shown_as_they_are),
          cmocka_unit_test(a_secret_is_masked_however_it_is_torn),
          cmocka_unit_test(a_fence_is_marked_and_the_server_stands_before),
          cmocka_unit_test(hex_has_a_line_for_each_field))
