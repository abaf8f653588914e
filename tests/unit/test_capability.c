#include "client/capability.h"
#include "lib/unit.h"

static void reply(struct card *card, enum card_question question, enum reply_kind kind,
                  const char *text)
{
	struct reply r = {.kind = kind, .value = slice_str(text)};
	card_take(card, question, &r);
}

static void stat(struct card *card, enum card_question question, const char *name,
                 const char *value)
{
	struct reply r = {.kind = REPLY_STAT, .key = slice_str(name), .value = slice_str(value)};
	card_take(card, question, &r);
}

static void setting(struct card *card, const char *name, const char *value)
{
	stat(card, QUESTION_SETTINGS, name, value);
}

static void lose(struct card *card, enum card_question question, bool hung_up)
{
	struct error error;
	error_set(&error, NULL, "s did not answer in time");
	struct reply r = {.kind = REPLY_LOST, .error = &error, .hung_up = hung_up};
	card_take(card, question, &r);
}

static void begin(struct card *card, const char *version)
{
	card_init(card);
	reply(card, QUESTION_VERSION, REPLY_VERSION, version);
}

/* What is found of CAPABILITY after LINE answered QUESTION of a server of VERSION. */
static struct finding after(const char *version, enum card_question question,
                            enum capability capability, const char *line)
{
	struct card card;
	begin(&card, version);
	reply(&card, question, REPLY_LINE, line);
	reply(&card, question, REPLY_END, "");
	return card.found[capability];
}

static void answers(const char *version, enum card_question question, enum capability capability,
                    const char *line, bool yes, const char *why)
{
	struct finding f = after(version, question, capability, line);
	assert_int_equal(f.state, yes ? FINDING_YES : FINDING_NO);
	assert_string_equal(f.why, why);
}

TEST(a_refusal_says_whether_keys_can_be_listed)
{
	enum card_question q = QUESTION_METADUMP;
	enum capability c = CAPABILITY_METADUMP;
	answers("1.6.18", q, c, "BADCLASS invalid class id", true, "");
	answers("1.6.18", q, c, "BUSY currently processing crawler request", true,
	        "at another list or crawl now");
	answers("1.6.18", q, c, "ERROR metadump not allowed", false,
	        "it was started with -X, which forbids it");
	answers("1.4.20", q, c, "ERROR", false, "memcached has it since 1.4.31");
	answers("1.6.18", QUESTION_MGDUMP, CAPABILITY_MGDUMP, "ERROR", false,
	        "memcached has it since 1.6.19");
	answers("1.6.45", QUESTION_MGDUMP, CAPABILITY_MGDUMP, "ERROR", false, "it answers ERROR");
	answers("1.6.45", QUESTION_MGDUMP, CAPABILITY_MGDUMP, "ERROR key dump not allowed", false,
	        "it was started with -X, which forbids it");
}

TEST(an_unknown_stream_is_ERROR_where_watch_is_allowed)
{
	enum card_question q = QUESTION_WATCH;
	enum capability c = CAPABILITY_WATCH;
	answers("1.6.18", q, c, "ERROR", true, "");
	answers("1.6.18", q, c, "CLIENT_ERROR watch commands not allowed", false,
	        "started with -W");
	answers("1.4.25", q, c, "ERROR", false, "memcached has it since 1.4.26");
	answers("1.6.0 DF", q, c, "ERROR", false, "Dragonfly does not have it");
}

TEST(meta_is_what_it_is_since_1_6_12)
{
	enum card_question q = QUESTION_META;
	enum capability c = CAPABILITY_META;
	answers("1.6.12", q, c, "MN", true, "");
	answers("1.6.6", q, c, "MN", false,
	        "in an older form: memcached has them as they are since 1.6.12");
	answers("1.5.22", q, c, "ERROR", false, "memcached has them since 1.6.0");
	answers("15.0.0.Final", q, c, "MN", false,
	        "Infinispan answers mn, and takes but a part of them");
}

TEST(settings_say_what_is_switched_off)
{
	struct card card;
	begin(&card, "1.6.18");
	setting(&card, "cas_enabled", "no");
	setting(&card, "flush_enabled", "yes");
	setting(&card, "ssl_enabled", "no");
	setting(&card, "binding_protocol", "ascii");
	setting(&card, "item_size_max", "2097152");
	setting(&card, "maxbytes", "67108864");
	assert_int_equal(card.found[CAPABILITY_CAS].state, FINDING_NO);
	assert_string_equal(card.found[CAPABILITY_CAS].why, "started with -C");
	assert_int_equal(card.found[CAPABILITY_FLUSH].state, FINDING_YES);
	assert_int_equal(card.found[CAPABILITY_TLS].state, FINDING_NO);
	assert_string_equal(card.item_max, "2097152");
	assert_string_equal(card.memory, "67108864");
	assert_false(card_wants(&card, QUESTION_BINARY));
	card_finish(&card, NULL);
	assert_string_equal(card.found[CAPABILITY_EXTSTORE].why, "built without it");
	assert_int_equal(card.found[CAPABILITY_SHUTDOWN].state, FINDING_UNKNOWN);
	assert_string_equal(card.found[CAPABILITY_SHUTDOWN].why, "it does not say");
}

