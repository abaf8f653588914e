/*
 * The clients that have a codec, each codec_NAME in the file of that name. To add one, write its
 * file, add it here and to Makefile.am, and give it a section in the manual.
 */
#ifndef CODEC_LIST_H
#define CODEC_LIST_H

#define CODEC_CLIENTS(X)                                                                           \
	X(python_memcached)                                                                        \
	X(pylibmc)                                                                                 \
	X(pymemcache)                                                                              \
	X(php_memcached)                                                                           \
	X(pecl_memcache)                                                                           \
	X(dalli)                                                                                   \
	X(spymemcached)                                                                            \
	X(node_memcached)

/* All codecs, in the order in which they are listed. */
#define CODECS(X) X(none) CODEC_CLIENTS(X) X(auto)

#define CODEC_DECLARE(name) extern const struct codec codec_##name;
#define CODEC_ADDRESS(name) &codec_##name,

#endif
