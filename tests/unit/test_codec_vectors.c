#include "codec/codec.h"
#include "codec/decode.h"
#include "lib/codec.h"
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

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

static void add_pieces(struct buf *out, char *text)
{
	char *piece;
	while ((piece = strsep(&text, "+")))
		codec_add_hex(out, piece);
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
		codec_decode(codec_named(m->profile), s.flags, buf_slice(&s.bytes), INFLATE_MAX,
		             &d);
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
		codec_decode(codec_named("auto"), s.flags, buf_slice(&s.bytes), INFLATE_MAX, &d);
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

UNIT_MAIN(cmocka_unit_test(every_client_means_what_it_stored),
          cmocka_unit_test(auto_finds_the_meaning_or_the_guess_is_listed))
