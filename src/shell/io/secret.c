#include "shell/io/secret.h"

#include "base/deadline.h"
#include "base/file.h"
#include "shell/io/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Waits for a line, or for Ctrl-C. False without a line. */
static bool read_line(int fd, struct buf *secret)
{
	char bytes[256];
	size_t before = secret->len;
	buf_reserve(secret, sizeof(bytes));
	bool whole = false;
	while (!whole && !interrupt_pending()) {
		if (!interrupt_wait(fd, POLLIN, DEADLINE_NEVER) || interrupt_pending())
			break;
		ssize_t n = read(fd, bytes, sizeof(bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		whole = bytes[n - 1] == '\n';
		buf_add(secret, bytes, (size_t)(whole ? n - 1 : n));
	}
	explicit_bzero(bytes, sizeof(bytes));
	return whole && secret->len > before;
}

enum secret_result secret_read(const char *question, struct buf *secret)
{
	struct termios before;
	struct interrupt_scope scope;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || tcgetattr(fd, &before) != 0) {
		file_close(&fd);
		return SECRET_NO_TERMINAL;
	}
	struct termios quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	quiet.c_lflag |= ICANON | ISIG | ECHONL;
	/* Stopped, it would leave a terminal that shows nothing. */
	quiet.c_cc[VSUSP] = quiet.c_cc[VQUIT] = _POSIX_VDISABLE;
	interrupt_enter(&scope, interrupt_fd());
	interrupt_guard_terminal(fd, &before);
	tcsetattr(fd, TCSAFLUSH, &quiet);
	bool ok = file_write(fd, slice_str(question)) && read_line(fd, secret);
	if (!ok)
		file_write(fd, SLICE("\n"));
	tcsetattr(fd, TCSAFLUSH, &before);
	interrupt_guard_terminal(fd, NULL);
	bool leave = interrupt_leave(&scope);
	close(fd);
	return ok && !leave ? SECRET_READ : SECRET_GIVEN_UP;
}
