#include "base/utf8.h"
#include "base/xalloc.h"
#include "shell/io/screen.h"
#include "term/editor_private.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

static void set_locale(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0 && !setlocale(LC_CTYPE, "C.UTF-8"))
		setlocale(LC_CTYPE, "C.utf8");
}

static wchar_t *left_prompt(EditLine *el)
{
	struct editor *e = editor_of(el);
	struct buf text = BUF_INIT;
	bool warns = false;
	if (e->search.on)
		editor_search_prompt(e, &text);
	else
		warns = e->hooks->prompt(e->hooks->ctx, e->continuation, &text);
	e->prompt.len = 0;
	if (e->style)
		editor_wide_add_styled(&e->prompt, buf_slice(&text),
		                       warns ? STYLE_WARNING : STYLE_BOLD);
	else
		editor_wide_text(&e->prompt, buf_slice(&text));
	editor_wide_end(&e->prompt);
	buf_release(&text);
	return e->prompt.data;
}

/* libedit shows this at the right edge of the first row, or leaves it out when it does not fit. In
 * the midst of a burst of input the hint stays what it was. */
static wchar_t *right_prompt(EditLine *el)
{
	static wchar_t none[] = L"";
	struct editor *e = editor_of(el);
	if (!editor_hint_wanted(e))
		return none;
	if (!editor_input_waiting(e))
		editor_hint_update(e);
	return e->hint.data ? e->hint.data : none;
}

static bool capable(EditLine *el, const char *name)
{
	const char *string = NULL;
	return el_wget(el, EL_GETTC, name, &string) == 0 && string && *string;
}

static bool start(struct editor *e, struct error *error)
{
	e->in_fd = STDIN_FILENO;
	e->out_fd = isatty(STDOUT_FILENO) ? STDOUT_FILENO : STDERR_FILENO;
	if (!isatty(e->in_fd) || !isatty(e->out_fd))
		return error_set(error, NULL, "standard input or output is not a terminal");
	if (screen_is_dumb())
		return error_set(error, NULL, "the terminal cannot redraw a line");
	set_locale();
	e->stream = editor_screen_open(e);
	e->el = e->stream ? el_init_fd("mcsh", stdin, e->stream, e->stream, e->in_fd, e->out_fd,
	                               e->out_fd)
	                  : NULL;
	e->unused_history = history_winit();
	if (!e->el || !e->unused_history)
		return error_set(error, NULL, "the line editor did not start: %s", strerror(errno));
	/* It complains about a terminal that it does not know and takes it for a dumb one. */
	fflush(e->stream);
	buf_clear(&e->out);
	el_wset(e->el, EL_CLIENTDATA, e);
	el_wset(e->el, EL_SIGNAL, 0);
	el_wset(e->el, EL_HIST, history_w, e->unused_history);
	if (!editor_keys_init(e, error))
		return false;
	el_wset(e->el, EL_HIST, editor_history_event, e);
	el_wset(e->el, EL_PROMPT, left_prompt);
	el_wset(e->el, EL_RPROMPT, right_prompt);
	el_wset(e->el, EL_GETCFN, editor_input_getc);
	return true;
}

struct editor *editor_new(const struct editor_hooks *hooks, const char *history_path, bool color,
                          struct error *error)
{
	error_clear(error);
	struct editor *e = xcalloc(1, sizeof(*e));
	e->hooks = hooks;
	if (!start(e, error)) {
		editor_free(e);
		return NULL;
	}
	e->smart = capable(e->el, "up") && capable(e->el, "ce");
	/* A system to which the private planes are not printable cannot have styles this way. */
	e->style = color && e->smart && iswprint((wint_t)(STYLE_DIM + 'x')) &&
	           iswprint((wint_t)(STYLE_BOLD + 'x'));
	struct error warning;
	e->history = history_new(history_path, &warning);
	if (!e->warning.what[0])
		e->warning = warning;
	return e;
}

bool editor_has_colour(const struct editor *e)
{
	return e->style;
}

void editor_free(struct editor *e)
{
	if (!e)
		return;
	if (e->el)
		el_end(e->el);
	if (e->unused_history)
		history_wend(e->unused_history);
	if (e->stream)
		fclose(e->stream);
	history_free(e->history);
	candidates_release(&e->candidates);
	buf_release(&e->out);
	buf_release(&e->hinted);
	buf_release(&e->typed);
	buf_release(&e->search.pattern);
	buf_release(&e->search.original);
	editor_wide_release(&e->insert);
	editor_wide_release(&e->prompt);
	editor_wide_release(&e->hint);
	editor_wide_release(&e->event);
	free(e);
}

const struct error *editor_warning(struct editor *e)
{
	if (!e->warning.what[0])
		return NULL;
	e->reported = e->warning;
	error_clear(&e->warning);
	return &e->reported;
}

void editor_remember(struct editor *e, struct slice entry, bool secret)
{
	struct error warning;
	if (!history_add(e->history, entry, secret, &warning))
		e->warning = warning;
}

static wchar_t last_character(struct editor *e, size_t *len)
{
	const LineInfoW *line = el_wline(e->el);
	*len = (size_t)(line->lastchar - line->buffer);
	return *len ? line->lastchar[-1] : L'\0';
}

