#include "lib/unit.h"
#include "proto/binary.h"
#include "proto/dialect.h"
#include "proto/packet.h"

static const struct slice foo[] = {SLICE("foo")};
static const struct slice pair[] = {SLICE("a"), SLICE("b c")};

#define ONE_KEY    .keys = foo, .key_count = 1
#define TWO_KEYS   .keys = pair, .key_count = 2
#define BYTES(hex) SLICE(hex)

/* A header of zeros but for these. */
#define HEAD(magic, op, key, extras, status, body, opaque, cas)                                    \
	magic op "\0" key extras "\0\0" status "\0\0\0" body "\0\0\0" opaque "\0\0\0\0\0\0\0" cas
#define ASK(op, key, extras, body)          HEAD("\x80", op, key, extras, "\0", body, "\7", "\0")
#define TELL(op, key, extras, status, body) HEAD("\x81", op, key, extras, status, body, "\7", "\0")
#define NOOP_ASKED                          ASK("\x0a", "\0", "\0", "\0")
#define NOOP_TOLD                           TELL("\x0a", "\0", "\0", "\0", "\0")

/* A request with opaque 7 encoded, after bytes that are there; each byte belongs to one field. */
static void check_encoded(struct request request, struct slice wire)
{
	struct buf out = BUF_INIT;
	struct error error;
	struct field space[80];
	struct fields fields = {.at = space, .max = sizeof(space) / sizeof(space[0])};
	request.dialect = DIALECT_BINARY;
	request.opaque = 7;
	buf_add_str(&out, "before");
	assert_true(request_check(&request, &error));
	assert_true(dialect_encode(&request, &out, &fields));
	assert_bytes(slice_skip(buf_slice(&out), 6), wire);
	size_t end = 0;
	for (size_t i = 0; i < fields.count; i++) {
		assert_int_equal(fields.at[i].offset, end);
		assert_int_not_equal(fields.at[i].kind, FIELD_REST);
		end += fields.at[i].length;
	}
	assert_int_equal(end, wire.len);
	buf_release(&out);
}

TEST(storage_has_flags_and_exptime_as_extras)
{
	check_encoded((struct request){.verb = VERB_SET,
	                               ONE_KEY,
	                               .value = SLICE("bar"),
	                               .flags = 0x01020304,
	                               .exptime = 5},
	              BYTES(ASK("\x01", "\3", "\x8", "\x0e") "\1\2\3\4\0\0\0\5foobar"));
	check_encoded((struct request){.verb = VERB_ADD, ONE_KEY, .value = SLICE("")},
	              BYTES(ASK("\x02", "\3", "\x8", "\x0b") "\0\0\0\0\0\0\0\0foo"));
	check_encoded(
	    (struct request){.verb = VERB_REPLACE, ONE_KEY, .value = SLICE("\0"), .noreply = true},
	    BYTES(ASK("\x13", "\3", "\x8", "\x0c") "\0\0\0\0\0\0\0\0foo\0"));
	check_encoded(
	    (struct request){.verb = VERB_APPEND, ONE_KEY, .value = SLICE("x"), .flags = 9},
	    BYTES(ASK("\x0e", "\3", "\0", "\x04") "foox"));
	check_encoded(
	    (struct request){.verb = VERB_PREPEND, ONE_KEY, .value = SLICE("x"), .noreply = true},
	    BYTES(ASK("\x1a", "\3", "\0", "\x04") "foox"));
}

TEST(cas_has_its_unique_in_the_header)
{
	check_encoded(
	    (struct request){
		.verb = VERB_CAS, ONE_KEY, .value = SLICE("v"), .number = 0x0102030405060708},
	    BYTES("\x80\x01\0\3\x08\0\0\0\0\0\0\x0c\0\0\0\7\1\2\3\4\5\6\7\x08"
	          "\0\0\0\0\0\0\0\0foov"));
}

