#include "base/quote.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "command/servers.h"
#include "proto/software.h"
#include "shell/flow/ask.h"
#include "shell/greeting.h"
#include "shell/lang/args.h"
#include "shell/report.h"
#include "shell/servers/servers_file.h"
#include "shell/servers/whom.h"

#include <stdlib.h>

static void add_connected(struct buf *out, const char *version, const char *label)
{
	struct buf shown = BUF_INIT;
	escape_add_line(&shown, slice_str(version));
	buf_add_str(out, "Connected to ");
	software_add(out, software_of(slice_str(version)), buf_slice(&shown));
	buf_add_str(out, " at ");
	escape_add_line(out, slice_str(label));
	buf_add_str(out, ".\n");
	buf_release(&shown);
}

/* Reports what the probes of the servers found, and whether one of them is there. */
static enum status report_probes(struct session *s, struct probe *probes, bool *there)
{
	enum status status = STATUS_OK;
	*there = false;
	for (size_t i = 0; i < client_server_count(s->servers.client); i++) {
		const char *label = servers_label(&s->servers, i);
		*there |= probes[i].there;
		if (probes[i].lost.what[0])
			status = status_max(status, report_error(s, STATUS_LOST, &probes[i].lost));
		else if (session_chats(s))
			add_connected(&s->output.results, probes[i].version, label);
	}
	return status;
}

static enum status keep_servers(struct session *s, struct servers *before)
{
	struct buf name = BUF_INIT;
	servers_restore(&s->servers, before);
	servers_name(&s->servers, &name);
	bool several = !s->servers.in_sandbox && !s->servers.cluster &&
	               client_server_count(s->servers.client) > 1;
	enum status status =
	    report_errorf(s, STATUS_LOST, "connect elsewhere by .connect, or go on there",
	                  "%s%s %s kept", s->servers.in_sandbox || several ? "the " : "",
	                  buf_cstr(&name), several ? "are" : "is");
	buf_release(&name);
	return status;
}

static enum status go_to_sandbox(struct session *s, unsigned n)
{
	struct error error;
	enum status status = ask_settle(s);
	if (!servers_sandbox(&s->servers, n, &error))
		return report_error(s, STATUS_LOST, &error);
	cluster_enter(s, NULL);
	if (session_chats(s))
		greeting_show(s);
	return status;
}

static bool replace_servers(struct session *s, const struct args *args,
                            const struct cluster **cluster, struct error *error)
{
	struct slice file;
	*cluster = NULL;
	if (args_option(args, "--servers-file", &file))
		return servers_connect_file(&s->servers, file, error);
	return whom_connect(s, args->operands, args->count, cluster, error);
}

/* A person who mistypes an address goes on with the servers before. The commands of a script that
 * follow are meant for the servers that it names: they never go to others. */
static enum status run_connect(struct session *s, struct args *args)
{
	struct error error;
	bool there;
	if (args->count == 1 && slice_eq_str(args->operands[0], "sandbox"))
		return go_to_sandbox(s, 0);
	enum status status = ask_settle(s);
	struct servers before = servers_take(&s->servers);
	const struct cluster *cluster;
	if (!replace_servers(s, args, &cluster, &error)) {
		servers_restore(&s->servers, &before);
		return status_max(status, report_error(s, STATUS_USAGE, &error));
	}
	struct probe *probes = servers_probe(s);
	status = status_max(status, report_probes(s, probes, &there));
	free(probes);
	if (!there && s->input && s->input->prompt)
		return keep_servers(s, &before);
	servers_drop(&before);
	cluster_enter(s, cluster);
	return status;
}

static enum status run_sandbox(struct session *s, struct args *args)
{
	struct error error;
	uint64_t n = 0;
	if (args->count > 0 &&
	    !argument_number(args->operands[0], "the number of servers", SANDBOX_MAX, &n, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (args->count > 0 && n == 0)
		return report_errorf(s, STATUS_USAGE, ".sandbox N takes 1 to 64",
		                     "a sandbox of 0 servers holds nothing");
	return go_to_sandbox(s, (unsigned)n);
}

static enum status run_disconnect(struct session *s, struct args *args)
{
	(void)args;
	enum status status = ask_settle(s);
	client_disconnect(s->servers.client);
	servers_look_up(&s->servers);
	return status;
}

static const struct command_option connect_options[] = {
    {"--servers-file", "FILE", "those that FILE lists, one a line, # begins a comment", "SERVER"},
    {0},
};

static const struct command_hint connect_hints[] = {
    {"select use",
     "a cache has one space of keys: .set key_prefix P stays within those that begin with P"},
    {"telnet nc ncat open host server", "type .connect HOST:PORT"},
    {0},
};

const struct command command_dot_connect = {
    .name = ".connect",
    .group = GROUP_CONNECT,
    .operands = "SERVER...",
    .options = connect_options,
    .hints = connect_hints,
    .summary = "talk to other servers from now on",
    .about = "Replaces the servers by those named: host, host:port, host:port:weight, [ipv6]:port, "
	     "tls://host:port, udp://host:port, /path/to/socket; dns://name:port, all addresses of "
	     "a name, looked up again when one cannot be reached; @NAME, those of a .cluster; or "
	     "sandbox, which is .sandbox. With several, each key has its server, as "
	     ".set distribution says: by default as python-memcached does. .where shows what "
	     "others would do. When none of those named answers, a line typed at a prompt leaves "
	     "the servers as they were; in a script nothing is sent to them any more, since what "
	     "follows is meant for others.",
    .sends = "stats\\r\\n",
    .replies = "STAT <name> <value> lines, then END",
    .effect = EFFECT_READS,
    .run = run_connect,
};

const struct command command_dot_sandbox = {
    .name = ".sandbox",
    .group = GROUP_CONNECT,
    .operands = "[N]",
    .summary = "talk to a private memcached, or to N",
    .about = "Starts a private memcached, or N of them, as mcsh --sandbox does, and talks to it "
	     "from now on. It is gone when mcsh ends. Without N it goes back to the sandbox that "
	     "the session has already; with N that one is ended, and new ones are started.",
    .example = "> .sandbox\n> set foo bar\nSTORED\n",
    .effect = EFFECT_READS,
    .run = run_sandbox,
};

const struct command command_dot_disconnect = {
    .name = ".disconnect",
    .group = GROUP_CONNECT,
    .operands = "",
    .summary = "close the connections",
    .about = "Closes the connections; the next command opens them again. What dns:// names is "
	     "looked up again then.",
    .example = "> .disconnect\n> set foo bar\nSTORED\n",
    .effect = EFFECT_READS,
    .run = run_disconnect,
};
