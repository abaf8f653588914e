/*
 * Bytes typed over .raw, and lines that come back: what is sent in one go and byte by byte is read
 * alike, and no reply makes more to be answered. The first byte chooses the server's generation;
 * then each line is sent, or, where it begins with '<', came, or, with '=', came as a data block.
 */
#include "shell/telnet.h"

#include <stdlib.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void check_alike(const struct telnet *a, const struct telnet *b)
{
	check(a->left == b->left && a->announced == b->announced && a->count == b->count &&
	      a->dropped == b->dropped && slice_eq(buf_slice(&a->line), buf_slice(&b->line)) &&
	      telnet_await(a) == telnet_await(b) && telnet_lists(a) == telnet_lists(b));
	for (size_t i = 0; i < a->count; i++) {
		size_t len = a->open[i].len < TELNET_TEXT_MAX ? a->open[i].len : TELNET_TEXT_MAX;
		check(a->open[i].answer == b->open[i].answer &&
		      a->open[i].verb == b->open[i].verb &&
		      a->open[i].stores == b->open[i].stores && a->open[i].len == b->open[i].len &&
		      memcmp(a->open[i].text, b->open[i].text, len) == 0);
	}
}

static void receive(struct telnet *t, struct slice line, bool block)
{
	struct reply refusal, reply = {.kind = REPLY_LINE, .value = line, .block = block};
	struct request about;
	size_t before = t->count;
	struct telnet_match m = telnet_reply(t, &reply);
	check(t->count <= before && (m.asked || !m.over) && (!m.over || t->count < before));
	telnet_refuses(&m.command, &reply, &refusal, &about);
	check(about.verb <= VERB_RAW);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_of((const char *)data, size);
	struct telnet whole, bytes;
	struct telnet_data ignored;
	bool quiet;
	if (size == 0)
		return 0;
	telnet_init(&whole);
	telnet_init(&bytes);
	whole.drops = bytes.drops = data[0] & 1;
	rest = slice_skip(rest, 1);
	while (rest.len > 0) {
		struct slice line = slice_before(rest, '\n');
		size_t n = line.len < rest.len ? line.len + 1 : line.len;
		if (line.len > 0 && (line.data[0] == '<' || line.data[0] == '=')) {
			receive(&whole, slice_skip(line, 1), line.data[0] == '=');
			receive(&bytes, slice_skip(line, 1), line.data[0] == '=');
		} else {
			telnet_sent(&whole, slice_of(rest.data, n), &ignored);
			check(ignored.rest <= n);
			for (size_t i = 0; i < n; i++)
				telnet_sent(&bytes, slice_of(rest.data + i, 1), &ignored);
		}
		check_alike(&whole, &bytes);
		rest = slice_skip(rest, n);
	}
	telnet_silence(&whole, &quiet);
	telnet_release(&whole);
	telnet_release(&bytes);
	return 0;
}
