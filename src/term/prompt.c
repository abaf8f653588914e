#include "term/prompt.h"

#include "base/file.h"
#include "shell/completion.h"
#include "shell/greeting.h"
#include "shell/io/interrupt.h"
#include "shell/loop.h"
#include "shell/rc.h"
#include "shell/report.h"
#include "shell/servers/login.h"
#include "shell/settings.h"
#include "term/editor.h"

#include <stdlib.h>
#include <unistd.h>

struct prompt {
	struct session *session;
	struct editor *editor;                /* NULL: plain reading */
	struct input *plain;                  /* standard input, then */
	const struct prompt_reading *reading; /* a command's, in place of the shell's own */
	bool production;                      /* what is talked to as the line is read */
	struct buf text;                      /* the prompt of the line being read */
	struct buf entry; /* for the history, once the answer is shown; empty: nothing */
};

static bool add_prompt(void *ctx, bool continuation, struct buf *out)
{
	struct prompt *p = ctx;
	if (p->reading)
		buf_add_str(out, p->reading->prompt);
	else if (continuation)
		buf_addf(out, "%s...> ",
		         p->session->input->open_quote == '\''  ? "'"
		         : p->session->input->open_quote == '"' ? "\""
		                                                : "");
	else
		buf_add_slice(out, buf_slice(&p->text));
	return p->production;
}

static void add_hint(void *ctx, struct slice line, struct buf *out)
{
	struct prompt *p = ctx;
	if (!p->reading)
		complete_hint(p->session->commands, line, out);
	else if (p->reading->hint)
		p->reading->hint(p->reading->hint_ctx, line, out);
}

static void add_candidates(void *ctx, struct slice line, size_t cursor, struct candidates *out)
{
	struct prompt *p = ctx;
	if (p->reading) {
		buf_clear(&out->words);
		buf_clear(&out->notes);
		out->count = 0;
		out->start = cursor;
		return;
	}
	struct sources from = completion_sources(p->session);
	complete_line(&from, line, cursor, out);
}

/* Without the editor the terminal itself edits the line. */
static enum input_result read_plain(struct prompt *p, bool continuation, struct buf *line)
{
	struct output *o = &p->session->output;
	output_aside(o);
	add_prompt(p, continuation, &o->results);
	output_flush(o);
	buf_clear(line);
	enum input_result result = input_read(p->plain, continuation, line);
	if (result != INPUT_LINE && result != INPUT_CUT) {
		/* Ctrl-C and Ctrl-D leave the cursor after the prompt. */
		interrupt_take();
		buf_add_char(&o->results, '\n');
		output_flush(o);
	}
	return result;
}

static void report_warning(struct prompt *p)
{
	const struct error *warning = p->editor ? editor_warning(p->editor) : NULL;
	if (warning)
		report_error(p->session, STATUS_OK, warning);
}

/* The person waits for the answer, so a line goes into the history after it: that is a file. */
static void remember(struct prompt *p)
{
	if (p->entry.len == 0)
		return;
	editor_remember(p->editor, buf_slice(&p->entry),
	                login_is_in(p->session, buf_slice(&p->entry)));
	buf_clear(&p->entry);
	report_warning(p);
}

static enum input_result read_edited(struct prompt *p, bool continuation, struct buf *line)
{
	output_flush(&p->session->output);
	enum editor_result result = editor_read(p->editor, continuation, line);
	interrupt_take();
	if (result == EDITOR_CANCELLED)
		return INPUT_CANCELLED;
	return result == EDITOR_LINE ? INPUT_LINE : INPUT_END;
}

/* Reads a line and appends it to LINE, which holds what was read of the command before. */
static enum input_result read_line(void *ctx, bool continuation, struct buf *line)
{
	struct prompt *p = ctx;
	struct buf one = BUF_INIT;
	remember(p);
	buf_clear(&p->text);
	p->production = servers_are_production(&p->session->servers);
	servers_describe(&p->session->servers, &p->text);
	if (p->production && !(p->editor && editor_has_colour(p->editor)))
		buf_add_str(&p->text, " (production)");
	buf_add_str(&p->text, "> ");
	enum input_result result = p->editor ? read_edited(p, continuation, &one)
	                                     : read_plain(p, continuation, &one);
	if (result == INPUT_LINE && !buf_add_slice(line, buf_slice(&one)))
		result = INPUT_TOO_LONG;
	buf_release(&one);
	return result;
}

