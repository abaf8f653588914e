#include "shell/execute.h"
#include "shell/report.h"

#include "base/number.h"
#include "base/xalloc.h"
#include "shell/answer.h"
#include "shell/flow/window.h"
#include "shell/io/sink.h"
#include "shell/items/undo_take.h"
#include "shell/lang/habits.h"
#include "shell/readonly.h"
#include "shell/replay/recording.h"
#include "shell/servers/follow.h"
#include "shell/settings.h"
#include "view/text/csv_write.h"
#include "view/text/wrap.h"

#include <stdlib.h>

/* What a command being run needs: its words and its arguments. */
struct frame {
	struct words words;
	struct slice *operands;
	size_t cap;
	bool asserts; /* it is about the command before */
	bool pending; /* its answer is to come, and counts then */
	struct args args;
};

static struct frame *frame_enter(struct run *run)
{
	if (!run->frames[run->depth])
		run->frames[run->depth] = xcalloc(1, sizeof(struct frame));
	return run->frames[run->depth++];
}

void execute_release(struct run *run)
{
	for (size_t i = 0; i < DEPTH_MAX; i++) {
		struct frame *f = run->frames[i];
		if (!f)
			continue;
		words_release(&f->words);
		buf_release(&f->args.file);
		free(f->operands);
		free(f);
		run->frames[i] = NULL;
	}
}

/* Keys that were typed can be completed from then on. */
static void remember_keys(struct run *run, const struct args *args)
{
	struct slice rest = slice_str(args->command->operands);
	struct operand operand;
	struct error ignored;
	for (size_t i = 0; operand_next(&rest, &operand); i++) {
		if (!slice_eq_str(operand.name, "KEY"))
			continue;
		size_t last = operand.repeated ? args->count : i + 1;
		for (; i < last && i < args->count; i++) {
			if (key_check(args->operands[i], &ignored))
				keys_add(&run->keys, args->operands[i]);
		}
	}
}

enum status execute_confirm(struct session *s, const char *command, struct slice question)
{
	bool production = servers_are_production(&s->servers);
	const char *word = production ? cluster_name(s->servers.cluster) : "yes";
	struct buf text = BUF_INIT;
	enum status status = STATUS_OK;
	buf_add_slice(&text, question);
	if (!s->prompt->ask(s->prompt->ctx, buf_cstr(&text), word)) {
		recording_skip(s);
		status = report_errorf(
		    s, STATUS_NEGATIVE,
		    production ? "only the name of the cluster carries it out: it is production"
			       : "only yes carries it out; .set confirm off ends the asking",
		    "%s was not carried out", command);
	}
	buf_release(&text);
	return status;
}

bool execute_asks(const struct session *s)
{
	return s->mode.interactive && s->prompt &&
	       (s->settings.confirm || servers_are_production(&s->servers));
}

/* Asks, where that is due, whether the command is meant. STATUS_OK: it is to be carried out. */
static enum status confirm(struct session *s, struct args *args)
{
	const struct command *command = args->command;
	if (!(command->flags & COMMAND_CONFIRM) || !execute_asks(s))
		return STATUS_OK;
	struct error error;
	struct buf text = BUF_INIT, lines = BUF_INIT;
	enum status status;
	if (command->question(s, args, &text, &error)) {
		wrap_add(&lines, buf_slice(&text), 0, 0, s->style.columns);
		status = execute_confirm(s, command->name, slice_trim(buf_slice(&lines)));
	} else {
		status = report_error(s, STATUS_USAGE, &error);
	}
	buf_release(&text);
	buf_release(&lines);
	return status;
}

