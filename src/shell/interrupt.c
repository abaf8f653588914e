#include "shell/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;
static int wake_pipe[2] = {-1, -1};

static void on_interrupt(int signal)
{
	int saved = errno;
	(void)signal;
	if (!interrupted) {
		interrupted = 1;
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
	bool was = interrupted != 0;
	while (wake_pipe[0] >= 0 && read(wake_pipe[0], bytes, sizeof(bytes)) > 0)
		;
	interrupted = 0;
	return was;
}

bool interrupt_pending(void)
{
	return interrupted != 0;
}
