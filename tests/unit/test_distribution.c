#include "client/distribution.h"
#include "client/distribution/algorithm.h"
#include "client/distribution/ring.h"
#include "lib/cluster.h"
#include "lib/unit.h"
#include "lib/vectors.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Which servers a row of the tables is about. */
enum cluster {
	PLAIN,
	WEIGHTED,
	DEFAULT_PORT,
	NAMED
};

static const struct distribution_server clusters[][3] = {
    [PLAIN] = {{"127.0.0.1", 31211, 1, NULL},
               {"127.0.0.1", 31212, 1, NULL},
               {"127.0.0.1", 31213, 1, NULL}},
    [WEIGHTED] = {{"127.0.0.1", 31211, 1, NULL},
                  {"127.0.0.1", 31212, 2, NULL},
                  {"127.0.0.1", 31213, 3, NULL}},
    [DEFAULT_PORT] = {{"127.0.0.1", 11211, 1, NULL},
                      {"127.0.0.2", 11211, 1, NULL},
                      {"127.0.0.3", 11211, 1, NULL}},
    [NAMED] = {{"127.0.0.1", 31211, 1, "s1"},
               {"127.0.0.1", 31212, 1, "s2"},
               {"127.0.0.1", 31213, 1, "s3"}},
};

static const struct placement {
	const char *row;
	const char *setup;
	enum cluster cluster;
} placements[] = {
    {"python-memcached 1:1:1", "python-memcached", PLAIN},
    {"python-memcached 1:1:1", "python-memcached-1.59", PLAIN},
    {"python-memcached 1:2:3", "python-memcached", WEIGHTED},
    {"python-memcached useOldServerHashFunction", "python-memcached-crc32", PLAIN},
    {"libmemcached default modula+oaat (pylibmc, php-memcached default)", "modula", PLAIN},
    {"libmemcached default modula+oaat (pylibmc, php-memcached default)", "modula", WEIGHTED},
    {"libmemcached modula+crc", "modula-crc", PLAIN},
    {"libmemcached modula+fnv1a_32", "modula-fnv1a_32", PLAIN},
    {"libmemcached ketama unweighted, oaat (KETAMA / CONSISTENT)", "ketama-plain", PLAIN},
    {"libmemcached ketama unweighted, md5 (KETAMA + HASH md5)", "ketama-plain-md5", PLAIN},
    {"libmemcached ketama_weighted (md5)", "ketama", PLAIN},
    {"libmemcached ketama_weighted 1:2:3", "ketama", WEIGHTED},
    {"libmemcached KETAMA with weights 1:2:3 (auto weighted ring, oaat key hash)", "ketama-plain",
     WEIGHTED},
    {"libmemcached ketama_spy distribution", "ketama-spy", PLAIN},
    {"D: libmemcached ketama unweighted, port 11211", "ketama-plain", DEFAULT_PORT},
    {"D: libmemcached ketama_weighted, port 11211", "ketama", DEFAULT_PORT},
    {"twemproxy ketama+fnv1a_64 (its default)", "twemproxy", PLAIN},
    {"twemproxy ketama+md5", "twemproxy-md5", PLAIN},
    {"twemproxy ketama+md5 1:2:3", "twemproxy-md5", WEIGHTED},
    {"twemproxy ketama+md5 named s1 s2 s3", "twemproxy-md5", NAMED},
    {"D: twemproxy ketama+md5, port 11211", "twemproxy-md5", DEFAULT_PORT},
    {"twemproxy modula+one_at_a_time", "twemproxy-modula-one_at_a_time", PLAIN},
    {"twemproxy modula+crc32 1:2:3", "twemproxy-modula-crc32", WEIGHTED},
    {"twemproxy modula+crc32a", "twemproxy-modula-crc32a", PLAIN},
    {"twemproxy modula+crc16", "twemproxy-modula-crc16", PLAIN},
    {"pymemcache HashClient, str keys", "rendezvous", PLAIN},
    {"pymemcache HashClient, str keys", "rendezvous", WEIGHTED},
    {"pymemcache HashClient 3.5.2, bytes keys", "rendezvous-bytes", PLAIN},
    {"pecl memcache standard crc32 1:1:1", "pecl", PLAIN},
    {"pecl memcache standard fnv 1:1:1", "pecl-fnv", PLAIN},
    {"pecl memcache consistent crc32 1:1:1 (Debian default)", "pecl-consistent", PLAIN},
    {"pecl memcache consistent crc32 1:2:3", "pecl-consistent", WEIGHTED},
    {"pecl memcache consistent fnv 1:1:1", "pecl-consistent-fnv", PLAIN},
    {"pecl memcache consistent fnv 1:2:3", "pecl-consistent-fnv", WEIGHTED},
    {"dalli 1:1:1", "dalli", PLAIN},
    {"dalli 1:2:3", "dalli", WEIGHTED},
    {"node memcached 1:1:1", "node", PLAIN},
    {"node memcached 1:2:3", "node", WEIGHTED},
    {"memjs", "memjs", PLAIN},
    {"spymemcached default (modulo, native hash)", "spymemcached", PLAIN},
    {"spymemcached KetamaConnectionFactory", "spymemcached-ketama", PLAIN},
    {"gomemcache (computed from its source, not run)", "gomemcache", PLAIN},
};

