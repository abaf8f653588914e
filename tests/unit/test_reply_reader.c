#include "lib/unit.h"
#include "lib/vectors.h"
#include "proto/dialect.h"
#include "proto/meta.h"

#include <stdio.h>
#include <stdlib.h>

#define VALUE_MAX 1000

/* A request and every byte that comes back for it, and what the reader shall make of them: a line
 * for each reply as `add_reply` writes it, and how it ends: "left N" bytes behind the last reply,
 * "more" when the answer is not whole, "bad". */
struct transcript {
	struct request request;
	struct slice bytes;
	struct slice replies;
};

static const struct slice foo[] = {SLICE("foo")};
static const struct slice abca[] = {SLICE("a"), SLICE("b"), SLICE("c"), SLICE("a")};

#define GET_FOO                                                                                    \
	{                                                                                          \
		.verb = VERB_GET, .keys = foo, .key_count = 1                                      \
	}
#define GET_ABCA                                                                                   \
	{                                                                                          \
		.verb = VERB_GET, .keys = abca, .key_count = 4                                     \
	}
#define GETS_FOO                                                                                   \
	{                                                                                          \
		.verb = VERB_GETS, .keys = foo, .key_count = 1                                     \
	}
#define SET                                                                                        \
	{                                                                                          \
		.verb = VERB_SET, .keys = foo, .key_count = 1                                      \
	}
#define INCR                                                                                       \
	{                                                                                          \
		.verb = VERB_INCR, .keys = foo, .key_count = 1                                     \
	}
#define STATS                                                                                      \
	{                                                                                          \
		.verb = VERB_STATS                                                                 \
	}
#define RAW                                                                                        \
	{                                                                                          \
		.verb = VERB_RAW                                                                   \
	}

static const char *kind_name(enum reply_kind kind)
{
	switch (kind) {
	case REPLY_LINE:
		return "LINE";
	case REPLY_NUMBER:
		return "NUMBER";
	default:
		return reply_word(kind);
	}
}

static void add_reply(struct buf *out, const struct reply *reply)
{
	buf_add_str(out, kind_name(reply->kind));
	if (reply->kind == REPLY_VALUE) {
		buf_addf(out, " %zu ", reply->key_index);
		buf_add_slice(out, reply->key);
		buf_addf(out, " %llu", (unsigned long long)reply->flags);
		if (reply->has_cas)
			buf_addf(out, " cas %llu", (unsigned long long)reply->cas);
	}
	if (reply->kind == REPLY_STAT) {
		buf_add_char(out, ' ');
		buf_add_slice(out, reply->key);
	}
	if (reply->kind == REPLY_NUMBER)
		buf_addf(out, " %llu", (unsigned long long)reply->number);
	if (reply->value.data) {
		buf_add_str(out, " <");
		buf_add_slice(out, reply->value);
		buf_add_char(out, '>');
	}
	buf_add_char(out, '\n');
}

/* Each of the bytes that the last reply took belongs to one field, and a blank is one. */
static void check_fields(const struct fields *f, struct slice bytes)
{
	size_t end = 0;
	for (size_t i = 0; i < f->count; i++) {
		const struct field *at = &f->at[i];
		assert_int_equal(at->offset, end);
		assert_true(at->length > 0);
		assert_true(field_name(at->kind)[0]);
		assert_int_not_equal(at->kind, FIELD_REST);
		end += at->length;
		assert_true(end <= bytes.len);
		for (size_t j = 0; at->kind == FIELD_BLANK && j < at->length; j++)
			assert_int_equal(bytes.data[at->offset + j], ' ');
	}
	assert_int_equal(end, bytes.len);
}

/* Takes the next reply, and its fields. */
static enum reader_result read_checked(struct reply_reader *r, const struct request *request,
                                       size_t *cursor, struct reply *reply, struct error *error)
{
	struct field at[64];
	struct fields fields = {.at = at, .max = 64};
	size_t before = r->pos;
	r->fields = &fields;
	enum reader_result result = dialect_read(r, request, cursor, reply, error);
	if (result == READER_REPLY)
		check_fields(&fields, slice_of(r->in.data + before, r->pos - before));
	r->fields = NULL;
	return result;
}

/* One reading of a transcript. */
struct reading {
	struct reply_reader reader;
	const struct request *request;
	size_t cursor;
	struct buf replies; /* as add_reply writes them */
	struct buf wire;    /* the wire bytes of all replies */
	bool ended, bad;
};

/* Feeds a piece and takes what it completes. The piece is fed from memory of its own, so that a
 * sanitizer sees every look behind its end. */
static void feed(struct reading *r, struct slice piece)
{
	struct reply reply;
	struct error error;
	char *copy = malloc(piece.len + 1);
	assert_non_null(copy);
	memcpy(copy, piece.data, piece.len);
	reply_reader_feed(&r->reader, slice_of(copy, piece.len));
	free(copy);
	while (!r->ended && !r->bad) {
		switch (read_checked(&r->reader, r->request, &r->cursor, &reply, &error)) {
		case READER_MORE:
			return;
		case READER_BAD:
			assert_true(error.what[0]);
			r->bad = true;
			return;
		case READER_REPLY:
			add_reply(&r->replies, &reply);
			buf_add_slice(&r->wire, reply.wire);
			r->ended = reply_is_last(reply.kind);
		}
	}
}

