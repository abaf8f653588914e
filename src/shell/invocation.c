#include "shell/invocation.h"

#include "base/number.h"
#include "config.h"
#include "shell/servers/login.h"
#include "shell/servers/sandbox.h"
#include "shell/session.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* The longest --wait, a day, in milliseconds. */
#define WAIT_MAX_MS 86400000u

static const char usage_text[] =
    "Usage: mcsh [options] [SERVER...]                 a prompt, on a terminal\n"
    "       mcsh [options] [SERVER...] -c COMMAND...   run commands and leave\n"
    "       mcsh [options] [SERVER...] -f SCRIPT       run a script; or mcsh < SCRIPT\n"
    "       mcsh --sandbox[=N]                         with a private memcached, or N\n"
    "       mcsh --verify [--update] FILE...           play transcripts and compare\n"
    "\n"
    "SERVER is host, host:port, host:port:weight, [ipv6]:port or /path/to/socket;\n"
    "tls:// before a host talks TLS to it, udp:// UDP;\n"
    "dns:// is each address of a name, @NAME a .cluster of mcshrc.\n"
    "Without one: $MEMCACHED_SERVERS, else 127.0.0.1:11211.\n"
    "\n"
    "  -c COMMAND              run COMMAND; may be given again\n"
    "  -f FILE                 run the commands of FILE; - is standard input\n"
    "  -e                      stop at the first command that does not succeed\n"
    "      --sandbox[=N]       start a private memcached (or N), gone when mcsh ends\n"
    "      --servers-file=F    the servers are those that F lists, one a line\n"
    "      --format=FORMAT     pretty, plain, raw, json, csv or wire\n"
    "      --profile=CLIENT    whose flags to believe: dalli, pylibmc, ... or auto\n"
    "      --protocol=P        what goes on the wire: auto, classic, meta or binary\n"
    "      --trace[=MODE]      show the bytes on the wire: on, hex, explain\n"
    "      --trace-file=FILE   trace, and append it to FILE\n"
    "      --timing[=MODE]     show times with pretty answers: on, full or off\n"
    "      --timeout=T         how long a command may take (5s)\n"
    "      --connect-timeout=T how long connecting may take (3s)\n"
    "      --distribution=NAME whose way of placing keys on several servers to follow\n"
    "      --key-prefix=P      put P before every key\n"
    "      --dead-retry=T      pass over a server that is down for T (30s)\n"
    "      --readonly          refuse whatever changes anything on a server\n"
    "      --user=NAME         log in; the password is $MCSH_PASSWORD, or asked for\n"
    "      --password-file=F   the password is in F\n"
    "      --tls               talk TLS to servers on TCP\n"
    "      --tls-ca=FILE       trust these authorities, not the system's\n"
    "      --tls-cert=FILE     show this certificate to servers that ask for one\n"
    "      --tls-key=FILE      its private key, where it is in another file\n"
    "      --tls-name=NAME     the name to find in the server's certificate\n"
    "      --insecure          check no certificate; not safe\n"
    "      --wait=T            wait until every server answers, T at most\n"
    "      --expect            answers for a program that drives mcsh; see man mcsh\n"
    "      --verify            play transcripts on private servers; show what differs\n"
    "      --update            with --verify: write what differs into them\n"
    "      --no-edit           a prompt without line editing\n"
    "      --no-color          no colours\n"
    "      --no-rc             do not run ~/.config/mcsh/mcshrc\n"
    "      --help              show this and leave; so does -h\n"
    "      --version           show the version and leave; so does -V\n"
    "\n"
    "Exit status: 0 done, 1 a negative answer (a miss), 2 malformed, 3 the server's\n"
    "error, 4 no connection or no answer, 5 an assertion did not hold.\n"
    "At the prompt, .help lists the commands; man mcsh has it all.\n";

enum {
	OPT_SANDBOX = 256,
	OPT_SERVERS_FILE,
	OPT_SETTING,
	OPT_READONLY,
	OPT_USER,
	OPT_PASSWORD_FILE,
	OPT_INSECURE,
	OPT_WAIT,
	OPT_EXPECT,
	OPT_VERIFY,
	OPT_UPDATE,
	OPT_NO_EDIT,
	OPT_NO_COLOR,
	OPT_NO_RC,
	OPT_HELP,
	OPT_VERSION,
};