static void check_placement(const struct vectors *v, size_t row, const struct placement *p)
{
	struct distribution *d = cluster_build(p->setup, clusters[p->cluster], 3);
	for (size_t column = 1; column < v->columns; column++) {
		char room[VECTORS_KEY_ROOM];
		const char *key = vectors_cell(v, 0, column);
		size_t got = distribution_pick(d, vectors_key(key, room), 0);
		size_t want = strtoul(vectors_cell(v, row, column), NULL, 10);
		if (got != want)
			fail_msg("%s: %s puts %s on %zu, not %zu", p->row, p->setup, key, got,
			         want);
	}
	distribution_free(d);
}

TEST(keys_go_where_each_client_puts_them)
{
	struct vectors v;
	vectors_load(&v, "server_index.tsv");
	bool used[COUNT(placements)] = {0};
	for (size_t row = 1; row < v.rows; row++) {
		bool known = false;
		for (size_t i = 0; i < COUNT(placements); i++) {
			if (strcmp(placements[i].row, vectors_cell(&v, row, 0)) != 0)
				continue;
			check_placement(&v, row, &placements[i]);
			known = used[i] = true;
		}
		if (!known)
			fail_msg("no set-up for %s", vectors_cell(&v, row, 0));
	}
	for (size_t i = 0; i < COUNT(placements); i++)
		if (!used[i])
			fail_msg("no row for %s", placements[i].row);
	vectors_release(&v);
}

#define MD5_RING          "libmemcached/twemproxy/spymemcached/node weighted md5"
#define DEFAULT_PORT_RING "same, servers D port 11211 (libmemcached and twemproxy naming)"

static const struct placement rings[] = {
    {"libmemcached KETAMA unweighted oaat", "ketama-plain", PLAIN},
    {"libmemcached KETAMA unweighted md5", "ketama-plain-md5", PLAIN},
    {MD5_RING, "ketama", PLAIN},
    {MD5_RING, "twemproxy", PLAIN},
    {MD5_RING, "spymemcached-ketama", PLAIN},
    {MD5_RING, "node", PLAIN},
    {"same, weights 1:2:3", "ketama", WEIGHTED},
    {"same, weights 1:2:3", "twemproxy-md5", WEIGHTED},
    {"same, weights 1:2:3", "ketama-plain", WEIGHTED},
    {DEFAULT_PORT_RING, "ketama", DEFAULT_PORT},
    {DEFAULT_PORT_RING, "twemproxy", DEFAULT_PORT},
    {DEFAULT_PORT_RING, "node", DEFAULT_PORT},
    {"dalli sha1", "dalli", PLAIN},
};

static void check_ring(const struct vectors *v, size_t row, const struct placement *p)
{
	struct distribution *d = cluster_build(p->setup, clusters[p->cluster], 3);
	const struct ring *ring = (const struct ring *)d;
	assert_int_equal(ring->len, strtoul(vectors_cell(v, row, 1), NULL, 10));
	for (size_t i = 0; i < 16; i++) {
		char point[32];
		snprintf(point, sizeof(point), "%08x:%u", ring->points[i].value,
		         ring->points[i].server);
		assert_string_equal(point, vectors_cell(v, row, i + 2));
	}
	for (size_t i = 1; i < ring->len; i++)
		assert_true(ring->points[i - 1].value <= ring->points[i].value);
	distribution_free(d);
}

/* A key that the pecl client looks up at place PLACE of its 1024. */
static struct slice key_for_place(char room[static 32], uint32_t place)
{
	for (size_t i = 0;; i++) {
		struct slice key = cluster_key(room, i);
		if (hash_key(HASH_CRC32, key) % 1024 == place)
			return key;
	}
}

