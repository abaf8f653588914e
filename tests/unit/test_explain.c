#include "lib/unit.h"

#include "proto/dialect.h"
#include "view/explain/answers.h"
#include "view/explain/explain.h"

#include <stdio.h>

static const struct slice foo[] = {SLICE_INIT("foo")};

#define ONE_KEY .keys = foo, .key_count = 1

/* 2025-11-26 15:30:00 UTC */
#define NOW 1764171000

static struct style style_of(unsigned columns)
{
	return (struct style){.format = FORMAT_PRETTY, .columns = columns};
}

static struct message message_of(const struct request *request, const struct fields *fields)
{
	return (struct message){.request = request,
	                        .fields = fields,
	                        .profile = codec_find(SLICE("python-memcached")),
	                        .now = NOW};
}

/* REQUEST is drawn as WANT. */
static void draws(const struct request *request, unsigned columns, const char *want)
{
	struct field at[64];
	struct fields fields = {.at = at, .max = 64};
	struct buf bytes = BUF_INIT, out = BUF_INIT;
	struct style style = style_of(columns);
	assert_true(dialect_encode(request, &bytes, &fields));
	struct message m = message_of(request, &fields);
	m.bytes = buf_slice(&bytes);
	explain_draw(&out, &style, &m);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&bytes);
	buf_release(&out);
}

/* And so is the first reply to REQUEST that BYTES are. */
static void draws_reply(const struct request *request, struct slice bytes, const char *want)
{
	struct field at[64];
	struct fields fields = {.at = at, .max = 64};
	struct reply_reader reader;
	struct reply reply;
	struct error error;
	struct buf out = BUF_INIT;
	struct style style = style_of(80);
	size_t cursor = 0;
	reply_reader_init(&reader, 1000);
	reader.fields = &fields;
	reply_reader_feed(&reader, bytes);
	assert_int_equal(dialect_read(&reader, request, &cursor, &reply, &error), READER_REPLY);
	struct message m = message_of(request, &fields);
	m.reply = &reply;
	m.bytes = slice_of(reader.in.data, reader.pos);
	explain_draw(&out, &style, &m);
	assert_bytes(buf_slice(&out), slice_str(want));
	reply_reader_release(&reader);
	buf_release(&out);
}

