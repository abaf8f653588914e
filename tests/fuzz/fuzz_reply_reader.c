/*
 * libFuzzer target: any bytes as the answer to any request. Build with
 * clang -fsanitize=fuzzer,address,undefined. The input's first byte chooses the request, the second
 * how the rest is cut into pieces: whatever the cut, the replies must be those of the bytes fed
 * whole. Crashes, leaks and wild memory are the sanitizers' business.
 */
#include "proto/dialect.h"

#include <stdlib.h>

#define VALUE_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

static const struct slice keys[] = {SLICE("a"), SLICE("foo"), SLICE("a")};

static const struct request requests[] = {
    {.verb = VERB_SET, .keys = keys, .key_count = 1},
    {.verb = VERB_GET, .keys = keys, .key_count = 3},
    {.verb = VERB_GETS, .keys = keys, .key_count = 1},
    {.verb = VERB_TOUCH, .keys = keys, .key_count = 1},
    {.verb = VERB_DELETE, .keys = keys, .key_count = 1},
    {.verb = VERB_INCR, .keys = keys, .key_count = 1},
    {.verb = VERB_STATS},
    {.verb = VERB_STATS, .text = SLICE("sizes_enable")},
    {.verb = VERB_VERSION},
    {.verb = VERB_FLUSH_ALL},
    {.verb = VERB_QUIT},
    {.verb = VERB_RAW},
    {.verb = VERB_RAW, .raw_end = RAW_END_MN},
    {.verb = VERB_LISTEN},
    {.verb = VERB_GET, .keys = keys, .key_count = 1, .dialect = DIALECT_META},
    {.verb = VERB_GETS, .keys = keys, .key_count = 1, .dialect = DIALECT_META},
    {.verb = VERB_CAS, .keys = keys, .key_count = 1, .dialect = DIALECT_META},
    {.verb = VERB_DELETE, .keys = keys, .key_count = 1, .dialect = DIALECT_META},
    {.verb = VERB_DECR, .keys = keys, .key_count = 1, .dialect = DIALECT_META},
    {.verb = VERB_GET, .keys = keys, .key_count = 3, .dialect = DIALECT_META},
    {.verb = VERB_GATS, .keys = keys, .key_count = 2, .dialect = DIALECT_META, .opaque = 1},
    {.verb = VERB_TOUCH, .keys = keys, .key_count = 1, .dialect = DIALECT_META},
    {.verb = VERB_MN},
    {.verb = VERB_MG, .keys = keys, .key_count = 1, .text = SLICE("v t")},
    {.verb = VERB_MG, .keys = keys, .key_count = 1, .text = SLICE("v q")},
    {.verb = VERB_MG, .keys = keys, .key_count = 1, .text = SLICE("v k"), .opaque = 1},
    {.verb = VERB_MS, .keys = keys, .key_count = 1},
    {.verb = VERB_MS, .keys = keys, .key_count = 1, .text = SLICE("q c")},
    {.verb = VERB_MD, .keys = keys, .key_count = 1, .text = SLICE("b"), .key_coded = true},
    {.verb = VERB_MD, .keys = keys, .key_count = 1, .text = SLICE("q"), .opaque = 7},
    {.verb = VERB_MA, .keys = keys, .key_count = 1, .text = SLICE("v")},
    {.verb = VERB_ME, .keys = keys, .key_count = 1},
};

static void note(struct buf *log, const struct reply *r)
{
	buf_addf(log, "%d %d %zu %llu %llu %llu %zu %zu %zu|", r->kind, r->has_cas, r->key_index,
	         (unsigned long long)r->flags, (unsigned long long)r->cas,
	         (unsigned long long)r->number, r->key.len, r->value.len, r->wire.len);
	buf_add_slice(log, r->key);
	buf_add_slice(log, r->value);
	buf_add_slice(log, r->wire);
}

/* What must hold of any reply, whatever came. */
static void check_reply(const struct request *request, const struct reply *r)
{
	check(r->timing == NULL && r->error == NULL);
	check(r->kind != REPLY_LOST && r->kind != REPLY_NONE);
	if (r->kind == REPLY_VALUE) {
		check(r->key_index < request->key_count);
		check(slice_eq(r->key, request->keys[r->key_index]));
		check(r->value.len <= VALUE_MAX);
		check(r->value.data > r->wire.data);
		check(r->value.data + r->value.len + 2 == r->wire.data + r->wire.len);
	}
}

/* The next reply; each byte that it took belongs to one field. */
static enum reader_result read_one(struct reply_reader *reader, const struct request *request,
                                   size_t *cursor, struct reply *reply, struct error *error)
{
	struct field at[8];
	struct fields fields = {.at = at, .max = 8};
	size_t before = reader->pos, end = 0;
	reader->fields = &fields;
	enum reader_result result = dialect_read(reader, request, cursor, reply, error);
	for (size_t i = 0; result == READER_REPLY && i < fields.count; i++) {
		check(at[i].offset == end && at[i].length > 0);
		end += at[i].length;
	}
	check(result != READER_REPLY || end == reader->pos - before);
	return result;
}

/* Reads BYTES in pieces of 1 to MOST bytes (0: whole), and writes what came out to LOG. */
static void read_pieces(const struct request *request, struct slice bytes, size_t most,
                        struct buf *log)
{
	struct reply_reader reader;
	struct reply reply;
	struct error error;
	enum reader_result result = READER_MORE;
	size_t cursor = 0, step = 0, taken = 0, whole = bytes.len;
	reply_reader_init(&reader, VALUE_MAX);
	while (bytes.len > 0 && result != READER_BAD) {
		size_t n = most ? 1 + step++ % most : bytes.len;
		n = n < bytes.len ? n : bytes.len;
		reply_reader_feed(&reader, slice_of(bytes.data, n));
		bytes = slice_skip(bytes, n);
		while ((result = read_one(&reader, request, &cursor, &reply, &error)) ==
		       READER_REPLY) {
			check_reply(request, &reply);
			note(log, &reply);
			taken += reply.wire.len;
			if (reply_is_last(reply.kind))
				cursor = 0; /* and the next answer to the same question */
		}
	}
	check(taken <= whole);
	check(reader.in.len - reader.pos <= whole - taken);
	if (result == READER_BAD)
		check(error.what[0] != '\0');
	buf_addf(log, "%d", result);
	reply_reader_release(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT, pieces = BUF_INIT;
	if (size < 3)
		return 0;
	const struct request *request =
	    &requests[data[0] % (sizeof(requests) / sizeof(requests[0]))];
	struct slice bytes = slice_of((const char *)data + 2, size - 2);
	read_pieces(request, bytes, 0, &whole);
	read_pieces(request, bytes, 1 + data[1] % 40, &pieces);
	check(slice_eq(buf_slice(&whole), buf_slice(&pieces)));
	buf_release(&whole);
	buf_release(&pieces);
	return 0;
}
