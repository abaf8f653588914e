#include "lib/unit.h"
#include "proto/dialect.h"
#include "proto/meta.h"

static const struct slice foo[] = {SLICE("foo")};
static const struct slice three[] = {SLICE("a"), SLICE("b\xc3\xa9"), SLICE("\xff")};

#define ONE_KEY    .keys = foo, .key_count = 1
#define KEYS_OF(k) .keys = (k), .key_count = sizeof(k) / sizeof((k)[0])

struct wire_case {
	struct request request;
	struct slice wire;
};

/* Each byte belongs to one field, and a blank is one; the bytes are the same with fields. */
static void check_fields(const struct wire_case *c)
{
	struct field at[64];
	struct fields f = {.at = at, .max = 64};
	struct buf out = BUF_INIT;
	size_t end = 0;
	buf_add_str(&out, "xy");
	assert_true(dialect_encode(&c->request, &out, &f));
	struct slice bytes = slice_skip(buf_slice(&out), 2);
	assert_bytes(bytes, c->wire);
	for (size_t i = 0; i < f.count; i++) {
		assert_int_equal(at[i].offset, end);
		assert_true(at[i].length > 0);
		assert_int_not_equal(at[i].kind, FIELD_REST);
		end += at[i].length;
		for (size_t j = at[i].offset; at[i].kind == FIELD_BLANK && j < end; j++)
			assert_int_equal(bytes.data[j], ' ');
	}
	assert_int_equal(end, bytes.len);
	buf_release(&out);
}

/* Every request is checked, then encoded after bytes that are there already. */
static void check_wire(const struct wire_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct buf out = BUF_INIT;
		struct error error;
		buf_add_str(&out, "before");
		assert_true(request_check(&cases[i].request, &error));
		assert_true(dialect_encode(&cases[i].request, &out, NULL));
		check_fields(&cases[i]);
		assert_bytes(slice_of(out.data, 6), SLICE("before"));
		assert_bytes(slice_skip(buf_slice(&out), 6), cases[i].wire);
		buf_release(&out);
	}
}

#define CHECK_WIRE(cases) check_wire((cases), sizeof(cases) / sizeof((cases)[0]))

TEST(storage_counts_its_bytes)
{
	const struct wire_case cases[] = {
	    {{.verb = VERB_SET, ONE_KEY, .value = SLICE("bar")}, SLICE("set foo 0 0 3\r\nbar\r\n")},
	    {{.verb = VERB_ADD, ONE_KEY, .value = SLICE(""), .flags = UINT32_MAX},
	     SLICE("add foo 4294967295 0 0\r\n\r\n")},
	    {{.verb = VERB_REPLACE, ONE_KEY, .value = SLICE("x"), .exptime = -1},
	     SLICE("replace foo 0 -1 1\r\nx\r\n")},
	    {{.verb = VERB_APPEND, ONE_KEY, .value = SLICE("a\0b"), .exptime = INT32_MAX},
	     SLICE("append foo 0 2147483647 3\r\na\0b\r\n")},
	    {{.verb = VERB_PREPEND, ONE_KEY, .value = SLICE("\r\nEND\r\n"), .exptime = INT32_MIN},
	     SLICE("prepend foo 0 -2147483648 7\r\n\r\nEND\r\n\r\n")},
	    {{.verb = VERB_CAS, ONE_KEY, .value = SLICE("v"), .number = UINT64_MAX, .flags = 7},
	     SLICE("cas foo 7 0 1 18446744073709551615\r\nv\r\n")},
	    {{.verb = VERB_CAS, ONE_KEY, .value = SLICE("v")}, SLICE("cas foo 0 0 1 0\r\nv\r\n")},
	    {{.verb = VERB_SET, ONE_KEY, .value = SLICE("\xff\xfe"), .noreply = true},
	     SLICE("set foo 0 0 2 noreply\r\n\xff\xfe\r\n")},
	    {{.verb = VERB_CAS, ONE_KEY, .value = SLICE("v"), .number = 5, .noreply = true},
	     SLICE("cas foo 0 0 1 5 noreply\r\nv\r\n")},
	};
	CHECK_WIRE(cases);
}

