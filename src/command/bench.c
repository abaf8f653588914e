#include "base/deadline.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "client/load.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/protocol.h"
#include "shell/io/interrupt.h"
#include "shell/io/progress.h"
#include "shell/report.h"
#include "view/advice.h"
#include "view/summary.h"
#include "view/text/time.h"

#include <stdio.h>
#include <stdlib.h>

#define CONNECTIONS_MAX 1024
#define COUNT_MAX       UINT64_C(1000000000000)
#define COUNT_DEFAULT   10000
#define SPAN_MAX_MS     (UINT64_C(24) * 3600 * 1000)
#define KEYS_MAX_NUMBER UINT64_C(1000000000)
#define KEYS_DEFAULT    1000
#define SIZE_DEFAULT    100

/* The words that are replaced in each call, where they are not quoted. */
#define NUMBER_WORD SLICE("{}")
#define VALUE_WORD  SLICE("{value}")

static const struct command_option bench_options[] = {
    {"-t", "THREADS", "threads that send commands, 1 to 1024 (default 1)", NULL},
    {"-c", "CONNECTIONS", "connections that they share, to each server (default: a thread each)",
     NULL},
    {"-n", "COUNT", "commands of all threads together (default 10000)", NULL},
    {"--seconds", "S", "go on for this long, and not for a number of commands", NULL},
    {"--keys", "N", "{} becomes 0 to N - 1, one after the other (default 1000)", NULL},
    {"--size", "BYTES", "{value} is so many bytes (default 100)", NULL},
    {0},
};

struct bench_options {
	uint64_t threads, connections, count, span_ms, keys, size;
};

/* The command that is measured. */
struct measured {
	struct args args;
	struct slice *operands;  /* as the row's build sees them: with the largest number */
	struct load_text *texts; /* the same as they were typed */
	struct buf *rooms;       /* what was expanded */
	struct buf data;         /* {value} */
	bool varies, sized;      /* there is a {}, a {value} */
	struct request request;
	struct load_text *keys, value;
	size_t server;
};

static bool read_number(const struct args *args, const char *name, uint64_t least, uint64_t most,
                        uint64_t *out, struct error *error)
{
	struct slice text;
	if (!args_option(args, name, &text))
		return true;
	bool number = argument_number(text, name, most, out, error);
	if (number && *out >= least)
		return true;
	if (number)
		error_set(error, NULL, "%s is too small", name);
	error_hint(error, "write a decimal number from %llu to %llu", (unsigned long long)least,
	           (unsigned long long)most);
	return false;
}

static bool read_span(const struct args *args, struct bench_options *o, struct error *error)
{
	struct slice text;
	if (!args_option(args, "--seconds", &text))
		return true;
	if (args_option(args, "-n", NULL))
		return error_set(error, "leave one of them out",
		                 ".bench ends by -n or by --seconds");
	o->count = 0;
	if (number_parse_duration(text, 1000, &o->span_ms) == NUMBER_OK && o->span_ms > 0 &&
	    o->span_ms <= SPAN_MAX_MS)
		return true;
	return error_set(error, "write 10, 500ms or 2m; 24h at the most", "--seconds takes a time");
}

static bool read_size(const struct servers *servers, const struct args *args,
                      struct bench_options *o, struct error *error)
{
	struct slice text;
	if (!args_option(args, "--size", &text) ||
	    (number_parse_size(text, &o->size) == NUMBER_OK &&
	     o->size <= servers->options.value_max))
		return true;
	error_set(error, NULL, "--size takes a number of bytes");
	error_hint(error, "write 100, 4k or 1m; %zu at the most (.set max_value)",
	           servers->options.value_max);
	return false;
}

