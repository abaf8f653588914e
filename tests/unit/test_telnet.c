#include "lib/unit.h"
#include "shell/telnet.h"

#include <stdlib.h>

static struct telnet t;
static struct telnet_data data;

static void begin(bool drops)
{
	telnet_release(&t);
	telnet_init(&t);
	t.drops = drops;
}

static void sent(const char *bytes)
{
	telnet_sent(&t, slice_str(bytes), &data);
}

static struct telnet_match came(const char *line)
{
	struct reply reply = {.kind = REPLY_LINE, .value = slice_str(line)};
	return telnet_reply(&t, &reply);
}

static struct telnet_match block(const char *bytes)
{
	struct reply reply = {.kind = REPLY_LINE, .value = slice_str(bytes), .block = true};
	return telnet_reply(&t, &reply);
}

static void wants(uint64_t left, uint64_t bytes)
{
	uint64_t l, b;
	assert_true(telnet_wanted(&t, &l, &b));
	assert_int_equal(l, left);
	assert_int_equal(b, bytes);
}

static void wants_a_line(void)
{
	uint64_t l, b;
	assert_false(telnet_wanted(&t, &l, &b));
}

static void answers(const char *line, const char *command, bool over)
{
	struct telnet_match m = came(line);
	assert_true(m.asked);
	assert_bytes(slice_of(m.command.text, m.command.len), slice_str(command));
	assert_int_equal(m.over, over);
}

static void awaits(enum telnet_wait wait)
{
	assert_int_equal(telnet_await(&t), wait);
}

TEST(a_storage_line_wants_its_data_and_the_line_end_after_it)
{
	begin(false);
	sent("set foo 0 0 5\r\n");
	wants(5, 5);
	awaits(TELNET_SHORTLY);
	sent("abcde\r\n");
	assert_true(data.ended);
	assert_false(data.refused);
	wants_a_line();
	awaits(TELNET_SURELY);
	answers("STORED", "set foo 0 0 5", true);
	awaits(TELNET_IDLE);
}

TEST(each_storage_command_has_its_length_where_the_server_reads_it)
{
	static const char *const lines[] = {
	    "set k 0 0 3\r\n",
	    "add k 1 -1 3\r\n",
	    "replace k 0 0 3 noreply\r\n",
	    "append k 0 0 3\r\n",
	    "prepend k 0 0 3 bogus\r\n",
	    "cas k 0 0 3 77\r\n",
	    "cas k 0 0 3 77 noreply\r\n",
	    "ms k 3\r\n",
	    "ms k 3 T0 q\r\n",
	    "set k 0 0 3\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		begin(false);
		sent(lines[i]);
		wants(3, 3);
	}
}

TEST(a_line_end_within_data_counts_as_two_bytes_of_it)
{
	begin(false);
	sent("set foo 0 0 5\r\n");
	sent("ab\r\n");
	assert_false(data.ended);
	wants(1, 5);
	sent("c\r\n");
	assert_true(data.ended);
	assert_false(data.refused);
}

TEST(data_that_is_one_byte_short_lacks_its_line_end)
{
	begin(false);
	sent("set foo 0 0 3\r\n");
	sent("ab\r\n");
	wants(0, 3);
	sent("\r\n");
	assert_true(data.ended);
	assert_true(data.refused);
	answers("CLIENT_ERROR bad data chunk", "set foo 0 0 3", true);
	answers("ERROR", "", true);
}

TEST(what_is_too_much_is_the_next_command)
{
	begin(false);
	sent("set foo 0 0 3\r\n");
	sent("toolong\r\n");
	assert_true(data.ended);
	assert_true(data.refused);
	assert_int_equal(data.over, 4);
	assert_int_equal(data.rest, 4);
	wants_a_line();
	struct telnet_match m = came("CLIENT_ERROR bad data chunk");
	assert_true(m.over);
	assert_true(m.command.whole);
	m = came("ERROR");
	assert_bytes(slice_of(m.command.text, m.command.len), SLICE("ng"));
	assert_false(m.command.whole);
	awaits(TELNET_IDLE);
}