TEST(retrieval_lists_its_keys)
{
	const struct wire_case cases[] = {
	    {{.verb = VERB_GET, ONE_KEY}, SLICE("get foo\r\n")},
	    {{.verb = VERB_GETS, ONE_KEY}, SLICE("gets foo\r\n")},
	    {{.verb = VERB_GET, KEYS_OF(three)}, SLICE("get a b\xc3\xa9 \xff\r\n")},
	    {{.verb = VERB_GETS, KEYS_OF(three)}, SLICE("gets a b\xc3\xa9 \xff\r\n")},
	    {{.verb = VERB_GAT, ONE_KEY}, SLICE("gat 0 foo\r\n")},
	    {{.verb = VERB_GAT, KEYS_OF(three), .exptime = -1},
	     SLICE("gat -1 a b\xc3\xa9 \xff\r\n")},
	    {{.verb = VERB_GATS, ONE_KEY, .exptime = 2592001}, SLICE("gats 2592001 foo\r\n")},
	};
	CHECK_WIRE(cases);
}

TEST(changes_carry_their_number)
{
	const struct wire_case cases[] = {
	    {{.verb = VERB_TOUCH, ONE_KEY, .exptime = 60}, SLICE("touch foo 60\r\n")},
	    {{.verb = VERB_TOUCH, ONE_KEY, .exptime = -1, .noreply = true},
	     SLICE("touch foo -1 noreply\r\n")},
	    {{.verb = VERB_DELETE, ONE_KEY}, SLICE("delete foo\r\n")},
	    {{.verb = VERB_DELETE, ONE_KEY, .noreply = true}, SLICE("delete foo noreply\r\n")},
	    {{.verb = VERB_INCR, ONE_KEY, .number = 1}, SLICE("incr foo 1\r\n")},
	    {{.verb = VERB_INCR, ONE_KEY, .number = UINT64_MAX},
	     SLICE("incr foo 18446744073709551615\r\n")},
	    {{.verb = VERB_DECR, ONE_KEY, .noreply = true}, SLICE("decr foo 0 noreply\r\n")},
	};
	CHECK_WIRE(cases);
}

TEST(admin_commands_have_no_keys)
{
	const struct wire_case cases[] = {
	    {{.verb = VERB_STATS}, SLICE("stats\r\n")},
	    {{.verb = VERB_STATS, .text = SLICE("cachedump 1 0")},
	     SLICE("stats cachedump 1 0\r\n")},
	    {{.verb = VERB_VERSION}, SLICE("version\r\n")},
	    {{.verb = VERB_VERBOSITY, .number = 2}, SLICE("verbosity 2\r\n")},
	    {{.verb = VERB_VERBOSITY, .noreply = true}, SLICE("verbosity 0 noreply\r\n")},
	    {{.verb = VERB_FLUSH_ALL}, SLICE("flush_all\r\n")},
	    {{.verb = VERB_FLUSH_ALL, .number = 7}, SLICE("flush_all\r\n")},
	    {{.verb = VERB_FLUSH_ALL, .has_exptime = true}, SLICE("flush_all 0\r\n")},
	    {{.verb = VERB_FLUSH_ALL, .has_exptime = true, .number = 10, .noreply = true},
	     SLICE("flush_all 10 noreply\r\n")},
	    {{.verb = VERB_FLUSH_ALL, .noreply = true}, SLICE("flush_all noreply\r\n")},
	    {{.verb = VERB_QUIT}, SLICE("quit\r\n")},
	};
	CHECK_WIRE(cases);
}