/* How long the rest of a paste may take. */
#define PASTE_MS 50

static bool pasting(void *ctx)
{
	struct prompt *p = ctx;
	return p->editor ? editor_pasting(p->editor, PASTE_MS) : input_waits(p->plain, PASTE_MS);
}

static void drop_typed(void *ctx)
{
	struct prompt *p = ctx;
	if (p->editor)
		editor_drop_input(p->editor);
	input_drop(p->plain);
}

static enum input_result read_for(void *ctx, const struct prompt_reading *reading, struct buf *line)
{
	struct prompt *p = ctx;
	p->reading = reading;
	enum input_result result = read_line(p, false, line);
	p->reading = NULL;
	if (result == INPUT_END)
		p->plain->end = false; /* Ctrl-D ends what reads now; a terminal goes on */
	return result;
}

static bool ask(void *ctx, const char *question, const char *word)
{
	struct prompt *p = ctx;
	struct buf line = BUF_INIT, last = BUF_INIT;
	output_aside(&p->session->output);
	buf_addf(&p->session->output.results, "%s\n", question);
	buf_addf(&last, "Type %s to go on: ", word);
	const struct prompt_reading reading = {.prompt = buf_cstr(&last)};
	bool yes = read_for(p, &reading, &line) == INPUT_LINE &&
	           slice_eq_str(slice_trim(buf_slice(&line)), word);
	buf_release(&last);
	buf_release(&line);
	output_mark(&p->session->output);
	return yes;
}

static void typed(void *ctx, struct slice line)
{
	struct prompt *p = ctx;
	if (!p->editor || slice_trim(line).len == 0)
		return;
	buf_add_slice(&p->entry, line);
}

static struct editor *open_editor(struct prompt *p, const struct editor_hooks *hooks)
{
	struct buf path = BUF_INIT;
	struct error error;
	const char *file = getenv("MCSH_HISTFILE");
	if (file && *file)
		buf_add_str(&path, file);
	else if (!file)
		file_user_path("XDG_STATE_HOME", ".local/state", "mcsh/history", &path);
	struct editor *editor = editor_new(hooks, path.len ? buf_cstr(&path) : NULL,
	                                   settings_style(p->session).color, &error);
	buf_release(&path);
	return editor;
}

void prompt_run(struct session *s, const struct prompt_options *options)
{
	struct prompt p = {.session = s, .plain = input_descriptor(NULL, STDIN_FILENO)};
	struct editor_hooks hooks = {
	    .ctx = &p, .prompt = add_prompt, .hint = add_hint, .complete = add_candidates};
	const struct prompt_hooks prompt = {.ctx = &p,
	                                    .ask = ask,
	                                    .read = read_for,
	                                    .typed = typed,
	                                    .pasting = pasting,
	                                    .drop_typed = drop_typed};

	s->prompt = &prompt;
	s->servers.options.wake_fd = interrupt_catch();
	if (options->edit)
		p.editor = open_editor(&p, &hooks);
	if (!p.editor)
		s->settings.pager =
		    false; /* who wants no editing, or has no terminal for it, pages not */
	greeting_show(s);
	buf_add_str(&s->output.results, settings_style(s).columns < 45
	                                    ? ".help lists the commands, .quit leaves.\n"
	                                    : "Type .help for the commands, .quit to leave.\n");
	report_warning(&p);
	if (options->rc)
		rc_run(s);
	if (!s->mode.leaving)
		session_loop(s, input_prompt(read_line, &p));
	remember(&p);
	editor_free(p.editor);
	input_free(p.plain);
	buf_release(&p.entry);
	buf_release(&p.text);
	s->prompt = NULL;
}
