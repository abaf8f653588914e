#include "shell/session.h"
#include "shell/report.h"

#include "base/deadline.h"
#include "base/quote.h"
#include "codec/codec.h"
#include "shell/answer.h"
#include "shell/execute.h"
#include "shell/flow/live.h"
#include "shell/flow/window.h"
#include "shell/interrupt.h"
#include "shell/replay/recording.h"
#include "shell/tracing.h"
#include "view/text/paint.h"
#include "view/text/wrap.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A value that is not what its flags say was printed as it is stored. */
static void on_unreadable(void *ctx, struct slice key, const char *problem)
{
	struct buf name = BUF_INIT;
	quote_add_word(&name, key);
	report_errorf(ctx, STATUS_OK,
	              "it is shown as stored; .profile chooses whose flags to believe",
	              "warning: %s: %s", buf_cstr(&name), problem);
	buf_release(&name);
}

static void on_spent(void *ctx, int64_t ns)
{
	struct session *s = ctx;
	client_spent(s->servers.client, ns);
}

/* The view has a long value in pieces. */
static void on_drain(void *ctx)
{
	struct session *s = ctx;
	output_flush(&s->output);
}

void session_init(struct session *s, const struct command *const *commands)
{
	*s = (struct session){
	    .commands = commands,
	    .settings = {.format = FORMAT_PLAIN,
	                 .json = true,
	                 .confirm = true,
	                 .pager = true,
	                 .max_shown = 4096,
	                 .max_record = (size_t)16 << 20,
	                 .max_answer = (size_t)16 << 20,
	                 .profile = (unsigned)codec_count - 1}, /* auto */
	    .tracing = {.fd = -1},
	};
	servers_init(&s->servers);
	s->servers.options.live = live_write;
	s->servers.options.live_ctx = s;
	s->live.reader_from = DEADLINE_NEVER;
	output_init(&s->output);
	s->output.spent = on_spent;
	s->output.spent_ctx = s;
	view_init(&s->view, &s->style, &s->output.results);
	s->view.complain = on_unreadable;
	s->view.complain_ctx = s;
	s->view.drain = on_drain;
	s->view.drain_ctx = s;
	trace_init(&s->tracing.trace);
}

enum status session_end(struct session *s)
{
	if (s->verdict.refuted > 0)
		report_errorf(s, STATUS_OK, NULL, "%zu of %zu assertions failed",
		              s->verdict.refuted, s->verdict.asserted);
	recording_end(s);
	verdict_raise(&s->verdict, session_settle(s));
	/* A reader that has seen enough and left is no failure; a driver reads to the end. */
	if (!output_flush(&s->output) && (s->output.failed != EPIPE || s->driven)) {
		if (s->output.failed != EPIPE)
			report_errorf(s, STATUS_LOST, "make room, and run it again",
			              "cannot write the output: %s", strerror(s->output.failed));
		verdict_raise(&s->verdict, STATUS_LOST);
	}
	servers_release(&s->servers);
	execute_release(s);
	window_free(s->window);
	tracing_release(s);
	view_release(&s->view);
	output_release(&s->output);
	keys_release(&s->keys);
	return s->verdict.worst;
}

enum status session_settle(struct session *s)
{
	struct error error;
	if (!client_unsettled(s->servers.client))
		return STATUS_OK;
	output_flush(&s->output);
	tracing_begin(s);
	bool ok = client_settle(s->servers.client, &error);
	tracing_end(s);
	return ok ? STATUS_OK : report_error(s, STATUS_LOST, &error);
}

/* One server's answer to the greeting. */
struct greeting {
	struct session *session;
	const char *label;
};

static void on_greeting(void *ctx, const struct reply *reply)
{
	struct greeting *g = ctx;
	struct session *s = g->session;
	if (reply->kind == REPLY_LOST) {
		report_error(s, STATUS_OK, reply->error);
		return;
	}
	if (reply->kind != REPLY_VERSION)
		return; /* it wants a login, or is something else: the first command will tell */
	struct buf text = BUF_INIT, *out = &text;
	buf_add_str(out,
	            s->servers.in_sandbox ? "A private memcached " : "Connected to memcached ");
	escape_add_field(out, reply->value);
	if (!s->servers.in_sandbox || client_server_count(s->servers.client) > 1) {
		buf_add_str(out, " at ");
		escape_add_line(out, slice_str(g->label));
	}
	if (s->servers.in_sandbox && client_server_count(s->servers.client) == 1)
		buf_add_str(out, ", gone when you leave");
	buf_add_str(out, ".");
	wrap_add(&s->output.results, buf_slice(out), 2, 2, session_style(s).columns);
	buf_release(out);
}