/* A command that the editrc bound, ed-newline or ed-end-of-file, may end the line as well. libedit
 * shows it only by the character that it leaves at the line's end. */
static bool ended_by_library(struct editor *e, size_t old_len, wchar_t old_last,
                             enum editor_result *result)
{
	size_t len;
	wchar_t last = last_character(e, &len);
	if (e->delivered > 1 || e->first_key >= KEY_REFRESH || len == 0)
		return false;
	bool eof = last == 0x04 && len == old_len + 1;
	bool newline = last == L'\n' && old_last != L'\n' && editor_line_cursor(e) < len;
	if (!eof && !newline)
		return false;
	*result = eof ? EDITOR_END : EDITOR_LINE;
	editor_line_set_cursor(e, SIZE_MAX);
	el_wdeletestr(e->el, 1);
	return true;
}

/* A command left in its midst may have taken this for the end of the file. */
static void drop_end_mark(struct editor *e, size_t old_len)
{
	size_t len;
	if (last_character(e, &len) == 0x04 && len == old_len + 1) {
		editor_line_set_cursor(e, SIZE_MAX);
		el_wdeletestr(e->el, 1);
	}
}

/* In vi's command mode the cursor stays on the last character; writing that again moves after it.
 */
static void pass_last_character(struct editor *e)
{
	const LineInfoW *line = el_wline(e->el);
	char bytes[5] = "";
	if (line->cursor == line->lastchar)
		return;
	utf8_encode((uint32_t)line->lastchar[-1], bytes);
	editor_screen_text(e, bytes);
}

/* The line has been drawn without hint and the cursor is after it: does what this was for. True
 * when the line is done. */
static bool settled(struct editor *e, enum editor_result *result)
{
	enum settling what = e->settling;
	e->settling = SETTLE_NONE;
	switch (what) {
	case SETTLE_ACCEPT:
		*result = EDITOR_LINE;
		break;
	case SETTLE_CANCEL:
		*result = EDITOR_CANCELLED;
		pass_last_character(e);
		editor_screen_text(e, "^C");
		break;
	case SETTLE_END:
		*result = EDITOR_END;
		break;
	case SETTLE_LIST:
		editor_complete_list(e);
		editor_line_set_cursor(e, e->kept_cursor);
		editor_screen_redraw(e);
		return false;
	case SETTLE_SUSPEND:
		editor_screen_text(e, "\n");
		editor_line_set_cursor(e, e->kept_cursor);
		editor_suspend(e);
		return false;
	default:
		return false;
	}
	editor_screen_text(e, "\n");
	return true;
}

/* One command after the other, until the line is done. */
static enum editor_result edit(struct editor *e)
{
	enum editor_result result = EDITOR_END;
	for (;;) {
		size_t old_len;
		wchar_t old_last = last_character(e, &old_len);
		int unused;
		e->delivered = 0;
		(void)el_wgets(e->el, &unused);
		if (e->gone || e->fatal)
			return EDITOR_END;
		/* Nothing asked for and nothing bound: libedit could not set the terminal. */
		if (e->delivered == 0 && tcgetattr(e->in_fd, &(struct termios){0}) != 0)
			return EDITOR_END;
		if (e->wanted) {
			e->search.on = false;
			e->inject = (wchar_t)e->wanted;
		}
		if (e->inject) {
			drop_end_mark(e, old_len);
			continue;
		}
		if (e->settling != SETTLE_NONE) {
			if (settled(e, &result))
				return result;
		} else if (ended_by_library(e, old_len, old_last, &result)) {
			return result;
		}
	}
}

static void begin_line(struct editor *e, bool continuation)
{
	struct termios modes;
	e->continuation = continuation;
	e->walk = 0;
	e->fatal = 0;
	e->wanted = 0;
	e->inject = 0;
	e->search.on = false;
	e->settling = SETTLE_NONE;
	e->intr = e->susp = _POSIX_VDISABLE;
	if (tcgetattr(e->in_fd, &modes) == 0) {
		e->intr = modes.c_cc[VINTR];
		e->susp = modes.c_cc[VSUSP];
	}
	buf_clear(&e->hinted);
	editor_wide_release(&e->hint);
	editor_screen_size(e);
	editor_screen_paste_brackets(e, true);
}

/* The terminal, to what comes next. */
static void give_back(struct editor *e)
{
	if (e->fatal)
		editor_screen_text(e, "\n");
	e->settling = SETTLE_NONE;
	editor_screen_paste_brackets(e, false);
	fflush(e->stream);
	editor_screen_flush(e);
	el_wset(e->el, EL_UNBUFFERED, 0);
	editor_signals_end(e);
	if (e->fatal)
		raise(e->fatal);
}

enum editor_result editor_read(struct editor *e, bool continuation, struct buf *line)
{
	buf_clear(line);
	if (e->gone)
		return EDITOR_END;
	editor_signals_begin(e);
	begin_line(e, continuation);
	el_wset(e->el, EL_UNBUFFERED, 1);
	enum editor_result result = edit(e);
	if (result == EDITOR_LINE)
		editor_line_text(e, line);
	give_back(e);
	return result;
}
