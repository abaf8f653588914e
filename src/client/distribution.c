#include "client/distribution.h"
#include "base/number.h"
#include "client/distribution/algorithm.h"

#include <stdio.h>
#include <stdlib.h>

/* Names are written into people's configurations: they stay. */
const struct distribution_setup distribution_setups[] = {
    {"python-memcached", "python-memcached 1.60 and later", &modulo_algorithm, HASH_CRC32_15,
     MODULO_WEIGHTED | MODULO_RETRY_PYTHON},
    {"python-memcached-1.59", "python-memcached up to 1.59", &modulo_algorithm,
     HASH_CRC32_15_NONZERO, MODULO_WEIGHTED | MODULO_RETRY_PYTHON},
    {"python-memcached-crc32", "python-memcached with useOldServerHashFunction", &modulo_algorithm,
     HASH_CRC32, MODULO_WEIGHTED | MODULO_RETRY_PYTHON},

    {"modula", "libmemcached, pylibmc, php-memcached: default", &modulo_algorithm,
     HASH_ONE_AT_A_TIME, 0},
    {"modula-md5", "libmemcached and its kin: modula, hash md5", &modulo_algorithm, HASH_MD5, 0},
    {"modula-crc", "libmemcached and its kin: modula, hash crc", &modulo_algorithm, HASH_CRC32_15,
     0},
    {"modula-fnv1_64", "libmemcached and its kin: modula, hash fnv1_64", &modulo_algorithm,
     HASH_FNV1_64, 0},
    {"modula-fnv1a_64", "libmemcached and its kin: modula, hash fnv1a_64", &modulo_algorithm,
     HASH_FNV1A_64, 0},
    {"modula-fnv1_32", "libmemcached and its kin: modula, hash fnv1_32", &modulo_algorithm,
     HASH_FNV1_32, 0},
    {"modula-fnv1a_32", "libmemcached and its kin: modula, hash fnv1a_32", &modulo_algorithm,
     HASH_FNV1A_32, 0},
    {"modula-murmur", "libmemcached and its kin: modula, hash murmur", &modulo_algorithm,
     HASH_MURMUR, 0},
    {"modula-jenkins", "libmemcached and its kin: modula, hash jenkins", &modulo_algorithm,
     HASH_JENKINS, 0},
    {"modula-murmur3", "libmemcached and its kin: modula, hash murmur3", &modulo_algorithm,
     HASH_MURMUR3, 0},
    {"ketama", "pylibmc ketama_weighted, php LIBKETAMA_COMPATIBLE", &ketama_algorithm, HASH_MD5,
     KETAMA_WEIGHTED},
    {"ketama-plain", "libmemcached KETAMA, pylibmc ketama, php consistent", &ketama_algorithm,
     HASH_ONE_AT_A_TIME, KETAMA_PLAIN},
    {"ketama-plain-md5", "libmemcached and its kin: KETAMA, hash md5", &ketama_algorithm, HASH_MD5,
     KETAMA_PLAIN},
    {"ketama-plain-crc", "libmemcached and its kin: KETAMA, hash crc", &ketama_algorithm,
     HASH_CRC32_15, KETAMA_PLAIN},
    {"ketama-plain-fnv1_64", "libmemcached and its kin: KETAMA, hash fnv1_64", &ketama_algorithm,
     HASH_FNV1_64, KETAMA_PLAIN},
    {"ketama-plain-fnv1a_64", "libmemcached and its kin: KETAMA, hash fnv1a_64", &ketama_algorithm,
     HASH_FNV1A_64, KETAMA_PLAIN},
    {"ketama-plain-fnv1_32", "libmemcached and its kin: KETAMA, hash fnv1_32", &ketama_algorithm,
     HASH_FNV1_32, KETAMA_PLAIN},
    {"ketama-plain-fnv1a_32", "libmemcached and its kin: KETAMA, hash fnv1a_32", &ketama_algorithm,
     HASH_FNV1A_32, KETAMA_PLAIN},
    {"ketama-plain-murmur", "libmemcached and its kin: KETAMA, hash murmur", &ketama_algorithm,
     HASH_MURMUR, KETAMA_PLAIN},
    {"ketama-plain-jenkins", "libmemcached and its kin: KETAMA, hash jenkins", &ketama_algorithm,
     HASH_JENKINS, KETAMA_PLAIN},
    {"ketama-plain-murmur3", "libmemcached and its kin: KETAMA, hash murmur3", &ketama_algorithm,
     HASH_MURMUR3, KETAMA_PLAIN},
    {"ketama-spy", "libmemcached KETAMA_SPY", &ketama_algorithm, HASH_ONE_AT_A_TIME, KETAMA_SPY},

    {"twemproxy", "twemproxy: ketama, hash fnv1a_64 (its default)", &ketama_algorithm,
     HASH_FNV1A_64, KETAMA_TWEMPROXY},
    {"twemproxy-md5", "twemproxy: ketama, hash md5", &ketama_algorithm, HASH_MD5, KETAMA_TWEMPROXY},
    {"twemproxy-one_at_a_time", "twemproxy: ketama, hash one_at_a_time", &ketama_algorithm,
     HASH_ONE_AT_A_TIME, KETAMA_TWEMPROXY},
    {"twemproxy-crc16", "twemproxy: ketama, hash crc16", &ketama_algorithm, HASH_CRC16,
     KETAMA_TWEMPROXY},
    {"twemproxy-crc32", "twemproxy: ketama, hash crc32", &ketama_algorithm, HASH_CRC32_15,
     KETAMA_TWEMPROXY},
    {"twemproxy-crc32a", "twemproxy: ketama, hash crc32a", &ketama_algorithm, HASH_CRC32,
     KETAMA_TWEMPROXY},
    {"twemproxy-fnv1_64", "twemproxy: ketama, hash fnv1_64", &ketama_algorithm, HASH_FNV1_64,
     KETAMA_TWEMPROXY},
    {"twemproxy-fnv1_32", "twemproxy: ketama, hash fnv1_32", &ketama_algorithm, HASH_FNV1_32,
     KETAMA_TWEMPROXY},
    {"twemproxy-fnv1a_32", "twemproxy: ketama, hash fnv1a_32", &ketama_algorithm, HASH_FNV1A_32,
     KETAMA_TWEMPROXY},
    {"twemproxy-hsieh", "twemproxy: ketama, hash hsieh", &ketama_algorithm, HASH_HSIEH,
     KETAMA_TWEMPROXY},
    {"twemproxy-murmur", "twemproxy: ketama, hash murmur", &ketama_algorithm, HASH_MURMUR,
     KETAMA_TWEMPROXY},
    {"twemproxy-jenkins", "twemproxy: ketama, hash jenkins", &ketama_algorithm, HASH_JENKINS,
     KETAMA_TWEMPROXY},
    {"twemproxy-modula-fnv1a_64", "twemproxy: modula, hash fnv1a_64", &modulo_algorithm,
     HASH_FNV1A_64, MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-md5", "twemproxy: modula, hash md5", &modulo_algorithm, HASH_MD5,
     MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-one_at_a_time", "twemproxy: modula, hash one_at_a_time", &modulo_algorithm,
     HASH_ONE_AT_A_TIME, MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-crc16", "twemproxy: modula, hash crc16", &modulo_algorithm, HASH_CRC16,
     MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-crc32", "twemproxy: modula, hash crc32", &modulo_algorithm, HASH_CRC32_15,
     MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-crc32a", "twemproxy: modula, hash crc32a", &modulo_algorithm, HASH_CRC32,
     MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-fnv1_64", "twemproxy: modula, hash fnv1_64", &modulo_algorithm, HASH_FNV1_64,
     MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-fnv1_32", "twemproxy: modula, hash fnv1_32", &modulo_algorithm, HASH_FNV1_32,
     MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-fnv1a_32", "twemproxy: modula, hash fnv1a_32", &modulo_algorithm,
     HASH_FNV1A_32, MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-hsieh", "twemproxy: modula, hash hsieh", &modulo_algorithm, HASH_HSIEH,
     MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-murmur", "twemproxy: modula, hash murmur", &modulo_algorithm, HASH_MURMUR,
     MODULO_WEIGHTED | MODULO_SORTED},
    {"twemproxy-modula-jenkins", "twemproxy: modula, hash jenkins", &modulo_algorithm, HASH_JENKINS,
     MODULO_WEIGHTED | MODULO_SORTED},

    {"rendezvous", "pymemcache HashClient", &rendezvous_algorithm, HASH_MURMUR3, RENDEZVOUS_TEXT},
    {"rendezvous-bytes", "pymemcache HashClient 3.5 with bytes keys", &rendezvous_algorithm,
     HASH_MURMUR3, RENDEZVOUS_BYTES},
    {"pecl-consistent", "pecl memcache: consistent, crc32 (Debian)", &pecl_consistent_algorithm,
     HASH_CRC32, 0},
    {"pecl-consistent-fnv", "pecl memcache: consistent, fnv", &pecl_consistent_algorithm,
     HASH_FNV1A_32, 0},
    {"pecl", "pecl memcache: standard, crc32", &modulo_algorithm, HASH_CRC32_15_NONZERO,
     MODULO_WEIGHTED | MODULO_RETRY_PECL},
    {"pecl-fnv", "pecl memcache: standard, fnv", &modulo_algorithm, HASH_FNV1A_32_15_NONZERO,
     MODULO_WEIGHTED | MODULO_RETRY_PECL},
    {"dalli", "Dalli (Ruby)", &dalli_algorithm, HASH_CRC32, 0},
    {"gomemcache", "gomemcache (Go)", &modulo_algorithm, HASH_CRC32, 0},
    {"jump", "Cortex, Loki, Mimir, Thanos", &jump_algorithm, HASH_CRC32, 0},
    {"memjs", "memjs (JavaScript)", &modulo_algorithm, HASH_JAVA_ABS, 0},
    {"node", "node memcached (JavaScript)", &ketama_algorithm, HASH_MD5, KETAMA_NODE},
    {"spymemcached", "spymemcached (Java): default", &modulo_algorithm, HASH_JAVA, 0},
    {"spymemcached-ketama", "spymemcached (Java): KetamaConnectionFactory", &ketama_algorithm,
     HASH_MD5, KETAMA_SPYMEMCACHED},
    {"enyim", "EnyimMemcached (.NET): DefaultNodeLocator", &ketama_algorithm, HASH_FNV1A_32,
     KETAMA_ENYIM},
    {"enyim-ketama", "EnyimMemcached (.NET): KetamaNodeLocator", &ketama_algorithm, HASH_MD5,
     KETAMA_ENYIM_MD5},
};

