#include "codec/codec.h"
#include "command/table.h"
#include "lib/unit.h"
#include "shell/session.h"
#include "shell/settings.h"

/* Changes SETTING to TEXT in S; returns whether it was taken. */
static bool change(struct session *s, const char *name, const char *text, struct error *error)
{
	const struct setting *t = setting_find(slice_str(name), error);
	assert_non_null(t);
	return setting_change(s, t, slice_str(text), error);
}

static void shows(const struct session *s, const char *name, const char *want)
{
	struct error error;
	struct buf got = BUF_INIT;
	setting_show(s, setting_find(slice_str(name), &error), &got);
	assert_bytes(buf_slice(&got), slice_str(want));
	buf_release(&got);
}

/* TEXT is taken and shown as SHOWN, and what is shown can be typed. */
static void takes(struct session *s, const char *name, const char *text, const char *shown)
{
	struct error error;
	if (!change(s, name, text, &error))
		fail_msg("%s", error.what);
	shows(s, name, shown);
	assert_true(change(s, name, shown, &error));
	shows(s, name, shown);
}

static void refuses(struct session *s, const char *name, const char *text, const char *range)
{
	struct error error;
	struct buf before = BUF_INIT, hint = BUF_INIT;
	setting_show(s, setting_find(slice_str(name), &error), &before);
	assert_false(change(s, name, text, &error));
	buf_addf(&hint, "it takes %s", range);
	assert_string_equal(error.hint, buf_cstr(&hint));
	assert_non_null(strstr(error.what, name));
	shows(s, name, buf_cstr(&before));
	buf_release(&before);
	buf_release(&hint);
}

static void start(struct session *s)
{
	session_init(s, command_table);
}

TEST(defaults_are_what_a_script_expects)
{
	struct session s;
	start(&s);
	shows(&s, "format", "plain");
	shows(&s, "timing", "off");
	shows(&s, "trace", "off");
	shows(&s, "trace_file", "off");
	shows(&s, "color", "auto");
	shows(&s, "confirm", "on");
	shows(&s, "timeout", "5s");
	shows(&s, "connect_timeout", "3s");
	shows(&s, "max_value", "64m");
	shows(&s, "max_record", "16m");
	shows(&s, "max_answer", "16m");
	shows(&s, "max_shown", "4k");
	shows(&s, "profile", "auto");
	shows(&s, "min_compress_len", "off");
	shows(&s, "compress_level", "default");
	session_end(&s);
}

TEST(choices_and_switches)
{
	struct session s;
	start(&s);
	takes(&s, "format", "json", "json");
	takes(&s, "format", "wire", "wire");
	assert_int_equal(s.settings.format, FORMAT_WIRE);
	takes(&s, "format", "pretty", "pretty");
	refuses(&s, "format", "xml", "pretty|plain|raw|json|csv|wire");
	refuses(&s, "format", "", "pretty|plain|raw|json|csv|wire");
	refuses(&s, "format", "plain|raw", "pretty|plain|raw|json|csv|wire");
	refuses(&s, "format", "PLAIN", "pretty|plain|raw|json|csv|wire");
	takes(&s, "trace", "hex", "hex");
	assert_int_equal(s.settings.trace, TRACE_HEX);
	takes(&s, "timing", "full", "full");
	takes(&s, "color", "on", "on");
	takes(&s, "pager", "off", "off");
	assert_false(s.settings.pager);
	takes(&s, "pager", "yes", "on");
	takes(&s, "json", "0", "off");
	takes(&s, "json", "1", "on");
	takes(&s, "confirm", "false", "off");
	takes(&s, "confirm", "true", "on");
	refuses(&s, "confirm", "maybe", "on|off");
	refuses(&s, "confirm", "2", "on|off");
	takes(&s, "profile", "dalli", "dalli");
	takes(&s, "profile", "none", "none");
	assert_string_equal(codecs[s.settings.profile]->name, "none");
	refuses(&s, "profile", "python",
	        "none|python-memcached|pylibmc|pymemcache|php-memcached|pecl-memcache|dalli|"
	        "spymemcached|node-memcached|auto");
	takes(&s, "compress_level", "9", "9");
	takes(&s, "compress_level", "default", "default");
	refuses(&s, "compress_level", "10", "default|0|1|2|3|4|5|6|7|8|9");
	session_end(&s);
}

