#include "lib/unit.h"
#include "view/why/why.h"

static const struct why_server two[] = {{"one:1", WHY_ABSENT}, {"two:2", WHY_ABSENT}};

/* A key that is on neither of two servers; the first should have it. */
static struct why_facts facts(const char *key)
{
	struct why_facts f = {.key = slice_str(key),
	                      .shown = slice_str(key),
	                      .servers = two,
	                      .count = 2,
	                      .listed = true};
	sample_add(&f.stats, SLICE("uptime"), SLICE("90000"));
	sample_add(&f.stats, SLICE("cmd_flush"), SLICE("0"));
	sample_add(&f.stats, SLICE("evictions"), SLICE("0"));
	sample_add(&f.stats, SLICE("store_too_large"), SLICE("0"));
	sample_add(&f.stats, SLICE("store_no_memory"), SLICE("0"));
	sample_add(&f.stats, SLICE("expired_unfetched"), SLICE("0"));
	sample_add(&f.stats, SLICE("delete_hits"), SLICE("0"));
	sample_add(&f.stats, SLICE("cmd_set"), SLICE("99"));
	return f;
}

static void lists(struct why_facts *f, const char *key, int64_t ttl, unsigned class)
{
	struct crawled item = {
	    .key = slice_str(key), .now = 1000, .exptime = ttl < 0 ? 0 : 1000 + ttl, .cls = class};
	why_facts_listed(f, 0, &item);
}

/* Holds what is found of CAUSE against LIKELIHOOD and EVIDENCE, "" for any. */
static void finds(const struct why_facts *f, const char *cause, enum why_likelihood likelihood,
                  const char *evidence)
{
	struct why_finding found[WHY_RULES];
	size_t count = why_find(f, found), at = 0;
	while (at < count && strcmp(found[at].cause, cause) != 0)
		at++;
	if (at == count) {
		assert_int_equal(WHY_NOT_ASKED, likelihood);
	} else {
		assert_int_equal(likelihood, found[at].likelihood);
		if (*evidence)
			assert_bytes(buf_slice(&found[at].evidence), slice_str(evidence));
	}
	for (size_t i = 1; i < count; i++)
		assert_true(found[i - 1].likelihood <= found[i].likelihood);
	why_release(found, count);
}

TEST(a_key_that_is_there_has_no_other_cause)
{
	struct why_facts f = facts("user:1");
	f.item = (struct item_state){.there = true, .ttl = -1};
	finds(&f, "there", WHY_CERTAIN, "it is on one:1: never expires, never read");
	finds(&f, "expired", WHY_NOT_ASKED, "");
	finds(&f, "deleted", WHY_NOT_ASKED, "");
	why_facts_release(&f);
}

TEST(another_server_that_has_it_is_certain)
{
	static const struct why_server has[] = {{"one:1", WHY_ABSENT}, {"two:2", WHY_PRESENT}},
				       silent[] = {{"one:1", WHY_ABSENT}, {"two:2", WHY_UNKNOWN}};
	struct why_facts f = facts("user:1");
	finds(&f, "elsewhere", WHY_RULED_OUT, "none of the 2 servers has it");
	f.servers = has;
	finds(&f, "elsewhere", WHY_CERTAIN, "it is on two:2, and looked for on one:1");
	f.servers = silent;
	finds(&f, "elsewhere", WHY_POSSIBLE, "1 of 2 servers did not say whether they have it");
	f.count = 1;
	finds(&f, "elsewhere", WHY_NOT_ASKED, "");
	why_facts_release(&f);
}

TEST(a_key_whose_server_is_down_is_looked_for_on_another)
{
	static const struct why_server down[] = {{"one:1", WHY_ABSENT}, {"two:2", WHY_UNKNOWN}};
	struct why_facts f = facts("user:1");
	f.servers = down;
	finds(&f, "down", WHY_NOT_ASKED, "");
	f.home = 1;
	finds(&f, "down", WHY_LIKELY,
	      "two:2, which it belongs to, did not answer; it is looked for on one:1");
	f.servers = two;
	finds(&f, "down", WHY_NOT_ASKED, "");
	why_facts_release(&f);
}

TEST(a_key_is_near_once_and_to_one_byte_none_is)
{
	struct why_facts f = facts("user:x");
	lists(&f, "user:y", -1, 1);
	why_facts_named(&f, SLICE("user:y"), 0);
	finds(&f, "spelling", WHY_LIKELY, "user:y (1 edit away) is there");
	why_facts_release(&f);
	f = facts("a");
	lists(&f, "b", -1, 1);
	finds(&f, "spelling", WHY_RULED_OUT, "of the 1 key that is listed none is spelt nearly so");
	lists(&f, "A:a", -1, 1);
	finds(&f, "spelling", WHY_LIKELY, "A:a (another prefix, or zeros) is there");
	why_facts_release(&f);
}

