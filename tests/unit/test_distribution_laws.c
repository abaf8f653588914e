/*
 * What holds of the set-ups whatever the keys: shares, what a lost server moves, further attempts.
 */
#include "base/xalloc.h"
#include "client/distribution.h"
#include "client/distribution/algorithm.h"
#include "lib/cluster.h"
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

TEST(set_ups_are_found_by_their_whole_names)
{
	assert_string_equal(distribution_setups[0].name, "python-memcached");
	for (size_t i = 0; i < distribution_setup_count; i++) {
		const struct distribution_setup *setup = &distribution_setups[i];
		assert_ptr_equal(distribution_find(slice_str(setup->name)), setup);
		assert_in_range(strlen(setup->clients), 1, 59);
	}
	assert_null(distribution_find(SLICE("python")));
	assert_null(distribution_find(SLICE("ketama ")));
	assert_null(distribution_find(SLICE("")));
}

TEST(no_server_is_none_and_one_server_has_all)
{
	struct distribution_server one;
	cluster_servers(&one, 1);
	for (size_t i = 0; i < distribution_setup_count; i++) {
		struct distribution *d = distribution_new(&distribution_setups[i], NULL, 0);
		assert_int_equal(distribution_pick(d, SLICE("key"), 0), DISTRIBUTION_NONE);
		assert_int_equal(distribution_pick_hash(d, 7, 0), DISTRIBUTION_NONE);
		distribution_free(d);

		d = distribution_new(&distribution_setups[i], &one, 1);
		for (size_t number = 0; number < 100; number++) {
			char room[CLUSTER_KEY_ROOM];
			assert_int_equal(distribution_pick(d, cluster_key(room, number), 0), 0);
		}
		assert_int_equal(distribution_pick(d, SLICE(""), 0), 0);
		assert_int_equal(distribution_pick(d, SLICE("key"), DISTRIBUTION_TRIES),
		                 DISTRIBUTION_NONE);
		distribution_free(d);
	}
}

static void check_share(const char *setup, size_t server, size_t got, double want, double slack)
{
	if ((double)got < want * (1 - slack) || (double)got > want * (1 + slack))
		fail_msg("%s: server %zu has %zu keys, not about %.0f", setup, server, got, want);
}

/* A key hash of 15 bits finds only the lowest points of twemproxy's ring: one server gets all. */
static bool sees_one_end_of_its_ring(const struct distribution_setup *setup)
{
	return setup == distribution_find(SLICE("twemproxy-crc32"));
}

/* How far a server may be from its share. FNV hashes the names of a server's 100 points, which
 * differ in their last bytes, to points close together, and so spreads badly. */
static double slack_of(const struct distribution_setup *setup)
{
	bool plain_fnv = strncmp(setup->name, "ketama-plain-fnv", 16) == 0 ||
	                 strcmp(setup->name, "enyim") == 0;
	return plain_fnv ? 2 : 0.4;
}

TEST(keys_spread_over_the_servers)
{
	struct distribution_server servers[10];
	cluster_servers(servers, COUNT(servers));
	for (size_t i = 0; i < distribution_setup_count; i++) {
		const struct distribution_setup *setup = &distribution_setups[i];
		struct distribution *d = distribution_new(setup, servers, COUNT(servers));
		size_t counts[COUNT(servers)];
		cluster_count(d, counts, COUNT(servers));
		bool one_end = sees_one_end_of_its_ring(setup);
		if (one_end)
			assert_int_equal(counts[distribution_pick(d, SLICE("any"), 0)],
			                 CLUSTER_KEYS);
		for (size_t server = 0; server < COUNT(servers) && !one_end; server++)
			check_share(setup->name, server, counts[server],
			            CLUSTER_KEYS / COUNT(servers), slack_of(setup));
		distribution_free(d);
	}
}

TEST(weights_are_shares)
{
	static const char *const setups[] = {"python-memcached",
	                                     "python-memcached-1.59",
	                                     "python-memcached-crc32",
	                                     "ketama",
	                                     "ketama-plain",
	                                     "ketama-spy",
	                                     "twemproxy",
	                                     "twemproxy-md5",
	                                     "twemproxy-modula-murmur",
	                                     "pecl",
	                                     "pecl-fnv",
	                                     "pecl-consistent",
	                                     "dalli",
	                                     "node",
	                                     "spymemcached-ketama"};
	static const unsigned weights[] = {1, 2, 3, 4};
	struct distribution_server servers[COUNT(weights)];
	cluster_servers(servers, COUNT(weights));
	for (size_t i = 0; i < COUNT(weights); i++)
		servers[i].weight = weights[i];
	for (size_t i = 0; i < COUNT(setups); i++) {
		struct distribution *d = cluster_build(setups[i], servers, COUNT(weights));
		size_t counts[COUNT(weights)];
		cluster_count(d, counts, COUNT(weights));
		for (size_t server = 0; server < COUNT(weights); server++)
			check_share(setups[i], server, counts[server],
			            CLUSTER_KEYS * weights[server] / 10.0, 0.35);
		distribution_free(d);
	}
}