/* The pecl client sees of its ring the first point at or above each place. */
static void check_pecl_places(const struct vectors *v, size_t row)
{
	struct distribution *d = cluster_build("pecl-consistent", clusters[PLAIN], 3);
	uint32_t place = 0;
	for (size_t i = 2; i < v->columns; i++) {
		char room[CLUSTER_KEY_ROOM], *end;
		uint32_t value = (uint32_t)strtoul(vectors_cell(v, row, i), &end, 16);
		size_t server = strtoul(end + 1, NULL, 10);
		for (; place * 4194303 <= value; place++)
			assert_int_equal(distribution_pick(d, key_for_place(room, place), 0),
			                 server);
	}
	assert_int_equal(place, 32);
	distribution_free(d);
}

TEST(rings_have_the_points_of_each_client)
{
	struct vectors v;
	vectors_load(&v, "ketama_points.tsv");
	assert_int_equal(v.columns, 18);
	for (size_t row = 1; row < v.rows; row++) {
		const char *name = vectors_cell(&v, row, 0);
		bool known = strstr(name, "pecl") != NULL;
		if (known)
			check_pecl_places(&v, row);
		for (size_t i = 0; i < COUNT(rings); i++) {
			if (strcmp(rings[i].row, name) != 0)
				continue;
			check_ring(&v, row, &rings[i]);
			known = true;
		}
		if (!known)
			fail_msg("no set-up for %s", name);
	}
	vectors_release(&v);
}

TEST(python_memcached_tries_again_where_it_does)
{
	struct vectors v;
	vectors_load(&v, "pymc_retry.tsv");
	struct distribution *d = cluster_build("python-memcached", clusters[PLAIN], 3);
	for (size_t row = 1; row < v.rows; row++) {
		char room[VECTORS_KEY_ROOM];
		struct slice key = vectors_key(vectors_cell(&v, row, 0), room);
		uint32_t hash = hash_key(HASH_CRC32_15, key);
		for (unsigned attempt = 0; attempt < v.columns - 1; attempt++) {
			size_t want = strtoul(vectors_cell(&v, row, attempt + 1), NULL, 10);
			assert_int_equal(distribution_pick(d, key, attempt), want);
			assert_int_equal(distribution_pick_hash(d, hash, attempt), want);
		}
		assert_int_equal(distribution_pick(d, key, 10), DISTRIBUTION_NONE);
	}
	distribution_free(d);
	vectors_release(&v);
}

/* z37384 is the key that python-memcached 1.60 moved: its hash is 0. */
TEST(python_memcached_versions_differ_on_hash_zero)
{
	struct distribution *old = cluster_build("python-memcached-1.59", clusters[PLAIN], 3);
	struct distribution *new = cluster_build("python-memcached", clusters[PLAIN], 3);
	assert_int_equal(distribution_pick(old, SLICE("z37384"), 0), 1);
	assert_int_equal(distribution_pick(new, SLICE("z37384"), 0), 0);
	distribution_free(old);
	distribution_free(new);
}

TEST(a_hash_of_ones_own_picks_where_a_modulo_decides)
{
	static const size_t buckets[] = {0, 1, 1, 2, 2, 2};
	struct distribution *d = cluster_build("python-memcached", clusters[WEIGHTED], 3);
	for (uint32_t hash = 0; hash < 6000; hash++)
		assert_int_equal(distribution_pick_hash(d, hash, 0), buckets[hash % 6]);
	distribution_free(d);

	d = cluster_build("modula", clusters[WEIGHTED], 3);
	assert_int_equal(distribution_pick_hash(d, UINT32_MAX, 0), 0);
	assert_int_equal(distribution_pick_hash(d, 5, 0), 2);
	assert_int_equal(distribution_pick_hash(d, 5, 1), 0);
	assert_int_equal(distribution_pick_hash(d, 5, 3), DISTRIBUTION_NONE);
	distribution_free(d);

	static const char *const others[] = {"ketama", "rendezvous", "jump", "dalli",
	                                     "pecl-consistent"};
	for (size_t i = 0; i < COUNT(others); i++) {
		d = cluster_build(others[i], clusters[PLAIN], 3);
		assert_int_equal(distribution_pick_hash(d, 5, 0), DISTRIBUTION_NONE);
		distribution_free(d);
	}
}

