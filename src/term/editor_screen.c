#include "base/file.h"
#include "base/utf8.h"
#include "term/editor_private.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* libedit flushes after every character. Its stream ends here, in memory, and editor_screen_flush
 * writes what has gathered when the program is about to wait. */
static ssize_t collect(void *cookie, const char *data, size_t len)
{
	struct editor *e = cookie;
	return buf_add(&e->out, data, len) ? (ssize_t)len : 0;
}

FILE *editor_screen_open(struct editor *e)
{
	return fopencookie(e, "w", (cookie_io_functions_t){.write = collect});
}

/* The attribute that the character stands for, which is removed from it; 0 for none. */
static uint32_t take_style(uint32_t *code)
{
	uint32_t style = *code & ~0x7fu;
	if (style != STYLE_DIM && style != STYLE_BOLD && style != STYLE_WARNING)
		return 0;
	*code &= 0x7f;
	return style;
}

/* Turns the styled characters of TEXT into attributes. */
static void render(struct slice text, struct buf *out)
{
	uint32_t now = 0;
	while (text.len > 0) {
		uint32_t code = 0;
		size_t n = utf8_decode(text, &code);
		uint32_t style = n > 0 ? take_style(&code) : 0;
		if (style != now)
			buf_add_str(out, style == STYLE_DIM       ? "\033[0;2m"
			                 : style == STYLE_BOLD    ? "\033[0;1m"
			                 : style == STYLE_WARNING ? "\033[0;1;31m"
			                                          : "\033[0m");
		now = style;
		if (style)
			buf_add_char(out, (char)code);
		else
			buf_add(out, text.data, n ? n : 1);
		text = slice_skip(text, n ? n : 1);
	}
	if (now)
		buf_add_str(out, "\033[0m");
}

/* Only called between whole characters: libedit's stream is flushed first. */
void editor_screen_flush(struct editor *e)
{
	if (e->out.len == 0)
		return;
	struct buf rendered = BUF_INIT;
	render(buf_slice(&e->out), &rendered);
	buf_clear(&e->out);
	e->gone = e->gone || !file_write(e->out_fd, buf_slice(&rendered));
	buf_release(&rendered);
}

void editor_screen_text(struct editor *e, const char *text)
{
	fflush(e->stream);
	buf_add_str(&e->out, text);
}

void editor_screen_paste_brackets(struct editor *e, bool on)
{
	if (e->smart)
		editor_screen_text(e, on ? "\033[?2004h" : "\033[?2004l");
}

static void read_size(const struct editor *e, size_t *columns, size_t *rows)
{
	struct winsize size;
	*columns = 80;
	*rows = 24;
	if (ioctl(e->in_fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 && size.ws_row > 0) {
		*columns = size.ws_col;
		*rows = size.ws_row;
	}
}

void editor_screen_size(struct editor *e)
{
	read_size(e, &e->columns, &e->rows);
}

bool editor_screen_resized(struct editor *e)
{
	size_t columns, rows;
	read_size(e, &columns, &rows);
	return columns != e->columns || rows != e->rows;
}

void editor_screen_redraw(struct editor *e)
{
	editor_screen_text(e, "\r");
	el_wset(e->el, EL_REFRESH);
}

/* The terminal has a new size. Most terminals wrap what is on the screen to the new width, so the
 * prompt begins as many rows above the cursor as the line takes now. */
void editor_screen_redraw_in_place(struct editor *e)
{
	editor_screen_size(e);
	size_t above = editor_line_rows_above(e);
	el_resize(e->el);
	if (e->smart) {
		fflush(e->stream);
		if (above > 0)
			buf_addf(&e->out, "\033[%zuA", above);
		/* From the second column on: of a whole screen that is cleared some terminals, tmux
		 * among them, keep a copy above it. */
		buf_add_str(&e->out, "\r \033[J\r");
	} else {
		editor_screen_text(e, "\n");
	}
	editor_screen_redraw(e);
}

unsigned char editor_settle(struct editor *e, enum settling what)
{
	bool hint = editor_hint_shown(e), search = e->search.on;
	e->settling = what;
	e->kept_cursor = editor_line_cursor(e);
	editor_line_set_cursor(e, SIZE_MAX);
	if (search || e->kept_cursor != editor_line_cursor(e))
		return CC_REFRESH;
	if (!hint)
		return CC_NORM;
	/* A hint stands right of a line of one row alone. At Enter someone waits: clearing it is
	 * a hundredth of the work that drawing the line is. */
	if (what != SETTLE_ACCEPT || editor_line_rows_above(e) > 0)
		return CC_REFRESH;
	editor_screen_text(e, "\033[K");
	return CC_NORM;
}