bool execute_target(struct session *s, const struct args *args, struct target *target,
                    struct error *error)
{
	struct slice text;
	*target = s->servers.target;
	if (args_option(args, "--server", &text)) {
		target->kind = TARGET_SERVER;
		return servers_find(&s->servers, text, &target->server, error);
	}
	if (!args_option(args, "--hash", &text))
		return true;
	uint64_t hash;
	enum number_result result = number_parse_u64(text, &hash);
	if (result != NUMBER_OK || hash > UINT32_MAX)
		return error_set(error, "write a decimal number from 0 to 4294967295",
		                 "--hash \"%.*s\" %s", SLICE_ARGS(text, 60),
		                 result == NUMBER_OK ? "is too large" : number_why(result));
	*target = (struct target){.kind = TARGET_HASH, .hash = (uint32_t)hash};
	if (client_server_count(s->servers.client) > 1 &&
	    client_server_for_hash(s->servers.client, target->hash) == DISTRIBUTION_NONE)
		return error_set(
		    error, "name the server with --server, or change .set distribution",
		    "%s does not place keys by a number", client_setup(s->servers.client)->name);
	return true;
}

bool execute_servers(struct session *s, const struct args *args, size_t *first, size_t *end,
                     struct error *error)
{
	struct target target;
	if (!execute_target(s, args, &target, error))
		return false;
	size_t one = servers_named(&s->servers, &target);
	*first = one == SERVER_BY_KEY ? 0 : one;
	*end = one == SERVER_BY_KEY ? client_server_count(s->servers.client) : one + 1;
	return true;
}

struct slice execute_prefix(const struct session *s, const struct args *args)
{
	struct slice prefix;
	return args_option(args, "--key-prefix", &prefix) ? prefix
	                                                  : slice_str(s->settings.key_prefix);
}

/* Whether something watches what happens between one command and the next. */
static bool is_watched(const struct session *s)
{
	const struct settings *t = &s->settings;
	return s->run.depth != 1 || !s->input || s->input->prompt || s->mode.stop_on_error ||
	       s->run.quiet || t->trace != TRACE_OFF || s->output.sink != SINK_NONE ||
	       output_copied(&s->output) || (t->format == FORMAT_PRETTY && t->timing != TIMING_OFF);
}

/* Reports that the command cannot be carried out, after the answers of those before it. */
static enum status refuse(struct session *s, const struct error *error)
{
	window_barrier(s);
	return report_error(s, STATUS_USAGE, error);
}

bool execute_build(struct session *s, struct args *args, struct request *request, struct ask *ask,
                   struct error *error)
{
	const struct command *command = args->command;
	*request = (struct request){.verb = command->verb, .dialect = s->servers.options.dialect};
	*ask = (struct ask){.command = command->name,
	                    .request = request,
	                    .prefix = execute_prefix(s, args),
	                    .keyed = command->flags & COMMAND_KEYED};
	if (!execute_target(s, args, &ask->target, error) ||
	    !command->build(s, args, request, error))
		return false;
	if ((command->flags & COMMAND_FAN_OUT) && ask->target.kind == TARGET_KEYS)
		ask->target.kind = TARGET_ALL;
	return true;
}

/* A delete of what .undo can bring back. */
struct deleting {
	struct session *session;
	struct undo_item item;
	bool again; /* it was stored meanwhile */
};

static bool was_stored(void *ctx, const struct reply *reply)
{
	struct deleting *d = ctx;
	d->again = undo_taken(d->session, &d->item, reply->kind);
	return d->again;
}

static enum status delete_kept(struct session *s, struct frame *f, const struct ask *typed)
{
	struct buf arena = BUF_INIT;
	struct slice *key = ask_prefixed(typed->prefix, typed->request->keys, 1, &arena);
	struct deleting d = {
	    .session = s,
	    .item = {.server = servers_named(&s->servers, &typed->target), .key = *key}};
	struct request request = *typed->request;
	struct ask ask = *typed;
	struct error error;
	enum status status = STATUS_LOST;
	ask.request = &request;
	ask.withhold = was_stored;
	ask.ctx = &d;
	if (d.item.server == SERVER_BY_KEY)
		d.item.server = client_server_for(s->servers.client, *key);
	if (window_barrier(s)) {
		undo_begin(s);
		for (unsigned round = 0; round == 0 || d.again; round++) {
			d.again = false;
			d.item.slot = UNDO_NONE;
			/* Where it has no server the request will say so. */
			enum status taken = STATUS_OK;
			if (d.item.server < client_server_count(s->servers.client))
				taken = undo_take(s, &d.item, 1, round, &error);
			if (taken != STATUS_OK) {
				status = report_error(s, taken, &error);
				break;
			}
			/* Without an answer there is nothing to compare. */
			request.number = request.noreply ? 0 : d.item.cas;
			f->pending = !window_ask(s, &ask, false, &status);
		}
		if (status != STATUS_OK && status != STATUS_LOST)
			undo_forget(s, d.item.slot);
		undo_end(s);
	}
	free(key);
	buf_release(&arena);
	return status;
}

