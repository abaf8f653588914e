/*
 * mcsh: the command line, and which mode it asks for.
 */
#include "base/file.h"
#include "base/xalloc.h"
#include "command/table.h"
#include "shell/driver.h"
#include "shell/invocation.h"
#include "shell/io/interrupt.h"
#include "shell/loop.h"
#include "shell/replay/verify.h"
#include "shell/report.h"
#include "shell/servers/login.h"
#include "shell/servers/servers_file.h"
#include "shell/servers/whom.h"
#include "shell/session.h"
#include "shell/start.h"
#include "term/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* Whether someone wrote `mcsh get foo`, as other shells have it. */
static bool is_command(const struct session *s, struct slice word)
{
	for (const struct command *const *c = s->commands; *c; c++) {
		if (slice_eq_str(word, (*c)->name) ||
		    ((*c)->aliases && slice_is_among(word, (*c)->aliases)))
			return true;
	}
	return false;
}

/* The I-th of the COUNT NAMES is a command: mcsh cache1 get foo. */
static void refuse_command(char **names, int i, int count, struct error *error)
{
	struct buf line = BUF_INIT;
	for (int k = 0; k < count; k++)
		buf_addf(&line, "%s%s", k == i ? " -c '" : " ", names[k]);
	error_set(error, NULL, "\"%s\" is a command, and servers go there", names[i]);
	if (strchr(buf_cstr(&line), '\'') == strrchr(buf_cstr(&line), '\'') && line.len <= 200)
		error_hint(error, "write mcsh%s'", buf_cstr(&line));
	else
		error_hint(error, "write mcsh -c '%s ...'", names[i]);
	buf_release(&line);
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
		if (is_command(s, slice_before(name, ' '))) {
			refuse_command(names, i, count, error);
			free(specs);
			return false;
		}
		specs = xgrow(specs, &cap, n + 1, sizeof(*specs));
		specs[n++] = name;
	}
	for (struct slice rest = slice_str(count == 0 && env ? env : ""); rest.len > 0;) {
		struct slice one = slice_trim(slice_take(&rest, ','));
		if (one.len > 0) {
			specs = xgrow(specs, &cap, n + 1, sizeof(*specs));
			specs[n++] = one;
		}
	}
	struct slice usual = SLICE("127.0.0.1:11211");
	const struct cluster *cluster;
	bool ok = whom_connect(s, n > 0 ? specs : &usual, n > 0 ? n : 1, &cluster, error);
	if (!ok && n > 0 && count == 0) {
		struct error in_list = *error;
		error_hint(error, "%s; $MEMCACHED_SERVERS names the servers", in_list.hint);
	}
	free(specs);
	if (ok)
		cluster_enter(s, cluster);
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
	if (fd < 0)
		return error_set(error, "check the path and its rights", "cannot read \"%s\": %s",
		                 source->text, strerror(errno));
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
	return report_error(s, STATUS_USAGE, &error);
}

/* Memory is out: the answers that there are, are not lost. */
static void write_last(void *output)
{
	output_last(output);
	file_drafts_end();
}

/* Where there are commands to run: on a sandbox, or on the servers that OPERANDS name. */
static bool find_target(struct session *s, const struct invocation *in, char **operands, int count,
                        struct error *error)
{
	servers_place_by(&s->servers, s->settings.distribution);
	if (in->servers_file && (in->sandbox || count > 0))
		return error_set(error, "leave one of them out",
		                 "--servers-file and %s%s%s cannot both be talked to",
		                 in->sandbox ? "a sandbox" : "\"", in->sandbox ? "" : operands[0],
		                 in->sandbox ? "" : "\"");
	if (in->servers_file)
		return servers_connect_file(&s->servers, slice_str(in->servers_file), error);
	if (!in->sandbox)
		return find_servers(s, operands, count, error);
	if (count == 0)
		return servers_sandbox(&s->servers, in->sandbox, error);
	return error_set(error, "give commands with -c; the number of a sandbox is --sandbox=N",
	                 "a sandbox and \"%s\" cannot both be talked to", operands[0]);
}

/* What the user left to the terminal: who is there, and how answers look. */
static void set_mode(struct session *s, const struct invocation *in)
{
	s->mode.driven = in->expect;
	if (!in->expect)
		screen_look(&s->screen);
	s->mode.interactive = s->screen.keyboard && in->source_count == 0;
	if (!in->format_given && s->screen.terminal)
		s->settings.format = FORMAT_PRETTY;
	if (!in->timing_given && s->mode.interactive)
		s->settings.timing = TIMING_ON;
	s->output.ascii = settings_ascii(s);
}

/* Runs the commands of a driver, of a person, or of scripts. */
static enum status run(struct session *s, struct invocation *in, char **operands, int count)
{
	struct error error;
	s->clusters.from_rc = in->rc && !in->expect;
	if (!find_target(s, in, operands, count, &error)) {
		bool started = !in->sandbox || in->servers_file || count > 0;
		return report_error(s, started ? STATUS_USAGE : STATUS_LOST, &error);
	}
	set_mode(s, in);
	enum status status = start_check_tls(s);
	if (status == STATUS_OK)
		status = login_start(s, in->user, in->password_file, &in->password);
	if (status != STATUS_OK)
		return status;
	start_warn_insecure(s);
	status = start_wait(s, in->wait_ms);
	if (status != STATUS_OK)
		return status;
	if (s->mode.driven)
		driver_run(s);
	else if (s->mode.interactive)
		prompt_run(s, &(struct prompt_options){.edit = in->edit, .rc = in->rc});
	else
		run_sources(s, in);
	return STATUS_OK;
}

int main(int argc, char **argv)
{
	struct session session;
	struct invocation in;
	struct error error;
	enum status status;

	hold_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	/* A write over the limit of a file's size fails, and is reported. */
	signal(SIGXFSZ, SIG_IGN);
	interrupt_guard_ends();
	session_init(&session, command_table);
	xalloc_at_end(write_last, &session.output);
	if (!invocation_read(&in, &session, argc, argv, &error))
		status = report_error(&session, STATUS_USAGE, &error);
	else if (in.verify || in.update)
		status = verify(&session, &in, argv + optind, argc - optind);
	else
		status = run(&session, &in, argv + optind, argc - optind);
	verdict_raise(&session.verdict, status);
	buf_wipe(&in.password);
	return (int)session_end(&session);
}