TEST(the_meta_form_asks_the_same)
{
	const struct wire_case cases[] = {
	    {{.verb = VERB_GET, ONE_KEY, .dialect = DIALECT_META}, SLICE("mg foo f v\r\n")},
	    {{.verb = VERB_GETS, ONE_KEY, .dialect = DIALECT_META}, SLICE("mg foo f c v\r\n")},
	    {{.verb = VERB_SET, ONE_KEY, .value = SLICE("bar"), .dialect = DIALECT_META},
	     SLICE("ms foo 3\r\nbar\r\n")},
	    {{.verb = VERB_ADD,
	      ONE_KEY,
	      .flags = UINT32_MAX,
	      .exptime = -1,
	      .dialect = DIALECT_META},
	     SLICE("ms foo 0 F4294967295 T-1 ME\r\n\r\n")},
	    {{.verb = VERB_REPLACE, ONE_KEY, .value = SLICE("\r\n"), .dialect = DIALECT_META},
	     SLICE("ms foo 2 MR\r\n\r\n\r\n")},
	    {{.verb = VERB_APPEND, ONE_KEY, .value = SLICE("a\0b"), .dialect = DIALECT_META},
	     SLICE("ms foo 3 MA\r\na\0b\r\n")},
	    {{.verb = VERB_PREPEND, ONE_KEY, .value = SLICE("x"), .dialect = DIALECT_META},
	     SLICE("ms foo 1 MP\r\nx\r\n")},
	    {{.verb = VERB_CAS,
	      ONE_KEY,
	      .number = UINT64_MAX,
	      .exptime = 60,
	      .dialect = DIALECT_META},
	     SLICE("ms foo 0 T60 C18446744073709551615\r\n\r\n")},
	    {{.verb = VERB_ADD,
	      ONE_KEY,
	      .flags = 7,
	      .value = SLICE("bar"),
	      .dialect = DIALECT_META,
	      .key_coded = true,
	      .opaque = 1},
	     SLICE("ms Zm9v 3 b F7 ME O001\r\nbar\r\n")},
	    {{.verb = VERB_DELETE, ONE_KEY, .dialect = DIALECT_META}, SLICE("md foo\r\n")},
	    {{.verb = VERB_DELETE, ONE_KEY, .dialect = DIALECT_META, .number = 42},
	     SLICE("md foo C42\r\n")},
	    {{.verb = VERB_DELETE,
	      ONE_KEY,
	      .dialect = DIALECT_META,
	      .number = 42,
	      .key_coded = true,
	      .opaque = 1},
	     SLICE("md Zm9v b C42 O001\r\n")},
	    {{.verb = VERB_TOUCH,
	      ONE_KEY,
	      .dialect = DIALECT_META,
	      .exptime = 60,
	      .key_coded = true},
	     SLICE("mg Zm9v b T60\r\n")},
	    {{.verb = VERB_DELETE, ONE_KEY, .dialect = DIALECT_META, .opaque = META_OPAQUE_MAX},
	     SLICE("md foo O___\r\n")},
	    {{.verb = VERB_SET,
	      ONE_KEY,
	      .value = SLICE("x"),
	      .dialect = DIALECT_META,
	      .opaque = 64},
	     SLICE("ms foo 1 O010\r\nx\r\n")},
	    {{.verb = VERB_INCR, ONE_KEY, .number = 7, .dialect = DIALECT_META},
	     SLICE("ma foo D7 v\r\n")},
	    {{.verb = VERB_DECR, ONE_KEY, .dialect = DIALECT_META}, SLICE("ma foo MD D0 v\r\n")},
	    {{.verb = VERB_TOUCH, ONE_KEY, .exptime = -1, .dialect = DIALECT_META},
	     SLICE("mg foo T-1\r\n")},
	    {{.verb = VERB_GAT, ONE_KEY, .dialect = DIALECT_META}, SLICE("mg foo f v T0\r\n")},
	    {{.verb = VERB_GATS, ONE_KEY, .exptime = 60, .dialect = DIALECT_META, .opaque = 1},
	     SLICE("mg foo f c v T60 O001\r\n")},
	    {{.verb = VERB_GET, KEYS_OF(three), .dialect = DIALECT_META},
	     SLICE("mg a f v k q\r\nmg b\xc3\xa9 f v k q\r\nmg \xff f v k q\r\nmn\r\n")},
	    {{.verb = VERB_GATS,
	      KEYS_OF(three),
	      .exptime = 9,
	      .dialect = DIALECT_META,
	      .opaque = 2},
	     SLICE("mg a f c v T9 k q O002\r\nmg b\xc3\xa9 f c v T9 k q O002\r\n"
	           "mg \xff f c v T9 k q O002\r\nmn\r\n")},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(meta_has_form(&cases[i].request));
	CHECK_WIRE(cases);
}

TEST(a_typed_meta_command_carries_its_flags_as_they_were_typed)
{
	const struct wire_case cases[] = {
	    {{.verb = VERB_MG, ONE_KEY, .text = SLICE("v t f")}, SLICE("mg foo v t f\r\n")},
	    {{.verb = VERB_MG, ONE_KEY}, SLICE("mg foo\r\n")},
	    {{.verb = VERB_MS, ONE_KEY, .text = SLICE("T90 F5"), .value = SLICE("bar")},
	     SLICE("ms foo 3 T90 F5\r\nbar\r\n")},
	    {{.verb = VERB_MS, ONE_KEY, .text = SLICE("q"), .value = SLICE("bar")},
	     SLICE("ms foo 3 q\r\nbar\r\nmn\r\n")},
	    {{.verb = VERB_MD, ONE_KEY, .text = SLICE("I T30 q")},
	     SLICE("md foo I T30 q\r\nmn\r\n")},
	    {{.verb = VERB_MA, ONE_KEY, .text = SLICE("N0 J10 D2")}, SLICE("ma foo N0 J10 D2\r\n")},
	    {{.verb = VERB_ME, ONE_KEY}, SLICE("me foo\r\n")},
	    {{.verb = VERB_MN}, SLICE("mn\r\n")},
	    /* A key that the line cannot carry goes in base64. */
	    {{.verb = VERB_MG, ONE_KEY, .text = SLICE("v"), .key_coded = true},
	     SLICE("mg Zm9v v b\r\n")},
	    {{.verb = VERB_ME, ONE_KEY, .text = SLICE("b"), .key_coded = true},
	     SLICE("me Zm9v b b\r\n")},
	    /* An opaque of mcsh's own: where the user gave none, the answer repeats it, and the
	     * line has a word to spare. */
	    {{.verb = VERB_MG, ONE_KEY, .text = SLICE("v"), .opaque = 1},
	     SLICE("mg foo v O001\r\n")},
	    {{.verb = VERB_MG, ONE_KEY, .text = SLICE("v Oab"), .opaque = 1},
	     SLICE("mg foo v Oab\r\n")},
	    {{.verb = VERB_ME, ONE_KEY, .opaque = 1}, SLICE("me foo\r\n")},
	    {{.verb = VERB_MG,
	      ONE_KEY,
	      .text = SLICE("c f h k l s t u v q C1 E1 N1 R1 T1 P L"),
	      .opaque = 1},
	     SLICE("mg foo c f h k l s t u v q C1 E1 N1 R1 T1 P L\r\nmn\r\n")},
	};
	CHECK_WIRE(cases);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(request_dialect(&cases[i].request), DIALECT_META);
		assert_int_equal(dialect_fence_len(&cases[i].request),
		                 i == 3 || i == 4 || i == 13 ? 4 : 0);
	}
}

