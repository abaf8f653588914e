#include "base/json_read.h"
#include "base/zip.h"
#include "codec/codec.h"
#include "codec/decode.h"
#include "codec/fastlz.h"
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	INFLATE_MAX = 1 << 20
};

/*
 * What each value of tests/vectors/stored_values.tsv means to the client that stored it, in the
 * order of that file. KEY is the key or its end. The text is HEAD, then COUNT times FILL, then
 * TAIL; with a TAIL of "..." and no COUNT it is an outline that begins with HEAD and was cut.
 */
struct meaning {
	const char *profile;
	const char *key;
	enum decoded_type type;
	const char *container;
	const char *serialiser;
	const char *head;
	char fill;
	size_t count;
	const char *tail;
};

#define ONE(profile, key, type, container, serialiser, text)                                       \
	{                                                                                          \
		profile, key, type, container, serialiser, text, 0, 0, NULL                        \
	}

/* clang-format off */
static const struct meaning meanings[] = {
    ONE("python-memcached", "pymc%3Abig", DECODED_INTEGER, NULL, NULL, "1180591620717411303424"),
    ONE("python-memcached", "pymc%3Abytes", DECODED_BYTES, NULL, NULL, ""),
    ONE("python-memcached", "pymc%3Abytes_z", DECODED_BYTES, "zlib", NULL, ""),
    ONE("python-memcached", "pymc%3Acrlf", DECODED_BYTES, NULL, NULL, ""),
    ONE("python-memcached", "pymc%3Adict", DECODED_SERIALISED, NULL, "pickle protocol 0", "{\"a\": 1}"),
    ONE("python-memcached", "pymc%3Aempty_bytes", DECODED_BYTES, NULL, NULL, ""),
    ONE("python-memcached", "pymc%3Aempty_str", DECODED_TEXT, NULL, NULL, ""),
    ONE("python-memcached", "pymc%3Afalse", DECODED_SERIALISED, NULL, "pickle protocol 0", "False"),
    ONE("python-memcached", "pymc%3Afloat", DECODED_SERIALISED, NULL, "pickle protocol 0", "1.5"),
    ONE("python-memcached", "pymc%3Aincompressible_min10", DECODED_BYTES, NULL, NULL, ""),
    ONE("python-memcached", "pymc%3Aint", DECODED_INTEGER, NULL, NULL, "42"),
    {"python-memcached", "pymc%3Aint_z", DECODED_INTEGER, NULL, NULL, "1", '0', 60, ""},
    ONE("python-memcached", "pymc%3Alist", DECODED_SERIALISED, NULL, "pickle protocol 0", "[1, \"a\"]"),
    ONE("python-memcached", "pymc%3Alist_proto2", DECODED_SERIALISED, NULL, "pickle protocol 2", "[1, \"a\"]"),
    ONE("python-memcached", "pymc%3Alist_z", DECODED_SERIALISED, "zlib", "pickle protocol 0", "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]"),
    ONE("python-memcached", "pymc%3Aneg", DECODED_INTEGER, NULL, NULL, "-7"),
    ONE("python-memcached", "pymc%3Anone", DECODED_SERIALISED, NULL, "pickle protocol 0", "None"),
    ONE("python-memcached", "pymc%3Anone_proto2", DECODED_SERIALISED, NULL, "pickle protocol 2", "None"),
    ONE("python-memcached", "pymc%3Astr", DECODED_TEXT, NULL, NULL, "abc"),
    {"python-memcached", "pymc%3Astr100_min100", DECODED_TEXT, NULL, NULL, "", 'x', 100, ""},
    {"python-memcached", "pymc%3Astr100_min50", DECODED_TEXT, "zlib", NULL, "", 'x', 100, ""},
    {"python-memcached", "pymc%3Astr100_min99", DECODED_TEXT, "zlib", NULL, "", 'x', 100, ""},
    ONE("python-memcached", "pymc%3Astr20_min19", DECODED_TEXT, "zlib", NULL, "xxxxxxxxxxxxxxxxxxxx"),
    ONE("python-memcached", "pymc%3Atrue", DECODED_SERIALISED, NULL, "pickle protocol 0", "True"),
    ONE("python-memcached", "pymc%3Atuple", DECODED_SERIALISED, NULL, "pickle protocol 0", "(1, 2)"),
    ONE("python-memcached", "pymc%3Autf8", DECODED_TEXT, NULL, NULL, "\xc3\xa9"),
    ONE("pylibmc", "pylibmc%3Abig", DECODED_INTEGER, NULL, NULL, "1180591620717411303424"),
    ONE("pylibmc", "pylibmc%3Abytes", DECODED_BYTES, NULL, NULL, ""),
    ONE("pylibmc", "pylibmc%3Acrlf", DECODED_BYTES, NULL, NULL, ""),
    ONE("pylibmc", "pylibmc%3Adict", DECODED_SERIALISED, NULL, "pickle protocol 5", "{\"a\": 1}"),
    ONE("pylibmc", "pylibmc%3Aempty_bytes", DECODED_BYTES, NULL, NULL, ""),
    ONE("pylibmc", "pylibmc%3Aempty_str", DECODED_TEXT, NULL, NULL, ""),
    ONE("pylibmc", "pylibmc%3Afalse", DECODED_BOOLEAN, NULL, NULL, "false"),
    ONE("pylibmc", "pylibmc%3Afloat", DECODED_SERIALISED, NULL, "pickle protocol 5", "1.5"),
    ONE("pylibmc", "pylibmc%3Aint", DECODED_INTEGER, NULL, NULL, "42"),
    {"pylibmc", "pylibmc%3Aint_z", DECODED_INTEGER, "zlib", NULL, "1", '0', 60, ""},
    ONE("pylibmc", "pylibmc%3Alist", DECODED_SERIALISED, NULL, "pickle protocol 5", "[1, \"a\"]"),
    ONE("pylibmc", "pylibmc%3Alist_z", DECODED_SERIALISED, "zlib", "pickle protocol 5", "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]"),
    ONE("pylibmc", "pylibmc%3Aneg", DECODED_INTEGER, NULL, NULL, "-7"),
    ONE("pylibmc", "pylibmc%3Anone", DECODED_SERIALISED, NULL, "pickle protocol 5", "None"),
    ONE("pylibmc", "pylibmc%3Astr", DECODED_TEXT, NULL, NULL, "abc"),
    {"pylibmc", "pylibmc%3Astr100_min100", DECODED_TEXT, "zlib", NULL, "", 'x', 100, ""},
    {"pylibmc", "pylibmc%3Astr100_min101", DECODED_TEXT, NULL, NULL, "", 'x', 100, ""},
    {"pylibmc", "pylibmc%3Astr100_min50", DECODED_TEXT, "zlib", NULL, "", 'x', 100, ""},
    ONE("pylibmc", "pylibmc%3Atrue", DECODED_BOOLEAN, NULL, NULL, "true"),
    ONE("pylibmc", "pylibmc%3Atuple", DECODED_SERIALISED, NULL, "pickle protocol 5", "(1, 2)"),
    ONE("pylibmc", "pylibmc%3Autf8", DECODED_TEXT, NULL, NULL, "\xc3\xa9"),
    ONE("pymemcache", "pymemcache%3Abig", DECODED_INTEGER, NULL, NULL, "1180591620717411303424"),
    ONE("pymemcache", "pymemcache%3Abytes", DECODED_BYTES, NULL, NULL, ""),
    ONE("pymemcache", "pymemcache%3Acrlf", DECODED_BYTES, NULL, NULL, ""),
    ONE("pymemcache", "pymemcache%3Adict", DECODED_SERIALISED, NULL, "pickle protocol 5", "{\"a\": 1}"),
    ONE("pymemcache", "pymemcache%3Aempty_bytes", DECODED_BYTES, NULL, NULL, ""),
    ONE("pymemcache", "pymemcache%3Aempty_str", DECODED_TEXT, NULL, NULL, ""),
    ONE("pymemcache", "pymemcache%3Afalse", DECODED_SERIALISED, NULL, "pickle protocol 5", "False"),
    ONE("pymemcache", "pymemcache%3Afloat", DECODED_SERIALISED, NULL, "pickle protocol 5", "1.5"),
    ONE("pymemcache", "pymemcache%3Aint", DECODED_INTEGER, NULL, NULL, "42"),
    ONE("pymemcache", "pymemcache%3Alist", DECODED_SERIALISED, NULL, "pickle protocol 5", "[1, \"a\"]"),
    ONE("pymemcache", "pymemcache%3Aneg", DECODED_INTEGER, NULL, NULL, "-7"),
    ONE("pymemcache", "pymemcache%3Anone", DECODED_SERIALISED, NULL, "pickle protocol 5", "None"),
    ONE("pymemcache", "pymemcache%3Araw_int", DECODED_BYTES, NULL, NULL, ""),
    ONE("pymemcache", "pymemcache%3Araw_str", DECODED_BYTES, NULL, NULL, ""),
    ONE("pymemcache", "pymemcache%3Astr", DECODED_TEXT, NULL, NULL, "abc"),
    ONE("pymemcache", "pymemcache%3Atrue", DECODED_SERIALISED, NULL, "pickle protocol 5", "True"),
    ONE("pymemcache", "pymemcache%3Atuple", DECODED_SERIALISED, NULL, "pickle protocol 5", "(1, 2)"),
    ONE("pymemcache", "pymemcache%3Autf8", DECODED_TEXT, NULL, NULL, "\xc3\xa9"),
    ONE("php-memcached", "php%3Aigbinary%3Aarray", DECODED_SERIALISED, NULL, "igbinary", "[1, \"a\"]"),
    ONE("php-memcached", "php%3Aigbinary%3Anull", DECODED_SERIALISED, NULL, "igbinary", "null"),
    ONE("php-memcached", "php%3Aigbinary%3Aobject", DECODED_SERIALISED, NULL, "igbinary", "stdClass{\"a\": 1}"),
    ONE("php-memcached", "php%3Ajson%3Aarray", DECODED_JSON, NULL, NULL, "[1,\"a\"]"),
    ONE("php-memcached", "php%3Ajson%3Anull", DECODED_JSON, NULL, NULL, "null"),
    ONE("php-memcached", "php%3Ajson%3Aobject", DECODED_JSON, NULL, NULL, "{\"a\":1}"),
    ONE("php-memcached", "php%3Ajsonarr%3Aarray", DECODED_JSON, NULL, NULL, "[1,\"a\"]"),
    ONE("php-memcached", "php%3Ajsonarr%3Anull", DECODED_JSON, NULL, NULL, "null"),
    ONE("php-memcached", "php%3Ajsonarr%3Aobject", DECODED_JSON, NULL, NULL, "{\"a\":1}"),
    ONE("php-memcached", "php%3Amsgpack%3Aarray", DECODED_SERIALISED, NULL, "msgpack", "[1, \"a\"]"),
    ONE("php-memcached", "php%3Amsgpack%3Anull", DECODED_SERIALISED, NULL, "msgpack", "null"),
    ONE("php-memcached", "php%3Amsgpack%3Aobject", DECODED_SERIALISED, NULL, "msgpack", "stdClass{\"a\": 1}"),
    {"php-memcached", "php%3Anocomp%3Along", DECODED_TEXT, NULL, NULL, "", 'x', 3000, ""},
    ONE("php-memcached", "php%3Aphp%3Aarray", DECODED_SERIALISED, NULL, "PHP serialize", "[1, \"a\"]"),
    ONE("php-memcached", "php%3Aphp%3Aempty", DECODED_TEXT, NULL, NULL, ""),
    ONE("php-memcached", "php%3Aphp%3Afalse", DECODED_BOOLEAN, NULL, NULL, "false"),
    ONE("php-memcached", "php%3Aphp%3Afloat", DECODED_DOUBLE, NULL, NULL, "1.5"),
    ONE("php-memcached", "php%3Aphp%3Afloatint", DECODED_DOUBLE, NULL, NULL, "3"),
    ONE("php-memcached", "php%3Aphp%3Ainf", DECODED_DOUBLE, NULL, NULL, "Infinity"),
    ONE("php-memcached", "php%3Aphp%3Aint", DECODED_INTEGER, NULL, NULL, "42"),
    {"php-memcached", "php%3Aphp%3Alen2000", DECODED_TEXT, "fastlz", NULL, "", 'y', 2000, ""},
    {"php-memcached", "php%3Aphp%3Alen2001", DECODED_TEXT, "fastlz", NULL, "", 'y', 2001, ""},
    {"php-memcached", "php%3Aphp%3Along", DECODED_TEXT, "fastlz", NULL, "", 'x', 3000, ""},
    ONE("php-memcached", "php%3Aphp%3Along_incompressible", DECODED_BYTES, NULL, NULL, ""),
    {"php-memcached", "php%3Aphp%3Alongarray", DECODED_SERIALISED, "fastlz", "PHP serialize", "[\"abc\", \"abc\", ", 0, 0, "..."},
    ONE("php-memcached", "php%3Aphp%3Anan", DECODED_DOUBLE, NULL, NULL, "NaN"),
    ONE("php-memcached", "php%3Aphp%3Anegint", DECODED_INTEGER, NULL, NULL, "-7"),
    ONE("php-memcached", "php%3Aphp%3Anull", DECODED_SERIALISED, NULL, "PHP serialize", "null"),
    ONE("php-memcached", "php%3Aphp%3Aobject", DECODED_SERIALISED, NULL, "PHP serialize", "stdClass{\"a\": 1}"),
    ONE("php-memcached", "php%3Aphp%3Astring", DECODED_TEXT, NULL, NULL, "abc"),
    ONE("php-memcached", "php%3Aphp%3Atrue", DECODED_BOOLEAN, NULL, NULL, "true"),
    ONE("php-memcached", "php%3Auserflags", DECODED_TEXT, NULL, NULL, "abc"),
    {"php-memcached", "php%3Azlib%3Along", DECODED_TEXT, "zlib", NULL, "", 'x', 3000, ""},
    ONE("php-memcached", "pre_k", DECODED_TEXT, NULL, NULL, "v"),
    ONE("pecl-memcache", "bad_key", DECODED_TEXT, NULL, NULL, "v"),
    ONE("pecl-memcache", "pecl%3Aarray", DECODED_SERIALISED, NULL, "PHP serialize", "[1, \"a\"]"),
    ONE("pecl-memcache", "pecl%3Afalse", DECODED_BOOLEAN, NULL, NULL, "false"),
    ONE("pecl-memcache", "pecl%3Afloat", DECODED_DOUBLE, NULL, NULL, "1.5"),
    ONE("pecl-memcache", "pecl%3Aint", DECODED_INTEGER, NULL, NULL, "42"),
    {"pecl-memcache", "pecl%3Al20000", DECODED_TEXT, "zlib", NULL, "", 'x', 20001, ""},
    {"pecl-memcache", "pecl%3Along", DECODED_TEXT, NULL, NULL, "", 'x', 3000, ""},
    ONE("pecl-memcache", "pecl%3Anull", DECODED_SERIALISED, NULL, "PHP serialize", "null"),
    ONE("pecl-memcache", "pecl%3Astring", DECODED_TEXT, NULL, NULL, "abc"),
    ONE("pecl-memcache", "pecl%3Atrue", DECODED_BOOLEAN, NULL, NULL, "true"),
    {"pecl-memcache", "peclt%3Along", DECODED_TEXT, "zlib", NULL, "", 'x', 3000, ""},
    ONE("pecl-memcache", "peclu%3Astring", DECODED_TEXT, NULL, NULL, "abc"),
    ONE("pecl-memcache", "peclz%3Aarray", DECODED_SERIALISED, NULL, "PHP serialize", "[1, \"a\"]"),
    ONE("pecl-memcache", "peclz%3Afalse", DECODED_BOOLEAN, NULL, NULL, "false"),
    ONE("pecl-memcache", "peclz%3Afloat", DECODED_DOUBLE, NULL, NULL, "1.5"),
    ONE("pecl-memcache", "peclz%3Aint", DECODED_INTEGER, NULL, NULL, "42"),
    {"pecl-memcache", "peclz%3Al20000", DECODED_TEXT, "zlib", NULL, "", 'x', 20001, ""},
    {"pecl-memcache", "peclz%3Along", DECODED_TEXT, "zlib", NULL, "", 'x', 3000, ""},
    ONE("pecl-memcache", "peclz%3Anull", DECODED_SERIALISED, NULL, "PHP serialize", "null"),
    ONE("pecl-memcache", "peclz%3Astring", DECODED_TEXT, NULL, NULL, "abc"),
    ONE("pecl-memcache", "peclz%3Atrue", DECODED_BOOLEAN, NULL, NULL, "true"),
    ONE("pecl-memcache", "utab__x", DECODED_TEXT, NULL, NULL, "v"),
    ONE("dalli", "5%3A1c56ce73656d9efb5396e7098284d453", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "\"v\""),
    ONE("dalli", "dalli%3Aarray", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "[1, \"a\"]"),
    ONE("dalli", "dalli%3Actr", DECODED_TEXT, NULL, NULL, "15"),
    ONE("dalli", "dalli%3Ahash", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "{\"a\": 1}"),
    ONE("dalli", "dalli%3Aint", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "42"),
    {"dalli", "dalli%3Al4000", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "\"", 'y', 4000, "\""},
    {"dalli", "dalli%3Al4096", DECODED_SERIALISED, "zlib", "Ruby Marshal 4.8", "\"", 'y', 4092, "..."},
    {"dalli", "dalli%3Along", DECODED_SERIALISED, "zlib", "Ruby Marshal 4.8", "\"", 'x', 4092, "..."},
    ONE("dalli", "dalli%3Anil", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "nil"),
    ONE("dalli", "dalli%3Arand", DECODED_SERIALISED, "zlib", "Ruby Marshal 4.8", "..."),
    ONE("dalli", "dalli%3Araw", DECODED_TEXT, NULL, NULL, "abc"),
    ONE("dalli", "dalli%3Arawint", DECODED_TEXT, NULL, NULL, "42"),
    {"dalli", "dalli%3Arawlong", DECODED_TEXT, "zlib", NULL, "", 'x', 5000, ""},
    ONE("dalli", "dalli%3Astring", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "\"abc\""),
    ONE("dalli", "dalli%3Asym", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", ":s"),
    ONE("dalli", "dalli%3Atrue", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "true"),
    ONE("dalli", "dalli%3Attl", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "\"v\""),
    {"dalli", "dallig%3Along", DECODED_SERIALISED, "gzip", "Ruby Marshal 4.8", "\"", 'x', 4092, "..."},
    ONE("dalli", "dallij%3Aarray", DECODED_JSON, NULL, NULL, "[1,\"a\"]"),
    ONE("dalli", "ns%3Ak", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "\"v\""),
    ONE("dalli", "5%3A48c37b1fdbad92af559fb1cf81d0f161", DECODED_SERIALISED, NULL, "Ruby Marshal 4.8", "\"v\""),
    ONE("node-memcached", "f0506ef804c48c4c4a9816dcef0b6091", DECODED_TEXT, NULL, NULL, "v"),
    ONE("none", "memjs%3Abuf", DECODED_BYTES, NULL, NULL, ""),
    ONE("none", "memjs%3Actr", DECODED_TEXT, NULL, NULL, "10"),
    ONE("none", "memjs%3Astring", DECODED_TEXT, NULL, NULL, "abc"),
    ONE("node-memcached", "njs%3Aarr", DECODED_JSON, NULL, NULL, "[1,\"a\"]"),
    ONE("node-memcached", "njs%3Abuf", DECODED_BYTES, "latin-1 in UTF-8", NULL, ""),
    ONE("node-memcached", "njs%3Afloat", DECODED_DOUBLE, NULL, NULL, "1.5"),
    ONE("node-memcached", "njs%3Aint", DECODED_INTEGER, NULL, NULL, "42"),
    ONE("node-memcached", "njs%3Anul", DECODED_JSON, NULL, NULL, "null"),
    ONE("node-memcached", "njs%3Aobj", DECODED_JSON, NULL, NULL, "{\"a\":1}"),
    ONE("node-memcached", "njs%3Astring", DECODED_TEXT, NULL, NULL, "abc"),
    ONE("node-memcached", "njs%3At", DECODED_JSON, NULL, NULL, "true"),
    {"spymemcached", "spy%3Abigstr", DECODED_TEXT, "gzip", NULL, "", 'x', 20000, ""},
    ONE("spymemcached", "spy%3Abool", DECODED_BOOLEAN, NULL, NULL, "true"),
    ONE("spymemcached", "spy%3Abyte", DECODED_INTEGER, NULL, NULL, "7"),
    ONE("spymemcached", "spy%3Abytes", DECODED_BYTES, NULL, NULL, ""),
    ONE("spymemcached", "spy%3Actr", DECODED_TEXT, NULL, NULL, "10"),
    ONE("spymemcached", "spy%3Adate", DECODED_TIME, NULL, NULL, "2001-09-09T01:46:40Z"),
    ONE("spymemcached", "spy%3Adouble", DECODED_DOUBLE, NULL, NULL, "1.5"),
    ONE("spymemcached", "spy%3Afalse", DECODED_BOOLEAN, NULL, NULL, "false"),
    ONE("spymemcached", "spy%3Afloat", DECODED_DOUBLE, NULL, NULL, "1.5"),
    ONE("spymemcached", "spy%3Aint", DECODED_INTEGER, NULL, NULL, "42"),
    ONE("spymemcached", "spy%3Ajson", DECODED_TEXT, NULL, NULL, "{\"a\":1}"),
    ONE("spymemcached", "spy%3Alist", DECODED_SERIALISED, NULL, "Java serialisation", "java.util.ArrayList[1, \"a\"]"),
    ONE("spymemcached", "spy%3Along", DECODED_LONG, NULL, NULL, "4200000000"),
    ONE("spymemcached", "spy%3Anegint", DECODED_INTEGER, NULL, NULL, "-7"),
    {"spymemcached", "spy%3As16384", DECODED_TEXT, NULL, NULL, "", 'y', 16384, ""},
    ONE("spymemcached", "spy%3Astring", DECODED_TEXT, NULL, NULL, "abc"),
    ONE("spymemcached", "spy%3Azero", DECODED_INTEGER, NULL, NULL, "0"),
};

/* Where flags and bytes do not tell what the client meant: what `auto` takes them for instead. */
static const struct guess {
	const char *key;
	enum decoded_type type;
	const char *text; /* NULL: the stored bytes */
} guesses[] = {
    {"pymc%3Abytes", DECODED_TEXT, "abc"},
    {"pymc%3Acrlf", DECODED_TEXT, "a\r\nb"},
    {"pymc%3Aempty_bytes", DECODED_TEXT, ""},
    {"pylibmc%3Abytes", DECODED_TEXT, "abc"},
    {"pylibmc%3Acrlf", DECODED_TEXT, "a\r\nb"},
    {"pylibmc%3Aempty_bytes", DECODED_TEXT, ""},
    {"pylibmc%3Afalse", DECODED_INTEGER, "0"},
    {"pylibmc%3Atrue", DECODED_INTEGER, "1"},
    {"pymemcache%3Abytes", DECODED_TEXT, "abc"},
    {"pymemcache%3Acrlf", DECODED_TEXT, "a\r\nb"},
    {"pymemcache%3Aempty_bytes", DECODED_TEXT, ""},
    {"pymemcache%3Araw_int", DECODED_TEXT, "5"},
    {"pymemcache%3Araw_str", DECODED_TEXT, "abc"},
    {"php%3Aphp%3Afloatint", DECODED_INTEGER, "3"},
    {"pymc%3Aincompressible_min10", DECODED_TEXT, NULL},
};
/* clang-format on */

struct stored {
	char key[300];
	uint64_t flags;
	size_t size;
	bool cut; /* only the beginning is in the file */
	struct buf bytes;
};

static FILE *open_vectors(void)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	snprintf(path, sizeof path, "%s/tests/vectors/stored_values.tsv", top ? top : ".");
	FILE *file = fopen(path, "r");
	if (!file)
		fail_msg("cannot open %s", path);
	return file;
}