/* The answers are those that the Go package go-jump is tested with; the paper's loop gives them. */
/* CRC-32, MD5 and XXH64 of foo are those of other programs. */
TEST(each_algorithm_says_why)
{
	static const struct {
		const char *setup, *why;
	} cases[] = {
	    {"python-memcached", "hash 3187 (CRC-32, bits 16 to 30), modulo 6 buckets: bucket 1"},
	    {"gomemcache", "hash 2356372769 (CRC-32), modulo 6 buckets: bucket 5"},
	    {"ketama", "hash 3675831724 (MD5, 4 bytes of it); of the ring's "},
	    {"dalli", "hash 2356372769 (CRC-32); of the ring's "},
	    {"jump", "hash 3728699739546630719 (XXH64), which jumps to bucket "},
	    {"pecl-consistent",
	     "hash 2356372769 (CRC-32), modulo the 1024 places of the ring: 289"},
	    {"rendezvous", "each of the 6 servers scores MurmurHash3 of its name and the key; the "
	                   "highest, "},
	};
	struct distribution_server servers[CLUSTER_MAX];
	cluster_servers(servers, CLUSTER_MAX);
	for (size_t i = 0; i < 6; i++)
		servers[i].weight = 1;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct distribution *d = cluster_build(cases[i].setup, servers, 6);
		struct buf out = BUF_INIT;
		distribution_explain(d, SLICE("foo"), &out);
		assert_true(out.len >= strlen(cases[i].why));
		assert_bytes(slice_of(out.data, strlen(cases[i].why)), slice_str(cases[i].why));
		buf_release(&out);
		distribution_free(d);
	}
	for (size_t i = 0; i < distribution_setup_count; i++) {
		struct distribution *d = cluster_build(distribution_setups[i].name, servers, 6);
		struct buf out = BUF_INIT;
		distribution_explain(d, SLICE("foo"), &out);
		assert_true(out.len > 20);
		buf_release(&out);
		distribution_free(d);
	}
}

TEST(jump_hashing_is_that_of_the_paper)
{
	assert_int_equal(jump_bucket(1, 1), 0);
	assert_int_equal(jump_bucket(42, 57), 43);
	assert_int_equal(jump_bucket(0xdead10cc, 1), 0);
	assert_int_equal(jump_bucket(0xdead10cc, 666), 361);
	assert_int_equal(jump_bucket(256, 1024), 520);
	/* Here arithmetic in more than a double's bits ends in another bucket. */
	assert_int_equal(jump_bucket(11176737130062500254u, 1000000), 938136);
	assert_int_equal(jump_bucket(3414805801998443362u, 1000000), 216805);
	assert_int_equal(jump_bucket(3537719731553432561u, 1000000), 28158);
	/* A hash stays in its bucket or jumps to the new one. */
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t hash = i * 0x9e3779b97f4a7c15;
		uint32_t bucket = 0;
		for (uint32_t buckets = 2; buckets < 200; buckets++) {
			uint32_t now = jump_bucket(hash, buckets);
			assert_true(now == bucket || now == buckets - 1);
			bucket = now;
		}
	}
}

/* What pymemcache answers over cache1.example to cache12.example for keys that Python's repr
 * changes or that are not ASCII. */
TEST(rendezvous_reads_keys_as_python_does)
{
	static const struct {
		struct slice key;
		size_t text, bytes;
	} cases[] = {
	    {SLICE("it's"), 3, 8},
	    {SLICE("say \042hi\042"), 6, 0},
	    {SLICE("it's \042both\042"), 9, 7},
	    {SLICE("a\011b"), 10, 9},
	    {SLICE("a\012b\015"), 7, 8},
	    {SLICE("back\134slash"), 4, 7},
	    {SLICE("\000\037\177"), 4, 10},
	    {SLICE("\303\251t\303\251"), 8, 5},
	    {SLICE("\320\272\320\273\321\216\321\207"), 9, 0},
	    {SLICE("\360\237\230\200!"), 8, 9},
	    {SLICE(""), 7, 1},
	    {SLICE("plain"), 5, 4},
	};
	struct distribution_server servers[CLUSTER_MAX];
	cluster_servers(servers, CLUSTER_MAX);
	struct distribution *text = cluster_build("rendezvous", servers, CLUSTER_MAX);
	struct distribution *bytes = cluster_build("rendezvous-bytes", servers, CLUSTER_MAX);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(distribution_pick(text, cases[i].key, 0), cases[i].text);
		assert_int_equal(distribution_pick(bytes, cases[i].key, 0), cases[i].bytes);
	}
	distribution_free(text);
	distribution_free(bytes);
}

/* As libmemcached 1.1.4 answers (memcached_generate_hash): a unix socket's name ends in :0, and
 * weight 0 counts as 1. */