/* Builds the request of a protocol command and asks it, of every server where the row says so. */
static enum status ask_server(struct session *s, struct frame *f)
{
	struct request request;
	struct ask ask;
	struct error error;
	enum status status;
	if (!execute_build(s, &f->args, &request, &ask, &error) ||
	    (s->servers.options.readonly &&
	     !readonly_allows_request(s, &f->args, &request, &error)))
		return refuse(s, &error);
	if (s->settings.undo && request.verb == VERB_DELETE)
		return delete_kept(s, f, &ask);
	f->pending = !window_ask(s, &ask, !is_watched(s), &status);
	return status;
}

bool execute_runs(const struct args *args)
{
	const struct command *command = args->command;
	return !command->build || (command->runs && command->runs(args));
}

static enum status run_command(struct session *s, struct frame *f)
{
	struct args *args = &f->args;
	const struct command *command = args->command;
	struct error error;
	bool runs = execute_runs(args);
	if (s->servers.options.readonly && !readonly_allows(s, args, runs, &error))
		return refuse(s, &error);
	enum status confirmed = confirm(s, args);
	if (confirmed != STATUS_OK)
		return confirmed;
	if (s->mode.interactive)
		remember_keys(&s->run, args);
	if (s->run.depth == 1 && (command->build || command->sends))
		follow_servers(s);
	if (runs && !window_barrier(s))
		return STATUS_LOST;
	enum status status = runs ? command->run(s, args) : ask_server(s, f);
	if (command->flags & COMMAND_LEAVES) {
		s->mode.leaving = true;
		recording_skip(s); /* its end says it */
	}
	return status;
}

/* `get --help`, as programs have it, is `.help get`. */
static const struct command *or_its_help(struct session *s, const struct command *command,
                                         struct words *words)
{
	struct word *asked = &words->list[words->count - 1];
	if (!command || words->count != 2 || asked->quoted ||
	    !(slice_eq(asked->text, SLICE("--help")) || slice_eq(asked->text, SLICE("-h"))))
		return command;
	asked->text = slice_str(command->name);
	return command_find(s->commands, SLICE(".help"), NULL);
}

