#include "shell/fullscreen.h"

#include "base/buf.h"
#include "shell/interrupt.h"
#include "view/text/paint.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The alternate screen, no cursor, no line that is broken at the edge; and back. xterm's, which
 * every terminal in use knows. */
#define ENTER "\033[?1049h\033[?25l\033[?7l\033[2J"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"

static void put(const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, text, len);
		if (n < 0 && errno == EAGAIN) {
			struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
			poll(&out, 1, 1000);
			n = 0;
		} else if (n < 0 && errno != EINTR) {
			return;
		}
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

static void take_modes(struct fullscreen *f)
{
	struct termios raw = f->before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	raw.c_cc[VQUIT] = _POSIX_VDISABLE; /* it would leave the screen as it is */
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

static bool look(struct fullscreen *f)
{
	struct winsize size;
	unsigned rows = f->rows, columns = f->columns;
	bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
	f->rows = known && size.ws_row > 0 ? size.ws_row : 24;
	f->columns = known && size.ws_col > 0 ? size.ws_col : 80;
	f->fresh |= rows != f->rows || columns != f->columns;
	return rows != f->rows || columns != f->columns;
}

bool fullscreen_open(struct fullscreen *f)
{
	const char *term = getenv("TERM");
	*f = (struct fullscreen){0};
	if (!term || !*term || strcmp(term, "dumb") == 0 || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &f->before) != 0)
		return false;
	interrupt_guard_terminal(STDIN_FILENO, &f->before);
	interrupt_guard_screen(LEAVE);
	take_modes(f);
	put(ENTER, sizeof(ENTER) - 1);
	look(f);
	return f->open = true;
}

void fullscreen_close(struct fullscreen *f)
{
	if (!f->open)
		return;
	put(LEAVE, sizeof(LEAVE) - 1);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &f->before);
	interrupt_guard_screen(NULL);
	interrupt_guard_terminal(STDIN_FILENO, NULL);
	f->open = false;
}

bool fullscreen_changed(struct fullscreen *f)
{
	bool resumed = interrupt_resumed();
	if (resumed) {
		take_modes(f);
		put(ENTER, sizeof(ENTER) - 1);
	}
	return look(f) || resumed;
}

void fullscreen_draw(struct fullscreen *f, struct slice text)
{
	struct buf out = BUF_INIT;
	buf_add_str(&out, f->fresh ? "\033[H\033[J" : "\033[H");
	f->fresh = false;
	for (unsigned row = 0; row < f->rows; row++) {
		struct slice line = slice_take(&text, '\n');
		buf_add_slice(&out, line);
		/* After a full line the cursor stands on its last character, which this would take.
		 */
		if (paint_columns(line) < f->columns)
			buf_add_str(&out, "\033[K");
		if (row + 1 < f->rows)
			buf_add_str(&out, "\r\n");
	}
	put(out.data, out.len);
	buf_release(&out);
}

/* The rest of what an arrow or a function key sends, CSI and SS3 (ECMA-48), which has come with its
 * first byte. */
static void skip_sequence(void)
{
	unsigned char byte;
	if (read(STDIN_FILENO, &byte, 1) != 1 || (byte != '[' && byte != 'O'))
		return;
	while (read(STDIN_FILENO, &byte, 1) == 1 && (byte < 0x40 || byte > 0x7e))
		;
}

int fullscreen_key(void)
{
	unsigned char byte;
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	if (poll(&in, 1, 0) <= 0)
		return -1;
	ssize_t n = read(STDIN_FILENO, &byte, 1);
	if (n <= 0)
		return n < 0 && errno == EINTR ? -1 : -2;
	if (byte != '\033')
		return byte;
	skip_sequence();
	return 0;
}
