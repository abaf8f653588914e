#include "lib/unit.h"
#include "shell/lang/keys.h"

#include <stdio.h>

static bool holds(const struct keys *k, const char *key)
{
	size_t times = 0;
	for (size_t i = 0; i < k->count; i++)
		times += strcmp(k->list[i], key) == 0;
	assert_true(times < 2);
	return times == 1;
}

TEST(keys_are_kept_once)
{
	struct keys k = {0};
	keys_add(&k, SLICE("foo"));
	keys_add(&k, SLICE("fo"));
	keys_add(&k, SLICE("foo"));
	keys_add(&k, SLICE("\xff\xfe"));
	assert_int_equal(k.count, 3);
	assert_true(holds(&k, "foo") && holds(&k, "fo") && holds(&k, "\xff\xfe"));
	keys_release(&k);
	assert_int_equal(k.count, 0);
}

TEST(a_copy_is_kept)
{
	struct keys k = {0};
	char text[] = "first";
	keys_add(&k, slice_of(text, 5));
	text[0] = 'F';
	assert_true(holds(&k, "first"));
	keys_release(&k);
}

TEST(what_is_no_key_is_not_kept)
{
	struct keys k = {0};
	keys_add(&k, SLICE(""));
	keys_add(&k, slice_of(NULL, 0));
	keys_add(&k, SLICE("a\0b"));
	assert_int_equal(k.count, 0);
	keys_release(&k);
}

TEST(the_oldest_leave_first)
{
	struct keys k = {0};
	char name[32];
	for (int i = 0; i < KEYS_MAX + 10; i++) {
		snprintf(name, sizeof(name), "key%d", i);
		keys_add(&k, slice_str(name));
		assert_true(k.count <= KEYS_MAX);
	}
	assert_int_equal(k.count, KEYS_MAX);
	for (int i = 0; i < KEYS_MAX + 10; i++) {
		snprintf(name, sizeof(name), "key%d", i);
		assert_int_equal(holds(&k, name), i >= 10);
	}
	/* And a key that left can come back. */
	keys_add(&k, SLICE("key0"));
	assert_true(holds(&k, "key0"));
	assert_false(holds(&k, "key10"));
	assert_int_equal(k.count, KEYS_MAX);
	keys_release(&k);
}

UNIT_MAIN(cmocka_unit_test(keys_are_kept_once), cmocka_unit_test(a_copy_is_kept),
          cmocka_unit_test(what_is_no_key_is_not_kept), cmocka_unit_test(the_oldest_leave_first))