static const struct option long_options[] = {
    {"sandbox", optional_argument, NULL, OPT_SANDBOX},
    {"servers-file", required_argument, NULL, OPT_SERVERS_FILE},
    {"format", required_argument, NULL, OPT_SETTING},
    {"profile", required_argument, NULL, OPT_SETTING},
    {"protocol", required_argument, NULL, OPT_SETTING},
    {"trace", optional_argument, NULL, OPT_SETTING},
    {"trace-file", required_argument, NULL, OPT_SETTING},
    {"timing", optional_argument, NULL, OPT_SETTING},
    {"timeout", required_argument, NULL, OPT_SETTING},
    {"connect-timeout", required_argument, NULL, OPT_SETTING},
    {"distribution", required_argument, NULL, OPT_SETTING},
    {"key-prefix", required_argument, NULL, OPT_SETTING},
    {"dead-retry", required_argument, NULL, OPT_SETTING},
    {"readonly", no_argument, NULL, OPT_READONLY},
    {"user", required_argument, NULL, OPT_USER},
    {"password-file", required_argument, NULL, OPT_PASSWORD_FILE},
    {"tls", no_argument, NULL, OPT_SETTING},
    {"tls-ca", required_argument, NULL, OPT_SETTING},
    {"tls-cert", required_argument, NULL, OPT_SETTING},
    {"tls-key", required_argument, NULL, OPT_SETTING},
    {"tls-name", required_argument, NULL, OPT_SETTING},
    {"insecure", no_argument, NULL, OPT_INSECURE},
    {"wait", required_argument, NULL, OPT_WAIT},
    {"expect", no_argument, NULL, OPT_EXPECT},
    {"verify", no_argument, NULL, OPT_VERIFY},
    {"update", no_argument, NULL, OPT_UPDATE},
    {"no-edit", no_argument, NULL, OPT_NO_EDIT},
    {"no-color", no_argument, NULL, OPT_NO_COLOR},
    {"no-rc", no_argument, NULL, OPT_NO_RC},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

/* An option that is a setting: "--connect-timeout" is connect_timeout. */
static bool read_setting(struct session *s, struct invocation *in, const char *option,
                         const char *value, struct error *error)
{
	char name[32];
	in->format_given |= strcmp(option, "format") == 0;
	in->timing_given |= strcmp(option, "timing") == 0;
	in->trace_given |= strcmp(option, "trace") == 0;
	/* Who names a file for the trace wants one. */
	if (strcmp(option, "trace-file") == 0 && !in->trace_given)
		s->settings.trace = TRACE_ON;
	snprintf(name, sizeof(name), "%s", option);
	for (char *p = name; *p; p++) {
		if (*p == '-')
			*p = '_';
	}
	const struct setting *setting = setting_find(slice_str(name), error);
	for (size_t i = 0; i < CLUSTER_SETTINGS; i++)
		s->clusters.kept[i] |= setting == cluster_setting(i);
	return setting && setting_change(s, setting, slice_str(value), error);
}

static bool add_source(struct invocation *in, const char *text, bool is_file, struct error *error)
{
	if (in->source_count == SOURCES_MAX)
		return error_set(error, "put the commands into a script", "more than %d -c and -f",
		                 SOURCES_MAX);
	in->sources[in->source_count++] = (struct source){text, is_file};
	return true;
}

static bool read_sandbox(struct invocation *in, const char *text, struct error *error)
{
	char *end;
	errno = 0;
	unsigned long n = text ? strtoul(text, &end, 10) : 1;
	if (text && (errno || *end || end == text || n == 0 || n > SANDBOX_MAX))
		return error_set(error, "--sandbox=N takes 1 to 64",
		                 "invalid number of servers: \"%s\"", text);
	in->sandbox = (unsigned)n;
	return true;
}

static bool read_wait(struct invocation *in, const char *text, struct error *error)
{
	if (number_parse_duration(slice_str(text), 1000, &in->wait_ms) == NUMBER_OK &&
	    in->wait_ms > 0 && in->wait_ms <= WAIT_MAX_MS)
		return true;
	return error_set(error, "--wait=T takes 1ms to 24h", "invalid time to wait: \"%s\"", text);
}

static _Noreturn void show_and_leave(const char *text)
{
	bool ok = fputs(text, stdout) >= 0 && fflush(stdout) == 0;
	exit(ok ? STATUS_OK : STATUS_LOST);
}

/* The options that turn something on or off and have no value. False: OPT is none. */
static bool read_switch(struct invocation *in, int opt)
{
	static const struct {
		int opt;
		bool on;
		size_t place; /* of a bool, in struct invocation */
	} switches[] = {
	    {OPT_EXPECT, true, offsetof(struct invocation, expect)},
	    {OPT_VERIFY, true, offsetof(struct invocation, verify)},
	    {OPT_UPDATE, true, offsetof(struct invocation, update)},
	    {OPT_NO_EDIT, false, offsetof(struct invocation, edit)},
	    {OPT_NO_RC, false, offsetof(struct invocation, rc)},
	};
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		if (switches[i].opt != opt)
			continue;
		*(bool *)((char *)in + switches[i].place) = switches[i].on;
		return true;
	}
	return false;
}

/* getopt's own words name the program as it was called: ours are of one form. */
static bool refuse_option(int opt, const char *name, struct error *error)
{
	const char *format = strncmp(name, "--", 2) == 0 ? name + 2 : "";
	if (opt != ':' && slice_is_among(slice_str(format), "pretty plain raw json csv wire")) {
		error_set(error, NULL, "unknown option %s", name);
		error_hint(error, "write --format=%s", format);
		return false;
	}
	/* What is after a = may be a password. */
	struct slice shown = slice_before(slice_str(name), '=');
	return error_set(error, "see mcsh --help",
	                 opt == ':' ? "option %.*s requires a value" : "unknown option %.*s",
	                 (int)shown.len, shown.data);
}

