#include "lib/unit.h"
#include "lib/vectors.h"
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

TEST(a_refused_ms_deletes_the_old_value_in_each_mode)
{
	static const char *const words[] = {"object too large for cache",
	                                    "out of memory storing object"};
	for (size_t i = 0; i < 2; i++) {
		struct request add = {.verb = VERB_ADD, .dialect = DIALECT_META};
		struct reply reply = {.kind = REPLY_SERVER_ERROR, .value = slice_str(words[i])};
		assert_string_equal(advice_for(&add, &reply),
		                    advice(VERB_SET, REPLY_SERVER_ERROR, words[i]));
		assert_non_null(strstr(advice_for(&add, &reply), "deleted the old value"));
		assert_null(
		    strstr(advice(VERB_ADD, REPLY_SERVER_ERROR, words[i]), "deleted the old"));
	}
}

TEST(a_refused_cas_deletes_the_old_value_in_packets_alone)
{
	const char *words = "object too large for cache";
	struct request cas = {.verb = VERB_CAS, .dialect = DIALECT_BINARY},
		       add = {.verb = VERB_ADD, .dialect = DIALECT_BINARY};
	struct reply reply = {.kind = REPLY_SERVER_ERROR, .value = slice_str(words)};
	assert_non_null(strstr(advice_for(&cas, &reply), "deleted the old value"));
	assert_null(strstr(advice_for(&add, &reply), "deleted the old"));
	assert_null(strstr(advice(VERB_CAS, REPLY_SERVER_ERROR, words), "deleted the old"));
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

TEST(a_beginning_is_whole_words)
{
	assert_string_equal(advice(VERB_SET, REPLY_CLIENT_ERROR, "bad data chunks"),
	                    advice(VERB_SET, REPLY_CLIENT_ERROR, "no such words"));
	assert_string_equal(advice(VERB_SET, REPLY_CLIENT_ERROR, "bad data chunk."),
	                    advice(VERB_SET, REPLY_CLIENT_ERROR, "bad data chunk"));
}

/* mcsh sends no key that is too long, so none is blamed. */
TEST(a_server_without_gets_is_not_explained_by_a_long_key)
{
	assert_string_equal(
	    advice(VERB_GETS, REPLY_CLIENT_ERROR, "bad command line format"),
	    "the keys are within their limits, so it is the command that the server, or a "
	    "proxy before it, does not take; try get");
	for (enum verb verb = 0; verb < VERB_COUNT; verb++) {
		const char *text = advice(verb, REPLY_CLIENT_ERROR, "bad command line format");
		if (verb != VERB_RAW && verb != VERB_LISTEN && strstr(text, "250"))
			fail_msg("%s blames a key", verb_word(verb));
	}
}

TEST(a_server_that_wants_a_login_is_explained_by_the_login)
{
	static const char *const words[] = {"unauthenticated", "authentication failure",
	                                    "bad authentication token format",
	                                    "auth token too long"};
	for (size_t i = 0; i < 4; i++) {
		const char *text = advice(VERB_SET, REPLY_CLIENT_ERROR, words[i]);
		if (!strstr(text, "wants a login") || !strstr(text, ".auth USER"))
			fail_msg("%s: %s", words[i], text);
	}
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
	assert_string_equal(advice(VERB_TOUCH, REPLY_ERROR, ""),
	                    "the server does not know the command; is it an older one, a proxy, or "
	                    "a service that leaves it out?");
	assert_string_equal(
	    advice(VERB_STATS, REPLY_ERROR, ""),
	    "the server knows no stats of that name: settings, items, slabs, sizes, conns and "
	    "detail are the usual ones; proxies and services may have stats alone");
	assert_string_equal(
	    advice(VERB_GET, REPLY_ERROR, "Too many open connections"),
	    "the server is at its limit of connections (-c); close some, or raise it");
}

TEST(statistics_of_the_proxy_are_not_built_in)
{
	struct request request = {.verb = VERB_STATS, .text = SLICE("proxyfuncs")};
	struct reply reply = {.kind = REPLY_ERROR};
	assert_string_equal(
	    advice_for(&request, &reply),
	    "the server was built without memcached's proxy (--enable-proxy), or is "
	    "older than 1.6.13; proxybe is since 1.6.27");
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

/* KIND WORDS as the answer to each request that there is: one row says most of it, wherever it
 * stands, and it is not the general advice. */
static void check_words(enum reply_kind kind, struct slice words)
{
	for (unsigned n = 0; n < 3 * VERB_COUNT; n++) {
		struct request request = {.verb = (enum verb)(n / 3),
		                          .dialect = n % 3 == 1 ? DIALECT_META : DIALECT_CLASSIC,
		                          .text = n % 3 == 2 ? SLICE("proxy") : SLICE("")};
		struct reply reply = {.kind = kind, .value = words};
		size_t rivals = advice_rivals(&request, &reply);
		if (rivals != 1)
			fail_msg("%zu rows answer \"%.*s\" to %s", rivals, (int)words.len,
			         words.data, verb_word(request.verb));
	}
}

/* The refusal that LINE is, if it is one: of KIND, or, where a word of its own begins it, the line.
 */
static bool read_error(struct slice line, enum reply_kind *kind, struct slice *words)
{
	static const enum reply_kind kinds[] = {REPLY_CLIENT_ERROR, REPLY_SERVER_ERROR,
	                                        REPLY_ERROR};
	for (size_t i = 0; i < 3; i++) {
		struct slice word = slice_str(reply_word(kinds[i]));
		if (!slice_starts(line, word))
			continue;
		*kind = kinds[i];
		*words = slice_trim(slice_skip(line, word.len + 1));
		return true;
	}
	return false;
}

/* The refusal of ROW, its words without the kind's. */
static enum reply_kind refusal(const struct vectors *v, size_t row, struct slice *words)
{
	struct slice line = slice_str(vectors_cell(v, row, 0));
	enum reply_kind kind = REPLY_REFUSED;
	*words = line;
	read_error(line, &kind, words);
	return kind;
}

TEST(every_known_refusal_has_one_row_whatever_the_request)
{
	struct vectors v;
	vectors_load(&v, "refusals.tsv");
	assert_true(v.rows > 80);
	for (size_t row = 1; row < v.rows; row++) {
		struct slice words;
		enum reply_kind kind = refusal(&v, row, &words);
		check_words(kind, words);
	}
	vectors_release(&v);
}

/* Whether there is a request that TEXT alone answers, when it is refused by ROW of V. */
static bool answers(const struct vectors *v, size_t row, const char *text)
{
	struct slice words;
	struct reply reply = {.kind = refusal(v, row, &words)};
	reply.value = words;
	for (unsigned n = 0; n < 3 * VERB_COUNT; n++) {
		struct request request = {.verb = (enum verb)(n / 3),
		                          .dialect = n % 3 == 1 ? DIALECT_META : DIALECT_CLASSIC};
		if (n % 3 == 2)
			request.text = SLICE("proxy");
		if (advice_for(&request, &reply) == text)
			return true;
	}
	return false;
}

/* Each row is of use: there are words and a request that it alone answers. */
TEST(no_row_is_hidden_by_another)
{
	struct vectors v;
	vectors_load(&v, "refusals.tsv");
	for (size_t row = 0; row < advice_count(); row++) {
		bool used = false;
		for (size_t i = 1; i < v.rows && !used; i++)
			used = answers(&v, i, advice_row(row));
		if (!used)
			fail_msg("row %zu answers nothing: %s", row, advice_row(row));
	}
	vectors_release(&v);
}

TEST(memory_for_items_and_for_connections_is_not_the_same)
{
	assert_non_null(strstr(
	    advice(VERB_SET, REPLY_SERVER_ERROR, "Out of memory allocating item"), "slab class"));
	assert_non_null(strstr(
	    advice(VERB_GET, REPLY_SERVER_ERROR, "out of memory reading request"), "connections"));
}

TEST(every_recorded_error_has_one_row)
{
	struct vectors v;
	size_t errors = 0;
	vectors_load(&v, "replies.tsv");
	for (size_t row = 1; row < v.rows; row++) {
		const char *at = vectors_cell(&v, row, vectors_column(&v, "reply"));
		for (const char *end; (end = strstr(at, "\\r\\n")); at = end + 4) {
			enum reply_kind kind;
			struct slice words;
			if (!read_error(slice_of(at, (size_t)(end - at)), &kind, &words))
				continue;
			check_words(kind, words);
			errors++;
		}
	}
	assert_true(errors > 20);
	vectors_release(&v);
}

UNIT_MAIN(cmocka_unit_test(a_set_that_is_too_large_has_deleted_the_old_value),
          cmocka_unit_test(a_refused_ms_deletes_the_old_value_in_each_mode),
          cmocka_unit_test(a_refused_cas_deletes_the_old_value_in_packets_alone),
          cmocka_unit_test(words_are_matched_by_their_beginning),
          cmocka_unit_test(a_beginning_is_whole_words),
          cmocka_unit_test(a_server_without_gets_is_not_explained_by_a_long_key),
          cmocka_unit_test(a_server_that_wants_a_login_is_explained_by_the_login),
          cmocka_unit_test(the_longer_beginning_counts), cmocka_unit_test(the_kind_of_error_counts),
          cmocka_unit_test(a_bare_error_is_an_unknown_command),
          cmocka_unit_test(statistics_of_the_proxy_are_not_built_in),
          cmocka_unit_test(incr_and_decr_point_at_each_other),
          cmocka_unit_test(every_known_refusal_has_one_row_whatever_the_request),
          cmocka_unit_test(memory_for_items_and_for_connections_is_not_the_same),
          cmocka_unit_test(no_row_is_hidden_by_another),
          cmocka_unit_test(every_recorded_error_has_one_row))
