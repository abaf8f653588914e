#include "lib/unit.h"
#include "view/advice.h"

static const char *advice(enum verb verb, enum reply_kind kind, const char *words)
{
	struct request request = {.verb = verb};
	struct reply reply = {.kind = kind, .value = slice_str(words)};
	return advice_for(&request, &reply);
}

TEST(a_set_that_is_too_large_has_deleted_the_old_value)
{
	const char *words = "object too large for cache";
	assert_string_equal(
	    advice(VERB_SET, REPLY_SERVER_ERROR, words),
	    "the item is larger than the server's limit (stats settings: item_size_max), and a set "
	    "has deleted the old value; start the server with a larger -I, or store less");
	assert_string_equal(advice(VERB_ADD, REPLY_SERVER_ERROR, words),
	                    "the item is larger than the server's limit (stats settings: "
	                    "item_size_max); start the server with a larger -I, or store less");
}

TEST(words_are_matched_by_their_beginning)
{
	assert_string_equal(advice(VERB_DELETE, REPLY_CLIENT_ERROR,
	                           "bad command line format.  Usage: delete <key> [noreply]"),
	                    "memcached takes no time with delete, except 0; leave the time out");
	assert_string_equal(
	    advice(VERB_STATS, REPLY_CLIENT_ERROR, "bad command line"),
	    "a word is missing; stats cachedump wants a class and a limit, 0 for all");
}

TEST(the_longer_beginning_counts)
{
	assert_string_not_equal(advice(VERB_SET, REPLY_CLIENT_ERROR, "bad command line format"),
	                        advice(VERB_SET, REPLY_CLIENT_ERROR, "bad command line"));
	assert_string_not_equal(
	    advice(VERB_SET, REPLY_SERVER_ERROR, "out of memory storing object"),
	    advice(VERB_SET, REPLY_SERVER_ERROR, "out of memory"));
}

TEST(the_kind_of_error_counts)
{
	assert_string_equal(advice(VERB_RAW, REPLY_ERROR, "shutdown not enabled"),
	                    advice(VERB_RAW, REPLY_SERVER_ERROR, "shutdown not enabled"));
	assert_string_equal(advice(VERB_SET, REPLY_CLIENT_ERROR, "object too large for cache"),
	                    "the server refused the request; .trace on shows what was sent");
}

TEST(a_bare_error_is_an_unknown_command)
{
	assert_string_equal(
	    advice(VERB_TOUCH, REPLY_ERROR, ""),
	    "the server does not know the command; is it an older one, or a proxy?");
	assert_string_equal(
	    advice(VERB_STATS, REPLY_ERROR, ""),
	    "the server knows no stats of that name: settings, items, slabs, sizes, conns and "
	    "detail are the usual ones");
	assert_string_equal(
	    advice(VERB_GET, REPLY_ERROR, "Too many open connections"),
	    "the server is at its limit of connections (-c); close some, or raise it");
}

TEST(incr_and_decr_point_at_each_other)
{
	assert_string_equal(advice(VERB_INCR, REPLY_CLIENT_ERROR, "invalid numeric delta argument"),
	                    "the delta is a whole number from 0 to 18446744073709551615; to go "
	                    "down, use decr");
	assert_string_equal(advice(VERB_DECR, REPLY_CLIENT_ERROR, "invalid numeric delta argument"),
	                    "the delta is a whole number from 0 to 18446744073709551615; to go up, "
	                    "use incr");
}