/* One piece: hex digits, and "*N" for N times. */
static void add_piece(struct buf *out, const char *piece)
{
	struct buf once = BUF_INIT;
	unsigned byte;
	while (sscanf(piece, "%2x", &byte) == 1) {
		buf_add_char(&once, (char)byte);
		piece += 2;
	}
	size_t times = *piece == '*' ? strtoul(piece + 1, NULL, 10) : 1;
	for (size_t i = 0; i < times; i++)
		buf_add_slice(out, buf_slice(&once));
	buf_release(&once);
}

static void add_pieces(struct buf *out, char *text)
{
	char *piece;
	while ((piece = strsep(&text, "+")))
		add_piece(out, piece);
}

/* The next value of the file; false at its end. */
static bool read_stored(FILE *file, struct stored *s)
{
	static char line[40000];
	do {
		if (!fgets(line, sizeof line, file))
			return false;
	} while (line[0] == '#' || strncmp(line, "client\t", 7) == 0);
	line[strcspn(line, "\n")] = '\0';
	char *rest = line, *field[5];
	for (int i = 0; i < 5; i++) {
		field[i] = strsep(&rest, "\t");
		assert_non_null(field[i]);
	}
	snprintf(s->key, sizeof s->key, "%s", field[1]);
	s->flags = strtoull(field[2], NULL, 10);
	s->size = strtoul(field[3], NULL, 10);
	char *dots = strstr(field[4], "...");
	s->cut = dots != NULL;
	if (dots)
		*dots = '\0';
	buf_clear(&s->bytes);
	add_pieces(&s->bytes, field[4]);
	if (!s->cut)
		assert_int_equal(s->bytes.len, s->size);
	return true;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

static void assert_name(const char *got, const char *want, const char *what, const char *key)
{
	if ((got == NULL) != (want == NULL) || (got && strcmp(got, want) != 0))
		fail_msg("%s: %s is %s, not %s", key, what, got ? got : "none",
		         want ? want : "none");
}

static void assert_meaning(const struct meaning *m, const struct decoded *d)
{
	struct buf want = BUF_INIT;
	struct slice text = buf_slice(&d->text);
	if (d->type != m->type)
		fail_msg("%s: type %s, not %s", m->key, decoded_type_name(d->type),
		         decoded_type_name(m->type));
	assert_name(d->codec, m->profile, "profile", m->key);
	assert_name(d->container, m->container, "container", m->key);
	assert_name(d->serialiser, m->serialiser, "serialiser", m->key);
	buf_add_str(&want, m->head);
	if (m->tail && m->count == 0) {
		assert_true(slice_starts(text, buf_slice(&want)));
		assert_true(text.len > DECODED_OUTLINE_MAX - 10 && text.len <= DECODED_OUTLINE_MAX);
		assert_text(slice_skip(text, text.len - 3), "...");
	} else {
		buf_add_repeat(&want, m->fill, m->count);
		buf_add_str(&want, m->tail ? m->tail : "");
		assert_bytes(text, buf_slice(&want));
	}
	buf_release(&want);
}

static const struct codec *codec_named(const char *name)
{
	const struct codec *p = codec_find(slice_str(name));
	if (!p)
		fail_msg("no profile %s", name);
	return p;
}

TEST(every_client_means_what_it_stored)
{
	struct stored s = {0};
	FILE *file = open_vectors();
	size_t n = 0;
	for (; read_stored(file, &s); n++) {
		struct decoded d = {0};
		assert_true(n < sizeof meanings / sizeof meanings[0]);
		const struct meaning *m = &meanings[n];
		assert_true(ends_with(s.key, m->key));
		codec_named(m->profile)->decode(s.flags, buf_slice(&s.bytes), INFLATE_MAX, &d);
		assert_meaning(m, &d);
		assert_int_equal(d.stored, s.bytes.len);
		assert_int_equal(d.size, d.container ? d.bytes.len : s.bytes.len);
		assert_string_equal(d.why, "");
		/* The one value that is cut inside a container must say so. */
		if ((d.problem[0] != '\0') != (s.cut && d.container))
			fail_msg("%s: %s", m->key, d.problem);
		decoded_release(&d);
	}
	assert_int_equal(n, 171);
	assert_int_equal(n, sizeof meanings / sizeof meanings[0]);
	buf_release(&s.bytes);
	fclose(file);
}

static const struct guess *find_guess(const char *key)
{
	for (size_t i = 0; i < sizeof guesses / sizeof guesses[0]; i++) {
		if (strcmp(guesses[i].key, key) == 0)
			return &guesses[i];
	}
	return NULL;
}

TEST(auto_finds_the_meaning_or_the_guess_is_listed)
{
	struct stored s = {0};
	FILE *file = open_vectors();
	for (size_t n = 0; read_stored(file, &s); n++) {
		struct decoded d = {0};
		struct meaning m = meanings[n];
		const struct guess *guess = find_guess(s.key);
		codec_named("auto")->decode(s.flags, buf_slice(&s.bytes), INFLATE_MAX, &d);
		assert_string_not_equal(d.why, "");
		m.profile = d.codec;
		if (!guess) {
			assert_meaning(&m, &d);
		} else {
			assert_int_equal(d.type, guess->type);
			assert_bytes(buf_slice(&d.text),
			             guess->text ? slice_str(guess->text) : buf_slice(&s.bytes));
		}
		decoded_release(&d);
	}
	buf_release(&s.bytes);
	fclose(file);
}

static void assert_auto(uint64_t flags, struct slice stored, const char *profile, const char *why)
{
	struct decoded d = {0};
	codec_named("auto")->decode(flags, stored, INFLATE_MAX, &d);
	assert_string_equal(d.why, why);
	assert_string_equal(d.codec, profile);
	decoded_release(&d);
}

TEST(auto_says_what_decided)
{
	assert_auto(16, SLICE("abc"), "python-memcached",
	            "flags 16 and valid UTF-8: text as python-memcached writes it");
	assert_auto(0, SLICE("abc"), "none", "no flags set, and the bytes are valid UTF-8: text");
	assert_auto(0, SLICE(""), "none", "no flags set, and the value is empty");
	assert_auto(0, SLICE("\xff\x01"), "none", "no flags set, and the bytes are no UTF-8 text");
	assert_auto(0, SLICE("\x80\x02N."), "none",
	            "no flags set, and the bytes begin like those of a serialiser");
	assert_auto(2, SLICE("7"), "python-memcached",
	            "flags 2 and decimal digits: an integer as python-memcached writes it; "
	            "php-memcached could have written it too");
	assert_auto(768, SLICE("42"), "pecl-memcache",
	            "flags 768 and decimal digits: an int as pecl-memcache writes it; spymemcached "
	            "could have written it too");
	assert_auto(
	    123456, SLICE("abc"), "none",
	    "flags 123456 with such bytes fit no client known here, and the bytes are valid "
	    "UTF-8: text");
	assert_auto(UINT64_MAX, SLICE("abc"), "none",
	            "flags 18446744073709551615 with such bytes fit no client known here, and the "
	            "bytes are valid UTF-8: text");
}

static void assert_outline(const char *profile, uint64_t flags, struct slice stored,
                           const char *want, const char *problem)
{
	struct decoded d = {0};
	codec_named(profile)->decode(flags, stored, INFLATE_MAX, &d);
	assert_bytes(buf_slice(&d.text), slice_str(want));
	assert_string_equal(d.problem, problem);
	decoded_release(&d);
}

static void assert_outline_hex(const char *profile, uint64_t flags, const char *hex,
                               const char *want)
{
	struct buf bytes = BUF_INIT;
	add_piece(&bytes, hex);
	assert_outline(profile, flags, buf_slice(&bytes), want, "");
	buf_release(&bytes);
}

/* Made by Python's pickle of a dict with values of every kind, protocols 0 and 4. */
TEST(pickles_are_outlined)
{
	assert_outline_hex(
	    "python-memcached", 1,
	    "286470300a56610a70310a286c70320a49310a61492d320a614c3131383035393136323037313734313133"
	    "30333432344c0a614c2d313138303539313632303731373431313330333432344c0a6146312e350a614e61"
	    "4930310a61635f636f646563730a656e636f64650a70330a2856780a70340a566c6174696e310a70350a74"
	    "70360a5270370a6156e95c75303030610a70380a612849310a7470390a61635f5f6275696c74696e5f5f0a"
	    "7365740a7031300a28286c7031310a49310a6149320a61747031320a527031330a61635f5f6275696c7469"
	    "6e5f5f0a66726f7a656e7365740a7031340a28286c7031350a49330a61747031360a527031370a61735664"
	    "0a7031380a636461746574696d650a646174650a7031390a2867330a285607e401020a7032300a67350a74"
	    "7032310a527032320a747032330a527032340a73566f0a7032350a63636f70795f7265670a5f7265636f6e"
	    "7374727563746f720a7032360a28635f5f6d61696e5f5f0a410a7032370a635f5f6275696c74696e5f5f0a"
	    "6f626a6563740a7032380a4e747032390a527033300a28647033310a56780a7033320a49310a7362732e",
	    "{\"a\": [1, -2, 1180591620717411303424, -1180591620717411303424, 1.5, None, True, "
	    "_codecs.encode(\"x\", \"latin1\"), \"\303\251\\n\", (1,), __builtin__.set([1, 2]), "
	    "__builtin__.frozenset([3])], \"d\": "
	    "datetime.date(_codecs.encode(\"\\x07\303\244\\x01\\x02\", \"latin1\")), \"o\": "
	    "__main__.A({\"x\": 1})}");
	assert_outline_hex(
	    "python-memcached", 1,
	    "80049595000000000000007d94288c0161945d94284b014afeffffff8a090000000000000000408a090000"
	    "000000000000c0473ff80000000000004e88430178948c03c3a90a944b0185948f94284b014b0290284b03"
	    "9194658c0164948c086461746574696d65948c0464617465949394430407e4010294859452948c016f948c"
	    "085f5f6d61696e5f5f948c01419493942981947d948c0178944b017362752e",
	    "{\"a\": [1, -2, 1180591620717411303424, -1180591620717411303424, 1.5, None, True, "
	    "b\"x\", \"\303\251\\n\", (1,), {1, 2}, frozenset({3})], \"d\": "
	    "datetime.date(b\"\\x07\\xe4\\x01\\x02\"), \"o\": __main__.A({\"x\": 1})}");
	assert_outline("python-memcached", 1, SLICE("cos\nsystem\n(S'rm -rf /'\ntR."),
	               "os.system(\"rm -rf /\")", "");
	assert_outline("python-memcached", 1, SLICE("]a."), "[...",
	               "the pickle protocol 1 data makes no sense after 2 of 3 bytes");
	assert_outline("python-memcached", 1, SLICE("(lp0\nI1\naI2"), "[1, ...",
	               "the pickle protocol 0 data is cut short: 11 bytes do not hold all of it");
	/* A list that MEMOIZE remembered second, put into the first one twice. */
	assert_outline_hex("python-memcached", 1, "80045d94285d944b01616801652e", "[[1], [1]]");
	assert_outline("python-memcached", 1, SLICE("N.x"), "None",
	               "1 bytes follow the end of the pickle protocol 0 data");
	assert_outline("python-memcached", 1, SLICE(""), "...",
	               "the pickle protocol 0 data is cut short: 0 bytes do not hold all of it");
	/* A list that is its own only element. */
	struct decoded d = {0};
	codec_named("python-memcached")
	    ->decode(1,
	             SLICE("\x80\x02]q\x00h\x00"
	                   "a."),
	             INFLATE_MAX, &d);
	assert_true(d.text.len < 100);
	assert_text(slice_of(d.text.data, 4), "[[[[");
	assert_string_equal(d.problem, "");
	decoded_release(&d);
}

TEST(objects_of_other_languages_are_outlined)
{
	assert_outline_hex(
	    "dalli", 1,
	    "04085b13690669fa69022c0169fed4fe6c2b0a000000000000000040006608312e35307b073a0661492206"
	    "78063a06455449220662063b06543b00533a0653073b0069063a066269076f3a08466f6f073a0740786906"
	    "3a074079492207c3a9063b06546f3a0a52616e6765083a096578636c463a0a626567696e69063a08656e64"
	    "6908220673492f07726500063b06466c2d0a00000000000000000100",
	    "[1, -1, 300, -300, 1180591620717411303424, 1.5, nil, {a: \"x\", \"b\": :a}, S{a: 1, "
	    "b: 2}, Foo{@x: 1, @y: \"\303\251\"}, Range{excl: false, begin: 1, end: 3}, \"s\", "
	    "/re/, -18446744073709551616]");
	assert_outline_hex("php-memcached", 5,
	                   "00000002140511016b0c3ff800000000000011016e0011036e65670b000111701101731"
	                   "40206000e0006010e0011017405",
	                   "{\"k\": 1.5, \"n\": null, \"neg\": -70000, \"s\": [\"k\", \"k\"], "
	                   "\"t\": true}");
	assert_outline_hex("php-memcached", 7,
	                   "85a16bcb3ff8000000000000a16ec0a36e6567d2fffeee90a17392a16ba16ba3626967c"
	                   "f7fffffffffffffff",
	                   "{\"k\": 1.5, \"n\": null, \"neg\": -70000, \"s\": [\"k\", \"k\"], "
	                   "\"big\": 9223372036854775807}");
	assert_outline_hex("php-memcached", 4,
	                   "613a333a7b693a303b4f3a313a2250223a333a7b733a343a2200500078223b693a313b7"
	                   "33a343a22002a0079223b613a323a7b693a303b693a313b733a313a2261223b693a323b"
	                   "7d733a313a227a223b4e3b7d693a313b643a323b693a353b623a303b7d",
	                   "[P{\"x\": 1, \"y\": [1, \"a\": 2], \"z\": null}, 2, 5: false]");
	assert_outline_hex(
	    "spymemcached", 1,
	    "aced0005737200176a6176612e7574696c2e4c696e6b6564486173684d617034c04e5c106cc0fb0200015a"
	    "000b6163636573734f72646572787200116a6176612e7574696c2e486173684d61700507dac1c31660d103"
	    "000246000a6c6f6164466163746f724900097468726573686f6c6478703f4000000000000c770800000010"
	    "000000037400016b737200116a6176612e6c616e672e496e746567657212e2a0a4f7818738020001490005"
	    "76616c7565787200106a6176612e6c616e672e4e756d62657286ac951d0b94e08b02000078700000000174"
	    "0001647372000e6a6176612e7574696c2e44617465686a81014b59741903000078707708000000e8d4a510"
	    "00787400016f73720001581a15084edb171a9e02000b490001614a0001624400016343000263685a000174"
	    "5b00036172727400025b495b000262797400025b424c0003636f6c7400094c5824436f6c6f723b4c00016c"
	    "7400104c6a6176612f7574696c2f4c6973743b4c0001737400124c6a6176612f6c616e672f537472696e67"
	    "3b4c000473656c667400124c6a6176612f6c616e672f4f626a6563743b7870fffffffb0000010000000000"
	    "3ff8000000000000007101757200025b494dba602676eab2a5020000787000000002000000010000000275"
	    "7200025b42acf317f8060854e002000078700000000201027e7200075824436f6c6f720000000000000000"
	    "1200007872000e6a6176612e6c616e672e456e756d00000000000000001200007870740003524544737200"
	    "136a6176612e7574696c2e41727261794c6973747881d21d99c7619d03000149000473697a657870000000"
	    "027704000000027400017871007e001d78740002c3a971007e00127800",
	    "java.util.LinkedHashMap{\"k\": 1, \"d\": java.util.Date[2001-09-09T01:46:40Z], \"o\": "
	    "X{a: -5, b: 1099511627776, c: 1.5, ch: \"q\", t: true, arr: [1, 2], by: "
	    "b\"\\x01\\x02\", col: X$Color.RED, l: java.util.ArrayList[\"x\", \"x\"], s: "
	    "\"\303\251\", self: &18}}");
	assert_outline("php-memcached", 4, SLICE("a:2:{i:0;i:1;"), "[1, ...",
	               "the PHP serialize data is cut short: 13 bytes do not hold all of it");
	assert_outline("php-memcached", 4, SLICE("a:99999999999:{i:0;i:1;}"), "[1, ...",
	               "the PHP serialize data makes no sense after 24 of 24 bytes");
	assert_outline("php-memcached", 4, SLICE("s:99999999999:\"abc\";"), "...",
	               "the PHP serialize data is cut short: 20 bytes do not hold all of it");
}

TEST(dotnet_objects_are_named)
{
	struct decoded d = {0};
	codec_named("auto")->decode(0, SLICE("\0\x01\0\0\0\xff\xff\xff\xff\x01\0\0\0\0\0\0\0\x0b"),
	                            INFLATE_MAX, &d);
	assert_int_equal(d.type, DECODED_SERIALISED);
	assert_string_equal(d.serialiser, ".NET BinaryFormatter");
	decoded_release(&d);
}

/* Brackets in brackets, deeper than any outline goes: the end comes soon, and is no problem. */
TEST(deep_nesting_is_cut)
{
	static const struct nest {
		const char *profile;
		uint64_t flags;
		struct slice unit;
	} nests[] = {
	    {"php-memcached", 4, {"a:1:{i:0;", 9}},
	    {"php-memcached", 7, {"\x91", 1}},
	    {"dalli", 1, {"[\x06", 2}},
	    {"dalli", 1, {"}\x00", 2}},
	    {"dalli", 1, {"I", 1}},
	    {"python-memcached", 1, {"(", 1}},
	};
	for (size_t i = 0; i < sizeof nests / sizeof nests[0]; i++) {
		struct buf bytes = BUF_INIT;
		struct decoded d = {0};
		if (strcmp(nests[i].profile, "dalli") == 0)
			buf_add_str(&bytes, "\x04\x08");
		for (int n = 0; n < 100000; n++)
			buf_add_slice(&bytes, nests[i].unit);
		codec_named(nests[i].profile)
		    ->decode(nests[i].flags, buf_slice(&bytes), INFLATE_MAX, &d);
		assert_true(d.text.len >= 3 && d.text.len <= DECODED_OUTLINE_MAX);
		assert_text(slice_skip(buf_slice(&d.text), d.text.len - 3), "...");
		decoded_release(&d);
		buf_release(&bytes);
	}
}

static void assert_problem(const char *profile, uint64_t flags, struct slice stored,
                           size_t inflate_max, const char *problem)
{
	struct decoded d = {0};
	codec_named(profile)->decode(flags, stored, inflate_max, &d);
	assert_string_equal(d.problem, problem);
	assert_true(d.bytes.len <= inflate_max);
	decoded_release(&d);
}

TEST(problems_are_named)
{
	static const struct slice zlib = {"\x78\x9c\xab\xa8\xa0\x3d\0\0\x40\x1b\x2e\xe1", 12};
	assert_problem("python-memcached", 24, slice_of(zlib.data, 9), INFLATE_MAX,
	               "the zlib stream is cut short after 9 of its 9 bytes, 100 bytes came out");
	assert_problem("python-memcached", 24, SLICE("hello"), INFLATE_MAX,
	               "the zlib stream is damaged after 2 of its 5 bytes, 0 bytes came out");
	assert_problem("python-memcached", 24, zlib, 99,
	               "the zlib stream expands to more than the 99 bytes allowed: what follows is "
	               "left out");
	assert_problem("python-memcached", 24, zlib, 100, "");
	assert_problem("python-memcached", 16, SLICE("\xff"), INFLATE_MAX,
	               "the flags say text, and the bytes are not UTF-8");
	assert_problem("python-memcached", 2, SLICE("4x"), INFLATE_MAX,
	               "the flags say an integer, and the bytes are not decimal digits");
	assert_problem("python-memcached", 32, SLICE("x"), INFLATE_MAX,
	               "flags 32: python-memcached refuses flags other than 1, 2, 4, 8, 16");
	assert_problem("php-memcached", 80, SLICE("abc"), INFLATE_MAX,
	               "a compressed value begins with 4 bytes of length, here are 3");
	assert_problem("php-memcached", 16, SLICE("\1\0\0\0x"), INFLATE_MAX,
	               "flags 16: compressed, and no bit says by what");
	assert_problem("php-memcached", 144, SLICE("\1\0\0\0\x28\xb5\x2f\xfd"), INFLATE_MAX,
	               "compressed with zstd, which mcsh does not expand; it announces 1 bytes");
	assert_problem("php-memcached", 80,
	               SLICE("\xff\xff\xff\xff\x02"
	                     "abc"),
	               INFLATE_MAX, "it announces 4294967295 bytes, and 3 came out");
	assert_problem("php-memcached", 80,
	               SLICE("\3\0\0\0\x02"
	                     "ab"),
	               INFLATE_MAX,
	               "the fastlz stream is cut short after 1 of its 3 bytes, 0 bytes came out");
	assert_problem("php-memcached", 6, SLICE("{"), INFLATE_MAX,
	               "the flags say JSON, and the bytes are no JSON document");
	assert_problem("spymemcached", 512, SLICE("abcde"), INFLATE_MAX,
	               "the flags say int, which has at most 4 bytes, and these are 5");
	assert_problem("spymemcached", 0x900, SLICE("a"), INFLATE_MAX,
	               "type 0x900 is none that spymemcached writes");
	assert_problem("node-memcached", 4, SLICE("\xe2\x82\xac"), INFLATE_MAX,
	               "the flags say a Buffer, and the bytes are not the UTF-8 of Latin-1 "
	               "characters");
	assert_problem("node-memcached", 3, SLICE("a"), INFLATE_MAX,
	               "flags 3 are none that node-memcached writes");
	assert_problem("none", 3, SLICE("a"), INFLATE_MAX, "");
}

static void assert_fastlz(struct slice in, size_t max, enum fastlz_result want, const char *text)
{
	struct buf out = BUF_INIT;
	size_t used;
	assert_int_equal(fastlz_expand(in, max, &out, &used), want);
	assert_bytes(buf_slice(&out), slice_str(text));
	buf_release(&out);
}

TEST(fastlz_of_both_levels)
{
	/* Level 1: "ab", then 3 and 14 bytes from 2 back. */
	assert_fastlz(SLICE("\x01"
	                    "ab\x20\x01"),
	              100, FASTLZ_OK, "ababa");
	assert_fastlz(SLICE("\x01"
	                    "ab\xe0\x05\x01"),
	              100, FASTLZ_OK, "abababababababab");
	assert_fastlz(SLICE("\x01"
	                    "ab\xe0\x05\x01"),
	              15, FASTLZ_CEILING, "ab");
	assert_fastlz(SLICE("\x01"
	                    "ab\x20\x02"),
	              100, FASTLZ_CORRUPT, "ab");
	assert_fastlz(SLICE("\x01"
	                    "ab\x20"),
	              100, FASTLZ_TRUNCATED, "ab");
	assert_fastlz(SLICE("\x01"
	                    "ab\xe0"),
	              100, FASTLZ_TRUNCATED, "ab");
	assert_fastlz(SLICE(""), 100, FASTLZ_TRUNCATED, "");
	assert_fastlz(SLICE("\x40"), 100, FASTLZ_CORRUPT, "");
	/* Level 2 has lengths of several bytes, and a longer form for what lies far back. */
	assert_fastlz(SLICE("\x20"
	                    "a\xe0\x05\0"),
	              100, FASTLZ_OK, "aaaaaaaaaaaaaaa");
	assert_fastlz(SLICE("\x20"
	                    "a\xe0\xff\0\0"),
	              100, FASTLZ_CEILING, "a");
	assert_fastlz(SLICE("\x20"
	                    "a\x3f\xff\0\0"),
	              100, FASTLZ_CORRUPT, "a");
	assert_fastlz(SLICE("\x20"
	                    "a\x3f\xff\0"),
	              100, FASTLZ_TRUNCATED, "a");

	/* 1 + 8191 bytes of a, then "b", then 3 bytes from 8193 back: "aaa". */
	struct buf in = BUF_INIT, out = BUF_INIT;
	size_t used;
	buf_add(&in,
	        "\x20"
	        "a\xe0",
	        3);
	buf_add_repeat(&in, '\xff', 32);
	buf_add(&in, "\x16\0\0b\x3f\xff\0\1", 8);
	assert_int_equal(fastlz_expand(buf_slice(&in), 100000, &out, &used), FASTLZ_OK);
	assert_int_equal(out.len, 1 + 9 + 32 * 255 + 0x16 + 1 + 3);
	assert_text(slice_skip(buf_slice(&out), out.len - 4), "baaa");
	buf_release(&in);
	buf_release(&out);
}

TEST(numbers_and_times_as_java_means_them)
{
	assert_outline("spymemcached", 0x700, SLICE("\x3f\xb9\x99\x99\x99\x99\x99\x9a"), "0.1", "");
	assert_outline("spymemcached", 0x700, SLICE("\x40\x59\0\0\0\0\0\0"), "100.0", "");
	assert_outline("spymemcached", 0x700, SLICE(""), "0.0", "");
	assert_outline("spymemcached", 0x700, SLICE("\xc0\x09\x21\xfb\x54\x44\x2d\x18"),
	               "-3.141592653589793", "");
	assert_outline("spymemcached", 0x700, SLICE("\x54\xb2\x49\xad\x25\x94\xc3\x7d"), "1e+100",
	               "");
	assert_outline("spymemcached", 0x700, SLICE("\x7f\xf0\0\0\0\0\0\0"), "Infinity", "");
	assert_outline("spymemcached", 0x700, SLICE("\x7f\xf8\0\0\0\0\0\0"), "NaN", "");
	assert_outline("spymemcached", 0x600, SLICE("\x3d\xcc\xcc\xcd"), "0.1", "");
	assert_outline("spymemcached", 0x300, SLICE("\x80\0\0\0\0\0\0\0"), "-9223372036854775808",
	               "");
	assert_outline("spymemcached", 0x500, SLICE("\xff"), "-1", "");
	assert_outline("spymemcached", 0x400, SLICE(""), "1970-01-01T00:00:00Z", "");
	assert_outline("spymemcached", 0x400, SLICE("\xff\xff\xff\xff\xff\xff\xff\xff"),
	               "1969-12-31T23:59:59.999Z", "");
	assert_outline("spymemcached", 0x400, SLICE("\x7f\xff\xff\xff\xff\xff\xff\xff"),
	               "9223372036854775807",
	               "a date outside the years 0 to 9999: shown in milliseconds since 1970");
}

TEST(json_is_checked_whole)
{
	static const char *const good[] = {"0",         "-1.5e+3",     "[]",         "{}",
	                                   " [1 , 2] ", "\"\\u00e9\"", "{\"a\":{}}", "null"};
	static const char *const bad[] = {"",    "01", "1.",      "[1,]", "{\"a\"}", "\"\n\"",
	                                  "nul", "[1", "\"\\x\"", "1 2",  "{1:2}",   "\xff"};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		if (!json_is_valid(slice_str(good[i])))
			fail_msg("%s is JSON", good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (json_is_valid(slice_str(bad[i])))
			fail_msg("%s is no JSON", bad[i]);
	}
}

static uint64_t flags_for(const struct codec *p, enum decoded_type type)
{
	const struct codec_typed *typed = &codec_writer(p)->typed[type];
	return typed->has ? typed->flags : UINT64_MAX;
}

TEST(flags_for_what_a_user_types)
{
	static const struct row {
		const char *profile;
		uint64_t text, integer, whole, json, bytes;
	} rows[] = {
	    {"none", 16, 2, 4, UINT64_MAX, 0},
	    {"python-memcached", 16, 2, 4, UINT64_MAX, 0},
	    {"pylibmc", 16, 4, 4, UINT64_MAX, 0},
	    {"pymemcache", 16, 2, 4, UINT64_MAX, 0},
	    {"php-memcached", 0, 1, 1, 6, 0},
	    {"pecl-memcache", 0, 768, 768, UINT64_MAX, 0},
	    {"dalli", 0, UINT64_MAX, UINT64_MAX, UINT64_MAX, 0},
	    {"spymemcached", 0, 512, 768, 0, 2048},
	    {"node-memcached", 0, 8, 8, 2, 4},
	    {"auto", 16, 2, 4, UINT64_MAX, 0},
	};
	assert_int_equal(codec_count, sizeof rows / sizeof rows[0]);
	for (size_t i = 0; i < codec_count; i++) {
		const struct codec *p = codecs[i];
		assert_string_equal(p->name, rows[i].profile);
		assert_ptr_equal(codec_find(slice_str(p->name)), p);
		assert_true(flags_for(p, DECODED_TEXT) == rows[i].text);
		assert_true(flags_for(p, DECODED_INTEGER) == rows[i].integer);
		assert_true(flags_for(p, DECODED_LONG) == rows[i].whole);
		assert_true(flags_for(p, DECODED_JSON) == rows[i].json);
		assert_true(flags_for(p, DECODED_BYTES) == rows[i].bytes);
		assert_true(flags_for(p, DECODED_SERIALISED) == UINT64_MAX);
	}
	assert_null(codec_find(SLICE("python")));
	assert_null(codec_find(SLICE("")));
}

/* What encode writes decodes to what was typed. */
TEST(encoded_values_come_back)
{
	static const struct row {
		const char *profile;
		enum decoded_type type;
		struct slice typed;
		struct slice stored;
	} rows[] = {
	    {"spymemcached", DECODED_INTEGER, {"42", 2}, {"\x2a", 1}},
	    {"spymemcached", DECODED_INTEGER, {"0", 1}, {"", 0}},
	    {"spymemcached", DECODED_INTEGER, {"-7", 2}, {"\xff\xff\xff\xf9", 4}},
	    {"spymemcached", DECODED_LONG, {"4200000000", 10}, {"\xfa\x56\xea\0", 4}},
	    {"spymemcached", DECODED_LONG, {"-1", 2}, {"\xff\xff\xff\xff\xff\xff\xff\xff", 8}},
	    {"spymemcached", DECODED_TEXT, {"abc", 3}, {"abc", 3}},
	    {"node-memcached", DECODED_TEXT, {"a\r\nb", 4}, {"a\\\r\\\nb", 6}},
	    {"node-memcached", DECODED_JSON, {"[1]", 3}, {"[1]", 3}},
	    {"node-memcached", DECODED_INTEGER, {"42", 2}, {"42", 2}},
	};
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct decoded d = {0};
		const struct codec *p = codec_named(rows[i].profile);
		buf_clear(&out);
		assert_true(p->encode(rows[i].type, rows[i].typed, &out));
		assert_bytes(buf_slice(&out), rows[i].stored);
		p->decode(flags_for(p, rows[i].type), buf_slice(&out), INFLATE_MAX, &d);
		assert_int_equal(d.type, rows[i].type);
		assert_bytes(buf_slice(&d.text), rows[i].typed);
		assert_string_equal(d.problem, "");
		decoded_release(&d);
	}
	buf_clear(&out);
	assert_true(codec_node_memcached.encode(DECODED_BYTES, SLICE("\1\2\xff"), &out));
	assert_text(buf_slice(&out), "\1\2\xc3\xbf");
	buf_clear(&out);
	assert_false(codec_spymemcached.encode(DECODED_INTEGER, SLICE("2147483648"), &out));
	assert_false(codec_spymemcached.encode(DECODED_INTEGER, SLICE("x"), &out));
	assert_false(decoded_type_fits(DECODED_JSON, SLICE("{")));
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

TEST(types_are_named_and_checked)
{
	static const struct row {
		const char *name;
		enum decoded_type type;
		const char *good, *bad;
	} rows[] = {
	    {"text", DECODED_TEXT, "h\xc3\xa9", "\xff"},
	    {"int", DECODED_INTEGER, "-123456789012345678901234567890", "1.5"},
	    {"int", DECODED_INTEGER, "007", "-"},
	    {"int", DECODED_INTEGER, "0", "+1"},
	    {"long", DECODED_LONG, "0", ""},
	    {"long", DECODED_LONG, "1", " 1"},
	    {"json", DECODED_JSON, " [1] ", "[1,]"},
	    {"json", DECODED_JSON, "null", "nul"},
	    {"bytes", DECODED_BYTES, "\xff", NULL},
	};
	enum decoded_type type;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(decoded_type_find(slice_str(rows[i].name), &type));
		assert_int_equal(type, rows[i].type);
		assert_true(decoded_type_fits(type, slice_str(rows[i].good)));
		if (rows[i].bad && decoded_type_fits(type, slice_str(rows[i].bad)))
			fail_msg("%s is no %s", rows[i].bad, rows[i].name);
	}
	assert_false(decoded_type_find(SLICE("integer"), &type));
	assert_false(decoded_type_find(SLICE(""), &type));
	assert_false(decoded_type_fits(DECODED_SERIALISED, SLICE("N.")));
}

