#include "shell/io/spawn.h"

#include <signal.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

int spawn_shell(const char *command, int fd, int out, bool shielded, pid_t *child)
{
	struct sigaction before, ignore = {.sa_handler = SIG_IGN};
	sigset_t mask, interrupt;
	const char *argv[] = {"sh", "-c", command, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t defaults;

	/* These are ignored here; what runs in a pipeline expects their defaults. */
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	/* Blocked, a Ctrl-C that comes while it is ignored here is not lost. */
	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigprocmask(SIG_BLOCK, shielded ? &interrupt : NULL, &mask);
	posix_spawnattr_setsigmask(&attr, &mask);
	if (shielded)
		sigaction(SIGINT, &ignore, &before);
	int code = posix_spawn(child, "/bin/sh", &actions, &attr, (char *const *)argv, environ);
	if (shielded)
		sigaction(SIGINT, &before, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return code;
}
