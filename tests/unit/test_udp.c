#include "lib/unit.h"
#include "proto/udp.h"

/* A datagram of the answer to request 0x0102. */
static enum udp_result take(struct udp_answer *a, unsigned id, unsigned place, unsigned total,
                            const char *bytes)
{
	char datagram[64] = {(char)(id >> 8), (char)id,           0,
	                     (char)place,     (char)(total >> 8), (char)total};
	strcpy(datagram + UDP_HEADER, bytes);
	return udp_answer_take(a, slice_of(datagram, UDP_HEADER + strlen(bytes)));
}

static void joins(const struct udp_answer *a, const char *want)
{
	struct buf out = BUF_INIT;
	udp_answer_join(a, &out);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
}

static void describes(const struct udp_answer *a, const char *want)
{
	struct buf out = BUF_INIT;
	udp_answer_describe(a, &out);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
}

TEST(a_header_has_the_number_of_the_request_and_one_datagram)
{
	struct buf out = BUF_INIT;
	udp_add_header(&out, 0xabcd);
	assert_text(buf_slice(&out), "\xab\xcd\0\0\0\1\0\0");
	buf_release(&out);
}

TEST(an_answer_of_one_datagram_is_whole_at_once)
{
	struct udp_answer a;
	udp_answer_init(&a, 100);
	udp_answer_expect(&a, 0x0102);
	assert_int_equal(take(&a, 0x0102, 0, 1, "END\r\n"), UDP_WHOLE);
	joins(&a, "END\r\n");
	udp_answer_expect(&a, 3);
	assert_int_equal(take(&a, 3, 0, 1, ""), UDP_WHOLE);
	joins(&a, "");
	udp_answer_release(&a);
}

TEST(datagrams_are_put_in_order_whatever_order_they_come_in)
{
	static const unsigned orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
	                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	static const char *const parts[] = {"VALUE a 0 1\r\n", "x", "\r\nEND\r\n"};
	struct udp_answer a;
	udp_answer_init(&a, 100);
	for (size_t i = 0; i < 6; i++) {
		udp_answer_expect(&a, (uint16_t)i);
		for (size_t k = 0; k < 3; k++)
			assert_int_equal(
			    take(&a, (unsigned)i, orders[i][k], 3, parts[orders[i][k]]),
			    k == 2 ? UDP_WHOLE : UDP_MORE);
		joins(&a, "VALUE a 0 1\r\nx\r\nEND\r\n");
		assert_int_equal(a.out_of_order == 0, i == 0);
	}
	udp_answer_release(&a);
}

TEST(what_comes_twice_or_for_another_request_is_counted_and_left_out)
{
	struct udp_answer a;
	udp_answer_init(&a, 100);
	udp_answer_expect(&a, 7);
	describes(&a, "no datagram came");
	assert_int_equal(take(&a, 6, 0, 1, "old"), UDP_MORE);
	describes(&a, "no datagram came; 1 for another request");
	assert_int_equal(take(&a, 7, 2, 3, "c"), UDP_MORE);
	assert_int_equal(take(&a, 7, 0, 3, "a"), UDP_MORE);
	assert_int_equal(take(&a, 7, 0, 3, "other"), UDP_MORE);
	assert_int_equal(take(&a, 7 + 256, 1, 3, "old"), UDP_MORE);
	describes(&a, "2 of 3 datagrams came, number 2 did not; 1 came twice, 2 out of order, "
	              "2 for another request");
	assert_int_equal(take(&a, 7, 1, 3, "b"), UDP_WHOLE);
	joins(&a, "abc");
	udp_answer_expect(&a, 8);
	describes(&a, "no datagram came");
	udp_answer_release(&a);
}

TEST(what_is_no_part_of_an_answer_is_refused)
{
	struct udp_answer a;
	udp_answer_init(&a, 100);
	udp_answer_expect(&a, 1);
	for (size_t len = 0; len < UDP_HEADER; len++)
		assert_int_equal(udp_answer_take(&a, slice_of("\0\1\0\0\0\1\0\0", len)), UDP_BAD);
	assert_int_equal(take(&a, 1, 0, 0, "x"), UDP_BAD);
	assert_int_equal(take(&a, 1, 3, 3, "x"), UDP_BAD);
	assert_int_equal(take(&a, 1, 0, 3, "x"), UDP_MORE);
	assert_int_equal(take(&a, 1, 1, 2, "x"), UDP_BAD);
	assert_int_equal(take(&a, 1, 1, 4, "x"), UDP_BAD);
	udp_answer_release(&a);
}

TEST(an_answer_has_a_ceiling)
{
	struct udp_answer a;
	udp_answer_init(&a, 10);
	udp_answer_expect(&a, 1);
	assert_int_equal(take(&a, 1, 0, 3, "12345678901"), UDP_LARGE);
	assert_int_equal(take(&a, 1, 0, 3, "123456"), UDP_MORE);
	assert_int_equal(take(&a, 1, 1, 3, "12345"), UDP_LARGE);
	assert_int_equal(take(&a, 1, 1, 3, "1234"), UDP_MORE);
	assert_int_equal(take(&a, 1, 2, 3, ""), UDP_WHOLE);
	joins(&a, "1234561234");
	udp_answer_release(&a);
}

UNIT_MAIN(cmocka_unit_test(a_header_has_the_number_of_the_request_and_one_datagram),
          cmocka_unit_test(an_answer_of_one_datagram_is_whole_at_once),
          cmocka_unit_test(datagrams_are_put_in_order_whatever_order_they_come_in),
          cmocka_unit_test(what_comes_twice_or_for_another_request_is_counted_and_left_out),
          cmocka_unit_test(what_is_no_part_of_an_answer_is_refused),
          cmocka_unit_test(an_answer_has_a_ceiling))
