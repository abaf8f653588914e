/*
 * Times whole processes against each other: runs each command once a round, in turn, and prints the
 * median of its wall times and of its ratios to the first command of the same round.
 *
 *	spawn ROUNDS COMMAND [ARGUMENT...] [-- COMMAND [ARGUMENT...]]...
 *
 * What the commands print is thrown away; a command that ends with another status than 0 ends the
 * measurement.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define COMMANDS_MAX 8
#define ROUNDS_MAX   10000

extern char **environ;

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *list, size_t count)
{
	qsort(list, count, sizeof(*list), by_value);
	return list[count / 2];
}

static double run(char **argv, posix_spawn_file_actions_t *actions)
{
	pid_t pid;
	int status;
	double start = now_us();
	int code = posix_spawnp(&pid, argv[0], actions, NULL, argv, environ);
	if (code != 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 0) {
		fprintf(stderr, "spawn: %s failed\n", argv[0]);
		exit(1);
	}
	return now_us() - start;
}

int main(int argc, char **argv)
{
	static double wall[COMMANDS_MAX][ROUNDS_MAX], ratio[COMMANDS_MAX][ROUNDS_MAX];
	char **commands[COMMANDS_MAX];
	size_t count = 0;
	int rounds = argc > 2 ? atoi(argv[1]) : 0;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: spawn ROUNDS COMMAND... [-- COMMAND...]...\n");
		return 2;
	}
	commands[count++] = argv + 2;
	for (int i = 2; i < argc && count < COMMANDS_MAX; i++) {
		if (strcmp(argv[i], "--") == 0) {
			argv[i] = NULL;
			commands[count++] = argv + i + 1;
		}
	}
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (size_t c = 0; c < count; c++)
		run(commands[c], &actions); /* warm the caches */
	for (int r = 0; r < rounds; r++) {
		for (size_t c = 0; c < count; c++) {
			wall[c][r] = run(commands[c], &actions);
			ratio[c][r] = wall[c][r] / wall[0][r];
		}
	}
	for (size_t c = 0; c < count; c++)
		printf("%-40.40s %8.0f us  %5.2f\n", commands[c][0],
		       median(wall[c], (size_t)rounds), median(ratio[c], (size_t)rounds));
	posix_spawn_file_actions_destroy(&actions);
	return 0;
}