/* KIND, offset and length of each field but blanks. */
static void check_named(const struct request *request, const char *want)
{
	struct field at[32];
	struct fields f = {.at = at, .max = 32};
	struct buf out = BUF_INIT, got = BUF_INIT;
	assert_true(dialect_encode(request, &out, &f));
	for (size_t i = 0; i < f.count; i++) {
		if (at[i].kind != FIELD_BLANK)
			buf_addf(&got, "%s%s %zu %zu", got.len ? ", " : "", field_name(at[i].kind),
			         at[i].offset, at[i].length);
	}
	assert_bytes(buf_slice(&got), slice_str(want));
	buf_release(&out);
	buf_release(&got);
}

TEST(each_field_of_a_request_has_its_name)
{
	const struct request cas = {.verb = VERB_CAS,
	                            ONE_KEY,
	                            .flags = 12,
	                            .exptime = -1,
	                            .value = SLICE("x y"),
	                            .number = 9,
	                            .noreply = true};
	check_named(&cas, "command 0 3, key 4 3, flags 8 2, exptime 11 2, length 14 1, cas 16 1, "
	                  "noreply 18 7, line end 25 2, data 27 3, data end 30 2");
	const struct request ms = {.verb = VERB_CAS,
	                           ONE_KEY,
	                           .flags = 12,
	                           .exptime = -1,
	                           .value = SLICE("x y"),
	                           .number = 9,
	                           .dialect = DIALECT_META};
	check_named(&ms, "command 0 2, key 3 3, length 7 1, meta flag 9 3, meta flag 13 3, "
	                 "meta flag 17 2, line end 19 2, data 21 3, data end 24 2");
	const struct request get = {.verb = VERB_GET, KEYS_OF(three)};
	check_named(&get, "command 0 3, key 4 1, key 6 3, key 10 1, line end 11 2");
	const struct request gat = {
	    .verb = VERB_GAT, .keys = three, .key_count = 2, .dialect = DIALECT_META};
	check_named(&gat, "command 0 2, key 3 1, meta flag 5 1, meta flag 7 1, meta flag 9 2, "
	                  "meta flag 12 1, meta flag 14 1, line end 15 2, command 17 2, key 20 3, "
	                  "meta flag 24 1, meta flag 26 1, meta flag 28 2, meta flag 31 1, "
	                  "meta flag 33 1, line end 34 2, fence 36 4");
	const struct request raw = {.verb = VERB_RAW, .text = SLICE("x\r\n")};
	check_named(&raw, "line 0 3, fence 3 9");
	const struct slice user = SLICE("joe");
	const struct request login = {
	    .verb = VERB_LOGIN, .keys = &user, .key_count = 1, .value = SLICE("pass")};
	check_named(&login, "command 0 3, key 4 5, flags 10 1, exptime 12 2, length 15 1, "
	                    "line end 16 2, secret 18 8, data end 26 2");
}