TEST(times_are_lengths_and_dates)
{
	static const struct {
		int64_t exptime;
		const char *row;
	} cases[] = {
	    {0, "exptime  never expires\n"},
	    {-1, "exptime  expired at once\n"},
	    {60, "exptime  1 min from now: 2025-11-26 15:31:00 UTC\n"},
	    {2592000, "exptime  30 d from now: 2025-12-26 15:30:00 UTC\n"},
	    {2592001, "exptime  over 30 days, so a Unix time: 1970-01-31 00:00:01 UTC, which is "
	              "past\n"},
	    {NOW + 86400,
	     "exptime  over 30 days, so a Unix time: 2025-11-27 15:30:00 UTC, in 1 d\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf want = BUF_INIT;
		struct request touch = {.verb = VERB_TOUCH, ONE_KEY, .exptime = cases[i].exptime};
		char digits[24];
		int n = snprintf(digits, sizeof(digits), "%lld", (long long)touch.exptime);
		buf_addf(
		    &want,
		    "> touch    foo  %-7s  \\r\\n\n  command  key  exptime%*s  end\n\n    %s\n",
		    digits, n > 7 ? n - 7 : 0, "", cases[i].row);
		draws(&touch, 120, buf_cstr(&want));
		buf_release(&want);
	}
}

TEST(each_meta_flag_has_its_meaning)
{
	const struct request ms = {
	    .verb = VERB_MS, ONE_KEY, .text = SLICE("T90 F18 MA q"), .value = SLICE("bar")};
	draws(&ms, 80,
	      "> ms       foo  3       T90   F18   MA    q     \\r\\n\n"
	      "  command  key  length  flag  flag  flag  flag  end\n\n"
	      "    length  3 bytes of data, without the line end\n"
	      "    T90     the new time to live: 1 min 30 s from now: 2025-11-26 15:31:30 UTC\n"
	      "    F18     the client flags: 16 text + 2 int (python-memcached)\n"
	      "    MA      the mode: append\n"
	      "    q       quiet: no answer when it is done\n\n"
	      "> bar   \\r\\n\n"
	      "  data  end\n\n"
	      "> mn\\r\\n\n"
	      "  mcsh's fence\n\n"
	      "    fence  mcsh's own fence: its answer shows where yours ends\n\n");
	const struct request mg = {.verb = VERB_MG, ONE_KEY, .text = SLICE("v t f y")};
	draws_reply(&mg, SLICE("VA 3 t90 f16 W y\r\nbar\r\n"),
	            "< VA    3       t90   f16   W     y     \\r\\n\n"
	            "  code  length  flag  flag  flag  flag  end\n\n"
	            "    code    a value, whose data follows\n"
	            "    length  3 bytes of data, without the line end\n"
	            "    t90     1 min 30 s left to live: 2025-11-26 15:31:30 UTC\n"
	            "    f16     the client flags: 16 text (python-memcached)\n"
	            "    W       won: it is yours to fetch again\n"
	            "    y       not in memcached's documentation\n\n"
	            "< bar   \\r\\n\n"
	            "  data  end\n\n");
	draws_reply(&mg, SLICE("HD t-1\r\n"),
	            "< HD    t-1   \\r\\n\n  code  flag  end\n\n"
	            "    code  done; flags that were asked for follow\n"
	            "    t-1   it does not expire\n\n");
}

TEST(a_secret_is_nowhere)
{
	const struct slice user = SLICE("joe");
	const struct request login = {
	    .verb = VERB_LOGIN, .keys = &user, .key_count = 1, .value = SLICE("swordfish")};
	draws(&login, 80,
	      "> set      login  0      -1       13      \\r\\n\n"
	      "  command  key    flags  exptime  length  end\n\n"
	      "    command  the login has the form of a set; nothing is stored\n"
	      "    flags    bytes (python-memcached)\n"
	      "    exptime  expired at once\n"
	      "    length   13 bytes of data, without the line end\n\n"
	      "> ***     \\r\\n\n"
	      "  secret  end\n\n"
	      "    secret  user and password, which no trace shows\n\n");
	struct field at[64];
	struct fields fields = {.at = at, .max = 64};
	struct buf bytes = BUF_INIT, out = BUF_INIT;
	assert_true(dialect_encode(&login, &bytes, &fields));
	struct message m = message_of(&login, &fields);
	m.bytes = buf_slice(&bytes);
	explain_json(&out, &m);
	assert_null(memmem(out.data, out.len, "swordfish", 9));
	assert_null(memmem(out.data, out.len, "joe", 3));
	buf_release(&bytes);
	buf_release(&out);
}

TEST(what_does_not_fit_goes_on_below)
{
	const struct request cas = {.verb = VERB_CAS, ONE_KEY, .value = SLICE("x"), .number = 12};
	draws(&cas, 30,
	      "> cas      foo  0      0\n"
	      "  command  key  flags  exptime\n"
	      "  1       12   \\r\\n\n"
	      "  length  cas  end\n\n"
	      "    flags    bytes\n             (python-memcached)\n"
	      "    exptime  never expires\n"
	      "    length   1 byte of data,\n             without the line\n             end\n"
	      "    cas      cas unique:\n             stored only if\n             the item still\n"
	      "             has it\n\n"
	      "> x     \\r\\n\n"
	      "  data  end\n\n");
}

TEST(errors_are_explained_by_the_advice)
{
	const struct request incr = {.verb = VERB_INCR, ONE_KEY};
	draws_reply(
	    &incr, SLICE("ERROR\r\n"),
	    "< ERROR  \\r\\n\n  code   end\n\n    code  the server does not know the command\n\n");
}

/* Every shape has answers, and each of them a word and a text. */
TEST(every_request_can_be_answered)
{
	for (enum verb v = VERB_SET; v < VERB_COUNT; v++) {
		for (enum dialect_id d = DIALECT_CLASSIC; d < DIALECT_COUNT; d++) {
			struct request r = {.verb = v, .dialect = d, ONE_KEY};
			const char *word, *text;
			size_t n = 0;
			if (!dialects[d].has_form(&r))
				continue;
			while (answer_at(&r, n, &word, &text)) {
				assert_true(word[0] && text[0]);
				n++;
			}
			assert_true(n >= 4);
		}
	}
}

UNIT_MAIN(cmocka_unit_test(times_are_lengths_and_dates),
          cmocka_unit_test(each_meta_flag_has_its_meaning), cmocka_unit_test(a_secret_is_nowhere),
          cmocka_unit_test(what_does_not_fit_goes_on_below),
          cmocka_unit_test(errors_are_explained_by_the_advice),
          cmocka_unit_test(every_request_can_be_answered))