TEST(a_near_key_is_likely_and_one_with_another_number_is_none)
{
	struct why_facts f = facts("user:17:name");
	lists(&f, "user:18:name", -1, 1);
	lists(&f, "page:1", -1, 1);
	finds(&f, "spelling", WHY_RULED_OUT,
	      "of the 2 keys that are listed none is spelt nearly so");
	lists(&f, "usr:17:nam", -1, 1);
	finds(&f, "spelling", WHY_LIKELY, "usr:17:nam (2 edits away) is there");
	lists(&f, "User:17:name", -1, 1);
	finds(&f, "spelling", WHY_LIKELY, "User:17:name (1 edit away) is there");
	lists(&f, "user:017:name", -1, 1);
	lists(&f, "app:user:17:name", -1, 1);
	finds(&f, "spelling", WHY_LIKELY,
	      "user:017:name (another prefix, or zeros), app:user:17:name (another prefix, or "
	      "zeros), "
	      "User:17:name (1 edit away) are there");
	why_facts_release(&f);
	f = facts("app:user");
	lists(&f, "user", -1, 1);
	finds(&f, "spelling", WHY_LIKELY, "user (another prefix, or zeros) is there");
	why_facts_release(&f);
}

TEST(no_more_near_keys_are_kept_than_five_and_these_are_the_nearest)
{
	struct why_facts f = facts("abcdefghijklmnop");
	for (char c = 'A'; c <= 'I'; c++) {
		char key[] = "abcdefghijklmn??";
		key[14] = key[15] = c;
		lists(&f, key, -1, 1);
	}
	lists(&f, "abcdefghijklmnoX", -1, 1);
	assert_int_equal(WHY_NEARS, f.near_count);
	assert_bytes(buf_slice(&f.nears[0].key), SLICE("abcdefghijklmnoX"));
	why_facts_release(&f);
}

TEST(keys_alike_that_expire_make_it_likely)
{
	struct why_facts f = facts("user:17");
	finds(&f, "expired", WHY_POSSIBLE, "one:1 does not note what expires");
	lists(&f, "user:1", 50, 1);
	lists(&f, "user:2", 20, 1);
	finds(&f, "expired", WHY_POSSIBLE, "one:1 does not note what expires");
	lists(&f, "user:333", 10, 1);
	finds(&f, "expired", WHY_LIKELY, "all of 3 keys like user:<n> expire, the last in 50 s");
	lists(&f, "user:4", -1, 1);
	finds(&f, "expired", WHY_POSSIBLE, "of 4 keys like user:<n> 3 expire, the last in 50 s");
	why_facts_release(&f);
	f = facts("page:home");
	for (int i = 0; i < 3; i++)
		lists(&f, i == 0 ? "page:imprint" : i == 1 ? "page:contact" : "page:a", -1, 1);
	finds(&f, "expired", WHY_UNLIKELY, "of 3 keys like page:* none expires");
	why_facts_release(&f);
}

static void counts(struct why_facts *f, const char *name, const char *value)
{
	struct sample changed = {0};
	for (size_t i = 0; i < f->stats.count; i++) {
		struct stat stat = sample_at(&f->stats, i);
		if (!slice_eq_str(stat.name, name))
			sample_add(&changed, stat.name, stat.value);
	}
	sample_add(&changed, slice_str(name), slice_str(value));
	sample_release(&f->stats);
	f->stats = changed;
}

TEST(an_eviction_is_likely_in_the_class_of_keys_alike)
{
	struct why_facts f = facts("user:17");
	finds(&f, "evicted", WHY_RULED_OUT, "one:1 has evicted nothing");
	counts(&f, "evictions", "1234");
	why_facts_item_stat(&f, SLICE("items:7:evicted"), SLICE("1234"));
	why_facts_item_stat(&f, SLICE("items:7:age"), SLICE("200"));
	finds(&f, "evicted", WHY_POSSIBLE,
	      "1,234 items were evicted of class 7; the oldest there was used 3 min 20 s ago, and "
	      "what "
	      "was used before that is gone");
	for (int i = 0; i < 3; i++)
		lists(&f, i == 0 ? "user:1" : i == 1 ? "user:2" : "user:3", -1, 3);
	finds(&f, "evicted", WHY_RULED_OUT,
	      "class 3, where keys like user:<n> are, has evicted nothing");
	why_facts_item_stat(&f, SLICE("items:3:evicted"), SLICE("1"));
	why_facts_item_stat(&f, SLICE("items:3:age"), SLICE("5"));
	finds(&f, "evicted", WHY_LIKELY,
	      "1 item was evicted of class 3, where keys like it are; the oldest there was used 5 "
	      "s ago, "
	      "and what was used before that is gone");
	why_facts_item_stat(&f, SLICE("items:99:evicted"), SLICE("1"));
	why_facts_item_stat(&f, SLICE("other:3:evicted"), SLICE("9"));
	assert_int_equal(1, f.classes[3].evicted);
	why_facts_release(&f);
}