TEST(weight_zero_is_never_used_where_the_client_allows_it)
{
	static const char *const setups[] = {"python-memcached",   "pecl",  "pecl-consistent",
	                                     "twemproxy",          "dalli", "twemproxy-modula-md5",
	                                     "spymemcached-ketama"};
	struct distribution_server servers[4];
	cluster_servers(servers, COUNT(servers));
	servers[0].weight = servers[3].weight = 0;
	for (size_t i = 0; i < COUNT(setups); i++) {
		struct distribution *d = cluster_build(setups[i], servers, COUNT(servers));
		for (size_t number = 0; number < 500; number++) {
			char room[CLUSTER_KEY_ROOM];
			struct slice key = cluster_key(room, number);
			for (unsigned attempt = 0; attempt < 2; attempt++)
				assert_in_range(distribution_pick(d, key, attempt), 1, 2);
		}
		distribution_free(d);

		struct distribution_server none = servers[0];
		d = cluster_build(setups[i], &none, 1);
		for (unsigned attempt = 0; attempt < 3; attempt++)
			assert_int_equal(distribution_pick(d, SLICE("key"), attempt),
			                 DISTRIBUTION_NONE);
		distribution_free(d);
	}
}

/* Takes server REMOVED out of COUNT: the keys of the others stay, and its own go where attempt 1
 * had already said, for the set-ups that promise NEXT. */
static void check_removal(const char *setup, size_t count, size_t removed, bool next)
{
	struct distribution_server servers[CLUSTER_MAX], fewer[CLUSTER_MAX];
	cluster_servers(servers, count);
	for (size_t i = 0, n = 0; i < count; i++)
		if (i != removed)
			fewer[n++] = servers[i];
	struct distribution *before = cluster_build(setup, servers, count);
	struct distribution *after = cluster_build(setup, fewer, count - 1);
	for (size_t number = 0; number < CLUSTER_KEYS / 4; number++) {
		char room[CLUSTER_KEY_ROOM];
		struct slice key = cluster_key(room, number);
		size_t was = distribution_pick(before, key, 0);
		size_t is = distribution_pick(after, key, 0);
		if (is >= removed)
			is++;
		if (was == removed && next)
			was = distribution_pick(before, key, 1);
		if (was != removed && is != was)
			fail_msg("%s: without server %zu, key %zu is on %zu, not %zu", setup,
			         removed, number, is, was);
	}
	distribution_free(before);
	distribution_free(after);
}

TEST(taking_a_server_away_moves_only_its_keys)
{
	static const struct {
		const char *setup;
		bool next;
	} cases[] = {{"ketama", true},
	             {"ketama-plain", true},
	             {"ketama-plain-murmur", true},
	             {"ketama-spy", true},
	             {"twemproxy", true},
	             {"node", true},
	             {"spymemcached-ketama", true},
	             {"rendezvous", true},
	             {"rendezvous-bytes", true},
	             {"dalli", false},
	             {"pecl-consistent", false}};
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t removed = 0; removed < 6; removed++)
			check_removal(cases[i].setup, 6, removed, cases[i].next);
	/* Jump hashing promises it of the last server alone. */
	for (size_t count = 2; count <= CLUSTER_MAX; count++)
		check_removal("jump", count, count - 1, false);
}

TEST(further_attempts_visit_each_server_once)
{
	static const char *const setups[] = {
	    "modula", "ketama", "ketama-plain", "twemproxy",    "twemproxy-modula-md5",
	    "jump",   "memjs",  "gomemcache",   "spymemcached", "spymemcached-ketama",
	    "enyim",  "node",   "rendezvous",   "enyim-ketama"};
	struct distribution_server servers[7];
	cluster_servers(servers, COUNT(servers));
	for (size_t i = 0; i < COUNT(setups); i++) {
		struct distribution *d = cluster_build(setups[i], servers, COUNT(servers));
		for (size_t number = 0; number < 200; number++) {
			char room[CLUSTER_KEY_ROOM];
			struct slice key = cluster_key(room, number);
			bool met[COUNT(servers)] = {0};
			for (unsigned attempt = 0; attempt < COUNT(servers); attempt++) {
				size_t server = distribution_pick(d, key, attempt);
				assert_in_range(server, 0, COUNT(servers) - 1);
				assert_false(met[server]);
				met[server] = true;
			}
			assert_int_equal(distribution_pick(d, key, COUNT(servers)),
			                 DISTRIBUTION_NONE);
		}
		distribution_free(d);
	}
}

