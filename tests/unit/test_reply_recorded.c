#include "lib/reading.h"
#include "lib/unit.h"
#include "lib/vectors.h"
#include "proto/dialect.h"
#include "proto/meta.h"

#include <stdio.h>
#include <stdlib.h>

/* \r \n \t \\ \xNN and {c*N}, appended to OUT. */
static void add_unescaped(struct buf *out, const char *cell)
{
	static const char names[] = "rnt\\", meant[] = "\r\n\t\\";
	unsigned n, byte;
	char c;
	int used = 0;
	while (*cell) {
		if (sscanf(cell, "{%c*%u}%n", &c, &n, &used) == 2 && used > 0) {
			buf_add_repeat(out, c, n);
			cell += used;
		} else if (sscanf(cell, "\\x%2x", &byte) == 1) {
			buf_add_char(out, (char)byte);
			cell += 4;
		} else if (*cell == '\\') {
			const char *at = strchr(names, cell[1]);
			assert_non_null(at);
			buf_add_char(out, meant[at - names]);
			cell += 2;
		} else {
			buf_add_char(out, *cell++);
		}
		used = 0;
	}
}

/* The request that a recorded line was: its verb, its keys, the words after stats. */
static void request_of(struct slice line, struct request *request, struct slice keys[8])
{
	const char *blank = memchr(line.data, ' ', line.len);
	struct slice rest = slice_skip(line, blank ? (size_t)(blank - line.data) + 1 : line.len);
	line.len = blank ? (size_t)(blank - line.data) : line.len;
	*request = (struct request){.verb = VERB_COUNT, .keys = keys};
	for (enum verb v = VERB_SET; v <= VERB_FLUSH_ALL; v++) {
		if (slice_eq_str(line, verb_word(v)))
			request->verb = v;
	}
	assert_int_not_equal(request->verb, VERB_COUNT);
	if (request->verb == VERB_STATS)
		request->text = rest;
	while (rest.len > 0 && request->key_count < 8) {
		blank = memchr(rest.data, ' ', rest.len);
		size_t len = blank ? (size_t)(blank - rest.data) : rest.len;
		if (len > 0)
			keys[request->key_count++] = slice_of(rest.data, len);
		rest = slice_skip(rest, len + 1);
	}
}

/* The kinds of the replies up to the last one, and how many bytes are left. */
static void read_recorded(const struct request *request, struct slice bytes, struct buf *kinds,
                          size_t *left)
{
	struct reply_reader reader;
	struct reply reply = {0};
	struct error error;
	size_t cursor = 0;
	reply_reader_init(&reader, 100000);
	reply_reader_feed(&reader, bytes);
	do {
		if (reading_take(&reader, request, &cursor, &reply, &error) != READER_REPLY)
			fail_msg("%s", error.what);
		buf_addf(kinds, "%s%s", kinds->len ? " " : "", reading_kind(reply.kind));
	} while (!reply_is_last(reply.kind));
	*left = reader.in.len - reader.pos;
	reply_reader_release(&reader);
}

TEST(recorded_answers_are_understood)
{
	struct vectors v;
	vectors_load(&v, "replies.tsv");
	assert_true(v.rows > 100);
	for (size_t row = 1; row < v.rows; row++) {
		struct buf line = BUF_INIT, bytes = BUF_INIT, kinds = BUF_INIT;
		struct request request;
		struct slice keys[8];
		size_t left;
		add_unescaped(&line, vectors_cell(&v, row, vectors_column(&v, "request")));
		add_unescaped(&bytes, vectors_cell(&v, row, vectors_column(&v, "reply")));
		request_of(buf_slice(&line), &request, keys);
		read_recorded(&request, buf_slice(&bytes), &kinds, &left);
		assert_bytes(buf_slice(&kinds),
		             slice_str(vectors_cell(&v, row, vectors_column(&v, "kinds"))));
		assert_int_equal(left, atoi(vectors_cell(&v, row, vectors_column(&v, "left"))));
		/* And whatever more there was, the fence's answer ends it. */
		struct request raw = RAW;
		buf_drop(&bytes, bytes.len - left);
		buf_add_str(&bytes, "VERSION x\r\n");
		read_recorded(&raw, buf_slice(&bytes), &kinds, &left);
		assert_int_equal(left, 0);
		buf_release(&line);
		buf_release(&bytes);
		buf_release(&kinds);
	}
	vectors_release(&v);
}

/* The typed command that a recorded line was. */
static void typed_of(struct slice line, struct request *request, struct slice *key)
{
	const char *blank = memchr(line.data, ' ', line.len);
	struct slice rest = slice_skip(line, blank ? (size_t)(blank - line.data) + 1 : line.len);
	*request = (struct request){.keys = key};
	for (enum verb v = VERB_MG; v <= VERB_ME; v++) {
		if (slice_eq(slice_of(line.data, 2), verb_rows[v].word))
			request->verb = v;
	}
	*key = reader_word(&rest);
	request->key_count = key->len > 0;
	if (request->verb == VERB_MS)
		reader_word(&rest);
	request->text = slice_trim(rest);
}

TEST(recorded_answers_to_meta_commands_are_understood)
{
	struct vectors v;
	vectors_load(&v, "replies_meta.tsv");
	assert_true(v.rows > 200);
	for (size_t row = 1; row < v.rows; row++) {
		struct buf line = BUF_INIT, bytes = BUF_INIT, kinds = BUF_INIT;
		struct request request;
		struct slice key;
		size_t left, rest;
		add_unescaped(&line, vectors_cell(&v, row, vectors_column(&v, "request")));
		add_unescaped(&bytes, vectors_cell(&v, row, vectors_column(&v, "reply")));
		typed_of(buf_slice(&line), &request, &key);
		if (dialect_fence_len(&request) > 0)
			buf_add_str(&bytes, "MN\r\n");
		read_recorded(&request, buf_slice(&bytes), &kinds, &left);
		assert_true(slice_starts(buf_slice(&bytes), buf_slice(&kinds)));
		/* The data of a refused line was run as a command. */
		rest = request.verb == VERB_MS ? left : 0;
		assert_int_equal(left, rest);
		buf_release(&line);
		buf_release(&bytes);
		buf_release(&kinds);
	}
	vectors_release(&v);
}

UNIT_MAIN(cmocka_unit_test(recorded_answers_to_meta_commands_are_understood),
          cmocka_unit_test(recorded_answers_are_understood))
