/*
 * Runs commands in turn, round after round, and prints what each run took: a line each, of the
 * command's number from 0, its wall time and its processor time in microseconds, its peak memory in
 * KiB, and its exit status (128 and the signal's number when one ended it).
 *
 *	spawn ROUNDS INPUT OUTPUT COMMAND [ARGUMENT...] [-- COMMAND [ARGUMENT...]]...
 *
 * The commands read the file INPUT and write into the file OUTPUT, which each of them empties
 *first. A program of its own, since Linux counts what a process was before exec into its peak
 *memory: link it statically, and it adds half a MiB.
 */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 16

/* A command that has not ended by then is killed, and so is known for what it is. */
#define SECONDS_MAX 120

extern char **environ;

static volatile sig_atomic_t running;

static void on_alarm(int number)
{
	(void)number;
	kill(running, SIGKILL);
}

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double us_of(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static void run(size_t number, char **argv, const posix_spawn_file_actions_t *actions)
{
	pid_t pid;
	int status;
	struct rusage used;
	double start = now_us();
	int code = posix_spawnp(&pid, argv[0], actions, NULL, argv, environ);
	if (code != 0) {
		fprintf(stderr, "spawn: %s: %s\n", argv[0], strerror(code));
		exit(1);
	}
	running = pid;
	alarm(SECONDS_MAX);
	if (wait4(pid, &status, 0, &used) != pid)
		exit(1);
	alarm(0);
	double wall = now_us() - start;
	printf("%zu %.0f %.0f %ld %d\n", number, wall, us_of(used.ru_utime) + us_of(used.ru_stime),
	       used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int main(int argc, char **argv)
{
	char **commands[COMMANDS_MAX];
	size_t count = 0;
	int rounds = argc > 4 ? atoi(argv[1]) : 0;

	if (rounds < 1) {
		fprintf(stderr, "usage: spawn ROUNDS INPUT OUTPUT COMMAND... [-- COMMAND...]...\n");
		return 2;
	}
	commands[count++] = argv + 4;
	for (int i = 4; i < argc && count < COMMANDS_MAX; i++) {
		if (strcmp(argv[i], "--") == 0) {
			argv[i] = NULL;
			commands[count++] = argv + i + 1;
		}
	}
	sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm, .sa_flags = SA_RESTART},
	          NULL);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, argv[2], O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	for (int r = 0; r < rounds; r++) {
		for (size_t c = 0; c < count; c++)
			run(c, commands[c], &actions);
	}
	posix_spawn_file_actions_destroy(&actions);
	return 0;
}