const size_t distribution_setup_count = sizeof(distribution_setups) /
                                        sizeof(distribution_setups[0]);

const struct distribution_setup *distribution_find(struct slice name)
{
	for (size_t i = 0; i < distribution_setup_count; i++)
		if (slice_eq_str(name, distribution_setups[i].name))
			return &distribution_setups[i];
	return NULL;
}

struct distribution *distribution_new(const struct distribution_setup *setup,
                                      const struct distribution_server *servers, size_t count)
{
	struct distribution *d = setup->algorithm->build(setup, servers, count);
	d->setup = setup;
	d->count = count;
	return d;
}

void distribution_free(struct distribution *d)
{
	free(d);
}

size_t distribution_pick(const struct distribution *d, struct slice key, unsigned attempt)
{
	if (d->count == 0 || attempt >= DISTRIBUTION_TRIES)
		return DISTRIBUTION_NONE;
	return d->setup->algorithm->pick(d, key, attempt);
}

size_t distribution_pick_hash(const struct distribution *d, uint32_t hash, unsigned attempt)
{
	if (d->count == 0 || attempt >= DISTRIBUTION_TRIES || !d->setup->algorithm->pick_hash)
		return DISTRIBUTION_NONE;
	return d->setup->algorithm->pick_hash(d, hash, attempt);
}

struct slice retry_text(char room[static RETRY_ROOM], struct slice before, struct slice key,
                        struct slice after)
{
	const struct slice parts[] = {before, key, after};
	size_t len = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t n = parts[i].len < RETRY_ROOM - len ? parts[i].len : RETRY_ROOM - len;
		if (n > 0)
			memcpy(room + len, parts[i].data, n);
		len += n;
	}
	return slice_of(room, len);
}

struct slice retry_text_pecl(char room[static RETRY_ROOM], struct slice key, unsigned attempt)
{
	char tail[NUMBER_DIGITS];
	int len = snprintf(tail, sizeof(tail), "-%u", attempt - 1);
	return retry_text(room, SLICE(""), key, slice_of(tail, (size_t)len));
}
