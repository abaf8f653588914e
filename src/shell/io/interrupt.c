#include "shell/io/interrupt.h"

#include "base/deadline.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* Presses beyond so many are not counted. */
#define PRESSED_MAX 100

static volatile sig_atomic_t interrupted;
static int wake_pipe[2] = {-1, -1};
static struct termios guarded;
static volatile sig_atomic_t guarded_fd = -1;
static const char *volatile screen_leave;
static volatile sig_atomic_t resumed;
static volatile sig_atomic_t stop_fds[INTERRUPT_STOPS]; /* each one more than the descriptor */
static volatile sig_atomic_t was_cut;
static void (*stop_cut)(int fd);

static void on_interrupt(int signal)
{
	int saved = errno;
	(void)signal;
	if (interrupted < PRESSED_MAX)
		interrupted = interrupted + 1;
	if (interrupted == 1) {
		ssize_t ignored = write(wake_pipe[1], "", 1);
		(void)ignored;
	}
	errno = saved;
}

int interrupt_catch(void)
{
	/* Without SA_RESTART: a read at the prompt has to end. */
	struct sigaction action = {.sa_handler = on_interrupt};
	if (wake_pipe[0] < 0 && pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	return wake_pipe[0];
}

int interrupt_fd(void)
{
	return wake_pipe[0];
}

bool interrupt_take(void)
{
	char bytes[16];
	if (!interrupted)
		return false; /* and then the pipe is empty */
	while (wake_pipe[0] >= 0 && read(wake_pipe[0], bytes, sizeof(bytes)) > 0)
		;
	interrupted = 0;
	return true;
}

bool interrupt_pending(void)
{
	return interrupted != 0;
}

int interrupt_count(void)
{
	return interrupted;
}

bool interrupt_wait(int fd, short events, int64_t deadline)
{
	struct pollfd p[2] = {{.fd = fd, .events = events}, {.fd = wake_pipe[0], .events = POLLIN}};
	int n;
	do
		n = poll(p, 2, interrupted ? 0 : deadline_poll_ms(deadline));
	while (n < 0 && errno == EINTR && !interrupted);
	return n > 0 && p[0].revents != 0;
}

/* Of the terminal that is guarded: puts back what it had. */
static void leave_screen(void)
{
	const char *leave = screen_leave;
	if (leave) {
		ssize_t ignored = write(STDOUT_FILENO, leave, strlen(leave));
		(void)ignored;
	}
	if (guarded_fd >= 0)
		tcsetattr(guarded_fd, TCSANOW, &guarded);
}

/* The signal is blocked until the handler returns; then it does what it always did. */
static void on_end(int signal)
{
	leave_screen();
	file_drafts_end();
	raise(signal);
}

void interrupt_guard_ends(void)
{
	static const int ends[] = {SIGHUP, SIGINT, SIGTERM};
	struct sigaction action = {.sa_handler = on_end, .sa_flags = (int)SA_RESETHAND}, old;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (sigaction(ends[i], &action, &old) == 0 && old.sa_handler == SIG_IGN)
			sigaction(ends[i], &old, NULL);
	}
}

void interrupt_guard_terminal(int fd, const struct termios *modes)
{
	guarded_fd = -1;
	if (!modes)
		return;
	guarded = *modes;
	guarded_fd = fd;
}

static const int stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};
#define STOPS (sizeof(stops) / sizeof(stops[0]))

/* The signal is not blocked meanwhile (SA_NODEFER): raised, it stops the program here. */
static void on_stop(int signal)
{
	int saved = errno;
	struct sigaction usual = {.sa_handler = SIG_DFL}, own;
	for (size_t i = 0; i < INTERRUPT_STOPS; i++) {
		if (stop_fds[i] > 0) {
			stop_cut(stop_fds[i] - 1);
			was_cut = 1;
		}
	}
	if (screen_leave)
		leave_screen();
	sigaction(signal, &usual, &own);
	raise(signal);
	sigaction(signal, &own, NULL);
	resumed = 1;
	errno = saved;
}

static void catch_stops(void)
{
	struct sigaction action = {.sa_handler = on_stop, .sa_flags = SA_RESTART | SA_NODEFER};
	struct sigaction old;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < STOPS; i++) {
		if (sigaction(stops[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(stops[i], &action, NULL);
	}
}

void interrupt_guard_screen(const char *leave)
{
	resumed = 0;
	screen_leave = leave;
	if (leave)
		catch_stops();
}

bool interrupt_resumed(void)
{
	bool was = resumed != 0;
	resumed = 0;
	return was;
}

void interrupt_guard_stop(size_t place, int fd, void (*cut)(int fd))
{
	if (place >= INTERRUPT_STOPS || fd + 1 == stop_fds[place])
		return;
	stop_fds[place] = 0;
	if (fd < 0)
		return;
	stop_cut = cut;
	stop_fds[place] = fd + 1;
	catch_stops();
}

bool interrupt_was_cut(void)
{
	bool cut = was_cut != 0;
	was_cut = 0;
	return cut;
}

int interrupt_enter(struct interrupt_scope *scope, int wake_fd)
{
	*scope = (struct interrupt_scope){0};
	if (wake_fd >= 0 || sigaction(SIGINT, NULL, &scope->before) != 0 ||
	    scope->before.sa_handler == SIG_IGN)
		return wake_fd;
	scope->catches = true;
	return interrupt_catch();
}

bool interrupt_leave(const struct interrupt_scope *scope)
{
	if (!scope->catches)
		return false;
	sigaction(SIGINT, &scope->before, NULL);
	return interrupt_take();
}
