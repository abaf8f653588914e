#include "shell/driver.h"
#include "shell/report.h"

#include "shell/io/interrupt.h"
#include "shell/loop.h"

#include <termios.h>
#include <unistd.h>

#define HELLO  "mcsh expect 1\n"
#define PROMPT "mcsh>\n"
#define MORE   "mcsh...>\n"

struct driver {
	struct session *session;
	struct input *lines;
	bool answering; /* a command was read, and its status has not been reported */
	bool on_terminal;
	struct termios saved;
};

/* Sends lines that are not results, and have no mark, after the results. False when nobody is there
 * to read them. */
__attribute__((format(printf, 2, 3))) static bool say(struct driver *d, const char *format, ...)
{
	struct output *o = &d->session->output;
	va_list args;
	output_end_line(o);
	output_aside(o);
	o->marked = false;
	va_start(args, format);
	buf_vaddf(&o->results, format, args);
	va_end(args);
	bool ok = output_flush(o);
	o->marked = true;
	return ok;
}

/* Writes the status of what was run since the last prompt, and then NEXT. */
static bool end_reply(struct driver *d, const char *next)
{
	struct session *s = d->session;
	if (!d->answering)
		return say(d, "%s", next);
	d->answering = false;
	enum status status = verdict_take_reply(&s->verdict);
	return say(d, "= %d %s\n%s", (int)status, status_name(status), next);
}

/* Reads a line and appends it to LINE, which holds what was read of the command before. */
static enum input_result read_line(void *ctx, bool continuation, struct buf *line)
{
	struct driver *d = ctx;
	struct session *s = d->session;
	size_t before = line->len;
	enum input_result result;

	if (!(continuation ? say(d, MORE) : end_reply(d, PROMPT)))
		return INPUT_END;
	while ((result = input_read(d->lines, continuation, line)) == INPUT_CANCELLED) {
		interrupt_take();
		buf_cut(line, before);
		s->input->data.open = false;
		if (continuation) {
			report_status(s,
			              report_errorf(s, STATUS_USAGE, "send it again, whole",
			                            "the command was cancelled"),
			              false);
			return result;
		}
	}
	d->answering |= result != INPUT_END;
	return result;
}

/* The terminal as a line that carries bytes: a driver types no mistakes, and waits for no echo. */
static void set_terminal(struct driver *d)
{
	d->on_terminal = tcgetattr(STDIN_FILENO, &d->saved) == 0;
	if (!d->on_terminal)
		return;
	interrupt_guard_terminal(STDIN_FILENO, &d->saved);
	struct termios t = d->saved;
	t.c_iflag &= ~(tcflag_t)(INLCR | IGNCR | ISTRIP | IXON);
	t.c_iflag |= ICRNL;
	t.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN);
	/* What waits to be read, there or here, is not lost to Ctrl-C. */
	t.c_lflag |= ISIG | NOFLSH;
	t.c_cc[VQUIT] = t.c_cc[VSUSP] = _POSIX_VDISABLE;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
	d->lines->end_key = '\x04';
}

void driver_run(struct session *s)
{
	struct driver d = {.session = s, .lines = input_descriptor(NULL, STDIN_FILENO)};
	s->servers.options.wake_fd = interrupt_catch();
	set_terminal(&d);
	if (say(&d, HELLO))
		session_loop(s, input_prompt(read_line, &d));
	end_reply(&d, "");
	if (d.on_terminal) {
		tcsetattr(STDIN_FILENO, TCSANOW, &d.saved);
		interrupt_guard_terminal(STDIN_FILENO, NULL);
	}
	input_free(d.lines);
}
