/*
 * mcsh: the command line, and which mode it asks for.
 */
#include "base/xalloc.h"
#include "command/table.h"
#include "config.h"
#include "shell/driver.h"
#include "shell/loop.h"
#include "shell/replay/verify.h"
#include "shell/report.h"
#include "shell/session.h"
#include "shell/settings.h"
#include "term/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The most -c and -f on one command line. */
#define SOURCES_MAX 1000

struct source {
	const char *text;
	bool is_file;
};

struct invocation {
	struct source sources[SOURCES_MAX];
	size_t source_count;
	unsigned sandbox; /* servers in it; 0: none */
	bool format_given, timing_given, trace_given;
	bool expect; /* a program drives the session */
	bool verify, update;
	struct prompt_options prompt;
};

static const char usage_text[] =
    "Usage: mcsh [options] [SERVER...]                 a prompt, on a terminal\n"
    "       mcsh [options] [SERVER...] -c COMMAND...   run commands and leave\n"
    "       mcsh [options] [SERVER...] -f SCRIPT       run a script; or mcsh < SCRIPT\n"
    "       mcsh --sandbox[=N]                         with a private memcached, or N\n"
    "       mcsh --verify [--update] FILE...           play transcripts and compare\n"
    "\n"
    "SERVER is host, host:port, host:port:weight, [ipv6]:port or /path/to/socket.\n"
    "Without one: $MEMCACHED_SERVERS, else 127.0.0.1:11211.\n"
    "\n"
    "  -c COMMAND              run COMMAND; may be given again\n"
    "  -f FILE                 run the commands of FILE; - is standard input\n"
    "  -e                      stop at the first command that does not succeed\n"
    "      --sandbox[=N]       start a private memcached (or N), gone when mcsh ends\n"
    "      --format=FORMAT     pretty, plain, raw, json, csv or wire\n"
    "      --profile=CLIENT    whose flags to believe: dalli, pylibmc, ... or auto\n"
    "      --trace[=MODE]      show the bytes on the wire: on, or hex\n"
    "      --trace-file=FILE   trace, and append it to FILE\n"
    "      --timing[=MODE]     show times with pretty answers: on, full or off\n"
    "      --timeout=T         how long a command may take (5s)\n"
    "      --connect-timeout=T how long connecting may take (3s)\n"
    "      --distribution=NAME whose way of placing keys on several servers to follow\n"
    "      --key-prefix=P      put P before every key\n"
    "      --dead-retry=T      pass over a server that is down for T (30s)\n"
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
	OPT_SETTING,
	OPT_TRACE,
	OPT_TIMING,
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
    {"format", required_argument, NULL, OPT_SETTING},
    {"profile", required_argument, NULL, OPT_SETTING},
    {"trace", optional_argument, NULL, OPT_TRACE},
    {"trace-file", required_argument, NULL, OPT_SETTING},
    {"timing", optional_argument, NULL, OPT_TIMING},
    {"timeout", required_argument, NULL, OPT_SETTING},
    {"connect-timeout", required_argument, NULL, OPT_SETTING},
    {"distribution", required_argument, NULL, OPT_SETTING},
    {"key-prefix", required_argument, NULL, OPT_SETTING},
    {"dead-retry", required_argument, NULL, OPT_SETTING},
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
static bool change_setting(struct session *s, const char *option, const char *value,
                           struct error *error)
{
	char name[32];
	snprintf(name, sizeof(name), "%s", option);
	for (char *p = name; *p; p++) {
		if (*p == '-')
			*p = '_';
	}
	const struct setting *setting = setting_find(slice_str(name), error);
	return setting && setting_change(s, setting, slice_str(value), error);
}

static bool add_source(struct invocation *in, const char *text, bool is_file, struct error *error)
{
	if (in->source_count == SOURCES_MAX) {
		error_set(error, "put the commands into a script", "more than %d -c and -f",
		          SOURCES_MAX);
		return false;
	}
	in->sources[in->source_count++] = (struct source){text, is_file};
	return true;
}

static bool read_sandbox(struct invocation *in, const char *text, struct error *error)
{
	char *end;
	errno = 0;
	unsigned long n = text ? strtoul(text, &end, 10) : 1;
	if (text && (errno || *end || end == text || n == 0 || n > SANDBOX_MAX)) {
		error_set(error, "--sandbox=N takes 1 to 64", "invalid number of servers: \"%s\"",
		          text);
		return false;
	}
	in->sandbox = (unsigned)n;
	return true;
}

static _Noreturn void show_and_leave(const char *text)
{
	bool ok = fputs(text, stdout) >= 0 && fflush(stdout) == 0;
	exit(ok ? STATUS_OK : STATUS_LOST);
}