static void check_end(struct reading *r, const struct transcript *t)
{
	size_t left = r->reader.in.len - r->reader.pos;
	assert_int_equal(reply_reader_pending(&r->reader), left > 0);
	if (r->bad)
		buf_add_str(&r->replies, "bad");
	else if (r->ended)
		buf_addf(&r->replies, "left %zu", left);
	else
		buf_add_str(&r->replies, "more");
	assert_bytes(buf_slice(&r->replies), t->replies);
	/* Together the replies are the bytes that came, up to where the reader stands. */
	assert_bytes(buf_slice(&r->wire), slice_of(t->bytes.data, r->wire.len));
	/* The fence's answer alone is nobody's. */
	if (r->ended && dialect_fence_len(&t->request) == 0)
		assert_int_equal(r->wire.len + left, t->bytes.len);
	reply_reader_release(&r->reader);
	buf_release(&r->replies);
	buf_release(&r->wire);
}

static struct reading reading_of(const struct transcript *t)
{
	struct reading r = {.request = &t->request};
	reply_reader_init(&r.reader, VALUE_MAX);
	return r;
}

/* Whole, in every two pieces, and a byte at a time: the same replies. */
static void check_transcript(const struct transcript *t)
{
	for (size_t cut = 0; cut < t->bytes.len; cut++) {
		struct reading r = reading_of(t);
		feed(&r, slice_of(t->bytes.data, cut));
		feed(&r, slice_skip(t->bytes, cut));
		check_end(&r, t);
	}
	struct reading r = reading_of(t);
	for (size_t i = 0; i < t->bytes.len; i++)
		feed(&r, slice_of(t->bytes.data + i, 1));
	check_end(&r, t);
}

static void check_transcripts(const struct transcript *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_transcript(&list[i]);
}

#define CHECK(list) check_transcripts((list), sizeof(list) / sizeof((list)[0]))

TEST(values_are_read_by_length)
{
	const struct transcript list[] = {
	    {GET_FOO, SLICE("END\r\n"), SLICE("END\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 5 3\r\nbar\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 5 <bar>\nEND\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 0 0\r\n\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 <>\nEND\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 0 7\r\n\r\nEND\r\n\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 <\r\nEND\r\n>\nEND\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 18446744073709551615 4\r\na\0\xff\n\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 18446744073709551615 <a\0\xff\n>\nEND\nleft 0")},
	    {GETS_FOO, SLICE("VALUE foo 0 1 18446744073709551615\r\nx\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 cas 18446744073709551615 <x>\nEND\nleft 0")},
	    {{.verb = VERB_GAT, .keys = foo, .key_count = 1},
	     SLICE("VALUE foo 0 1\r\nx\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 <x>\nEND\nleft 0")},
	    {{.verb = VERB_GATS, .keys = foo, .key_count = 1},
	     SLICE("VALUE foo 0 1 9\r\nx\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 cas 9 <x>\nEND\nleft 0")},
	};
	CHECK(list);
}

TEST(values_name_the_key_that_they_answer)
{
	const struct transcript list[] = {
	    {GET_ABCA, SLICE("VALUE a 0 1\r\n1\r\nVALUE a 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 0 a 0 <1>\nVALUE 3 a 0 <2>\nEND\nleft 0")},
	    {GET_ABCA, SLICE("VALUE b 0 1\r\n1\r\nVALUE a 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 1 b 0 <1>\nVALUE 3 a 0 <2>\nEND\nleft 0")},
	    {GET_ABCA, SLICE("VALUE c 0 1\r\n1\r\nEND\r\n"), SLICE("VALUE 2 c 0 <1>\nEND\nleft 0")},
	    /* In another order than asked. */
	    {GET_ABCA, SLICE("VALUE c 0 1\r\n1\r\nVALUE b 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 2 c 0 <1>\nVALUE 1 b 0 <2>\nEND\nleft 0")},
	    /* A key that was not asked, and one more often than asked. */
	    {GET_ABCA, SLICE("VALUE c 0 1\r\n1\r\nVALUE d 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 2 c 0 <1>\nbad")},
	    {GET_FOO, SLICE("VALUE foo 0 1\r\n1\r\nVALUE foo 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 <1>\nbad")},
	};
	CHECK(list);
}