static bool read_options(const struct session *s, const struct args *args, struct bench_options *o,
                         struct error *error)
{
	*o = (struct bench_options){
	    .threads = 1, .count = COUNT_DEFAULT, .keys = KEYS_DEFAULT, .size = SIZE_DEFAULT};
	if (!read_number(args, "-t", 1, LOAD_THREADS_MAX, &o->threads, error))
		return false;
	o->connections = o->threads;
	return read_number(args, "-c", 1, CONNECTIONS_MAX, &o->connections, error) &&
	       read_number(args, "-n", 1, COUNT_MAX, &o->count, error) &&
	       read_number(args, "--keys", 1, KEYS_MAX_NUMBER, &o->keys, error) &&
	       read_span(args, o, error) && read_size(&s->servers, args, o, error);
}

/* SIZE bytes that look like nothing and are the same each time: printable, so that a value can be
 * read, and without a pattern, so that it does not shrink when it is compressed. */
static void fill_data(struct buf *out, uint64_t size)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint64_t state = 0x9e3779b97f4a7c15; /* any but 0; then Marsaglia's xorshift64 */
	char *space = buf_reserve(out, (size_t)size);
	for (uint64_t i = 0; space && i < size; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		space[i] = letters[state >> 58];
	}
	if (space)
		out->len += (size_t)size;
}

static bool find_command(const struct session *s, const struct args *args,
                         const struct command **out, struct error *error)
{
	const struct command *c = command_find(s->commands, args->operands[0], error);
	*out = c;
	if (!c)
		return false;
	if (!c->build)
		return error_set(
		    error,
		    "give a command that is one request, such as get, set or incr; .repeat "
		    "runs any",
		    ".bench does not run %s", c->name);
	if (c->flags & (COMMAND_CONFIRM | COMMAND_LEAVES))
		return error_set(error, "nothing was sent; give a command that can be repeated",
		                 ".bench does not run %s again and again", c->name);
	return true;
}

/* Takes note of what varies, and puts the largest number and the data in its place. */
static void expand_operands(struct measured *m, const struct bench_options *o)
{
	for (size_t i = 0; i < m->args.count; i++) {
		struct slice word = m->operands[i];
		bool bare = !m->args.words[i].quoted;
		if (bare && slice_eq(word, VALUE_WORD)) {
			if (!m->sized)
				fill_data(&m->data, o->size);
			m->sized = true;
			m->operands[i] = word = buf_slice(&m->data);
		} else if (bare && word.len > 0 &&
		           memmem(word.data, word.len, NUMBER_WORD.data, NUMBER_WORD.len)) {
			m->texts[i].varies = m->varies = true;
		}
		m->texts[i].text = word;
		if (m->texts[i].varies) {
			load_expand(&m->rooms[i], &m->texts[i], o->keys - 1);
			m->operands[i] = buf_slice(&m->rooms[i]);
		}
	}
}

/* Where the row's build has put operand I: in a key, in the value, or nowhere as it stands. */
static bool place_operand(struct measured *m, size_t i)
{
	for (size_t k = 0; k < m->request.key_count; k++) {
		if (&m->request.keys[k] == &m->operands[i]) {
			m->keys[k] = m->texts[i];
			return true;
		}
	}
	if (m->request.value.data != m->operands[i].data)
		return false;
	m->value = m->texts[i];
	return true;
}

/* The request was built of the operands once; from now on the words as typed make it. */
static bool place_operands(struct measured *m, struct slice prefix, uint64_t largest,
                           struct error *error)
{
	bool ok = true;
	m->keys = xcalloc(m->request.key_count + 1, sizeof(*m->keys));
	for (size_t k = 0; k < m->request.key_count; k++)
		m->keys[k].text = m->request.keys[k];
	m->value.text = m->request.value;
	for (size_t i = 0; i < m->args.count; i++) {
		if (!m->texts[i].varies || place_operand(m, i))
			continue;
		return error_set(
		    error,
		    "it stands in keys, and in values that are sent as typed; quoted, it is "
		    "no more than two braces",
		    "{} cannot vary in \"%.*s\"", SLICE_ARGS(m->texts[i].text, 60));
	}
	/* A prefix makes a key longer than the row's build has seen it. */
	for (size_t k = 0; ok && k < m->request.key_count; k++) {
		struct buf key = BUF_INIT;
		m->keys[k].before = prefix;
		load_expand(&key, &m->keys[k], largest);
		ok = key_check(buf_slice(&key), error);
		buf_release(&key);
	}
	return ok;
}