TEST(an_eviction_comes_before_an_expiry_that_is_further_away)
{
	struct why_facts f = facts("user:17");
	for (int i = 0; i < 3; i++)
		lists(&f, i == 0 ? "user:1" : i == 1 ? "user:2" : "user:3", 50, 3);
	counts(&f, "evictions", "9");
	why_facts_item_stat(&f, SLICE("items:3:evicted"), SLICE("9"));
	why_facts_item_stat(&f, SLICE("items:3:age"), SLICE("50"));
	finds(&f, "expired", WHY_LIKELY, "");
	why_facts_item_stat(&f, SLICE("items:3:age"), SLICE("49"));
	finds(&f, "expired", WHY_POSSIBLE, "");
	finds(&f, "evicted", WHY_LIKELY, "");
	why_facts_release(&f);
}

TEST(flushed_restarted_too_large_and_no_memory)
{
	struct why_facts f = facts("user:17");
	finds(&f, "flushed", WHY_RULED_OUT,
	      "nobody has flushed one:1 since it started, 1 d 1 h ago");
	finds(&f, "restarted", WHY_POSSIBLE, "one:1 was started 1 d 1 h ago, with nothing in it");
	finds(&f, "too large", WHY_RULED_OUT, "one:1 has refused no store for its size");
	finds(&f, "no memory", WHY_NOT_ASKED, "");
	finds(&f, "deleted", WHY_RULED_OUT,
	      "nobody has deleted anything from one:1 since it started, 1 d 1 h ago");
	finds(&f, "never stored", WHY_POSSIBLE,
	      "no server notes what it has never had; are these all of its clients' servers?");
	counts(&f, "delete_hits", "1");
	finds(&f, "deleted", WHY_POSSIBLE, "1 item was deleted from one:1; which, no server notes");
	counts(&f, "cmd_flush", "2");
	counts(&f, "uptime", "3000");
	counts(&f, "store_too_large", "1");
	counts(&f, "store_no_memory", "3");
	sample_add(&f.settings, SLICE("item_size_max"), SLICE("1048576"));
	finds(&f, "flushed", WHY_POSSIBLE, "one:1 was flushed 2 times in 50 min");
	sample_add(&f.settings, SLICE("oldest"), SLICE("2461"));
	finds(&f, "flushed", WHY_LIKELY,
	      "one:1 was flushed 2 times, the last time about 10 min ago");
	finds(&f, "restarted", WHY_LIKELY, "one:1 was started 50 min ago, with nothing in it");
	finds(
	    &f, "too large", WHY_POSSIBLE,
	    "1 store was refused as larger than 1 MiB, and a set that is refused deletes what was "
	    "there");
	finds(&f, "no memory", WHY_POSSIBLE, "3 stores found no memory on one:1");
	/* Keys like it have been stored since. */
	for (int i = 0; i < 3; i++)
		lists(&f, i == 0 ? "user:1" : i == 1 ? "user:2" : "user:3", -1, 3);
	finds(&f, "restarted", WHY_POSSIBLE, "");
	finds(&f, "flushed", WHY_POSSIBLE, "");
	counts(&f, "cmd_set", "0");
	finds(&f, "never stored", WHY_CERTAIN, "nobody has stored anything on one:1");
	why_facts_release(&f);
}

TEST(a_server_without_counters_has_only_what_is_known)
{
	struct why_facts f = {.key = SLICE("user:1"), .servers = two, .count = 2};
	struct why_finding found[WHY_RULES];
	size_t count = why_find(&f, found);
	assert_int_equal(2, count);
	assert_string_equal("never stored", found[0].cause);
	assert_string_equal("elsewhere", found[1].cause);
	why_release(found, count);
	why_facts_named(&f, SLICE("user:l"), 0);
	finds(&f, "spelling", WHY_LIKELY, "user:l (1 edit away) was named before");
	why_facts_release(&f);
}

UNIT_MAIN(cmocka_unit_test(a_key_that_is_there_has_no_other_cause),
          cmocka_unit_test(another_server_that_has_it_is_certain),
          cmocka_unit_test(a_key_whose_server_is_down_is_looked_for_on_another),
          cmocka_unit_test(a_key_is_near_once_and_to_one_byte_none_is),
          cmocka_unit_test(a_near_key_is_likely_and_one_with_another_number_is_none),
          cmocka_unit_test(no_more_near_keys_are_kept_than_five_and_these_are_the_nearest),
          cmocka_unit_test(keys_alike_that_expire_make_it_likely),
          cmocka_unit_test(an_eviction_is_likely_in_the_class_of_keys_alike),
          cmocka_unit_test(an_eviction_comes_before_an_expiry_that_is_further_away),
          cmocka_unit_test(flushed_restarted_too_large_and_no_memory),
          cmocka_unit_test(a_server_without_counters_has_only_what_is_known))