TEST(one_byte_too_many_makes_an_empty_command)
{
	begin(false);
	sent("set foo 0 0 3\r\n");
	sent("abcd\r\n");
	assert_int_equal(data.over, 1);
	came("CLIENT_ERROR bad data chunk");
	answers("ERROR", "", true);
}

TEST(a_line_that_is_refused_wants_no_data_of_an_older_server)
{
	char line[300] = "set ";
	memset(line + 4, 'k', 251);
	strcpy(line + 255, " 0 0 3\r\n");
	const char *const lines[] = {"set foo x 0 3\r\n",
	                             "set foo 0 x 3\r\n",
	                             "set foo 0 0 x\r\n",
	                             "set foo 0 0 -1\r\n",
	                             "set foo 0 0\r\n",
	                             "set foo 4294967296 0 3\r\n",
	                             "cas foo 0 0 3\r\n",
	                             "cas foo 0 0 3 x\r\n",
	                             "ms foo\r\n",
	                             "ms foo x\r\n",
	                             "set foo 0 0 3 a b\r\n",
	                             "set foo 0 0 2147483647\r\n",
	                             line};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		begin(false);
		sent(lines[i]);
		wants_a_line();
		awaits(TELNET_SURELY);
	}
}

TEST(a_refused_line_has_its_data_dropped_by_a_newer_server)
{
	begin(true);
	sent("set foo x 0 3\r\n");
	wants(3, 3);
	assert_true(t.dropped);
	answers("CLIENT_ERROR bad command line format", "set foo x 0 3", true);
	wants(3, 3);
	sent("any\r\n");
	assert_true(data.ended);
	assert_false(data.refused);
	awaits(TELNET_IDLE);
	begin(true);
	sent("set foo 0 0 x\r\n");
	wants_a_line();
	begin(true);
	sent("set foo 0 0 2147483647\r\n");
	wants_a_line();
}

TEST(a_refusal_that_comes_before_the_data_ends_the_asking_for_it)
{
	begin(false);
	sent("set foo 0 0 3\r\n");
	struct telnet_match m = came("CLIENT_ERROR something else");
	assert_true(m.over);
	assert_true(m.cut);
	wants_a_line();
}

TEST(a_server_error_or_a_refused_ms_drops_its_data_in_each_version)
{
	begin(false);
	sent("set foo 0 0 3\r\n");
	struct telnet_match m = came("SERVER_ERROR out of memory storing object");
	assert_false(m.cut);
	wants(3, 3);
	sent("any\r\n");
	awaits(TELNET_IDLE);
	begin(false);
	sent("ms foo 3 =\r\n");
	m = came("CLIENT_ERROR invalid flag");
	assert_false(m.cut);
	wants(3, 3);
}

TEST(versions_that_drop_begin_with_1_6_40)
{
	assert_false(telnet_version_drops(SLICE("1.6.18")));
	assert_false(telnet_version_drops(SLICE("1.6.39")));
	assert_true(telnet_version_drops(SLICE("1.6.40")));
	assert_true(telnet_version_drops(SLICE("1.6.45_beta1")));
	assert_false(telnet_version_drops(SLICE("")));
}

TEST(values_go_on_to_their_end)
{
	begin(false);
	sent("get foo bar\r\n");
	answers("VALUE foo 0 3", "get foo bar", false);
	assert_false(block("END").over);
	answers("END", "get foo bar", true);
	sent("mg foo v\r\n");
	answers("VA 3", "mg foo v", false);
	assert_true(block("bar").over);
	sent("mg nope v\r\n");
	answers("EN", "mg nope v", true);
	sent("get\r\n");
	answers("ERROR", "get", true);
	sent("stats\r\n");
	answers("STAT pid 1", "stats", false);
	answers("END", "stats", true);
	sent("stats reset\r\n");
	answers("RESET", "stats reset", true);
}

