/*
 * What the codecs share: the ways to fill a struct decoded, the containers, and the tests of
 * content that their sniffing is made of. Only src/codec/ includes this.
 */
#ifndef CODEC_DECODE_H
#define CODEC_DECODE_H

#include "codec/codec.h"

/*
 * The clients that have a codec, each codec_NAME in the file of that name or of its family. To add
 * one, write its file, add it here and to Makefile.am, and give it a section in the manual.
 */

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

CODECS(CODEC_DECLARE)

/* Says what is wrong, unless something was wrong before: the first problem is the cause. */
void decode_problem(struct decoded *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Each of these sets type and text from VALUE. What does not fit its type is kept as text or
 * bytes, with a problem. */
void decode_bytes(struct decoded *out);
/* Takes the text away, so that another can be written. */
void decode_clear_text(struct decoded *out);
void decode_text(struct decoded *out, struct slice value);
/* Text if it is UTF-8, else bytes, and neither is a problem: for clients whose strings are both. */
void decode_string(struct decoded *out, struct slice value);
void decode_integer(struct decoded *out, struct slice value, enum decoded_type type);
void decode_double(struct decoded *out, struct slice value);
void decode_json(struct decoded *out, struct slice value);
void decode_boolean(struct decoded *out, bool value);

/* Expand VALUE into out->bytes, set container and size, and point *INSIDE at the bytes. On a
 * damaged, cut or too large stream `problem` is set, and *INSIDE is what came out before; the
 * caller decodes it all the same, for half an answer is better than none. */
void decode_zlib(struct decoded *out, struct slice value, size_t max, struct slice *inside);
void decode_gzip(struct decoded *out, struct slice value, size_t max, struct slice *inside);

/* Compressed bytes may begin as anything: the first bytes inside a zlib or gzip stream, written to
 * BYTES (64 of them) and borrowed from there; empty when it is neither. */
struct slice peek_inside(struct slice stored, char bytes[static 64]);

#endif