/* The words are there: finds the command, parses, redirects, runs. */
static enum status run_words(struct session *s, struct frame *f, struct slice line)
{
	struct error error;
	const struct command *command = command_find(s->commands, f->words.list[0].text, &error);
	command = or_its_help(s, command, &f->words);
	f->asserts = command && (command->flags & COMMAND_ASSERTS);
	if (f->asserts) {
		window_drain(s);
		output_unmark(&s->output);
	} else if (s->run.depth == 1) {
		output_mark(&s->output);
	}
	bool habit = command ? !(command->flags & COMMAND_VERBATIM) &&
	                           habits_refuse(s->commands, line, &f->words, &error)
	                     : habits_explain_unknown(s->commands, line, &f->words, &error);
	if (habit && command_is_secret(s->commands, line)) /* the hint has words of the line */
		error_hint(&error, "its words are secret: .help .auth says how it is typed");
	if (!command || habit)
		return refuse(s, &error);
	f->operands = xgrow(f->operands, &f->cap, f->words.count, sizeof(*f->operands));
	f->args.line = line;
	if (!args_parse(command, f->words.list + 1, f->words.count - 1, f->operands, &f->args,
	                &error))
		return refuse(s, &error);
	enum sink sink = f->words.sink;
	if (sink != SINK_NONE && !window_barrier(s))
		return STATUS_LOST;
	if (sink != SINK_NONE && !sink_open(&s->output, sink, f->words.target, &error))
		return refuse(s, &error);
	/* While answers are to come nothing can have changed how they look. */
	if (s->run.depth == 1 && !window_busy(s)) {
		s->style = settings_style(s);
		s->output.ascii = settings_ascii(s);
		s->style.csv_last = &s->output.csv_last;
		servers_place_by(&s->servers, s->settings.distribution);
	}
	/* A file or a program has a table of its own; one that is added to has its header. */
	uint64_t csv_last = s->output.csv_last;
	if (sink != SINK_NONE)
		s->output.csv_last = sink_appends(&s->output) ? CSV_ANY : 0;
	enum status status = run_command(s, f);
	int code = 0;
	if (sink == SINK_NONE)
		return status;
	s->output.csv_last = csv_last;
	answer_complete(&s->run.answer, &s->output, status);
	s->run.answer.given = false;
	if (!sink_close(&s->output, status == STATUS_LOST, &code, &error))
		status = status_max(status, report_error(s, STATUS_LOST, &error));
	if (code != 0) /* `get page | grep -q ok`: what the program says is the command's answer */
		status = status_max(status, STATUS_NEGATIVE);
	if (s->run.answer.due) /* what .expect compares is what the command gave there */
		output_unmark(&s->output);
	return status;
}

/* The command of LINE as its answer names it: not the password of .auth=bob:password. */
static struct slice answered_name(const struct session *s, const struct frame *f, struct slice line)
{
	struct slice word = f->words.list[0].text;
	struct slice name = s->run.answer.due ? slice_before(word, '=') : word;
	return name.len < word.len && command_is_secret(s->commands, line) ? name : word;
}

enum status session_execute(struct session *s, struct slice line)
{
	struct error error;
	if (s->run.depth == DEPTH_MAX)
		return report_errorf(s, STATUS_USAGE, "give the command itself",
		                     "commands are nested too deep");
	struct frame *f = frame_enter(&s->run);
	const struct input *from = s->input;
	enum status status = STATUS_OK;
	f->asserts = f->pending = false;
	silence_clear(&s->run.silence);
	if (s->run.depth == 1) {
		answer_begin(s);
		client_forget_typed(s->servers.client);
		s->run.login_typed = s->run.login_follows;
		s->run.login_follows = false;
	}
	switch (tokenize(line, &f->words, &error)) {
	case TOKENIZE_OPEN:
		error_set(&error,
		          "close it; a quote or a backslash that is data is written \\\" or \\\\",
		          "a quote is open at the end");
		/* fall through */
	case TOKENIZE_BAD:
		output_mark(&s->output);
		status = refuse(s, &error);
		break;
	case TOKENIZE_OK:
		if (f->words.count > 0)
			status = run_words(s, f, line);
		break;
	}
	if (f->args.file.cap > OUTPUT_BLOCK)
		buf_release(&f->args.file);
	s->run.depth--;
	if (s->run.depth == 0) {
		if (client_take_doubt(s->servers.client, &error))
			status = status_max(status, report_error(s, STATUS_LOST, &error));
		if (s->run.answer.due && !s->run.answer.given)
			window_barrier(s);
		if (f->words.count > 0)
			answer_end(&s->run.answer, &s->output, answered_name(s, f, line), status);
		else if (status != STATUS_OK)
			answer_end(&s->run.answer, &s->output, slice_of(NULL, 0), status);
		if ((!f->pending || status != STATUS_OK) &&
		    (f->words.count > 0 || status != STATUS_OK))
			report_status(s, status, f->asserts);
		if (s->run.recording)
			recording_add(s, line, from);
	}
	return status;
}