TEST(what_finds_no_place_among_the_fields_is_in_the_last)
{
	static const struct request set = {.verb = VERB_SET, ONE_KEY, .value = SLICE("bar")};
	for (size_t max = 1; max < 20; max++) {
		struct field at[20];
		struct fields f = {.at = at, .max = max};
		struct buf out = BUF_INIT;
		assert_true(dialect_encode(&set, &out, &f));
		assert_true(f.count <= max);
		assert_int_equal(f.at[f.count - 1].offset + f.at[f.count - 1].length, out.len);
		assert_int_equal(f.at[f.count - 1].kind, max < 12 ? FIELD_REST : FIELD_DATA_END);
		buf_release(&out);
	}
}

TEST(not_every_request_has_a_meta_form)
{
	const struct request none[] = {
	    {.verb = VERB_SET, ONE_KEY, .noreply = true},
	    {.verb = VERB_DELETE, ONE_KEY, .noreply = true},
	    {.verb = VERB_TOUCH, ONE_KEY, .noreply = true},
	    {.verb = VERB_LOGIN, ONE_KEY},
	    {.verb = VERB_VERSION},
	    {.verb = VERB_STATS},
	    {.verb = VERB_FLUSH_ALL},
	    {.verb = VERB_RAW},
	};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(meta_has_form(&none[i]));
}

TEST(raw_bytes_go_out_as_they_are_with_a_fence)
{
	const struct wire_case cases[] = {
	    {{.verb = VERB_RAW, .text = SLICE("mg foo v\r\n")}, SLICE("mg foo v\r\nversion\r\n")},
	    {{.verb = VERB_RAW, .text = SLICE("version\r\n"), .raw_end = RAW_END_MN},
	     SLICE("version\r\nmn\r\n")},
	    {{.verb = VERB_RAW, .text = SLICE("a\0\xff\r\n")}, SLICE("a\0\xff\r\nversion\r\n")},
	    {{.verb = VERB_RAW}, SLICE("version\r\n")},
	    {{.verb = VERB_LISTEN, .text = SLICE("watch\r\n")}, SLICE("watch\r\n")},
	};
	CHECK_WIRE(cases);
}

TEST(a_full_buffer_is_left_as_it_was)
{
	static const struct request set = {.verb = VERB_SET, ONE_KEY, .value = SLICE("0123456789")};
	struct slice wire = SLICE("set foo 0 0 10\r\n0123456789\r\n");
	for (size_t max = 4; max < 4 + wire.len; max++) {
		struct buf out;
		buf_init(&out, max);
		assert_true(buf_add_str(&out, "keep"));
		assert_false(dialect_encode(&set, &out, NULL));
		assert_text(buf_slice(&out), "keep");
		buf_release(&out);
	}
	struct buf out;
	buf_init(&out, 4 + wire.len);
	buf_add_str(&out, "keep");
	assert_false(buf_add_repeat(&out, 'x', wire.len + 1));
	assert_true(dialect_encode(&set, &out, NULL));
	assert_bytes(slice_skip(buf_slice(&out), 4), wire);
	buf_release(&out);
}