TEST(words_fit_what_was_asked)
{
	const struct transcript list[] = {
	    {SET, SLICE("STORED\r\n"), SLICE("STORED\nleft 0")},
	    {SET, SLICE("NOT_STORED\r\n"), SLICE("NOT_STORED\nleft 0")},
	    {SET, SLICE("EXISTS\r\n"), SLICE("EXISTS\nleft 0")},
	    {SET, SLICE("NOT_FOUND\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {{.verb = VERB_TOUCH}, SLICE("TOUCHED\r\n"), SLICE("TOUCHED\nleft 0")},
	    {{.verb = VERB_TOUCH}, SLICE("NOT_FOUND\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {{.verb = VERB_DELETE}, SLICE("DELETED\r\n"), SLICE("DELETED\nleft 0")},
	    {{.verb = VERB_DELETE}, SLICE("NOT_FOUND\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {INCR, SLICE("18446744073709551615\r\n"), SLICE("NUMBER 18446744073709551615\nleft 0")},
	    {INCR, SLICE("0\r\n"), SLICE("NUMBER 0\nleft 0")},
	    {INCR, SLICE("NOT_FOUND\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {{.verb = VERB_VERSION},
	     SLICE("VERSION 1.6.18\r\n"),
	     SLICE("VERSION <1.6.18>\nleft 0")},
	    {{.verb = VERB_FLUSH_ALL}, SLICE("OK\r\n"), SLICE("OK\nleft 0")},
	    {{.verb = VERB_VERBOSITY}, SLICE("OK\r\n"), SLICE("OK\nleft 0")},
	    {SET, SLICE("DELETED\r\n"), SLICE("bad")},
	    {SET, SLICE("stored\r\n"), SLICE("bad")},
	    {SET, SLICE("STORED \r\n"), SLICE("bad")},
	    {SET, SLICE("STOREDSTORED\r\n"), SLICE("bad")},
	    {SET, SLICE("7\r\n"), SLICE("bad")},
	    {SET, SLICE("\r\n"), SLICE("bad")},
	    {{.verb = VERB_TOUCH}, SLICE("STORED\r\n"), SLICE("bad")},
	    {{.verb = VERB_DELETE}, SLICE("EXISTS\r\n"), SLICE("bad")},
	    {{.verb = VERB_VERSION}, SLICE("OK\r\n"), SLICE("bad")},
	    {{.verb = VERB_FLUSH_ALL}, SLICE("OKAY\r\n"), SLICE("bad")},
	    {{.verb = VERB_QUIT}, SLICE("OK\r\n"), SLICE("bad")},
	    {INCR, SLICE("18446744073709551616\r\n"), SLICE("bad")},
	    {INCR, SLICE("-1\r\n"), SLICE("bad")},
	    {INCR, SLICE("1 \r\n"), SLICE("bad")},
	    {INCR, SLICE("STORED\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("STORED\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("ENDING\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("STAT a b\r\nEND\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(meta_answers_say_the_same)
{
#define META(v)                                                                                    \
	{                                                                                          \
		.verb = (v), .keys = foo, .key_count = 1, .dialect = DIALECT_META                  \
	}
	const struct transcript list[] = {
	    {META(VERB_GET), SLICE("EN\r\n"), SLICE("END\nleft 0")},
	    {META(VERB_GET), SLICE("VA 3 f5\r\nbar\r\n"),
	     SLICE("VALUE 0 foo 5 <bar>\nEND\nleft 0")},
	    {META(VERB_GET), SLICE("VA 4 f0\r\nEN\r\n\r\nEN\r\n"),
	     SLICE("VALUE 0 foo 0 <EN\r\n>\nEND\nleft 4")},
	    {META(VERB_GETS), SLICE("VA 0 c18446744073709551615 f7\r\n\r\n"),
	     SLICE("VALUE 0 foo 7 cas 18446744073709551615 <>\nEND\nleft 0")},
	    {META(VERB_SET), SLICE("HD\r\n"), SLICE("STORED\nleft 0")},
	    {META(VERB_ADD), SLICE("NS\r\n"), SLICE("NOT_STORED\nleft 0")},
	    {META(VERB_CAS), SLICE("EX\r\n"), SLICE("EXISTS\nleft 0")},
	    {META(VERB_CAS), SLICE("NF\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {META(VERB_DELETE), SLICE("HD\r\n"), SLICE("DELETED\nleft 0")},
	    {META(VERB_DELETE), SLICE("NF\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {META(VERB_INCR), SLICE("VA 20\r\n18446744073709551615\r\n"),
	     SLICE("NUMBER 18446744073709551615\nleft 0")},
	    {META(VERB_DECR), SLICE("VA 3\r\n5  \r\n"), SLICE("NUMBER 5\nleft 0")},
	    {META(VERB_DECR), SLICE("NF\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {META(VERB_SET), SLICE("SERVER_ERROR object too large for cache\r\n"),
	     SLICE("SERVER_ERROR <object too large for cache>\nleft 0")},
	    {META(VERB_INCR), SLICE("CLIENT_ERROR non-numeric\r\n"),
	     SLICE("CLIENT_ERROR <non-numeric>\nleft 0")},
	    {META(VERB_GET), SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    /* Blanks too many, and flags that were not asked for, as some versions send them. */
	    {META(VERB_DELETE), SLICE("HD \r\n"), SLICE("DELETED\nleft 0")},
	    {META(VERB_SET), SLICE("HD s3\r\n"), SLICE("STORED\nleft 0")},
	    {META(VERB_GET), SLICE("VA 1  s1 f5 t-1 \r\nx\r\n"),
	     SLICE("VALUE 0 foo 5 <x>\nEND\nleft 0")},
	    {META(VERB_INCR), SLICE("VA 1 \r\n7\r\n"), SLICE("NUMBER 7\nleft 0")},
	    {META(VERB_GATS), SLICE("VA 1 c9 f5\r\nx\r\n"),
	     SLICE("VALUE 0 foo 5 cas 9 <x>\nEND\nleft 0")},
	    {META(VERB_TOUCH), SLICE("HD\r\n"), SLICE("TOUCHED\nleft 0")},
	    {META(VERB_TOUCH), SLICE("EN\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    /* What is no answer to the question. */
	    {META(VERB_TOUCH), SLICE("NF\r\n"), SLICE("bad")},
	    {META(VERB_TOUCH), SLICE("VA 1\r\nx\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("HD\r\n"), SLICE("bad")},
	    {META(VERB_SET), SLICE("EN\r\n"), SLICE("bad")},
	    {META(VERB_SET), SLICE("VA 1\r\nx\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VA \r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VAL 1\r\nx\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VA 1 f\r\nx\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VA 1001 f0\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("VA 1 f0\r\nxy\r\n"), SLICE("bad")},
	    {META(VERB_INCR), SLICE("VA 2\r\n1x\r\n"), SLICE("bad")},
	    {META(VERB_GET), SLICE("END\r\n"), SLICE("bad")},
	    {{.verb = VERB_MN}, SLICE("MN\r\n"), SLICE("MN\nleft 0")},
	    {{.verb = VERB_MN}, SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    {{.verb = VERB_MN}, SLICE("OK\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(meta_answers_about_several_keys_end_with_a_noop)
{
	static const struct slice several[] = {SLICE("a"), SLICE("foo"), SLICE("a")};
#define SEVERAL                                                                                    \
	{                                                                                          \
		.verb = VERB_GETS, .keys = several, .key_count = 3, .dialect = DIALECT_META        \
	}
#define SEVERAL_MARKED                                                                             \
	{                                                                                          \
		.verb = VERB_GET, .keys = several, .key_count = 3, .dialect = DIALECT_META,        \
		.opaque = 1                                                                        \
	}
	const struct transcript list[] = {
	    {SEVERAL, SLICE("MN\r\n"), SLICE("END\nleft 0")},
	    {SEVERAL, SLICE("VA 4 f0 c1 ka\r\nMN\r\n\r\nVA 1 f5 c2 kfoo\r\nx\r\nMN\r\n"),
	     SLICE("VALUE 0 a 0 cas 1 <MN\r\n>\nVALUE 1 foo 5 cas 2 <x>\nEND\nleft 0")},
	    {SEVERAL, SLICE("VA 1 ka\r\nx\r\nVA 1 ka\r\ny\r\nMN\r\nMN\r\n"),
	     SLICE("VALUE 0 a 0 <x>\nVALUE 2 a 0 <y>\nEND\nleft 4")},
	    {SEVERAL_MARKED, SLICE("VA 1 f0 kfoo O001\r\nx\r\nMN\r\n"),
	     SLICE("VALUE 1 foo 0 <x>\nEND\nleft 0")},
	    /* A key that was stored in base64 comes back so. */
	    {SEVERAL, SLICE("VA 1 kZm9v b\r\nx\r\nMN\r\n"),
	     SLICE("VALUE 1 foo 0 <x>\nEND\nleft 0")},
	    {SEVERAL, SLICE("SERVER_ERROR out of memory\r\nMN\r\n"),
	     SLICE("SERVER_ERROR <out of memory>\nleft 4")},
	    {SEVERAL, SLICE("VA 1 kZm9v\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("VA 1 kfoo b\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("VA 1 f0\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("VA 1 kb\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("EN\r\n"), SLICE("bad")},
	    /* One that was answered already. */
	    {SEVERAL, SLICE("VA 1 kfoo\r\nx\r\nVA 1 kfoo\r\nx\r\n"),
	     SLICE("VALUE 1 foo 0 <x>\nbad")},
	    {SEVERAL, SLICE("MN \r\n"), SLICE("bad")},
	    {SEVERAL, SLICE("END\r\n"), SLICE("bad")},
	    {SEVERAL_MARKED, SLICE("VA 1 f0 kfoo O002\r\nx\r\n"), SLICE("bad")},
	    {SEVERAL_MARKED, SLICE("VA 1 f0 kfoo\r\nx\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

#define SLABS                                                                                      \
	{                                                                                          \
		.verb = VERB_SLABS                                                                 \
	}
#define CONFIG                                                                                     \
	{                                                                                          \
		.verb = VERB_CONFIG                                                                \
	}

TEST(an_administrator_is_refused_by_many_words)
{
	const struct transcript list[] = {
	    {SLABS, SLICE("OK\r\n"), SLICE("OK\nleft 0")},
	    {SLABS, SLICE("BUSY currently processing reassign request\r\n"),
	     SLICE(" <BUSY currently processing reassign request>\nleft 0")},
	    {SLABS, SLICE("SAME\r\n"), SLICE(" <SAME>\nleft 0")},
	    {SLABS, SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    {SLABS, SLICE("BUSYBODY x\r\n"), SLICE("bad")},
	    {SLABS, SLICE("STORED\r\n"), SLICE("bad")},
	    {SLABS, SLICE("END\r\n"), SLICE("bad")},
	    {{.verb = VERB_REFRESH_CERTS},
	     SLICE("Error TLS not enabled\r\n"),
	     SLICE(" <Error TLS not enabled>\nleft 0")},
	    {{.verb = VERB_SHUTDOWN},
	     SLICE("ERROR: shutdown not enabled\r\n"),
	     SLICE("ERROR <shutdown not enabled>\nleft 0")},
	    {{.verb = VERB_SHUTDOWN}, SLICE("OK\r\n"), SLICE("bad")},
	    {SET, SLICE("BUSY x\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(a_configuration_is_a_block)
{
	const struct transcript list[] = {
	    {CONFIG, SLICE("CONFIG cluster 0 4\r\n1\nh\n\r\nEND\r\n"),
	     SLICE("LINE <1\nh\n>\nEND\nleft 0")},
	    {CONFIG, SLICE("CONFIG cluster 0 1\r\n1\r\n\r\nEND\r\n"),
	     SLICE("LINE <1>\nLINE\nEND\nleft 0")},
	    {CONFIG, SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    {CONFIG, SLICE("END\r\n"), SLICE("bad")},
	    {CONFIG, SLICE("CONFIG cluster 0\r\n"), SLICE("bad")},
	    {CONFIG, SLICE("CONFIG cluster 0 1001\r\n"), SLICE("bad")},
	    {CONFIG, SLICE("CONFIG cluster 0 1\r\n1\r\n\r\n\r\n"), SLICE("LINE <1>\nLINE\nbad")},
	    {CONFIG, SLICE("CONFIG cluster 0 1\r\n1\r\nCONFIG cluster 0 1\r\n"),
	     SLICE("LINE <1>\nbad")},
	};
	CHECK(list);
}

TEST(typed_meta_commands_are_answered_by_their_codes)
{
#define TYPED(v, flags)                                                                            \
	{                                                                                          \
		.verb = (v), .keys = foo, .key_count = 1, .text = SLICE_INIT(flags)                \
	}
#define TYPED_MARKED(v, flags)                                                                     \
	{                                                                                          \
		.verb = (v), .keys = foo, .key_count = 1, .text = SLICE_INIT(flags), .opaque = 1   \
	}
	const struct transcript list[] = {
	    {TYPED(VERB_MG, "v t"), SLICE("VA 3 t-1\r\nbar\r\n"), SLICE("VA <bar>\nleft 0")},
	    {TYPED(VERB_MG, "v"), SLICE("VA 4\r\nEN\r\n\r\n"), SLICE("VA <EN\r\n>\nleft 0")},
	    {TYPED(VERB_MG, "t"), SLICE("HD t99\r\n"), SLICE("HD\nleft 0")},
	    {TYPED(VERB_MG, "v k"), SLICE("EN kfoo\r\n"), SLICE("EN\nleft 0")},
	    {TYPED(VERB_MS, "T0"), SLICE("HD\r\n"), SLICE("HD\nleft 0")},
	    {TYPED(VERB_MS, "ME"), SLICE("NS\r\n"), SLICE("NS\nleft 0")},
	    {TYPED(VERB_MS, "C5"), SLICE("EX\r\nHD\r\n"), SLICE("EX\nleft 4")},
	    {TYPED(VERB_MD, ""), SLICE("NF\r\n"), SLICE("NF\nleft 0")},
	    {TYPED(VERB_MA, "v N0"), SLICE("VA 2 N\r\n13\r\n"), SLICE("VA <13>\nleft 0")},
	    {TYPED(VERB_ME, ""), SLICE("ME foo exp=-1 la=0\r\n"), SLICE("ME\nleft 0")},
	    {TYPED(VERB_ME, ""), SLICE("EN\r\n"), SLICE("EN\nleft 0")},
	    {TYPED(VERB_MG, "y"), SLICE("CLIENT_ERROR invalid flag\r\n"),
	     SLICE("CLIENT_ERROR <invalid flag>\nleft 0")},
	    /* A quiet one ends with the fence, whatever came before it. */
	    {TYPED(VERB_MG, "v q"), SLICE("MN\r\nEN\r\n"), SLICE("EN\nleft 4")},
	    {TYPED(VERB_MS, "q"), SLICE("MN\r\nEN\r\n"), SLICE("\nleft 4")},
	    {TYPED(VERB_MG, "v q"), SLICE("VA 2\r\nMN\r\nMN\r\nEN\r\n"), SLICE("VA <MN>\nleft 4")},
	    {TYPED(VERB_MS, "q"), SLICE("NS\r\nMN\r\n"), SLICE("NS\nleft 0")},
	    {TYPED(VERB_MD, "q"), SLICE("CLIENT_ERROR no\r\nMN\r\n"),
	     SLICE("CLIENT_ERROR <no>\nleft 0")},
	    {TYPED(VERB_MS, "q"), SLICE("NS\r\nNS\r\n"), SLICE("bad")},
	    /* What answers another. */
	    {TYPED_MARKED(VERB_MG, "v"), SLICE("VA 1 O001 W\r\nx\r\n"), SLICE("VA <x>\nleft 0")},
	    {TYPED_MARKED(VERB_MD, "k"), SLICE("NF kfoo O001\r\n"), SLICE("NF\nleft 0")},
	    {TYPED_MARKED(VERB_MD, "O9"), SLICE("NF O9\r\n"), SLICE("NF\nleft 0")},
	    {TYPED_MARKED(VERB_ME, ""), SLICE("EN\r\n"), SLICE("EN\nleft 0")},
	    {TYPED_MARKED(VERB_MG, "v"), SLICE("EN O002\r\n"), SLICE("bad")},
	    {TYPED_MARKED(VERB_MG, "v"), SLICE("EN\r\n"), SLICE("bad")},
	    {TYPED(VERB_MG, "v"), SLICE("NS\r\n"), SLICE("bad")},
	    {TYPED(VERB_MG, "v"), SLICE("MN\r\n"), SLICE("bad")},
	    {TYPED(VERB_MS, ""), SLICE("VA 1\r\nx\r\n"), SLICE("bad")},
	    {TYPED(VERB_MD, ""), SLICE("STORED\r\n"), SLICE("bad")},
	    {TYPED(VERB_MG, "v"), SLICE("VA x\r\n"), SLICE("bad")},
	    {TYPED(VERB_MG, "v"), SLICE("VA 1001\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

/* The flags of an answer are found in its bytes. */
static void check_meta_flags(enum reply_kind kind, struct slice wire, struct slice flags)
{
	struct reply reply = {.kind = kind, .wire = wire};
	assert_bytes(meta_reply_flags(&reply), flags);
}

TEST(the_flags_of_a_meta_answer_stand_after_its_code)
{
	check_meta_flags(REPLY_HD, SLICE("HD\r\n"), SLICE(""));
	check_meta_flags(REPLY_HD, SLICE("HD t99 f7\r\n"), SLICE("t99 f7"));
	check_meta_flags(REPLY_EN, SLICE("EN kfoo \n"), SLICE("kfoo"));
	check_meta_flags(REPLY_VA, SLICE("VA 3\r\nbar\r\n"), SLICE(""));
	check_meta_flags(REPLY_VA, SLICE("VA 3 s3 W\r\na b\r\n"), SLICE("s3 W"));
	check_meta_flags(REPLY_ME, SLICE("ME foo exp=-1\r\n"), SLICE("foo exp=-1"));
}

TEST(errors_answer_anything)
{
	const struct transcript list[] = {
	    {SET, SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    {SET, SLICE("CLIENT_ERROR bad data chunk\r\nERROR\r\n"),
	     SLICE("CLIENT_ERROR <bad data chunk>\nleft 7")},
	    {INCR, SLICE("CLIENT_ERROR cannot increment or decrement non-numeric value\r\n"),
	     SLICE("CLIENT_ERROR <cannot increment or decrement non-numeric value>\nleft 0")},
	    {SET, SLICE("SERVER_ERROR object too large for cache\r\n"),
	     SLICE("SERVER_ERROR <object too large for cache>\nleft 0")},
	    {{.verb = VERB_VERSION},
	     SLICE("ERROR Too many open connections\r\n"),
	     SLICE("ERROR <Too many open connections>\nleft 0")},
	    {STATS, SLICE("ERROR: shutdown not enabled\r\n"),
	     SLICE("ERROR <shutdown not enabled>\nleft 0")},
	    {STATS, SLICE("SERVER_ERROR: shutdown not enabled\r\n"),
	     SLICE("SERVER_ERROR <shutdown not enabled>\nleft 0")},
	    {GET_FOO, SLICE("CLIENT_ERROR bad command line format\r\n\r\n"),
	     SLICE("CLIENT_ERROR <bad command line format>\nleft 2")},
	    {GET_FOO,
	     SLICE("VALUE foo 0 1\r\nx\r\nSERVER_ERROR out of memory writing get response\r\n"),
	     SLICE("VALUE 0 foo 0 <x>\nSERVER_ERROR <out of memory writing get response>\n"
	           "left 0")},
	    {STATS, SLICE("STAT a 1\r\nSERVER_ERROR out of memory writing stats\r\n"),
	     SLICE("STAT a <1>\nSERVER_ERROR <out of memory writing stats>\nleft 0")},
	    {SET, SLICE("ERRORS\r\n"), SLICE("bad")},
	    {SET, SLICE("CLIENT_ERRORbad\r\n"), SLICE("bad")},
	    {SET, SLICE("error\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(stats_have_several_shapes)
{
	const struct transcript list[] = {
	    {STATS, SLICE("STAT pid 1\r\nSTAT version 1.6.18\r\nEND\r\n"),
	     SLICE("STAT pid <1>\nSTAT version <1.6.18>\nEND\nleft 0")},
	    {STATS, SLICE("STAT empty \r\nSTAT none\r\nSTAT words a b  c\r\nEND\r\n"),
	     SLICE("STAT empty <>\nSTAT none <>\nSTAT words <a b  c>\nEND\nleft 0")},
	    {STATS, SLICE("END\r\n"), SLICE("END\nleft 0")},
	    {STATS, SLICE("RESET\r\n"), SLICE("RESET\nleft 0")},
	    {STATS, SLICE("OK\r\n"), SLICE("OK\nleft 0")},
	    {STATS, SLICE("ITEM foo [3 b; 0 s]\r\nEND\r\n"),
	     SLICE("LINE <ITEM foo [3 b; 0 s]>\nEND\nleft 0")},
	    {STATS, SLICE("PREFIX user get 2 hit 1 set 1 del 1\r\nEND\r\n"),
	     SLICE("LINE <PREFIX user get 2 hit 1 set 1 del 1>\nEND\nleft 0")},
	    {STATS, SLICE("STAT \r\n"), SLICE("bad")},
	    {STATS, SLICE("STATS a b\r\n"), SLICE("bad")},
	    {STATS, SLICE("VALUE a 0 1\r\nx\r\n"), SLICE("bad")},
	    {STATS, SLICE("ITEM\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

/* Servers before 1.6.25 send these two no END; the next answer must not be taken for theirs. */
TEST(stats_sizes_enable_ends_without_an_end)
{
	const struct transcript list[] = {
	    {{.verb = VERB_STATS, .text = SLICE("sizes_enable")},
	     SLICE("STAT sizes_status enabled\r\n"),
	     SLICE("STAT sizes_status <enabled>\nEND\nleft 0")},
	    {{.verb = VERB_STATS, .text = SLICE("sizes_disable")},
	     SLICE("STAT sizes_status disabled\r\nSTORED\r\n"),
	     SLICE("STAT sizes_status <disabled>\nEND\nleft 8")},
	    {{.verb = VERB_STATS, .text = SLICE("sizes_enable")},
	     SLICE("ERROR\r\n"),
	     SLICE("ERROR <>\nleft 0")},
	    {{.verb = VERB_STATS, .text = SLICE("sizes")},
	     SLICE("STAT sizes_status disabled\r\nEND\r\n"),
	     SLICE("STAT sizes_status <disabled>\nEND\nleft 0")},
	};
	CHECK(list);
}

TEST(a_fence_ends_lines_of_any_kind)
{
	const struct transcript list[] = {
	    {RAW, SLICE("VERSION 1.6.18\r\n"), SLICE("END\nleft 0")},
	    {RAW, SLICE("STORED\r\nVERSION 1.6.18\r\n"), SLICE("LINE <STORED>\nEND\nleft 0")},
	    {RAW, SLICE("\r\n\r\nVERSION 1.6.18\r\n"), SLICE("LINE <>\nLINE <>\nEND\nleft 0")},
	    {{.verb = VERB_RAW, .raw_end = RAW_END_MN},
	     SLICE("VERSION 1.6.18\r\nMN\r\n"),
	     SLICE("LINE <VERSION 1.6.18>\nEND\nleft 0")},
	    {{.verb = VERB_RAW, .raw_end = RAW_END_MN},
	     SLICE("MN x\r\nMN\r\n"),
	     SLICE("LINE <MN x>\nEND\nleft 0")},
	    {RAW, SLICE("MN\r\nVERSION\r\nVERSION x\r\n"),
	     SLICE("LINE <MN>\nLINE <VERSION>\nEND\nleft 0")},
	    {RAW, SLICE("key=a exp=-1 la=1 cas=2 fetch=no cls=1 size=63\nEND\r\nVERSION x\r\n"),
	     SLICE("LINE <key=a exp=-1 la=1 cas=2 fetch=no cls=1 size=63>\nLINE <END>\nEND\n"
	           "left 0")},
	    {RAW, SLICE("VALUE foo 0 12\r\nVERSION 9\r\n\n\r\nEND\r\nVERSION x\r\n"),
	     SLICE("LINE <VALUE foo 0 12>\nLINE <VERSION 9\r\n\n>\nLINE <END>\nEND\nleft 0")},
	    {RAW, SLICE("VALUE foo 0 4 77\r\na\r\nb\r\nEND\r\nVERSION x\r\n"),
	     SLICE("LINE <VALUE foo 0 4 77>\nLINE <a\r\nb>\nLINE <END>\nEND\nleft 0")},
	    {RAW, SLICE("VA 11 f7 t-1\r\nVERSION 9\r\n\r\nVERSION x\r\n"),
	     SLICE("LINE <VA 11 f7 t-1>\nLINE <VERSION 9\r\n>\nEND\nleft 0")},
	    {RAW, SLICE("VA 0\r\n\r\nHD\r\nVERSION x\r\n"),
	     SLICE("LINE <VA 0>\nLINE <>\nLINE <HD>\nEND\nleft 0")},
	    /* What announces no length that can be read is a line. */
	    {RAW, SLICE("VA x\r\nVALUE foo\r\nVALUE\r\nVERSION x\r\n"),
	     SLICE("LINE <VA x>\nLINE <VALUE foo>\nLINE <VALUE>\nEND\nleft 0")},
	    {RAW, SLICE("VA 3\r\nabcd\r\nVERSION x\r\n"), SLICE("LINE <VA 3>\nbad")},
	    {RAW, SLICE("VA 1001\r\n"), SLICE("bad")},
	    {RAW, SLICE("STORED\r\n"), SLICE("LINE <STORED>\nmore")},
	    {{.verb = VERB_LISTEN},
	     SLICE("OK\r\nVERSION x\r\nMN\r\nts=1 type=x\n"),
	     SLICE("LINE <OK>\nLINE <VERSION x>\nLINE <MN>\nLINE <ts=1 type=x>\nmore")},
	};
	CHECK(list);
}

TEST(lies_end_the_connection)
{
	const struct transcript list[] = {
	    {GET_FOO, SLICE("VALUE bar 0 1\r\nx\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE fooo 0 1\r\nx\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE fo 0 1\r\nx\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 2\r\nbar\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 4\r\nbar\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 3\r\nbar\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 3\r\nbar\r\rEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 1001\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 4294967296\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 18446744073709551615\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 18446744073709551616\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 18446744073709551616 1\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 -1\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo -1 1\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE \r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE\r\n"), SLICE("bad")},
	    {GETS_FOO, SLICE("VALUE foo 0 1 2 3\r\nx\r\nEND\r\n"), SLICE("bad")},
	    {GETS_FOO, SLICE("VALUE foo 0 1 18446744073709551616\r\n"), SLICE("bad")},
	    {GETS_FOO, SLICE("VALUE foo 0 1 x\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("HTTP/1.1 400 Bad Request\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("\0\xff\x1b[2J\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(what_is_left_is_the_next_answer)
{
	const struct transcript list[] = {
	    {SET, SLICE("STORED\r\nSTORED\r\n"), SLICE("STORED\nleft 8")},
	    {GET_FOO, SLICE("END\r\n\r\n"), SLICE("END\nleft 2")},
	    {GET_FOO, SLICE("END\r\nV"), SLICE("END\nleft 1")},
	    {INCR, SLICE("1\r\n2\r\n"), SLICE("NUMBER 1\nleft 3")},
	    {GET_FOO, SLICE("VALUE foo 0 3\r\nbar\r\n"), SLICE("VALUE 0 foo 0 <bar>\nmore")},
	    {GET_FOO, SLICE("VALUE foo 0 1000\r\nbar\r\n"), SLICE("more")},
	    {SET, SLICE("STORED"), SLICE("more")},
	    {SET, SLICE("STORED\r"), SLICE("more")},
	    {SET, SLICE(""), SLICE("more")},
	};
	CHECK(list);
}

TEST(lines_may_end_in_a_bare_line_feed)
{
	const struct transcript list[] = {
	    {SET, SLICE("STORED\n"), SLICE("STORED\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 0 3\nbar\r\nEND\n"),
	     SLICE("VALUE 0 foo 0 <bar>\nEND\nleft 0")},
	    {SET, SLICE("STORED\r\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 3\nbar\nEND\n"), SLICE("bad")},
	};
	CHECK(list);
}

/* A line of LEN bytes for a stats request, fed in pieces of PIECE bytes. */
static enum reader_result read_line_of(size_t len, size_t piece)
{
	static const struct request stats = STATS;
	struct reply_reader reader;
	struct reply reply;
	struct error error;
	size_t cursor = 0;
	enum reader_result result = READER_MORE;
	char *line = malloc(len + 2);
	assert_non_null(line);
	memset(line, 'x', len);
	memcpy(line, "STAT a ", 7);
	memcpy(line + len, "\r\n", 2);
	reply_reader_init(&reader, VALUE_MAX);
	for (size_t i = 0; i < len + 2 && result == READER_MORE; i += piece) {
		size_t n = len + 2 - i < piece ? len + 2 - i : piece;
		reply_reader_feed(&reader, slice_of(line + i, n));
		result = dialect_read(&reader, &stats, &cursor, &reply, &error);
	}
	reply_reader_release(&reader);
	free(line);
	return result;
}

TEST(a_line_has_a_longest_length)
{
	static const size_t pieces[] = {1, 1000, 70000, 200000};
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(read_line_of(REPLY_LINE_MAX - 1, pieces[i]), READER_REPLY);
		assert_int_equal(read_line_of(REPLY_LINE_MAX + 1, pieces[i]), READER_BAD);
		assert_int_equal(read_line_of(150000, pieces[i]), READER_BAD);
	}
}

/* Memory follows what has come, not what was announced; nor does it grow with what was taken. */
TEST(memory_follows_the_bytes)
{
	static const struct request get = GET_FOO;
	struct reply_reader reader;
	struct reply reply;
	struct error error;
	size_t cursor = 0;
	reply_reader_init(&reader, (size_t)1 << 30);
	reply_reader_feed(&reader, SLICE("VALUE foo 0 1000000000\r\nabc"));
	assert_int_equal(dialect_read(&reader, &get, &cursor, &reply, &error), READER_MORE);
	assert_true(reader.in.cap < (size_t)1 << 20);
	reply_reader_reset(&reader);
	assert_false(reply_reader_pending(&reader));
	for (int i = 0; i < 20000; i++) {
		cursor = 0;
		reply_reader_feed(&reader, SLICE("VALUE foo 0 3\r\nbar\r\nEND\r\nVALUE"));
		assert_int_equal(dialect_read(&reader, &get, &cursor, &reply, &error),
		                 READER_REPLY);
		assert_int_equal(dialect_read(&reader, &get, &cursor, &reply, &error),
		                 READER_REPLY);
		assert_int_equal(reply.kind, REPLY_END);
		assert_true(reply_reader_pending(&reader));
		reply_reader_feed(&reader, SLICE(" foo 0 3\r\nbar\r\nEND\r\n"));
		cursor = 0;
		while (dialect_read(&reader, &get, &cursor, &reply, &error) == READER_REPLY &&
		       reply.kind != REPLY_END)
			assert_text(reply.value, "bar");
		assert_false(reply_reader_pending(&reader));
	}
	assert_true(reader.in.cap < (size_t)1 << 20);
	reply_reader_release(&reader);
}

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

/* The request that a recorded line was: its verb, its keys, the words behind stats. */
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
		if (read_checked(&reader, request, &cursor, &reply, &error) != READER_REPLY)
			fail_msg("%s", error.what);
		buf_addf(kinds, "%s%s", kinds->len ? " " : "", kind_name(reply.kind));
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

UNIT_MAIN(cmocka_unit_test(values_are_read_by_length),
          cmocka_unit_test(values_name_the_key_that_they_answer),
          cmocka_unit_test(words_fit_what_was_asked),
          cmocka_unit_test(typed_meta_commands_are_answered_by_their_codes),
          cmocka_unit_test(the_flags_of_a_meta_answer_stand_after_its_code),
          cmocka_unit_test(recorded_answers_to_meta_commands_are_understood),
          cmocka_unit_test(meta_answers_say_the_same),
          cmocka_unit_test(meta_answers_about_several_keys_end_with_a_noop),
          cmocka_unit_test(an_administrator_is_refused_by_many_words),
          cmocka_unit_test(a_configuration_is_a_block), cmocka_unit_test(errors_answer_anything),
          cmocka_unit_test(stats_have_several_shapes),
          cmocka_unit_test(stats_sizes_enable_ends_without_an_end),
          cmocka_unit_test(a_fence_ends_lines_of_any_kind),
          cmocka_unit_test(lies_end_the_connection),
          cmocka_unit_test(what_is_left_is_the_next_answer),
          cmocka_unit_test(lines_may_end_in_a_bare_line_feed),
          cmocka_unit_test(a_line_has_a_longest_length), cmocka_unit_test(memory_follows_the_bytes),
          cmocka_unit_test(recorded_answers_are_understood))