TEST(who_writes_and_who_compresses)
{
	static const struct row {
		const char *profile, *writer;
		bool zlib;
		uint64_t text, integer;
		unsigned prefix;
	} rows[] = {
	    {"none", "python-memcached", true, 8, 0, 0},
	    {"python-memcached", "python-memcached", true, 8, 0, 0},
	    {"pylibmc", "pylibmc", true, 8, 8, 0},
	    {"pymemcache", "pymemcache", true, 8, 0, 0},
	    {"php-memcached", "php-memcached", true, 48, 0, 4},
	    {"pecl-memcache", "pecl-memcache", true, 2, 0, 0},
	    {"dalli", "dalli", true, 2, 0, 0},
	    {"spymemcached", "spymemcached", false, 0, 0, 0},
	    {"node-memcached", "node-memcached", false, 0, 0, 0},
	    {"auto", "python-memcached", true, 8, 0, 0},
	};
	assert_int_equal(codec_count, sizeof rows / sizeof rows[0]);
	for (size_t i = 0; i < codec_count; i++) {
		const struct codec *writer = codec_writer(codec_named(rows[i].profile));
		assert_string_equal(writer->name, rows[i].writer);
		assert_int_equal(writer->typed[DECODED_BYTES].zlib != 0, rows[i].zlib);
		assert_int_equal(writer->zlib_prefix, rows[i].prefix);
		if (!rows[i].zlib)
			continue;
		assert_true(writer->typed[DECODED_TEXT].zlib == rows[i].text);
		assert_true(writer->typed[DECODED_BYTES].zlib == rows[i].text);
		assert_true(writer->typed[DECODED_INTEGER].zlib == rows[i].integer);
	}
}