/* pecl memcache hashes "key-0", "key-1", ... and dalli "0key", "1key", ... */
TEST(pecl_and_dalli_hash_again)
{
	static const char *const setups[] = {"pecl", "pecl-fnv", "pecl-consistent",
	                                     "pecl-consistent-fnv", "dalli"};
	char room[300];
	struct distribution_server servers[3];
	cluster_servers(servers, COUNT(servers));
	servers[1].weight = 2;
	for (size_t i = 0; i < COUNT(setups); i++) {
		struct distribution *d = cluster_build(setups[i], servers, COUNT(servers));
		bool dalli = strcmp(setups[i], "dalli") == 0;
		for (unsigned attempt = 1; attempt < DISTRIBUTION_TRIES; attempt++) {
			int len = dalli ? snprintf(room, sizeof(room), "%ukey", attempt - 1)
			                : snprintf(room, sizeof(room), "key-%u", attempt - 1);
			assert_int_equal(distribution_pick(d, SLICE("key"), attempt),
			                 distribution_pick(d, slice_of(room, (size_t)len), 0));
		}
		distribution_free(d);
	}
	/* A key longer than any that memcached carries has a place, and further ones. */
	char *endless = xcalloc(1, 100000);
	struct distribution *d = cluster_build("dalli", servers, COUNT(servers));
	for (unsigned attempt = 0; attempt < DISTRIBUTION_TRIES; attempt++)
		assert_in_range(distribution_pick(d, slice_of(endless, 100000), attempt), 0, 2);
	distribution_free(d);
	free(endless);
}

TEST(jump_puts_servers_in_natural_order)
{
	struct distribution_server sorted[CLUSTER_MAX], shuffled[CLUSTER_MAX];
	cluster_servers(sorted, CLUSTER_MAX);
	for (size_t i = 0; i < CLUSTER_MAX; i++)
		shuffled[i] = sorted[i * 5 % CLUSTER_MAX];
	struct distribution *a = cluster_build("jump", sorted, CLUSTER_MAX);
	struct distribution *b = cluster_build("jump", shuffled, CLUSTER_MAX);
	for (size_t number = 0; number < 1000; number++) {
		char room[CLUSTER_KEY_ROOM];
		struct slice key = cluster_key(room, number);
		size_t bucket = jump_bucket(hash_xxh64(key), CLUSTER_MAX);
		assert_int_equal(distribution_pick(a, key, 0), bucket);
		assert_int_equal(distribution_pick(b, key, 0) * 5 % CLUSTER_MAX, bucket);
	}
	distribution_free(a);
	distribution_free(b);
}

/* twemproxy puts its servers in the order of their names, the shorter ones first, before it counts:
 * the order of the list does not matter. */
TEST(twemproxy_modula_orders_its_servers)
{
	static const struct distribution_server given[] = {
	    {.host = "127.0.0.1", .port = 20711, .weight = 1},
	    {.host = "127.0.0.1", .port = 9711, .weight = 2},
	    {.host = "127.0.0.1", .port = 20710, .weight = 1},
	};
	static const struct distribution_server sorted[] = {
	    {.host = "127.0.0.1", .port = 9711, .weight = 2},
	    {.host = "127.0.0.1", .port = 20710, .weight = 1},
	    {.host = "127.0.0.1", .port = 20711, .weight = 1},
	};
	static const size_t place[] = {1, 2, 0};
	const struct distribution_setup *proxy =
	    distribution_find(SLICE("twemproxy-modula-crc32a"));
	const struct distribution_setup *plain = distribution_find(SLICE("python-memcached-crc32"));
	struct distribution *ours = distribution_new(proxy, given, 3);
	struct distribution *counted = distribution_new(plain, sorted, 3);
	for (size_t i = 0; i < 1000; i++) {
		char room[CLUSTER_KEY_ROOM];
		struct slice key = cluster_key(room, i);
		assert_int_equal(distribution_pick(ours, key, 0),
		                 place[distribution_pick(counted, key, 0)]);
	}
	distribution_free(ours);
	distribution_free(counted);
}

UNIT_MAIN(cmocka_unit_test(twemproxy_modula_orders_its_servers),
          cmocka_unit_test(set_ups_are_found_by_their_whole_names),
          cmocka_unit_test(no_server_is_none_and_one_server_has_all),
          cmocka_unit_test(keys_spread_over_the_servers), cmocka_unit_test(weights_are_shares),
          cmocka_unit_test(weight_zero_is_never_used_where_the_client_allows_it),
          cmocka_unit_test(taking_a_server_away_moves_only_its_keys),
          cmocka_unit_test(further_attempts_visit_each_server_once),
          cmocka_unit_test(pecl_and_dalli_hash_again),
          cmocka_unit_test(jump_puts_servers_in_natural_order))