/* Reads one option. On false ERROR is filled. */
static bool read_option(struct session *s, struct invocation *in, int opt, const char *name,
                        struct error *error)
{
	switch (opt) {
	case 'c':
	case 'f':
		return add_source(in, optarg, opt == 'f', error);
	case OPT_SANDBOX:
		return read_sandbox(in, optarg, error);
	case OPT_SETTING:
		return read_setting(s, in, name, optarg ? optarg : "on", error);
	case OPT_WAIT:
		return read_wait(in, optarg, error);
	case OPT_SERVERS_FILE:
		in->servers_file = optarg;
		return true;
	case OPT_USER:
		in->user = optarg;
		return true;
	case OPT_PASSWORD_FILE:
		in->password_file = optarg;
		return true;
	case 'e':
		s->mode.stop_on_error = true;
		return true;
	case OPT_READONLY:
		s->servers.options.readonly = true;
		s->settings.readonly_by = READONLY_BY_START;
		return true;
	case OPT_INSECURE:
		s->servers.options.tls.insecure = true;
		return true;
	case OPT_NO_COLOR:
		s->settings.color = COLOR_OFF;
		return true;
	case 'h':
	case OPT_HELP:
		show_and_leave(usage_text);
	case 'V':
	case OPT_VERSION:
		show_and_leave("mcsh " PACKAGE_VERSION "\n");
	default:
		return read_switch(in, opt) || refuse_option(opt, name, error);
	}
}

/* The value of the I-th argument where it is one of the options NAMES, blanks between, with the
 * value after = or as the next argument; or NULL. */
static const char *value_of(int argc, char **argv, int i, const char *names)
{
	struct slice name = slice_before(slice_str(argv[i]), '=');
	if (!slice_is_among(name, names))
		return NULL;
	if (argv[i][name.len] == '=')
		return argv[i] + name.len + 1;
	return i + 1 < argc && argv[i + 1][0] != '-' ? argv[i + 1] : NULL;
}

/* -h HOST -p PORT, --servers=HOST:PORT, --password SECRET, as other clients have it. */
static bool refuse_foreign_option(int argc, char **argv, struct error *error)
{
	const char *host = NULL, *port = NULL;
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *value;
		struct slice name = slice_before(slice_str(argv[i]), '=');
		if (slice_is_among(name, "--password --passwd --pass --auth --token -a")) {
			error_set(
			    error,
			    "--user=NAME asks for it, or has it from MCSH_PASSWORD or "
			    "--password-file=F",
			    "%.*s: whoever lists the processes sees a password that stands here",
			    (int)name.len, name.data);
			return true;
		}
		if (strcmp(argv[i], "-c") == 0 || strcmp(argv[i], "-f") == 0)
			i++;
		else if ((value = value_of(argc, argv, i, "-h --host -s --server --servers")))
			host = value;
		else if ((value = value_of(argc, argv, i, "-p --port")))
			port = value;
		else if (strncmp(argv[i], "-p", 2) == 0 && argv[i][2] >= '0' && argv[i][2] <= '9')
			port = argv[i] + 2;
	}
	if (!host && !port)
		return false;
	error_set(error, NULL, "a server is named without an option");
	struct buf servers = BUF_INIT;
	for (const char *c = host ? host : "127.0.0.1"; *c; c++)
		buf_add_char(&servers, *c == ',' ? ' ' : *c);
	error_hint(error, port ? "write %s:%s" : "write %s", buf_cstr(&servers), port ? port : "");
	buf_release(&servers);
	return true;
}

static bool read_options(struct session *s, struct invocation *in, int argc, char **argv,
                         struct error *error)
{
	opterr = 0;
	if (refuse_foreign_option(argc, argv, error))
		return false;
	for (;;) {
		int place = -1, at = optind;
		int opt = getopt_long(argc, argv, ":c:f:ehV", long_options, &place);
		if (opt == -1)
			return true;
		char letter[3] = {'-', (char)optopt, '\0'};
		const char *name = place >= 0 ? long_options[place].name : NULL;
		if (opt == '?' || opt == ':')
			name = optopt > 0 && optopt < 256 ? letter
			                                  : argv[optind > at ? optind - 1 : at];
		if (!read_option(s, in, opt, name, error))
			return false;
	}
}

/* What --expect cannot be given together with. */
static bool check_expect(const struct settings *settings, const struct invocation *in,
                         struct error *error)
{
	if (!in->expect)
		return true;
	if (in->source_count > 0)
		return error_set(error, "leave out either --expect or -c and -f",
		                 "--expect takes its commands from standard input");
	if (in->format_given && settings->format != FORMAT_PLAIN)
		return error_set(error, "leave out either --expect or --format",
		                 "the format of --expect is plain");
	return true;
}

bool invocation_read(struct invocation *in, struct session *s, int argc, char **argv,
                     struct error *error)
{
	*in = (struct invocation){.edit = true, .rc = true};
	login_take_environment(&in->password);
	return read_options(s, in, argc, argv, error) && check_expect(&s->settings, in, error);
}
