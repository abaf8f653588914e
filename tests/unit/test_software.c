#include "lib/unit.h"
#include "proto/meta.h"
#include "proto/software.h"

static const char *name(const char *version)
{
	return software_of(slice_str(version))->name;
}

TEST(software_goes_by_the_words_of_its_version)
{
	assert_string_equal(name("1.6.18"), "memcached");
	assert_string_equal(name("1.4.34-21-g5c6b5ec"), "memcached");
	assert_string_equal(name("1.2.8 (Ubuntu)"), "memcached");
	assert_string_equal(name("mcrouter 1.0"), "mcrouter");
	assert_string_equal(name("1.0.0 mcrouter"), "mcrouter");
	assert_string_equal(name("1.6.0 DF"), "Dragonfly");
	assert_string_equal(name("Hazelcast"), "Hazelcast");
	assert_string_equal(name("15.0.0.Final"), "Infinispan");
	assert_string_equal(name(""), "unknown");
	assert_string_equal(name("7.2.0-5325"), "unknown");
}

TEST(software_is_shown_by_its_name_and_version)
{
	static const struct {
		const char *version, *shown;
	} cases[] = {
	    {"1.6.18", "memcached 1.6.18"},
	    {"1.6.0 DF", "Dragonfly (1.6.0 DF)"},
	    {"7.2.0-5325", "a server of version 7.2.0-5325"},
	    {"", "a server"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice version = slice_str(cases[i].version);
		struct buf out = BUF_INIT;
		software_add(&out, software_of(version), version);
		assert_bytes(buf_slice(&out), slice_str(cases[i].shown));
		buf_release(&out);
	}
}

TEST(a_version_is_since_another_number_by_number)
{
	assert_true(software_is_since(SLICE("1.6.18"), 1, 6, 18));
	assert_true(software_is_since(SLICE("1.6.18-dev"), 1, 6, 9));
	assert_true(software_is_since(SLICE("1.10.0"), 1, 6, 18));
	assert_true(software_is_since(SLICE("2.0.0"), 1, 6, 18));
	assert_false(software_is_since(SLICE("1.6.18"), 1, 6, 19));
	assert_false(software_is_since(SLICE("1.5.99"), 1, 6, 0));
	assert_false(software_is_since(SLICE("1.6"), 1, 6, 1));
	assert_false(software_is_since(SLICE("1.99999999999999999999.0"), 1, 6, 1));
}

/* Infinispan answers mn, and refuses the meta commands that would follow. */
TEST(only_memcached_is_known_for_its_meta_commands)
{
	assert_true(meta_is_known_to(SLICE("1.6.12")));
	assert_false(meta_is_known_to(SLICE("1.6.11")));
	assert_false(meta_is_known_to(SLICE("15.0.0.Final")));
	assert_false(meta_is_known_to(SLICE("9.9.9 mcrouter")));
	assert_false(meta_is_known_to(SLICE("1.6.99 DF")));
}

UNIT_MAIN(cmocka_unit_test(software_goes_by_the_words_of_its_version),
          cmocka_unit_test(software_is_shown_by_its_name_and_version),
          cmocka_unit_test(a_version_is_since_another_number_by_number),
          cmocka_unit_test(only_memcached_is_known_for_its_meta_commands))