/* decr fills a number that gets shorter up with blanks; every client reads over these. */
static void an_int_that_decr_made_shorter_is_an_int(void **state)
{
	(void)state;
	static const struct {
		const char *profile;
		uint64_t flags;
	} rows[] = {{"python-memcached", 2},
	            {"python-memcached", 4},
	            {"pylibmc", 4},
	            {"pymemcache", 2},
	            {"php-memcached", 1},
	            {"pecl-memcache", 0x300},
	            {"node-memcached", 8},
	            {"auto", 2},
	            {"auto", 4}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct decoded d = {0};
		const struct codec *p = codec_find(slice_str(rows[i].profile));
		p->decode(rows[i].flags, SLICE("99 "), INFLATE_MAX, &d);
		assert_true(d.type == DECODED_INTEGER || d.type == DECODED_LONG);
		assert_true(slice_eq_str(buf_slice(&d.text), "99"));
		assert_string_equal(d.problem, "");
		decoded_release(&d);
		d = (struct decoded){0};
		p->decode(rows[i].flags, SLICE(" "), INFLATE_MAX, &d);
		assert_false(d.type == DECODED_INTEGER || d.type == DECODED_LONG);
		decoded_release(&d);
	}
	assert_false(decoded_type_fits(DECODED_INTEGER, SLICE("99 ")));
}