TEST(a_list_of_keys_ends_or_is_refused)
{
	begin(false);
	sent("lru_crawler metadump all\r\n");
	assert_true(telnet_lists(&t));
	answers("OK", "lru_crawler metadump all", false);
	answers("key=a exp=-1", "lru_crawler metadump all", false);
	answers("END", "lru_crawler metadump all", true);
	assert_false(telnet_lists(&t));
	sent("lru_crawler metadump 99\r\n");
	answers("BADCLASS invalid class id", "lru_crawler metadump 99", true);
	sent("lru_crawler enable\r\n");
	answers("OK", "lru_crawler enable", true);
}

TEST(watch_never_ends_unless_it_is_refused)
{
	begin(false);
	sent("watch fetchers\r\n");
	awaits(TELNET_SURELY);
	answers("OK", "watch fetchers", false);
	awaits(TELNET_ENDLESS);
	answers("ts=1 gid=1 type=item_get", "watch fetchers", false);
	awaits(TELNET_ENDLESS);
	begin(false);
	sent("watch nosuch\r\n");
	answers("ERROR", "watch nosuch", true);
	awaits(TELNET_IDLE);
}

TEST(silence_ends_what_was_asked_to_be_silent)
{
	bool quiet;
	begin(false);
	assert_false(telnet_silence(&t, &quiet));
	sent("set foo 0 0 1 noreply\r\n");
	awaits(TELNET_SHORTLY);
	assert_false(telnet_silence(&t, &quiet)); /* its data is to come */
	sent("x\r\n");
	awaits(TELNET_SHORTLY);
	assert_true(telnet_silence(&t, &quiet));
	assert_false(quiet);
	awaits(TELNET_IDLE);
	sent("mg foo v q\r\n");
	assert_true(telnet_silence(&t, &quiet));
	assert_true(quiet);
	sent("get foo\r\n");
	assert_false(telnet_silence(&t, &quiet));
	awaits(TELNET_SURELY);
}

TEST(a_line_is_not_given_to_a_silent_command_that_cannot_have_sent_it)
{
	begin(false);
	sent("delete a noreply\r\nget b\r\n");
	awaits(TELNET_SURELY);
	answers("END", "get b", true);
	awaits(TELNET_IDLE);
	sent("md a q\r\nmn\r\n");
	answers("MN", "mn", true);
	awaits(TELNET_IDLE);
	sent("md a q\r\nmn\r\n");
	answers("NF", "md a q", true);
	answers("MN", "mn", true);
}

TEST(q_is_a_flag_and_neither_key_nor_length)
{
	begin(false);
	sent("mg q v\r\n");
	awaits(TELNET_SURELY);
	begin(false);
	sent("mg a v q\r\n");
	awaits(TELNET_SHORTLY);
}

TEST(several_commands_in_one_go_are_answered_in_order)
{
	begin(false);
	sent("get a\r\nversion\r\nbogus\r\n");
	struct telnet_match m = came("END");
	assert_true(m.command.whole);
	m = came("VERSION 1");
	assert_false(m.command.whole);
	assert_int_equal(m.command.turn, 1);
	answers("ERROR", "bogus", true);
	assert_false(came("STORED").asked);
}

TEST(a_line_may_be_sent_in_pieces)
{
	begin(false);
	sent("get ");
	awaits(TELNET_IDLE);
	wants_a_line();
	sent("foo\r\n");
	answers("END", "get foo", true);
	begin(false);
	for (const char *c = "set a 0 0 2\r\nxy\r\nget a\r\n"; *c; c++)
		telnet_sent(&t, slice_of(c, 1), &data);
	answers("STORED", "set a 0 0 2", true);
	answers("END", "get a", true);
}

TEST(a_new_connection_owes_nothing)
{
	begin(false);
	sent("get a\r\nset b 0 0 9\r\nx");
	telnet_reset(&t);
	wants_a_line();
	awaits(TELNET_IDLE);
	assert_false(came("END").asked);
}