/* Reads one option. On false ERROR is filled. */
static bool read_option(struct session *s, struct invocation *in, int opt, const char *name,
                        struct error *error)
{
	switch (opt) {
	case 'c':
		return add_source(in, optarg, false, error);
	case 'f':
		return add_source(in, optarg, true, error);
	case 'e':
		s->mode.stop_on_error = true;
		return true;
	case OPT_SANDBOX:
		return read_sandbox(in, optarg, error);
	case OPT_SETTING:
		in->format_given |= strcmp(name, "format") == 0;
		/* Who names a file for the trace wants one. */
		if (strcmp(name, "trace-file") == 0 && !in->trace_given)
			s->settings.trace = TRACE_ON;
		return change_setting(s, name, optarg, error);
	case OPT_TIMING:
		in->timing_given = true;
		return change_setting(s, name, optarg ? optarg : "on", error);
	case OPT_TRACE:
		in->trace_given = true;
		return change_setting(s, name, optarg ? optarg : "on", error);
	case OPT_EXPECT:
		in->expect = true;
		return true;
	case OPT_VERIFY:
		in->verify = true;
		return true;
	case OPT_UPDATE:
		in->update = true;
		return true;
	case OPT_NO_EDIT:
		in->prompt.edit = false;
		return true;
	case OPT_NO_COLOR:
		s->settings.color = COLOR_OFF;
		return true;
	case OPT_NO_RC:
		in->prompt.rc = false;
		return true;
	case 'h':
	case OPT_HELP:
		show_and_leave(usage_text);
	case 'V':
	case OPT_VERSION:
		show_and_leave("mcsh " PACKAGE_VERSION "\n");
	default:
		/* getopt's own words name the program as it was called: ours are of one form. */
		if (opt == ':')
			error_set(error, "see mcsh --help", "option %s requires a value", name);
		else
			error_set(error, "see mcsh --help", "unknown option %s", name);
		return false;
	}
}