/* Words that memcached 1.6.18 and 1.6.45 were seen to answer. None may get the general advice. */
TEST(every_known_word_has_advice_of_its_own)
{
	static const struct {
		enum reply_kind kind;
		const char *words;
	} known[] = {
	    {REPLY_CLIENT_ERROR, "bad command line format"},
	    {REPLY_CLIENT_ERROR, "bad data chunk"},
	    {REPLY_CLIENT_ERROR, "bad command line termination"},
	    {REPLY_CLIENT_ERROR, "cannot increment or decrement non-numeric value"},
	    {REPLY_CLIENT_ERROR, "invalid numeric delta argument"},
	    {REPLY_CLIENT_ERROR, "invalid exptime argument"},
	    {REPLY_CLIENT_ERROR, "flush_all not allowed"},
	    {REPLY_CLIENT_ERROR, "unauthenticated"},
	    {REPLY_CLIENT_ERROR, "authentication failure"},
	    {REPLY_CLIENT_ERROR, "bad authentication token format"},
	    {REPLY_CLIENT_ERROR, "invalid or duplicate flag"},
	    {REPLY_CLIENT_ERROR, "invalid flag"},
	    {REPLY_CLIENT_ERROR, "duplicate flag"},
	    {REPLY_CLIENT_ERROR, "bad token in command line format"},
	    {REPLY_CLIENT_ERROR, "error decoding key"},
	    {REPLY_CLIENT_ERROR, "lru crawler disabled"},
	    {REPLY_CLIENT_ERROR, "invalid mode for ms M token"},
	    {REPLY_CLIENT_ERROR, "invalid mode for ma M token"},
	    {REPLY_CLIENT_ERROR, "incorrect length for M token"},
	    {REPLY_CLIENT_ERROR, "opaque token too long"},
	    {REPLY_CLIENT_ERROR, "options flags are too long"},
	    {REPLY_CLIENT_ERROR, "options flags too long"},
	    {REPLY_CLIENT_ERROR, "usage: stats detail on|off|dump"},
	    {REPLY_CLIENT_ERROR, "Illegal slab id"},
	    {REPLY_CLIENT_ERROR, "stats cachedump not allowed"},
	    {REPLY_CLIENT_ERROR, "stats detail not allowed"},
	    {REPLY_CLIENT_ERROR, "watch commands not allowed"},
	    {REPLY_CLIENT_ERROR, "sleep must be one second or less"},
	    {REPLY_CLIENT_ERROR, "automove window too low or too high"},
	    {REPLY_CLIENT_ERROR, "slab reassignment disabled"},
	    {REPLY_CLIENT_ERROR, "invalid shutdown mode"},
	    {REPLY_SERVER_ERROR, "object too large for cache"},
	    {REPLY_SERVER_ERROR, "out of memory storing object"},
	    {REPLY_SERVER_ERROR, "out of memory writing get response"},
	    {REPLY_SERVER_ERROR, "output line too long"},
	    {REPLY_SERVER_ERROR, "Connection refused"},
	    {REPLY_SERVER_ERROR, "shutdown not enabled"},
	    {REPLY_ERROR, "shutdown not enabled"},
	    {REPLY_ERROR, "Too many open connections"},
	    {REPLY_ERROR, "metadump not allowed"},
	    {REPLY_ERROR, "key dump not allowed"},
	    {REPLY_ERROR, "cannot pipeline other commands before metadump"},
	    {REPLY_ERROR, "failed to start lru crawler thread"},
	    {REPLY_ERROR, "hot and warm pcts must not exceed 80"},
	    {REPLY_ERROR, "hot/warm age factors must be greater than 0"},
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *general = advice(VERB_RAW, known[i].kind, "no such words");
		if (strcmp(advice(VERB_RAW, known[i].kind, known[i].words), general) == 0)
			fail_msg("no advice for \"%s\"", known[i].words);
	}
}

UNIT_MAIN(cmocka_unit_test(a_set_that_is_too_large_has_deleted_the_old_value),
          cmocka_unit_test(words_are_matched_by_their_beginning),
          cmocka_unit_test(the_longer_beginning_counts), cmocka_unit_test(the_kind_of_error_counts),
          cmocka_unit_test(a_bare_error_is_an_unknown_command),
          cmocka_unit_test(incr_and_decr_point_at_each_other),
          cmocka_unit_test(every_known_word_has_advice_of_its_own))