TEST(a_guarded_delete_has_its_cas_in_the_header)
{
	check_encoded((struct request){.verb = VERB_DELETE, ONE_KEY, .number = 5},
	              BYTES("\x80\x04\0\3\0\0\0\0\0\0\0\3\0\0\0\7\0\0\0\0\0\0\0\5"
	                    "foo"));
}

TEST(a_negative_exptime_is_a_time_in_the_past)
{
	/* 2592001, which no server takes for a time to come. */
	check_encoded(
	    (struct request){.verb = VERB_SET, ONE_KEY, .value = SLICE(""), .exptime = -1},
	    BYTES(ASK("\x01", "\3", "\x8", "\x0b") "\0\0\0\0\0\x27\x8d\x01"
	                                           "foo"));
	check_encoded((struct request){.verb = VERB_GAT, ONE_KEY, .exptime = -1},
	              BYTES(ASK("\x24", "\3", "\x4", "\x07") "\0\x27\x8d\x01"
	                                                     "foo" NOOP_ASKED));
}

TEST(one_key_is_one_packet_and_several_end_with_a_noop)
{
	check_encoded((struct request){.verb = VERB_GET, ONE_KEY},
	              BYTES(ASK("\x0c", "\3", "\0", "\3") "foo"));
	check_encoded((struct request){.verb = VERB_GETS, TWO_KEYS},
	              BYTES(ASK("\x0d", "\1", "\0", "\1") "a" ASK("\x0d", "\3", "\0",
	                                                          "\3") "b c" NOOP_ASKED));
	check_encoded((struct request){.verb = VERB_GATS, TWO_KEYS, .exptime = 1},
	              BYTES(ASK("\x24", "\1", "\4", "\5") "\0\0\0\1a" ASK(
			  "\x24", "\3", "\4", "\7") "\0\0\0\1b c" NOOP_ASKED));
}

TEST(changes_carry_their_number)
{
	check_encoded((struct request){.verb = VERB_DELETE, ONE_KEY},
	              BYTES(ASK("\x04", "\3", "\0", "\3") "foo"));
	check_encoded((struct request){.verb = VERB_DELETE, ONE_KEY, .noreply = true},
	              BYTES(ASK("\x14", "\3", "\0", "\3") "foo"));
	check_encoded((struct request){.verb = VERB_TOUCH, ONE_KEY, .exptime = 9},
	              BYTES(ASK("\x1c", "\3", "\4", "\7") "\0\0\0\x09"
	                                                  "foo" NOOP_ASKED));
	/* Without an initial value all ones, which create nothing, stand for the exptime. */
	check_encoded((struct request){.verb = VERB_INCR, ONE_KEY, .number = UINT64_MAX},
	              BYTES(ASK("\x05", "\3", "\x14", "\x17") "\xff\xff\xff\xff\xff\xff\xff\xff"
	                                                      "\0\0\0\0\0\0\0\0\xff\xff\xff\xff"
	                                                      "foo"));
	check_encoded((struct request){.verb = VERB_DECR,
	                               ONE_KEY,
	                               .number = 1,
	                               .noreply = true,
	                               .creates = true,
	                               .initial = 100,
	                               .exptime = 60},
	              BYTES(ASK("\x16", "\3", "\x14", "\x17") "\0\0\0\0\0\0\0\1"
	                                                      "\0\0\0\0\0\0\0d\0\0\0\x3c"
	                                                      "foo"));
}

TEST(commands_without_a_key)
{
	check_encoded((struct request){.verb = VERB_STATS},
	              BYTES(ASK("\x10", "\0", "\0", "\0") NOOP_ASKED));
	check_encoded((struct request){.verb = VERB_STATS, .text = SLICE("detail on")},
	              BYTES(ASK("\x10", "\x09", "\0", "\x09") "detail on" NOOP_ASKED));
	check_encoded((struct request){.verb = VERB_VERSION}, BYTES(ASK("\x0b", "\0", "\0", "\0")));
	check_encoded((struct request){.verb = VERB_FLUSH_ALL},
	              BYTES(ASK("\x08", "\0", "\0", "\0")));
	check_encoded(
	    (struct request){
		.verb = VERB_FLUSH_ALL, .has_exptime = true, .number = 0x01020304, .noreply = true},
	    BYTES(ASK("\x18", "\0", "\4", "\4") "\1\2\3\4"));
	check_encoded((struct request){.verb = VERB_QUIT}, BYTES(ASK("\x17", "\0", "\0", "\0")));
	check_encoded(binary_noop, BYTES(NOOP_ASKED));
}