TEST(a_long_line_is_kept_by_its_beginning)
{
	struct telnet_match m;
	char *line = malloc(100001);
	memset(line, 'x', 99999);
	strcpy(line + 99999, "\n");
	begin(false);
	sent(line);
	m = came("ERROR too long");
	assert_true(m.over);
	assert_int_equal(m.command.text[TELNET_TEXT_MAX - 1], 'x');
	free(line);
}

static enum verb refused(const char *command, const char *line, enum reply_kind kind)
{
	struct reply refusal, reply = {.kind = REPLY_LINE, .value = slice_str(line)};
	struct request about;
	begin(false);
	sent(command);
	struct telnet_match m = telnet_reply(&t, &reply);
	assert_int_equal(telnet_refuses(&m.command, &reply, &refusal, &about), kind != REPLY_LINE);
	assert_int_equal(refusal.kind, kind);
	return about.verb;
}

TEST(a_refusal_is_explained_as_a_line_that_was_typed_or_by_its_command)
{
	assert_int_equal(refused("get\r\n", "ERROR", REPLY_ERROR), VERB_RAW);
	assert_int_equal(
	    refused("gets\r\n", "CLIENT_ERROR bad command line format", REPLY_CLIENT_ERROR),
	    VERB_RAW);
	assert_int_equal(refused("stats x\r\n", "ERROR", REPLY_ERROR), VERB_STATS);
	assert_int_equal(refused("incr a 1\r\n", "SERVER_ERROR out of memory", REPLY_SERVER_ERROR),
	                 VERB_INCR);
	assert_int_equal(refused("slabs reassign 1 1\r\n", "SAME x", REPLY_REFUSED), VERB_SLABS);
	assert_int_equal(refused("shutdown\r\n", "ERROR: shutdown not enabled", REPLY_ERROR),
	                 VERB_RAW);
	refused("get a\r\n", "END", REPLY_LINE);
	refused("lru_crawler metadump all\r\n", "key=BUSY", REPLY_LINE);
}

UNIT_MAIN(cmocka_unit_test(a_storage_line_wants_its_data_and_the_line_end_after_it),
          cmocka_unit_test(each_storage_command_has_its_length_where_the_server_reads_it),
          cmocka_unit_test(a_line_end_within_data_counts_as_two_bytes_of_it),
          cmocka_unit_test(data_that_is_one_byte_short_lacks_its_line_end),
          cmocka_unit_test(what_is_too_much_is_the_next_command),
          cmocka_unit_test(one_byte_too_many_makes_an_empty_command),
          cmocka_unit_test(a_line_that_is_refused_wants_no_data_of_an_older_server),
          cmocka_unit_test(a_refused_line_has_its_data_dropped_by_a_newer_server),
          cmocka_unit_test(a_refusal_that_comes_before_the_data_ends_the_asking_for_it),
          cmocka_unit_test(a_server_error_or_a_refused_ms_drops_its_data_in_each_version),
          cmocka_unit_test(versions_that_drop_begin_with_1_6_40),
          cmocka_unit_test(values_go_on_to_their_end),
          cmocka_unit_test(a_list_of_keys_ends_or_is_refused),
          cmocka_unit_test(watch_never_ends_unless_it_is_refused),
          cmocka_unit_test(silence_ends_what_was_asked_to_be_silent),
          cmocka_unit_test(a_line_is_not_given_to_a_silent_command_that_cannot_have_sent_it),
          cmocka_unit_test(q_is_a_flag_and_neither_key_nor_length),
          cmocka_unit_test(several_commands_in_one_go_are_answered_in_order),
          cmocka_unit_test(a_line_may_be_sent_in_pieces),
          cmocka_unit_test(a_new_connection_owes_nothing),
          cmocka_unit_test(a_long_line_is_kept_by_its_beginning),
          cmocka_unit_test(a_refusal_is_explained_as_a_line_that_was_typed_or_by_its_command))