TEST(durations_have_bounds)
{
	struct session s;
	start(&s);
	takes(&s, "timeout", "1ms", "1ms");
	takes(&s, "timeout", "1500ms", "1500ms");
	takes(&s, "timeout", "1.5s", "1500ms");
	takes(&s, "timeout", "2", "2s");
	takes(&s, "timeout", "5m", "5m");
	takes(&s, "timeout", "24h", "24h");
	assert_int_equal(s.servers.options.timeout_ms, 86400000);
	takes(&s, "timeout", "0", "off");
	assert_int_equal(s.servers.options.timeout_ms, 0);
	takes(&s, "timeout", "off", "off");
	static const char *const bad[] = {
	    "", "x", "-1", "86401s", "25h", "0.5ms", "99999999999999999999", "5 s", "s"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuses(&s, "timeout", bad[i], "1ms to 24h, or off");
	takes(&s, "connect_timeout", "1h", "1h");
	refuses(&s, "connect_timeout", "61m", "1ms to 1h, or off");
	session_end(&s);
}

TEST(sizes_have_bounds)
{
	struct session s;
	start(&s);
	takes(&s, "max_value", "1k", "1k");
	takes(&s, "max_value", "1025", "1025");
	takes(&s, "max_value", "1g", "1g");
	takes(&s, "max_value", "1024m", "1g");
	assert_int_equal(s.servers.options.value_max, 1073741824);
	static const char *const bad[] = {"1023", "0", "off", "1025m", "2g", "", "x", "-1", "1.5x"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuses(&s, "max_value", bad[i], "1k to 1g");
	takes(&s, "min_compress_len", "1", "1");
	takes(&s, "min_compress_len", "0", "off");
	takes(&s, "max_shown", "16", "16");
	takes(&s, "max_shown", "off", "off");
	refuses(&s, "max_shown", "15", "16 to 1g, or off");
	session_end(&s);
}

TEST(texts_have_room)
{
	struct session s;
	struct error error;
	char path[SETTING_TEXT + 1];
	start(&s);
	takes(&s, "trace_file", "/tmp/a b", "/tmp/a b");
	takes(&s, "trace_file", "off", "off");
	assert_string_equal(s.settings.trace_file, "");
	memset(path, 'p', sizeof(path));
	const struct setting *t = setting_find(SLICE("trace_file"), &error);
	assert_true(setting_change(&s, t, slice_of(path, SETTING_TEXT - 1), &error));
	assert_int_equal(strlen(s.settings.trace_file), SETTING_TEXT - 1);
	assert_false(setting_change(&s, t, slice_of(path, SETTING_TEXT), &error));
	assert_false(setting_change(&s, t, SLICE("a\0b"), &error));
	assert_true(setting_change(&s, t, slice_of(NULL, 0), &error));
	shows(&s, "trace_file", "off");
	session_end(&s);
}

TEST(a_setting_is_found_by_its_beginning)
{
	struct error error;
	for (const struct setting *t = settings_table; t->name; t++)
		assert_ptr_equal(setting_find(slice_str(t->name), &error), t);
	assert_string_equal(setting_find(SLICE("fo"), &error)->name, "format");
	assert_string_equal(setting_find(SLICE("conn"), &error)->name, "connect_timeout");
	assert_string_equal(setting_find(SLICE("trace"), &error)->name, "trace");
	assert_null(setting_find(SLICE("max_"), &error));
	assert_string_equal(error.what, "\"max_\" could be max_shown or max_value");
	assert_null(setting_find(SLICE("nothing"), &error));
	assert_string_equal(error.what, "unknown setting \"nothing\"");
	assert_null(setting_find(SLICE(""), &error));
	assert_null(setting_find(SLICE("formats"), &error));
	assert_null(setting_find(SLICE("FORMAT"), &error));
}

UNIT_MAIN(cmocka_unit_test(defaults_are_what_a_script_expects),
          cmocka_unit_test(choices_and_switches), cmocka_unit_test(durations_have_bounds),
          cmocka_unit_test(sizes_have_bounds), cmocka_unit_test(texts_have_room),
          cmocka_unit_test(a_setting_is_found_by_its_beginning))