TEST(each_verb_names_the_answer_it_wants)
{
	static const struct {
		enum verb verb;
		const char *word;
		enum expect expect;
		bool stores;
	} rows[VERB_COUNT] = {
	    {VERB_SET, "set", EXPECT_STORAGE, true},
	    {VERB_ADD, "add", EXPECT_STORAGE, true},
	    {VERB_REPLACE, "replace", EXPECT_STORAGE, true},
	    {VERB_APPEND, "append", EXPECT_STORAGE, true},
	    {VERB_PREPEND, "prepend", EXPECT_STORAGE, true},
	    {VERB_CAS, "cas", EXPECT_STORAGE, true},
	    {VERB_GET, "get", EXPECT_VALUES, false},
	    {VERB_GETS, "gets", EXPECT_VALUES, false},
	    {VERB_GAT, "gat", EXPECT_VALUES, false},
	    {VERB_GATS, "gats", EXPECT_VALUES, false},
	    {VERB_TOUCH, "touch", EXPECT_TOUCH, false},
	    {VERB_DELETE, "delete", EXPECT_DELETE, false},
	    {VERB_INCR, "incr", EXPECT_NUMBER, false},
	    {VERB_DECR, "decr", EXPECT_NUMBER, false},
	    {VERB_STATS, "stats", EXPECT_STATS, false},
	    {VERB_VERSION, "version", EXPECT_VERSION, false},
	    {VERB_VERBOSITY, "verbosity", EXPECT_OK, false},
	    {VERB_FLUSH_ALL, "flush_all", EXPECT_OK, false},
	    {VERB_SLABS, "slabs", EXPECT_ADMIN, false},
	    {VERB_LRU, "lru", EXPECT_ADMIN, false},
	    {VERB_LRU_CRAWLER, "lru_crawler", EXPECT_ADMIN, false},
	    {VERB_CACHE_MEMLIMIT, "cache_memlimit", EXPECT_ADMIN, false},
	    {VERB_EXTSTORE, "extstore", EXPECT_ADMIN, false},
	    {VERB_REFRESH_CERTS, "refresh_certs", EXPECT_ADMIN, false},
	    {VERB_SHUTDOWN, "shutdown", EXPECT_CLOSE, false},
	    {VERB_CONFIG, "config", EXPECT_CONFIG, false},
	    {VERB_QUIT, "quit", EXPECT_CLOSE, false},
	    {VERB_NOOP, "noop", EXPECT_FENCE, false},
	    {VERB_LOGIN, "login", EXPECT_STORAGE, true},
	    {VERB_MG, "mg", EXPECT_META, false},
	    {VERB_MS, "ms", EXPECT_META, false},
	    {VERB_MD, "md", EXPECT_META, false},
	    {VERB_MA, "ma", EXPECT_META, false},
	    {VERB_MN, "mn", EXPECT_META, false},
	    {VERB_ME, "me", EXPECT_META, false},
	    {VERB_RAW, "", EXPECT_FENCE, false},
	    {VERB_LISTEN, "", EXPECT_ANY, false},
	};
	for (size_t i = 0; i < VERB_COUNT; i++) {
		struct request r = {.verb = rows[i].verb};
		assert_int_equal(rows[i].verb, i);
		assert_string_equal(verb_word(r.verb), rows[i].word);
		assert_int_equal(verb_stores(r.verb), rows[i].stores);
		assert_int_equal(request_expects(&r), rows[i].expect);
		r.noreply = true;
		assert_int_equal(request_expects(&r), EXPECT_NONE);
	}
}

UNIT_MAIN(cmocka_unit_test(storage_counts_its_bytes), cmocka_unit_test(retrieval_lists_its_keys),
          cmocka_unit_test(changes_carry_their_number),
          cmocka_unit_test(admin_commands_have_no_keys),
          cmocka_unit_test(the_meta_form_asks_the_same),
          cmocka_unit_test(a_typed_meta_command_carries_its_flags_as_they_were_typed),
          cmocka_unit_test(each_field_of_a_request_has_its_name),
          cmocka_unit_test(what_finds_no_place_among_the_fields_is_in_the_last),
          cmocka_unit_test(not_every_request_has_a_meta_form),
          cmocka_unit_test(raw_bytes_go_out_as_they_are_with_a_fence),
          cmocka_unit_test(a_full_buffer_is_left_as_it_was),
          cmocka_unit_test(each_verb_names_the_answer_it_wants))
