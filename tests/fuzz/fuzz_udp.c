/*
 * libFuzzer target: datagrams over UDP. The input is a list of them, a byte with the length before
 * each. What must hold: an answer that is whole has every part once, of its request alone, in their
 * order, and is no larger than its ceiling; what is not whole is never called so.
 */
#include "proto/udp.h"

#include <stdlib.h>
#include <string.h>

#define CEILING 300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

/* The datagrams up to END once more, by the plainest way there is: part after part. */
static void check_whole(const uint8_t *data, size_t end, unsigned id, unsigned total,
                        struct slice joined)
{
	for (unsigned part = 0; part < total; part++) {
		int found = 0;
		for (size_t at = 0; at < end && !found; at += 1 + data[at]) {
			const uint8_t *d = data + at + 1;
			size_t len = data[at];
			if (len < UDP_HEADER || (unsigned)(d[0] << 8 | d[1]) != id ||
			    (unsigned)(d[2] << 8 | d[3]) != part ||
			    (unsigned)(d[4] << 8 | d[5]) != total)
				continue;
			len -= UDP_HEADER;
			check(joined.len >= len);
			check(len == 0 || memcmp(joined.data, d + UDP_HEADER, len) == 0);
			joined = slice_skip(joined, len);
			found = 1;
		}
		check(found);
	}
	check(joined.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct udp_answer a;
	struct buf text = BUF_INIT;
	unsigned id = 0;
	udp_answer_init(&a, CEILING);
	udp_answer_expect(&a, (uint16_t)id);
	for (size_t at = 0; at < size && at + 1 + data[at] <= size;) {
		struct slice datagram = slice_of((const char *)data + at + 1, data[at]);
		enum udp_result result = udp_answer_take(&a, datagram);
		at += 1 + data[at];
		buf_clear(&text);
		udp_answer_describe(&a, &text);
		check(text.len > 0 && text.len < 200);
		check(a.bytes.len <= CEILING && a.came <= a.total);
		if (result == UDP_LARGE)
			break; /* the connection ends there */
		if (result != UDP_WHOLE)
			continue;
		check(a.came == a.total && a.total > 0);
		buf_clear(&text);
		udp_answer_join(&a, &text);
		check_whole(data, at, id, a.total, buf_slice(&text));
		break;
	}
	udp_answer_release(&a);
	buf_release(&text);
	return 0;
}
