#include "lib/reading.h"

#include "lib/unit.h"

#include <stdlib.h>

const struct slice reading_foo[] = {SLICE("foo")};
const struct slice reading_abca[] = {SLICE("a"), SLICE("b"), SLICE("c"), SLICE("a")};

const char *reading_kind(enum reply_kind kind)
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
	buf_add_str(out, reading_kind(reply->kind));
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

enum reader_result reading_take(struct reply_reader *r, const struct request *request,
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
 * sanitizer sees every look beyond its end. */
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
		switch (reading_take(&r->reader, r->request, &r->cursor, &reply, &error)) {
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

void reading_check(const struct transcript *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_transcript(&list[i]);
}
