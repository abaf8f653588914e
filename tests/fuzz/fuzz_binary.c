/*
 * libFuzzer target: any packets as the answer to any request of the binary protocol, and as what a
 * trace shows. Build with clang -fsanitize=fuzzer,address,undefined. The input's first byte chooses
 * the request, the second how the rest is cut into pieces: whatever the cut, replies and trace must
 * be those of the bytes fed whole. Most packets of random bytes would be refused at once for their
 * magic, opcode or opaque: what each packet of the input has there is taken for a choice among the
 * likely ones.
 */
#include "proto/dialect.h"
#include "proto/packet.h"
#include "view/trace.h"

#include <stdlib.h>

#define VALUE_MAX 4096
#define OPAQUE    7

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

static const struct slice keys[] = {SLICE("a"), SLICE("f o"), SLICE("a")};

#define KEYS(n) .dialect = DIALECT_BINARY, .opaque = OPAQUE, .keys = keys, .key_count = (n)

static const struct request requests[] = {
    {.verb = VERB_SET, KEYS(1)},
    {.verb = VERB_ADD, KEYS(1)},
    {.verb = VERB_CAS, KEYS(1)},
    {.verb = VERB_GET, KEYS(1)},
    {.verb = VERB_GETS, KEYS(3)},
    {.verb = VERB_GAT, KEYS(1)},
    {.verb = VERB_TOUCH, KEYS(1)},
    {.verb = VERB_DELETE, KEYS(1)},
    {.verb = VERB_INCR, KEYS(1)},
    {.verb = VERB_STATS, KEYS(0)},
    {.verb = VERB_STATS, .text = SLICE("reset"), KEYS(0)},
    {.verb = VERB_VERSION, KEYS(0)},
    {.verb = VERB_FLUSH_ALL, KEYS(0)},
    {.verb = VERB_NOOP, KEYS(0)},
    {.verb = VERB_LOGIN, KEYS(1)},
};

/* Makes the packets in BYTES ones that may answer. */
static void make_likely(char *bytes, size_t size)
{
	static const unsigned opcodes[] = {
	    OPCODE_SET,       OPCODE_ADD,    OPCODE_GETK,    OPCODE_GETKQ, OPCODE_GATKQ,
	    OPCODE_TOUCH,     OPCODE_DELETE, OPCODE_INCR,    OPCODE_STAT,  OPCODE_FLUSH,
	    OPCODE_SASL_LIST, OPCODE_NOOP,   OPCODE_VERSION, OPCODE_SETQ,  OPCODE_SASL_AUTH};
	size_t at = 0;
	while (size - at >= PACKET_HEADER) {
		char *head = bytes + at;
		unsigned choice = (unsigned char)head[0];
		if (choice == 0xff) /* now and then nothing is put right */
			return;
		head[0] = (char)PACKET_REPLY;
		head[1] = (char)opcodes[choice % (sizeof(opcodes) / sizeof(opcodes[0]))];
		if (choice < 0xf0)
			packet_put_number(head + 12, 4, OPAQUE);
		if (choice < 0xe0) { /* short bodies, of which there is space for many */
			head[2] = head[8] = head[9] = head[10] = 0;
			head[6] = 0;
		}
		at += PACKET_HEADER + (unsigned char)head[11];
		if (at > size)
			return;
	}
}

static void note(struct buf *log, const struct reply *r)
{
	buf_addf(log, "%d %d %d %zu %llu %llu %llu %zu %zu %zu|", r->kind, r->has_cas, r->closing,
	         r->key_index, (unsigned long long)r->flags, (unsigned long long)r->cas,
	         (unsigned long long)r->number, r->key.len, r->value.len, r->wire.len);
	buf_add_slice(log, r->key);
	buf_add_slice(log, r->value);
	buf_add_slice(log, r->wire);
}

static void check_reply(const struct request *request, const struct reply *r)
{
	check(r->kind != REPLY_LOST && r->kind != REPLY_NONE);
	if (r->kind == REPLY_VALUE) {
		check(r->key_index < request->key_count);
		check(slice_eq(r->key, request->keys[r->key_index]));
		check(r->value.data + r->value.len == r->wire.data + r->wire.len);
	}
}

/* Every byte of a reply belongs to one field. */
static void check_fields(const struct fields *f, const struct reply *r)
{
	size_t end = 0;
	for (size_t i = 0; i < f->count; i++) {
		check(f->at[i].offset == end);
		end += f->at[i].length;
	}
	check(end >= r->wire.len);
}

/* Reads BYTES in pieces of 1 to MOST bytes (0: whole); what came out, and the trace, is added to
 * LOG. */
static void read_pieces(const struct request *request, struct slice bytes, size_t most,
                        struct buf *log)
{
	struct field space[64];
	struct fields fields = {.at = space, .max = sizeof(space) / sizeof(space[0])};
	struct buf shown = BUF_INIT;
	struct reply_reader reader;
	struct trace trace;
	struct reply reply;
	struct error error;
	enum reader_result result = READER_MORE;
	size_t cursor = 0, step = 0;
	reply_reader_init(&reader, VALUE_MAX);
	reader.fields = &fields;
	trace_init(&trace);
	trace.mode = TRACE_HEX;
	while (bytes.len > 0) {
		size_t n = most ? 1 + step++ % most : bytes.len;
		struct slice piece = slice_of(bytes.data, n < bytes.len ? n : bytes.len);
		bytes = slice_skip(bytes, piece.len);
		trace_add(&trace, &shown, TRACE_RECEIVED, piece, TRACE_PACKETS);
		if (result == READER_BAD)
			continue;
		reply_reader_feed(&reader, piece);
		while ((result = dialect_read(&reader, request, &cursor, &reply, &error)) ==
		       READER_REPLY) {
			check_reply(request, &reply);
			check_fields(&fields, &reply);
			note(log, &reply);
			if (reply_is_last(reply.kind))
				cursor = 0; /* and the next answer to the same question */
		}
	}
	if (result == READER_BAD)
		check(error.what[0] != '\0');
	buf_addf(log, "%d\n", result);
	trace_flush(&trace, &shown);
	buf_add_slice(log, buf_slice(&shown));
	buf_release(&shown);
	trace_release(&trace);
	reply_reader_release(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT, pieces = BUF_INIT, bytes = BUF_INIT;
	if (size < 3)
		return 0;
	const struct request *request =
	    &requests[data[0] % (sizeof(requests) / sizeof(requests[0]))];
	buf_add(&bytes, data + 2, size - 2);
	make_likely(bytes.data, bytes.len);
	read_pieces(request, buf_slice(&bytes), 0, &whole);
	read_pieces(request, buf_slice(&bytes), 1 + data[1] % 40, &pieces);
	check(slice_eq(buf_slice(&whole), buf_slice(&pieces)));
	buf_release(&bytes);
	buf_release(&whole);
	buf_release(&pieces);
	return 0;
}
