#include "shell/io/fullscreen.h"

#include "base/file.h"
#include "shell/io/interrupt.h"
#include "shell/io/screen.h"
#include "view/text/paint.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* The alternate screen, no cursor, no line that is broken at the edge; and back. xterm's, which
 * every terminal in use knows. */
#define ENTER "\033[?1049h\033[?25l\033[?7l\033[2J"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"

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
	unsigned rows = f->rows, columns = f->columns;
	screen_size(STDOUT_FILENO, &f->rows, &f->columns);
	bool changed = rows != f->rows || columns != f->columns;
	f->fresh |= changed;
	return changed;
}

bool fullscreen_open(struct fullscreen *f)
{
	*f = (struct fullscreen){0};
	if (screen_is_dumb() || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &f->before) != 0)
		return false;
	interrupt_guard_terminal(STDIN_FILENO, &f->before);
	interrupt_guard_screen(LEAVE);
	take_modes(f);
	file_write(STDOUT_FILENO, SLICE(ENTER));
	look(f);
	return f->open = true;
}

void fullscreen_close(struct fullscreen *f)
{
	if (!f->open)
		return;
	file_write(STDOUT_FILENO, SLICE(LEAVE));
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
		file_write(STDOUT_FILENO, SLICE(ENTER));
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
	file_write(STDOUT_FILENO, buf_slice(&out));
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
