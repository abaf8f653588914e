#include "client/address.h"
#include "lib/unit.h"

struct address_case {
	struct slice text;
	const char *host, *path;
	unsigned port, weight;
	const char *label;
};

static void same_or_null(const char *got, const char *want)
{
	assert_int_equal(got == NULL, want == NULL);
	if (got && want)
		assert_string_equal(got, want);
}

TEST(every_form_of_a_server_is_read)
{
	static const struct address_case cases[] = {
	    {SLICE("localhost"), "localhost", NULL, 11211, 1, "localhost:11211"},
	    {SLICE("cache1.example:11311"), "cache1.example", NULL, 11311, 1,
	     "cache1.example:11311"},
	    {SLICE("10.0.0.1:1:0"), "10.0.0.1", NULL, 1, 0, "10.0.0.1:1"},
	    {SLICE("10.0.0.1:65535:1000"), "10.0.0.1", NULL, 65535, 1000, "10.0.0.1:65535"},
	    {SLICE("[::1]"), "::1", NULL, 11211, 1, "[::1]:11211"},
	    {SLICE("[::1]:11311"), "::1", NULL, 11311, 1, "[::1]:11311"},
	    {SLICE("[fe80::1%eth0]:1:2"), "fe80::1%eth0", NULL, 1, 2, "[fe80::1%eth0]:1"},
	    {SLICE("[host]:7"), "host", NULL, 7, 1, "host:7"},
	    {SLICE("tls://h"), "h", NULL, 11211, 1, "tls://h:11211"},
	    {SLICE("udp://h:7"), "h", NULL, 7, 1, "udp://h:7"},
	    {SLICE("tls://[::1]:7:3"), "::1", NULL, 7, 3, "tls://[::1]:7"},
	    {SLICE("inet:h"), "h", NULL, 11211, 1, "h:11211"},
	    {SLICE("inet:h:7"), "h", NULL, 7, 1, "h:7"},
	    {SLICE("inet6:[::1]"), "::1", NULL, 11211, 1, "[::1]:11211"},
	    {SLICE("inet6:[::1]:7"), "::1", NULL, 7, 1, "[::1]:7"},
	    {SLICE("/run/mc.sock"), NULL, "/run/mc.sock", 0, 1, "/run/mc.sock"},
	    {SLICE("/run/a:b:c"), NULL, "/run/a:b:c", 0, 1, "/run/a:b:c"},
	    {SLICE("./mc.sock"), NULL, "./mc.sock", 0, 1, "./mc.sock"},
	    {SLICE("../mc.sock"), NULL, "../mc.sock", 0, 1, "../mc.sock"},
	    {SLICE("unix:/run/mc.sock"), NULL, "/run/mc.sock", 0, 1, "/run/mc.sock"},
	    {SLICE("unix:mc.sock"), NULL, "mc.sock", 0, 1, "mc.sock"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct address a = {0};
		struct error error = {.what = ""};
		bool ok = address_parse(cases[i].text, &a, &error);
		assert_string_equal(error.what, "");
		assert_true(ok);
		same_or_null(a.host, cases[i].host);
		same_or_null(a.path, cases[i].path);
		assert_int_equal(a.scheme,
		                 slice_starts(cases[i].text, SLICE("tls://"))   ? ADDRESS_TLS
		                 : slice_starts(cases[i].text, SLICE("udp://")) ? ADDRESS_UDP
		                                                                : ADDRESS_ANY);
		assert_int_equal(a.port, cases[i].port);
		assert_int_equal(a.weight, cases[i].weight);
		assert_string_equal(a.label, cases[i].label);
		address_release(&a);
		assert_null(a.label);
	}
}

TEST(what_is_no_server_is_refused)
{
	static const struct slice texts[] = {
	    SLICE(""),
	    SLICE(":"),
	    SLICE(":11211"),
	    SLICE("h:"),
	    SLICE("h:0"),
	    SLICE("h:65536"),
	    SLICE("h:-1"),
	    SLICE("h:x"),
	    SLICE("h:1x"),
	    SLICE("h: 1"),
	    SLICE("h:1:"),
	    SLICE("h:1:1001"),
	    SLICE("h:1:-1"),
	    SLICE("h:1:2:3"),
	    SLICE("tls://"),
	    SLICE("tls://:1"),
	    SLICE("tls:///tmp/socket"),
	    SLICE("tls://inet:h:1"),
	    SLICE("tls:h:1"),
	    SLICE("::1"),
	    SLICE("[]"),
	    SLICE("[::1"),
	    SLICE("[::1]x"),
	    SLICE("[::1]:"),
	    SLICE("[::1]]:1"),
	    SLICE("a b:1"),
	    SLICE("a\nb"),
	    SLICE("a\0b"),
	    SLICE("a/b"),
	    SLICE("..b/c"),
	    SLICE(".../c"),
	    SLICE("unix:"),
	    SLICE("inet:"),
	    SLICE("inet6:"),
	    SLICE("inet6:::1"),
	    SLICE("/a\0b"),
	    SLICE("h:4294967297"),
	    SLICE("h:18446744073709551616"),
	    SLICE("h:1:4294967297"),
	    SLICE("\x7f"),
	    SLICE("http://h"),
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct address a = {.port = 4242};
		struct error error = {.what = ""};
		if (address_parse(texts[i], &a, &error))
			print_error("'%.*s' is taken\n", (int)texts[i].len, texts[i].data);
		assert_int_equal(a.port, 4242);
		assert_true(error.what[0] && error.hint[0]);
	}
}

/* sun_path has 108 bytes on Linux and less elsewhere, its end mark included. */
TEST(a_path_fits_a_socket_address)
{
	char path[300];
	struct address a;
	struct error error;
	memset(path, 'p', sizeof(path));
	path[0] = '/';
	assert_true(address_parse(slice_of(path, 103), &a, &error));
	assert_int_equal(strlen(a.path), 103);
	address_release(&a);
	assert_false(address_parse(slice_of(path, 108), &a, &error));
	assert_false(address_parse(slice_of(path, 300), &a, &error));
}

TEST(a_host_has_a_longest_length)
{
	char host[300];
	struct address a;
	struct error error;
	memset(host, 'h', sizeof(host));
	assert_true(address_parse(slice_of(host, 255), &a, &error));
	address_release(&a);
	assert_false(address_parse(slice_of(host, 256), &a, &error));
}

UNIT_MAIN(cmocka_unit_test(every_form_of_a_server_is_read),
          cmocka_unit_test(what_is_no_server_is_refused),
          cmocka_unit_test(a_path_fits_a_socket_address),
          cmocka_unit_test(a_host_has_a_longest_length))