TEST(extstore_is_in_use_where_it_counts)
{
	struct card card;
	begin(&card, "1.6.45");
	stat(&card, QUESTION_STATS, "extstore_bytes_used", "0");
	setting(&card, "ext_item_size", "512");
	assert_int_equal(card.found[CAPABILITY_EXTSTORE].state, FINDING_YES);
	begin(&card, "1.6.45");
	setting(&card, "ext_item_size", "512");
	assert_int_equal(card.found[CAPABILITY_EXTSTORE].state, FINDING_NO);
}

/* An empty packet would not be answered, nor would what is sent after the question. */
TEST(a_server_that_wants_a_login_is_asked_nothing_else)
{
	struct card card;
	card_init(&card);
	reply(&card, QUESTION_VERSION, REPLY_CLIENT_ERROR, "unauthenticated");
	for (enum card_question q = QUESTION_STATS; q < QUESTION_COUNT; q++)
		assert_false(card_wants(&card, q));
	card_finish(&card, NULL);
	assert_int_equal(card.found[CAPABILITY_LOGIN].state, FINDING_YES);
	assert_string_equal(card.found[CAPABILITY_META].why, "it wants a login first");
}

TEST(with_sasl_the_text_commands_are_not_asked_for)
{
	struct card card;
	begin(&card, "1.6.18");
	setting(&card, "auth_enabled_sasl", "yes");
	setting(&card, "auth_enabled_ascii", "no");
	assert_int_equal(card.found[CAPABILITY_LOGIN].state, FINDING_YES);
	assert_int_equal(card.found[CAPABILITY_BINARY].state, FINDING_YES);
	for (enum card_question q = QUESTION_META; q < QUESTION_COUNT; q++)
		assert_false(card_wants(&card, q));
}

TEST(what_closes_at_stats_is_a_proxy_and_is_asked_no_more)
{
	struct card card;
	begin(&card, "1.6.18");
	lose(&card, QUESTION_STATS, true);
	assert_true(card.software->proxies);
	assert_int_equal(card.found[CAPABILITY_PROXY].state, FINDING_YES);
	assert_int_equal(card.found[CAPABILITY_META].state, FINDING_NO);
	assert_false(card_wants(&card, QUESTION_META));
}

TEST(what_falls_silent_is_asked_no_more)
{
	struct card card;
	begin(&card, "1.6.18");
	lose(&card, QUESTION_META, false);
	assert_false(card_wants(&card, QUESTION_METADUMP));
	card_finish(&card, NULL);
	assert_int_equal(card.found[CAPABILITY_META].state, FINDING_UNKNOWN);
	assert_string_equal(card.found[CAPABILITY_META].why, "s did not answer in time");
	assert_string_equal(card.found[CAPABILITY_WATCH].why, "it did not answer more");
}

TEST(one_that_is_silent_to_a_packet_speaks_text_alone)
{
	struct card card;
	begin(&card, "1.6.18");
	lose(&card, QUESTION_BINARY, false);
	assert_int_equal(card.found[CAPABILITY_BINARY].state, FINDING_NO);
}

TEST(long_words_of_a_server_are_cut)
{
	char words[2000];
	struct card card;
	memset(words, '1', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	begin(&card, words);
	assert_int_equal(strlen(card.version), CARD_TEXT - 1);
	setting(&card, "maxbytes", words);
	stat(&card, QUESTION_STATS, "uptime", words);
	reply(&card, QUESTION_META, REPLY_LINE, words);
	card_finish(&card, words);
	assert_true(strlen(card.found[CAPABILITY_TLS].why) < sizeof(card.found[0].why));
}

UNIT_MAIN(cmocka_unit_test(a_refusal_says_whether_keys_can_be_listed),
          cmocka_unit_test(an_unknown_stream_is_ERROR_where_watch_is_allowed),
          cmocka_unit_test(meta_is_what_it_is_since_1_6_12),
          cmocka_unit_test(settings_say_what_is_switched_off),
          cmocka_unit_test(extstore_is_in_use_where_it_counts),
          cmocka_unit_test(a_server_that_wants_a_login_is_asked_nothing_else),
          cmocka_unit_test(with_sasl_the_text_commands_are_not_asked_for),
          cmocka_unit_test(what_closes_at_stats_is_a_proxy_and_is_asked_no_more),
          cmocka_unit_test(what_falls_silent_is_asked_no_more),
          cmocka_unit_test(one_that_is_silent_to_a_packet_speaks_text_alone),
          cmocka_unit_test(long_words_of_a_server_are_cut))
