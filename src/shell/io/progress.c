#include "shell/io/progress.h"

#include "base/deadline.h"
#include "base/file.h"
#include "view/text/time.h"

#include <unistd.h>

#define DRAW_NS   ((int64_t)100 * NSEC_PER_MSEC)
#define BAR_CELLS 20
/* Kept free after the line: what a terminal makes of Ctrl-C, ^C, stands there and goes with it. */
#define MARGIN 2

void progress_begin(struct progress *p, struct session *s)
{
	*p = (struct progress){
	    .session = s,
	    .wake_fd = s->servers.options.wake_fd,
	    .shown = (s->mode.interactive || s->screen.terminal) && s->screen.errors,
	    .start = clock_now(),
	};
	p->due = p->start + DRAW_NS;
	s->servers.options.wake_fd = interrupt_enter(&p->scope, p->wake_fd);
}

/* TEXT, or as many of its parts, which commas divide, as fit. */
static struct slice fitting(struct slice text, size_t most)
{
	if (text.len <= most)
		return text;
	for (size_t n = most; n > 0; n--) {
		if (text.data[n] == ',' && n + 1 < text.len && text.data[n + 1] == ' ')
			return slice_of(text.data, n);
	}
	return slice_of(text.data, most);
}

/* Writes TEXT over what was drawn; without text the cursor is at the row's beginning then. */
static void redraw(struct screen *screen, struct slice text)
{
	struct buf line = BUF_INIT;
	size_t most = screen_columns(screen) - 1 - MARGIN;
	text = fitting(text, most);
	if (screen->progress > most) /* the terminal has become narrower */
		screen->progress = most;
	buf_add_char(&line, '\r');
	buf_add_slice(&line, text);
	if (text.len < screen->progress)
		buf_add_repeat(&line, ' ', screen->progress - text.len);
	if (text.len == 0) {
		buf_add_repeat(&line, ' ', MARGIN);
		buf_add_char(&line, '\r');
	}
	screen->progress = text.len;
	ssize_t ignored = write(STDERR_FILENO, line.data, line.len);
	(void)ignored;
	buf_release(&line);
}

void progress_draw(struct progress *p, struct slice text)
{
	if (p->shown)
		redraw(&p->session->screen, text);
}

void progress_wipe(struct session *s)
{
	if (s->screen.progress > 0)
		redraw(&s->screen, slice_of(NULL, 0));
}

void progress_clear(struct progress *p)
{
	progress_wipe(p->session);
}

void progress_finish(struct progress *p)
{
	progress_clear(p);
	p->session->servers.options.wake_fd = p->wake_fd;
	if (interrupt_leave(&p->scope))
		p->session->mode.leaving = true;
}

static void add_share(struct buf *text, uint64_t done, uint64_t whole)
{
	if (whole == 0)
		return;
	if (done > whole)
		done = whole;
	size_t cells = (size_t)((double)done / (double)whole * BAR_CELLS);
	buf_add_char(text, '[');
	buf_add_repeat(text, '#', cells);
	buf_add_repeat(text, '-', BAR_CELLS - cells);
	buf_addf(text, "] %3.0f %%  ", (double)done / (double)whole * 100);
}

void progress_items(struct progress *p, uint64_t items, uint64_t total_items, uint64_t bytes,
                    uint64_t done, uint64_t whole)
{
	struct buf text = BUF_INIT;
	if (!p->shown)
		return;
	int64_t now = clock_now();
	/* A terminal that Ctrl-S has stopped would stop the command too. */
	if (now < p->due || !file_is_writable(STDERR_FILENO))
		return;
	p->due = now + DRAW_NS;
	double seconds = (double)(now - p->start) / NSEC_PER_SEC;
	add_share(&text, done, whole);
	buf_add_str(&text, grouped_text(items).s);
	if (total_items > 0) {
		buf_add_str(&text, " of ");
		buf_add_str(&text, grouped_text(total_items).s);
	}
	buf_add_str(&text, " items, ");
	buf_add_str(&text, size_text(bytes).s);
	if (whole > 0 && done > 0) {
		double left = done < whole ? (double)(whole - done) / ((double)done / seconds) : 0;
		buf_add_str(&text, ", ");
		buf_add_str(&text, span_text((uint64_t)(left + 0.5)).s);
		buf_add_str(&text, " left");
	}
	buf_add_str(&text, ", ");
	buf_add_str(&text, grouped_text((uint64_t)((double)items / seconds)).s);
	buf_add_str(&text, " a second");
	progress_draw(p, buf_slice(&text));
	buf_release(&text);
}