TEST(libmemcached_names_sockets_and_lifts_weight_zero)
{
	static const struct distribution_server servers[] = {{"/run/memcached/a.sock", 0, 0, NULL},
	                                                     {"/run/memcached/b.sock", 0, 3, NULL},
	                                                     {"cache1.example", 11211, 2, NULL},
	                                                     {"cache2.example", 11212, 2, NULL}};
	static const struct {
		const char *setup;
		size_t counts[4];
	} cases[] = {
	    {"modula", {2513, 2461, 2540, 2486}},
	    {"ketama", {1257, 3676, 2355, 2712}},
	    {"ketama-plain", {1253, 3717, 2405, 2625}},
	    {"ketama-plain-crc", {0, 10000, 0, 0}},
	    {"ketama-plain-fnv1a_64", {1217, 3697, 2424, 2662}},
	    {"ketama-spy", {1413, 3592, 2449, 2546}},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct distribution *d = cluster_build(cases[i].setup, servers, COUNT(servers));
		size_t counts[COUNT(servers)];
		cluster_count(d, counts, COUNT(servers));
		for (size_t server = 0; server < COUNT(servers); server++)
			assert_int_equal(counts[server], cases[i].counts[server]);
		distribution_free(d);
	}
}

/* Fails unless both rings have the same points on the same servers. */
static void assert_same_ring(const struct distribution *left, const struct distribution *right)
{
	const struct ring *a = (const struct ring *)left, *b = (const struct ring *)right;
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->points, b->points, a->len * sizeof(a->points[0]));
}

/* Enyim's search sends a key below every point to the last one. Above that it is a ring like
 * others: 100 points a server of FNV-1a, or those of spymemcached. */
TEST(enyim_sends_the_low_end_to_the_last_point)
{
	struct distribution *d = cluster_build("enyim", clusters[WEIGHTED], 3);
	struct distribution *md5 = cluster_build("enyim-ketama", clusters[WEIGHTED], 3);
	struct distribution *usual = cluster_build("ketama-plain-fnv1a_32", clusters[PLAIN], 3);
	struct distribution *usual_md5 = cluster_build("spymemcached-ketama", clusters[PLAIN], 3);
	assert_same_ring(d, usual);
	assert_same_ring(md5, usual_md5);

	const struct ring *ring = (const struct ring *)d;
	size_t below = 0;
	for (size_t number = 0; number < CLUSTER_KEYS; number++) {
		char room[CLUSTER_KEY_ROOM];
		struct slice key = cluster_key(room, number);
		bool low = hash_key(HASH_FNV1A_32, key) < ring->points[0].value;
		size_t want = low ? ring->points[ring->len - 1].server
		                  : distribution_pick(usual, key, 0);
		assert_int_equal(distribution_pick(d, key, 0), want);
		below += low;
	}
	assert_true(below > 0);
	distribution_free(d);
	distribution_free(md5);
	distribution_free(usual);
	distribution_free(usual_md5);
}

static size_t ring_length(const char *setup, const struct distribution_server *servers,
                          size_t count)
{
	struct distribution *d = cluster_build(setup, servers, count);
	size_t len = ((const struct ring *)d)->len;
	distribution_free(d);
	return len;
}

/* A last bit decides: the share of one among seven equal servers comes out as 40 names in single
 * precision and as 39 in node memcached's double; among 25 it is the other way round. */
TEST(shares_are_rounded_as_the_clients_round_them)
{
	struct distribution_server servers[25];
	for (size_t i = 0; i < COUNT(servers); i++)
		servers[i] =
		    (struct distribution_server){"127.0.0.1", 20000 + (unsigned)i, 1, NULL};
	assert_int_equal(ring_length("ketama", servers, 7), 7 * 40 * 4);
	assert_int_equal(ring_length("node", servers, 7), 7 * 39 * 4);
	assert_int_equal(ring_length("ketama", servers, 25), 25 * 39 * 4);
	assert_int_equal(ring_length("node", servers, 25), 25 * 40 * 4);
}

UNIT_MAIN(cmocka_unit_test(keys_go_where_each_client_puts_them),
          cmocka_unit_test(rings_have_the_points_of_each_client),
          cmocka_unit_test(python_memcached_tries_again_where_it_does),
          cmocka_unit_test(python_memcached_versions_differ_on_hash_zero),
          cmocka_unit_test(a_hash_of_ones_own_picks_where_a_modulo_decides),
          cmocka_unit_test(each_algorithm_says_why),
          cmocka_unit_test(jump_hashing_is_that_of_the_paper),
          cmocka_unit_test(rendezvous_reads_keys_as_python_does),
          cmocka_unit_test(libmemcached_names_sockets_and_lifts_weight_zero),
          cmocka_unit_test(enyim_sends_the_low_end_to_the_last_point),
          cmocka_unit_test(shares_are_rounded_as_the_clients_round_them))