/* Where it goes: as any command, but where that is everywhere, to one server after the other. */
static bool find_server(struct measured *m, struct session *s, struct error *error)
{
	struct target target;
	if (!execute_target(s, &m->args, &target, error))
		return false;
	m->server = servers_named(&s->servers, &target);
	if (m->server == SERVER_BY_KEY &&
	    (target.kind == TARGET_ALL || (m->args.command->flags & COMMAND_FAN_OUT)))
		m->server = LOAD_ROUND_ROBIN;
	return true;
}

/* An option for a word that is not there was meant for one. */
static bool check_words(const struct measured *m, const struct args *args, struct error *error)
{
	if (args_option(args, "--keys", NULL) && !m->varies)
		return error_set(error, "write {} where the number shall stand, as in key:{}",
		                 "--keys counts for {}, and there is none in the command");
	if (args_option(args, "--size", NULL) && !m->sized)
		return error_set(error, "write {value} in the value's place",
		                 "--size is for {value}, and there is none in the command");
	return true;
}

static bool measured_init(struct measured *m, struct session *s, const struct args *args,
                          const struct bench_options *o, struct error *error)
{
	const struct command *command;
	*m = (struct measured){0};
	if (!find_command(s, args, &command, error))
		return false;
	m->operands = xcalloc(args->count, sizeof(*m->operands));
	m->texts = xcalloc(args->count, sizeof(*m->texts));
	m->rooms = xcalloc(args->count, sizeof(*m->rooms));
	m->args.line = args->line;
	if (!args_parse(command, args->words + 1, args->count - 1, m->operands, &m->args, error))
		return false;
	expand_operands(m, o);
	m->request.verb = command->verb;
	if (!check_words(m, args, error) || !find_server(m, s, error) ||
	    !command->build(s, &m->args, &m->request, error))
		return false;
	m->request.dialect = protocol_choose(s, &m->request, m->server, 0).dialect;
	return place_operands(m, execute_prefix(s, &m->args), o->keys - 1, error);
}

static void measured_release(struct measured *m, const struct args *args)
{
	for (size_t i = 0; m->rooms && i < args->count; i++)
		buf_release(&m->rooms[i]);
	buf_release(&m->data);
	buf_release(&m->args.file);
	free(m->rooms);
	free(m->texts);
	free(m->operands);
	free(m->keys);
}

/* What shows how far the run is. */
struct bench_progress {
	struct progress line;
	const struct bench_options *options;
};

static bool on_tick(void *ctx, uint64_t commands, int64_t elapsed)
{
	struct bench_progress *p = ctx;
	if (p->line.shown) {
		struct buf text = BUF_INIT;
		buf_add_str(&text, grouped_text(commands).s);
		if (p->options->count > 0)
			buf_addf(&text, " of %s", grouped_text(p->options->count).s);
		buf_addf(&text, " commands in %s", span_text((uint64_t)(elapsed / NSEC_PER_SEC)).s);
		if (p->options->count == 0)
			buf_addf(&text, " of %s", span_text((p->options->span_ms + 999) / 1000).s);
		progress_draw(&p->line, buf_slice(&text));
		buf_release(&text);
	}
	return !interrupt_pending();
}

/* The session's servers and settings, but for the trace: it is made for one thread. */
static struct pool *make_pool(const struct servers *servers, struct client_options *options,
                              size_t connections)
{
	options->trace = NULL;
	options->message = NULL;
	options->live = NULL;
	return pool_new(options, servers->client, connections);
}