TEST(a_login_asks_for_the_mechanisms_and_sends_plain)
{
	const struct slice user[] = {SLICE("bob")};
	struct request login = {
	    .verb = VERB_LOGIN, .keys = user, .key_count = 1, .value = SLICE("pass word")};
	check_encoded(login, BYTES(ASK("\x20", "\0", "\0", "\0") ASK(
				 "\x21", "\5", "\0", "\x13") "PLAIN\0bob\0pass word" NOOP_ASKED));
}

TEST(what_has_no_form_is_refused_and_says_why)
{
	static const struct {
		struct request request;
		const char *what;
	} rows[] = {
	    {{.verb = VERB_VERBOSITY, .number = 1}, "the binary protocol has no verbosity"},
	    {{.verb = VERB_MG, ONE_KEY}, "the binary protocol has no mg"},
	    {{.verb = VERB_RAW, .text = SLICE("x\r\n")},
	     "the binary protocol has no lines of text"},
	    {{.verb = VERB_TOUCH, ONE_KEY, .noreply = true},
	     "the binary protocol has no touch without a reply"},
	    {{.verb = VERB_STATS, .text = SLICE("conns")},
	     "the binary protocol has no stats conns"},
	    {{.verb = VERB_STATS, .text = SLICE("r")}, "the binary protocol has no stats r"},
	    {{.verb = VERB_CAS, ONE_KEY}, "a cas unique of 0 means none in the binary protocol"},
	    {{.verb = VERB_FLUSH_ALL, .has_exptime = true, .number = (uint64_t)1 << 32},
	     "the binary protocol has 32 bits for the delay"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error;
		assert_false(binary_check(&rows[i].request, &error));
		assert_string_equal(error.what, rows[i].what);
		assert_false(binary_has_form(&rows[i].request));
	}
}

TEST(a_key_may_hold_any_byte)
{
	char bytes[251];
	memset(bytes, ' ', sizeof(bytes));
	struct slice keys[] = {SLICE("a b\r\n\0\x7f"), {bytes, 250}, {bytes, 251}, {bytes, 0}};
	for (size_t i = 0; i < 4; i++) {
		struct error error;
		struct request get = {
		    .verb = VERB_GET, .keys = &keys[i], .key_count = 1, .dialect = DIALECT_BINARY};
		assert_int_equal(request_check(&get, &error), i < 2);
	}
}

/* The replies to REQUEST that BYTES are, a byte at a time: each byte is waited for. */
struct answer {
	struct reply_reader reader;
	struct buf log;
	enum reader_result result;
	struct error error;
};

static void log_reply(struct buf *log, const struct reply *r)
{
	buf_addf(log, "%d", r->kind);
	if (r->key.len > 0) {
		buf_add_char(log, ' ');
		buf_add_slice(log, r->key);
	}
	if (r->kind == REPLY_VALUE)
		buf_addf(log, " %u %zu", (unsigned)r->flags, r->key_index);
	if (r->has_cas)
		buf_addf(log, " cas %llu", (unsigned long long)r->cas);
	if (r->kind == REPLY_NUMBER)
		buf_addf(log, " %llu", (unsigned long long)r->number);
	if (r->value.len > 0) {
		buf_add_char(log, '=');
		buf_add_slice(log, r->value);
	}
	if (r->closing)
		buf_add_str(log, " closing");
	buf_add_char(log, ';');
}

static void read_bytes(struct answer *a, struct request request, struct slice bytes)
{
	struct field space[80];
	struct fields fields = {.at = space, .max = sizeof(space) / sizeof(space[0])};
	size_t cursor = 0, left;
	bool over = false;
	*a = (struct answer){.result = READER_MORE};
	request.dialect = DIALECT_BINARY;
	request.opaque = 7;
	reply_reader_init(&a->reader, 1000);
	a->reader.fields = &fields;
	for (size_t i = 0; i < bytes.len && a->result != READER_BAD; i++) {
		struct reply reply;
		assert_false(over);
		reply_reader_feed(&a->reader, slice_of(bytes.data + i, 1));
		while (!over && (a->result = dialect_read(&a->reader, &request, &cursor, &reply,
		                                          &a->error)) == READER_REPLY) {
			size_t end = 0;
			for (size_t k = 0; k < fields.count; k++)
				end += fields.at[k].length;
			if (reply.kind == REPLY_VALUE || reply.kind == REPLY_STAT)
				assert_int_equal(end, reply.wire.len);
			log_reply(&a->log, &reply);
			over = reply_is_last(reply.kind);
		}
	}
	a->reader.fields = NULL;
	left = reply_reader_bytes(&a->reader).len;
	if (a->result != READER_BAD)
		assert_int_equal(left, 0);
}

static void check_read(struct request request, struct slice bytes, const char *format, ...)
{
	struct answer a;
	struct buf want = BUF_INIT;
	va_list args;
	read_bytes(&a, request, bytes);
	va_start(args, format);
	buf_vaddf(&want, format, args);
	va_end(args);
	assert_string_equal(buf_cstr(&a.log), buf_cstr(&want));
	buf_release(&want);
	buf_release(&a.log);
	reply_reader_release(&a.reader);
}

static void check_bad(struct request request, struct slice bytes, const char *what)
{
	struct answer a;
	read_bytes(&a, request, bytes);
	assert_int_equal(a.result, READER_BAD);
	assert_string_equal(a.error.what, what);
	buf_release(&a.log);
	reply_reader_release(&a.reader);
}

TEST(values)
{
	const struct request get = {.verb = VERB_GET, ONE_KEY}, gets = {.verb = VERB_GETS, ONE_KEY},
			     both = {.verb = VERB_GET, TWO_KEYS}, gat = {.verb = VERB_GAT, ONE_KEY};
	check_read(get, BYTES(TELL("\x0c", "\3", "\4", "\0", "\x0b") "\0\0\1\0foo\r\n\0x"),
	           "%d foo 256 0=\r\n", REPLY_VALUE);
	check_read(
	    gets,
	    BYTES(HEAD("\x81", "\x0c", "\3", "\4", "\0", "\x08", "\7", "\x09") "\0\0\0\0foox"),
	    "%d foo 0 0 cas 9=x;%d;", REPLY_VALUE, REPLY_END);
	check_read(get, BYTES(TELL("\x0c", "\0", "\0", "\1", "\x09") "Not found"), "%d;",
	           REPLY_END);
	check_read(get, BYTES(TELL("\x0c", "\3", "\0", "\1", "\3") "foo"), "%d;", REPLY_END);
	check_read(both, BYTES(TELL("\x0d", "\3", "\4", "\0", "\x08") "\0\0\0\0b cx" NOOP_TOLD),
	           "%d b c 0 1=x;%d;", REPLY_VALUE, REPLY_END);
	check_read(both, BYTES(NOOP_TOLD), "%d;", REPLY_END);
	check_read(gat, BYTES(TELL("\x24", "\3", "\4", "\0", "\x08") "\0\0\0\0foox" NOOP_TOLD),
	           "%d foo 0 0=x;%d;", REPLY_VALUE, REPLY_END);
}

TEST(statuses_are_the_words_of_classic)
{
	const struct request set = {.verb = VERB_SET, ONE_KEY}, add = {.verb = VERB_ADD, ONE_KEY},
			     replace = {.verb = VERB_REPLACE, ONE_KEY},
			     cas = {.verb = VERB_CAS, ONE_KEY},
			     append = {.verb = VERB_APPEND, ONE_KEY},
			     del = {.verb = VERB_DELETE, ONE_KEY},
			     touch = {.verb = VERB_TOUCH, ONE_KEY},
			     incr = {.verb = VERB_INCR, ONE_KEY}, flush = {.verb = VERB_FLUSH_ALL},
			     version = {.verb = VERB_VERSION};
	check_read(set, BYTES(TELL("\x01", "\0", "\0", "\0", "\0")), "%d;", REPLY_STORED);
	check_read(set, BYTES(TELL("\x01", "\0", "\0", "\3", "\2") "no"),
	           "%d=object too large for cache;", REPLY_SERVER_ERROR);
	check_read(set, BYTES(TELL("\x01", "\0", "\0", "\x82", "\0")),
	           "%d=out of memory storing object;", REPLY_SERVER_ERROR);
	check_read(set, BYTES(TELL("\x01", "\0", "\0", "\4", "\3") "why"), "%d=why closing;",
	           REPLY_CLIENT_ERROR);
	check_read(set, BYTES(TELL("\x01", "\0", "\0", "\x20", "\0")), "%d=Auth failure closing;",
	           REPLY_CLIENT_ERROR);
	check_read(set, BYTES(TELL("\x01", "\0", "\0", "\x85", "\4") "Busy"), "%d=Busy;",
	           REPLY_SERVER_ERROR);
	check_read(add, BYTES(TELL("\x02", "\0", "\0", "\2", "\4") "Data"), "%d;",
	           REPLY_NOT_STORED);
	check_read(replace, BYTES(TELL("\x03", "\0", "\0", "\1", "\0")), "%d;", REPLY_NOT_STORED);
	check_read(append, BYTES(TELL("\x0e", "\0", "\0", "\5", "\0")), "%d;", REPLY_NOT_STORED);
	check_read(cas, BYTES(TELL("\x01", "\0", "\0", "\2", "\0")), "%d;", REPLY_EXISTS);
	check_read(cas, BYTES(TELL("\x01", "\0", "\0", "\1", "\0")), "%d;", REPLY_NOT_FOUND);
	check_read(del, BYTES(TELL("\x04", "\0", "\0", "\0", "\0")), "%d;", REPLY_DELETED);
	check_read(del, BYTES(TELL("\x04", "\0", "\0", "\1", "\0")), "%d;", REPLY_NOT_FOUND);
	check_read(touch, BYTES(TELL("\x1c", "\0", "\4", "\0", "\4") "\0\0\0\0" NOOP_TOLD), "%d;",
	           REPLY_TOUCHED);
	check_read(touch, BYTES(TELL("\x1c", "\0", "\0", "\1", "\0") NOOP_TOLD), "%d;",
	           REPLY_NOT_FOUND);
	check_read(touch, BYTES(TELL("\x1c", "\0", "\0", "\x81", "\0")), "%d closing;",
	           REPLY_ERROR);
	check_read(incr,
	           BYTES(TELL("\x05", "\0", "\0", "\0", "\x08") "\xff\xff\xff\xff\xff\xff\xff\xfe"),
	           "%d 18446744073709551614;", REPLY_NUMBER);
	check_read(incr, BYTES(TELL("\x05", "\0", "\0", "\6", "\0")),
	           "%d=cannot increment or decrement non-numeric value;", REPLY_CLIENT_ERROR);
	check_read(flush, BYTES(TELL("\x08", "\0", "\0", "\0", "\0")), "%d;", REPLY_OK);
	check_read(version, BYTES(TELL("\x0b", "\0", "\0", "\0", "\3") "1.6"), "%d=1.6;",
	           REPLY_VERSION);
}

TEST(statistics_end_with_the_one_without_a_name)
{
	const struct request stats = {.verb = VERB_STATS},
			     reset = {.verb = VERB_STATS, .text = SLICE("reset")},
			     detail = {.verb = VERB_STATS, .text = SLICE("detail on")},
			     sizes = {.verb = VERB_STATS, .text = SLICE("sizes_enable")};
	const struct slice end = BYTES(TELL("\x10", "\0", "\0", "\0", "\0") NOOP_TOLD);
	check_read(
	    stats,
	    BYTES(TELL("\x10", "\3", "\0", "\0", "\4") "pid1" TELL(
		"\x10", "\1", "\0", "\0", "\1") "a" TELL("\x10", "\0", "\0", "\0", "\0") NOOP_TOLD),
	    "%d pid=1;%d a;%d;", REPLY_STAT, REPLY_STAT, REPLY_END);
	check_read(reset, end, "%d;", REPLY_RESET);
	check_read(detail, end, "%d;", REPLY_OK);
	check_read(sizes, BYTES(TELL("\x10", "\1", "\0", "\0", "\2") "ab" NOOP_TOLD), "%d a=b;%d;",
	           REPLY_STAT, REPLY_END);
	check_read(stats, BYTES(TELL("\x10", "\0", "\0", "\1", "\0") NOOP_TOLD), "%d;",
	           REPLY_ERROR);
}

TEST(a_fence_passes_over_what_quiet_requests_are_answered)
{
	check_read(binary_noop,
	           BYTES(HEAD("\x81", "\x12", "\0", "\0", "\2", "\4", "\3", "\0") "Data" NOOP_TOLD),
	           "%d;%d;", REPLY_LINE, REPLY_END);
	check_read(binary_noop,
	           BYTES(HEAD("\x81", "\x0a", "\0", "\0", "\0", "\0", "\3", "\0") NOOP_TOLD),
	           "%d;%d;", REPLY_LINE, REPLY_END);
	check_bad(binary_noop, BYTES(TELL("\x01", "\0", "\0", "\0", "\0")),
	          "unexpected reply to noop: opcode 0x01 (set), status 0x00");
}

TEST(a_login_is_answered_by_stored)
{
	const struct slice user[] = {SLICE("bob")};
	const struct request login = {
	    .verb = VERB_LOGIN, .keys = user, .key_count = 1, .value = SLICE("x")};
	check_read(login,
	           BYTES(TELL("\x20", "\0", "\0", "\0", "\x0e") "CRAM-MD5 PLAIN" TELL(
		       "\x21", "\0", "\0", "\0", "\2") "ok" NOOP_TOLD),
	           "%d;", REPLY_STORED);
	check_read(login,
	           BYTES(TELL("\x20", "\0", "\0", "\x81", "\0")
	                     TELL("\x21", "\0", "\0", "\x81", "\0") NOOP_TOLD),
	           "%d;", REPLY_STORED);
	check_read(login,
	           BYTES(TELL("\x20", "\0", "\0", "\0", "\5") "PLAIN" TELL(
		       "\x21", "\0", "\0", "\x20", "\x0d") "Auth failure."),
	           "%d=Auth failure;", REPLY_CLIENT_ERROR);
	check_read(login,
	           BYTES(TELL("\x20", "\0", "\0", "\0", "\x08") "CRAM-MD5" TELL("\x21", "\0", "\0",
	                                                                        "\x20", "\0")),
	           "%d=PLAIN is not one of its mechanisms;", REPLY_CLIENT_ERROR);
	check_read(login,
	           BYTES(TELL("\x20", "\0", "\0", "\0", "\5") "PLAIN" TELL("\x21", "\0", "\0",
	                                                                   "\x21", "\0")),
	           "%d=PLAIN alone is not enough;", REPLY_CLIENT_ERROR);
}

TEST(what_answers_another_request_is_refused)
{
	const struct request get = {.verb = VERB_GET, ONE_KEY}, incr = {.verb = VERB_INCR, ONE_KEY},
			     touch = {.verb = VERB_TOUCH, ONE_KEY},
			     two = {.verb = VERB_GET, TWO_KEYS};
	check_bad(get, BYTES(HEAD("\x81", "\x0c", "\0", "\0", "\1", "\0", "\6", "\0")),
	          "unexpected reply to get: opcode 0x0c (getk), status 0x01, opaque 6, not 7");
	check_bad(get, BYTES(TELL("\x01", "\0", "\0", "\0", "\0")),
	          "unexpected reply to get: opcode 0x01 (set), status 0x00");
	check_bad(get, BYTES(TELL("\x0c", "\3", "\4", "\0", "\7") "\0\0\0\0bar"),
	          "unexpected reply to get: opcode 0x0c (getk), status 0x00");
	check_bad(get, BYTES(TELL("\x77", "\0", "\0", "\0", "\0")),
	          "unexpected reply to get: opcode 0x77 (unknown), status 0x00");
	/* A quiet one is answered once. */
	check_bad(two,
	          BYTES(TELL("\x0d", "\3", "\4", "\0", "\7") "\0\0\0\0b c" TELL(
		      "\x0d", "\3", "\4", "\0", "\7") "\0\0\0\0b c" NOOP_TOLD),
	          "unexpected reply to get: opcode 0x0d (getkq), status 0x00");
	check_bad(incr, BYTES(TELL("\x05", "\0", "\0", "\0", "\1") "1"),
	          "unexpected reply to incr: opcode 0x05 (incr), status 0x00");
	check_bad(touch, BYTES(NOOP_TOLD),
	          "unexpected reply to touch: opcode 0x0a (noop), status 0x00");
	check_bad((struct request){.verb = VERB_STATS}, BYTES(NOOP_TOLD),
	          "unexpected reply to stats: opcode 0x0a (noop), status 0x00");
	check_bad(get, BYTES(NOOP_TOLD),
	          "unexpected reply to get: opcode 0x0a (noop), status 0x00");
	check_bad(touch,
	          BYTES(TELL("\x1c", "\0", "\0", "\0", "\0") TELL("\x1c", "\0", "\0", "\0", "\0")),
	          "unexpected reply to touch: opcode 0x1c (touch), status 0x00");
}

TEST(what_is_no_packet_is_refused_by_its_first_byte)
{
	const struct request get = {.verb = VERB_GET, ONE_KEY};
	check_bad(get, BYTES("E"), "unexpected reply to get: \"E\"");
	check_bad(get, BYTES("\x80"), "unexpected reply to get: \"\\x80\"");
}

TEST(lengths_are_held_against_each_other_and_the_ceiling)
{
	const struct request get = {.verb = VERB_GET, ONE_KEY};
	check_bad(get, BYTES(TELL("\x0c", "\3", "\4", "\0", "\6")),
	          "a reply's body is shorter than what it should hold");
	check_bad(get, BYTES("\x81\x0c\0\0\0\0\0\0\xff\xff\xff\xff\0\0\0\7\0\0\0\0\0\0\0\0"),
	          "the server announced a reply of 4294967295 bytes, the limit is 1000");
}

UNIT_MAIN(cmocka_unit_test(storage_has_flags_and_exptime_as_extras),
          cmocka_unit_test(cas_has_its_unique_in_the_header),
          cmocka_unit_test(a_guarded_delete_has_its_cas_in_the_header),
          cmocka_unit_test(a_negative_exptime_is_a_time_in_the_past),
          cmocka_unit_test(one_key_is_one_packet_and_several_end_with_a_noop),
          cmocka_unit_test(changes_carry_their_number), cmocka_unit_test(commands_without_a_key),
          cmocka_unit_test(a_login_asks_for_the_mechanisms_and_sends_plain),
          cmocka_unit_test(what_has_no_form_is_refused_and_says_why),
          cmocka_unit_test(a_key_may_hold_any_byte), cmocka_unit_test(values),
          cmocka_unit_test(statuses_are_the_words_of_classic),
          cmocka_unit_test(statistics_end_with_the_one_without_a_name),
          cmocka_unit_test(a_fence_passes_over_what_quiet_requests_are_answered),
          cmocka_unit_test(a_login_is_answered_by_stored),
          cmocka_unit_test(what_answers_another_request_is_refused),
          cmocka_unit_test(what_is_no_packet_is_refused_by_its_first_byte),
          cmocka_unit_test(lengths_are_held_against_each_other_and_the_ceiling))