/* -h HOST -p PORT, as other clients have it. */
static bool refuse_host_option(int argc, char **argv, struct error *error)
{
	const char *host = NULL, *port = NULL;
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *next = i + 1 < argc && argv[i + 1][0] != '-' ? argv[i + 1] : NULL;
		if (strcmp(argv[i], "-c") == 0 || strcmp(argv[i], "-f") == 0)
			i++;
		else if (next && (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--host") == 0))
			host = next;
		else if (next && (strcmp(argv[i], "-p") == 0 || strcmp(argv[i], "--port") == 0))
			port = next;
		else if (strncmp(argv[i], "-p", 2) == 0 && argv[i][2] >= '0' && argv[i][2] <= '9')
			port = argv[i] + 2;
	}
	if (!host && !port)
		return false;
	error_set(error, NULL, "a server is named without an option");
	error_hint(error, port ? "write %s:%s" : "write %s", host ? host : "127.0.0.1",
	           port ? port : "");
	return true;
}

static bool read_options(struct session *s, struct invocation *in, int argc, char **argv,
                         struct error *error)
{
	opterr = 0;
	if (refuse_host_option(argc, argv, error))
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

/* Whether someone wrote `mcsh get foo`, as other shells have it. */
static bool is_command(const struct session *s, struct slice word)
{
	for (const struct command *const *c = s->commands; *c; c++) {
		if (slice_eq_str(word, (*c)->name) ||
		    ((*c)->aliases && list_names((*c)->aliases, word)))
			return true;
	}
	return false;
}

/* What --expect cannot be given together with. */
static bool check_expect(const struct session *s, const struct invocation *in, struct error *error)
{
	if (!in->expect)
		return true;
	if (in->source_count > 0) {
		error_set(error, "leave out either --expect or -c and -f",
		          "--expect takes its commands from standard input");
		return false;
	}
	if (in->format_given && s->settings.format != FORMAT_PLAIN) {
		error_set(error, "leave out either --expect or --format",
		          "the format of --expect is plain");
		return false;
	}
	return true;
}

/* The servers of the command line, of the environment, or the one that memcached itself defaults
 * to. */
static bool find_servers(struct session *s, char **names, int count, struct error *error)
{
	struct slice *specs = NULL;
	size_t n = 0, cap = 0;
	const char *env = getenv("MEMCACHED_SERVERS");
	for (int i = 0; i < count; i++) {
		struct slice name = slice_str(names[i]);
		if (is_command(s, name)) {
			error_set(error, NULL, "\"%s\" is a command, and servers go there",
			          names[i]);
			error_hint(error, "write mcsh -c '%s ...'", names[i]);
			free(specs);
			return false;
		}
		specs = xgrow(specs, &cap, n + 1, sizeof(*specs));
		specs[n++] = name;
	}
	for (struct slice rest = slice_str(count == 0 && env ? env : ""); rest.len > 0;) {
		const char *comma = memchr(rest.data, ',', rest.len);
		struct slice one =
		    slice_of(rest.data, comma ? (size_t)(comma - rest.data) : rest.len);
		rest = slice_skip(rest, one.len + 1);
		one = slice_trim(one);
		if (one.len > 0) {
			specs = xgrow(specs, &cap, n + 1, sizeof(*specs));
			specs[n++] = one;
		}
	}
	struct slice usual = SLICE("127.0.0.1:11211");
	bool ok = n > 0 ? servers_connect(&s->servers, specs, n, error)
	                : servers_connect(&s->servers, &usual, 1, error);
	free(specs);
	return ok;
}

/* Runs one -c or -f. False when it cannot be read. */
static bool run_source(struct session *s, const struct source *source, struct error *error)
{
	if (!source->is_file) {
		session_loop(s, input_string(NULL, slice_str(source->text)));
		return true;
	}
	bool is_stdin = strcmp(source->text, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(source->text, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		error_set(error, "check the path and its rights", "cannot read \"%s\": %s",
		          source->text, strerror(errno));
		return false;
	}
	session_loop(s, input_descriptor(is_stdin ? "stdin" : source->text, fd));
	return true;
}

static void run_sources(struct session *s, const struct invocation *in)
{
	struct error error;
	if (in->source_count == 0)
		session_loop(s, input_descriptor("stdin", STDIN_FILENO));
	for (size_t i = 0; i < in->source_count && !s->mode.leaving; i++) {
		if (!run_source(s, &in->sources[i], &error))
			verdict_raise(&s->verdict, report_error(s, STATUS_USAGE, &error));
	}
}

/* A standard descriptor that is closed would be given to the next thing that is opened: a socket,
 * and results would go to a server. Reading and writing these fails, and is reported. */
static void hold_standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

/* Plays the transcripts that the operands name. */
static enum status verify(struct session *s, const struct invocation *in, char **files, int count)
{
	struct error error;
	struct verify_options options = {.update = in->update,
	                                 .servers = in->sandbox ? in->sandbox : 1};
	screen_look(&s->screen);
	if (in->verify && !in->expect && in->source_count == 0 && count > 0)
		return verify_files(s, files, (size_t)count, &options);
	if (!in->verify)
		error_set(&error, "mcsh --verify --update FILE", "--update is for --verify alone");
	else if (count == 0)
		error_set(&error, "mcsh --verify FILE", "--verify wants the names of transcripts");
	else
		error_set(&error, "put the commands into a transcript",
		          "--verify goes with neither -c nor -f nor --expect");
	enum status status = report_error(s, STATUS_USAGE, &error);
	verdict_raise(&s->verdict, status);
	return status;
}

/* Memory is out: the answers that there are, are not lost. */
static void write_last(void *output)
{
	output_last(output);
}

int main(int argc, char **argv)
{
	struct session session;
	struct invocation in = {.prompt = {.edit = true, .rc = true}};
	struct error error;

	hold_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ,
	       SIG_IGN); /* a write over the limit of a file's size fails, and is reported */
	session_init(&session, command_table);
	xalloc_at_end(write_last, &session.output);
	if (!read_options(&session, &in, argc, argv, &error) ||
	    !check_expect(&session, &in, &error)) {
		verdict_raise(&session.verdict, report_error(&session, STATUS_USAGE, &error));
		return (int)session_end(&session);
	}
	if (in.verify || in.update) {
		verify(&session, &in, argv + optind, argc - optind);
		return (int)session_end(&session);
	}
	servers_place_by(&session.servers, session.settings.distribution);
	bool both = in.sandbox && optind < argc;
	if (both)
		error_set(&error, "give commands with -c; the number of a sandbox is --sandbox=N",
		          "a sandbox and \"%s\" cannot both be talked to", argv[optind]);
	bool ok = both         ? false
	          : in.sandbox ? servers_sandbox(&session.servers, in.sandbox, &error)
	                       : find_servers(&session, argv + optind, argc - optind, &error);
	if (!ok) {
		verdict_raise(&session.verdict,
		              report_error(&session,
		                           in.sandbox && !both ? STATUS_LOST : STATUS_USAGE,
		                           &error));
		return (int)session_end(&session);
	}
	session.mode.driven = in.expect;
	if (!in.expect)
		screen_look(&session.screen);
	session.mode.interactive = session.screen.keyboard && in.source_count == 0;
	if (!in.format_given && session.screen.terminal)
		session.settings.format = FORMAT_PRETTY;
	if (!in.timing_given && session.mode.interactive)
		session.settings.timing = TIMING_ON;
	session.output.ascii = settings_ascii(&session);
	if (session.mode.driven)
		driver_run(&session);
	else if (session.mode.interactive)
		prompt_run(&session, &in.prompt);
	else
		run_sources(&session, &in);
	return (int)session_end(&session);
}