/* Runs it. Ctrl-C ends the run where otherwise it would end mcsh; a script ends with it. */
static struct load_result *run_load(struct session *s, const struct measured *m,
                                    const struct bench_options *o, struct error *error)
{
	struct bench_progress progress = {.options = o};
	progress_begin(&progress.line, s);
	struct client_options options = s->servers.options;
	struct load_plan plan = {
	    .pool = make_pool(&s->servers, &options, (size_t)o->connections),
	    .threads = (unsigned)o->threads,
	    .count = o->count,
	    .span = (int64_t)o->span_ms * NSEC_PER_MSEC,
	    .numbers = o->keys,
	    .request = &m->request,
	    .keys = m->keys,
	    .value = m->value,
	    .server = m->server,
	};
	struct load_result *result = load_run(&plan, on_tick, &progress, error);
	progress_clear(&progress.line);
	struct error doubt;
	if (result && !result->interrupted && !pool_settle(plan.pool, &doubt)) {
		report_error(s, STATUS_LOST, &doubt);
		result->worst = STATUS_LOST;
	}
	pool_free(plan.pool);
	progress_finish(&progress.line);
	return result;
}

/* The first error, for the sake of all. */
static void report_failure(struct session *s, const struct measured *m, const struct load_result *r)
{
	struct reply reply = {.kind = r->failure, .value = slice_of(r->words, r->words_len)};
	bool lost = r->failure == REPLY_LOST;
	struct short_text count = grouped_text(r->errors);
	if (lost)
		report_errorf(s, STATUS_LOST, r->error.hint, "%s: %s failed, the first: %s",
		              m->args.command->name, count.s, r->error.what);
	else
		report_errorf(s, STATUS_SERVER, advice_for(&m->request, &reply),
		              "%s: %s failed, the first: %s", m->args.command->name, count.s,
		              reply_text(&reply).s);
}

static enum status report(struct session *s, const struct args *args, const struct measured *m,
                          const struct bench_options *o, const struct load_result *r)
{
	struct bench_report shown = {
	    .command = args->command->name,
	    .threads = (unsigned)o->threads,
	    .connections = (unsigned)o->connections,
	    .commands = r->commands,
	    .errors = r->errors,
	    .misses = r->misses,
	    .not_stored = r->not_stored,
	    .exists = r->exists,
	    .not_found = r->not_found,
	    .elapsed = r->elapsed,
	    .times = &r->times,
	};
	summary_add_bench(&s->output.results, &s->style, &shown);
	if (r->errors > 0)
		report_failure(s, m, r);
	if (!r->interrupted)
		return r->worst;
	return report_errorf(s, STATUS_LOST, "what was measured until then is shown",
	                     "interrupted");
}

static enum status run_bench(struct session *s, struct args *args)
{
	struct bench_options options;
	struct measured measured;
	struct error error;
	enum status status = STATUS_USAGE;

	if (!read_options(s, args, &options, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (measured_init(&measured, s, args, &options, &error)) {
		struct load_result *result = run_load(s, &measured, &options, &error);
		status = result ? report(s, args, &measured, &options, result)
		                : report_error(s, STATUS_LOST, &error);
		free(result);
	} else {
		report_error(s, STATUS_USAGE, &error);
	}
	measured_release(&measured, args);
	return status;
}

const struct command command_dot_bench = {
    .name = ".bench",
    .group = GROUP_SCRIPT,
    .operands = "COMMAND...",
    .options = bench_options,
    .summary = "run a command from many threads and measure it",
    .about =
	"Runs COMMAND again and again from THREADS threads that share CONNECTIONS connections to "
	"each server, and shows how many were answered in what time, the percentiles of their "
	"times, and a histogram. In a bare word of COMMAND {} becomes a number, another in each "
	"call; the bare word {value} is BYTES letters, always the same. A time counts from asking "
	"for a connection to the last byte of the answer, so that with fewer connections than "
	"threads it includes the wait for one; the first on a connection includes opening it. Each "
	"thread sends its next command when the last was answered, in the protocol that is set "
	"(.set protocol). The trace is off meanwhile. "
	"Errors are counted, and the first is reported; when the server is gone, and at Ctrl-C, "
	"the run ends and shows what it has measured.",
    .example = "> .bench -t 4 -c 2 -n 1000 --keys 100 set key:{} {value} | head -3\n"
	       "threads\t4\nconnections\t2\ncommands\t1000\n",
    .effect = EFFECT_CHANGES,
    .run = run_bench,
};