void session_greet(struct session *s)
{
	static const struct request version = {.verb = VERB_VERSION};
	struct error error;
	for (size_t i = 0; i < client_server_count(s->servers.client); i++) {
		struct greeting g = {s, conn_address(client_server(s->servers.client, i))->label};
		if (client_submit(s->servers.client, &version, i, on_greeting, &g, &error))
			client_run(s->servers.client);
	}
}

/* The place of COMMAND among the operands of ROW, counted from 1; 0: it has none. */
static size_t nested_command(const struct command *row)
{
	struct slice rest = slice_str(row->operands);
	struct operand operand;
	for (size_t i = 1; operand_next(&rest, &operand); i++) {
		if (slice_eq_str(operand.name, "COMMAND"))
			return i;
	}
	return 0;
}

static bool names_secret(const struct command *c)
{
	return c && (c->flags & COMMAND_SECRET);
}

/* Whether the word that stands for a command, at I or within that command, was meant for one whose
 * words are secret: the error that it gets offers that. */
static bool means_secret(const struct session *s, const struct words *words, size_t i)
{
	while (i < words->count) {
		struct slice word = words->list[i].text;
		if (word.len == 0)
			return false;
		const struct command *c = command_find(s->commands, word, NULL);
		if (!c && names_secret(command_meant(s->commands, word)))
			return true;
		bool prompt = !c && (word.data[word.len - 1] == '>' || slice_eq_str(word, "$"));
		size_t step = prompt ? 1 : c ? nested_command(c) : 0;
		if (step == 0)
			return false;
		i += step;
	}
	return false;
}

bool session_is_secret(const struct session *s, struct slice line)
{
	struct words words = {0};
	struct error ignored;
	bool secret = false;
	tokenize(line, &words, &ignored);
	for (size_t i = 0; i < words.count && !secret; i++) {
		if (words.list[i].text.len == 0)
			continue;
		secret = names_secret(command_find(s->commands, words.list[i].text, NULL));
	}
	/* Words that stand where no command does, as in "> .auth ...", are not among them. */
	secret = secret || means_secret(s, &words, 0) ||
	         (line.len > 0 && memmem(line.data, line.len, ".auth ", 6));
	words_release(&words);
	return secret;
}

void session_new_line(struct session *s)
{
	if (s->interactive && s->screen.terminal && interrupt_pending() && !s->screen.echoed) {
		if (s->output.sink == SINK_NONE)
			buf_add_char(&s->output.results, '\n');
		else /* results go elsewhere, the terminal is what the ^C is on */
			output_complain(&s->output, SLICE("\n"));
		s->screen.echoed = true;
	}
}

void session_count(struct session *s, enum status status, bool asserts)
{
	verdict_count(&s->verdict, status, asserts);
	for (struct input *in = s->input; in; in = in->below)
		in->worst = status_max(in->worst, status);
}

struct style session_style(const struct session *s)
{
	bool redirected = s->output.sink != SINK_NONE;
	return (struct style){
	    .format = redirected && s->settings.format == FORMAT_PRETTY ? FORMAT_PLAIN
	                                                                : s->settings.format,
	    .timing = s->settings.timing,
	    .color = !redirected && screen_color(&s->screen, s->settings.color),
	    .utf8 = s->screen.utf8,
	    .json = s->settings.json,
	    .value_bytes = redirected,
	    .fields = s->driven && !redirected,
	    .columns = redirected && !s->screen.columns ? 80 : screen_columns(&s->screen),
	    .csv_guard = s->settings.csv_guard,
	    .max_shown = s->settings.max_shown,
	    .profile = codecs[s->settings.profile],
	    .gather_max = s->settings.max_answer,
	    .inflate_max = s->servers.options.value_max,
	};
}

enum output_ascii session_ascii(const struct session *s)
{
	enum format format = s->settings.format;
	if (!s->screen.terminal || s->screen.utf8 || format == FORMAT_RAW || format == FORMAT_WIRE)
		return OUTPUT_AS_IT_IS;
	return format == FORMAT_JSON ? OUTPUT_ASCII_JSON : OUTPUT_ASCII;
}
