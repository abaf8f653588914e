#include "client/distribution/setups.h"

#include "client/distribution/algorithm.h"

/* The rows of a client that lets its users choose the hash, by the client's name for the hash. */
#define MODULA(hash, kind)                                                                         \
	{                                                                                          \
		"modula-" hash, "libmemcached and its kin: modula, hash " hash, &modulo_algorithm, \
		    kind, 0                                                                        \
	}
#define KETAMA(hash, kind)                                                                         \
	{                                                                                          \
		"ketama-plain-" hash, "libmemcached and its kin: KETAMA, hash " hash,              \
		    &ketama_algorithm, kind, KETAMA_PLAIN                                          \
	}
#define TWEMPROXY(hash, kind)                                                                      \
	{                                                                                          \
		"twemproxy-" hash, "twemproxy: ketama, hash " hash, &ketama_algorithm, kind,       \
		    KETAMA_TWEMPROXY                                                               \
	}
#define TWEMPROXY_MODULA(hash, kind)                                                               \
	{                                                                                          \
		"twemproxy-modula-" hash, "twemproxy: modula, hash " hash, &modulo_algorithm,      \
		    kind, MODULO_WEIGHTED | MODULO_SORTED                                          \
	}

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
    MODULA("md5", HASH_MD5),
    MODULA("crc", HASH_CRC32_15),
    MODULA("fnv1_64", HASH_FNV1_64),
    MODULA("fnv1a_64", HASH_FNV1A_64),
    MODULA("fnv1_32", HASH_FNV1_32),
    MODULA("fnv1a_32", HASH_FNV1A_32),
    MODULA("murmur", HASH_MURMUR),
    MODULA("jenkins", HASH_JENKINS),
    MODULA("murmur3", HASH_MURMUR3),
    {"ketama", "pylibmc ketama_weighted, php LIBKETAMA_COMPATIBLE", &ketama_algorithm, HASH_MD5,
     KETAMA_WEIGHTED},
    {"ketama-plain", "libmemcached KETAMA, pylibmc ketama, php consistent", &ketama_algorithm,
     HASH_ONE_AT_A_TIME, KETAMA_PLAIN},
    KETAMA("md5", HASH_MD5),
    KETAMA("crc", HASH_CRC32_15),
    KETAMA("fnv1_64", HASH_FNV1_64),
    KETAMA("fnv1a_64", HASH_FNV1A_64),
    KETAMA("fnv1_32", HASH_FNV1_32),
    KETAMA("fnv1a_32", HASH_FNV1A_32),
    KETAMA("murmur", HASH_MURMUR),
    KETAMA("jenkins", HASH_JENKINS),
    KETAMA("murmur3", HASH_MURMUR3),
    {"ketama-spy", "libmemcached KETAMA_SPY", &ketama_algorithm, HASH_ONE_AT_A_TIME, KETAMA_SPY},
    {"twemproxy", "twemproxy: ketama, hash fnv1a_64 (its default)", &ketama_algorithm,
     HASH_FNV1A_64, KETAMA_TWEMPROXY},
    TWEMPROXY("md5", HASH_MD5),
    TWEMPROXY("one_at_a_time", HASH_ONE_AT_A_TIME),
    TWEMPROXY("crc16", HASH_CRC16),
    TWEMPROXY("crc32", HASH_CRC32_15),
    TWEMPROXY("crc32a", HASH_CRC32),
    TWEMPROXY("fnv1_64", HASH_FNV1_64),
    TWEMPROXY("fnv1_32", HASH_FNV1_32),
    TWEMPROXY("fnv1a_32", HASH_FNV1A_32),
    TWEMPROXY("hsieh", HASH_HSIEH),
    TWEMPROXY("murmur", HASH_MURMUR),
    TWEMPROXY("jenkins", HASH_JENKINS),
    TWEMPROXY_MODULA("fnv1a_64", HASH_FNV1A_64),
    TWEMPROXY_MODULA("md5", HASH_MD5),
    TWEMPROXY_MODULA("one_at_a_time", HASH_ONE_AT_A_TIME),
    TWEMPROXY_MODULA("crc16", HASH_CRC16),
    TWEMPROXY_MODULA("crc32", HASH_CRC32_15),
    TWEMPROXY_MODULA("crc32a", HASH_CRC32),
    TWEMPROXY_MODULA("fnv1_64", HASH_FNV1_64),
    TWEMPROXY_MODULA("fnv1_32", HASH_FNV1_32),
    TWEMPROXY_MODULA("fnv1a_32", HASH_FNV1A_32),
    TWEMPROXY_MODULA("hsieh", HASH_HSIEH),
    TWEMPROXY_MODULA("murmur", HASH_MURMUR),
    TWEMPROXY_MODULA("jenkins", HASH_JENKINS),
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