TEST(flags_are_named_bit_by_bit)
{
	static const struct {
		const char *codec;
		uint64_t flags;
		const char *names;
	} cases[] = {
	    {"python-memcached", 0, "bytes"},
	    {"python-memcached", 24, "16 text + 8 zlib"},
	    {"python-memcached", 3, "2 int + 1 pickle"},
	    {"python-memcached", 32, "32 unknown"},
	    {"python-memcached", 17 + 64, "16 text + 1 pickle + 64 unknown"},
	    {"php-memcached", 0, "string"},
	    {"php-memcached", 6 + 16 + 32, "32 zlib + 16 compressed + 6 JSON"},
	    {"pecl-memcache", 0x302, "768 int + 2 zlib"},
	    {"spymemcached", 0x300, "768 long"},
	    {"spymemcached", 0x802, "2048 byte[] + 2 gzip"},
	    {"dalli", 7, "4 UTF-8 + 2 zlib or gzip + 1 Marshal"},
	    {"node-memcached", 8, "8 number"},
	    {"none", 0, "nothing"},
	    {"none", 5, "5 unknown"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct codec *p = codec_find(slice_str(cases[i].codec));
		struct buf out = BUF_INIT;
		assert_non_null(p);
		codec_name_flags(p, cases[i].flags, &out);
		assert_bytes(buf_slice(&out), slice_str(cases[i].names));
		buf_release(&out);
	}
}

UNIT_MAIN(cmocka_unit_test(every_client_means_what_it_stored),
          cmocka_unit_test(auto_finds_the_meaning_or_the_guess_is_listed),
          cmocka_unit_test(auto_says_what_decided), cmocka_unit_test(pickles_are_outlined),
          cmocka_unit_test(objects_of_other_languages_are_outlined),
          cmocka_unit_test(dotnet_objects_are_named), cmocka_unit_test(deep_nesting_is_cut),
          cmocka_unit_test(problems_are_named),
          cmocka_unit_test(an_int_that_decr_made_shorter_is_an_int),
          cmocka_unit_test(fastlz_of_both_levels),
          cmocka_unit_test(numbers_and_times_as_java_means_them),
          cmocka_unit_test(json_is_checked_whole), cmocka_unit_test(flags_for_what_a_user_types),
          cmocka_unit_test(flags_are_named_bit_by_bit), cmocka_unit_test(encoded_values_come_back),
          cmocka_unit_test(types_are_named_and_checked),
          cmocka_unit_test(who_writes_and_who_compresses))
