#include "codec/codec.h"
#include "codec/decode.h"
#include "lib/codec.h"
#include "lib/unit.h"

static void assert_outline(const char *profile, uint64_t flags, struct slice stored,
                           const char *want, const char *problem)
{
	struct decoded d = {0};
	codec_decode(codec_named(profile), flags, stored, INFLATE_MAX, &d);
	assert_bytes(buf_slice(&d.text), slice_str(want));
	assert_string_equal(d.problem, problem);
	decoded_release(&d);
}

static void assert_outline_hex(const char *profile, uint64_t flags, const char *hex,
                               const char *want)
{
	struct buf bytes = BUF_INIT;
	codec_add_hex(&bytes, hex);
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
	               "1 byte follows the end of the pickle protocol 0 data");
	assert_outline("python-memcached", 1, SLICE(""), "...",
	               "the pickle protocol 0 data is cut short: 0 bytes do not hold all of it");
	/* A list that is its own only element. */
	struct decoded d = {0};
	codec_decode(codec_named("python-memcached"), 1,
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
	codec_decode(codec_named("auto"), 0,
	             SLICE("\0\x01\0\0\0\xff\xff\xff\xff\x01\0\0\0\0\0\0\0\x0b"), INFLATE_MAX, &d);
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
		codec_decode(codec_named(nests[i].profile), nests[i].flags, buf_slice(&bytes),
		             INFLATE_MAX, &d);
		assert_true(d.text.len >= 3 && d.text.len <= DECODED_OUTLINE_MAX);
		assert_text(slice_skip(buf_slice(&d.text), d.text.len - 3), "...");
		decoded_release(&d);
		buf_release(&bytes);
	}
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

UNIT_MAIN(cmocka_unit_test(pickles_are_outlined),
          cmocka_unit_test(objects_of_other_languages_are_outlined),
          cmocka_unit_test(dotnet_objects_are_named), cmocka_unit_test(deep_nesting_is_cut),
          cmocka_unit_test(numbers_and_times_as_java_means_them))
