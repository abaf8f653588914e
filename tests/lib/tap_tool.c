/*
 * What tests/lib/tap.sh would otherwise start timeout, cmp, grep, jq, perl and python for,
 *thousands of times in a run of the tests: one small program that starts in a fraction of their
 *time.
 *
 *	tap_tool run SECONDS COMMAND...
 *		as timeout(1): the command's status, 124 after that time (SIGTERM, then SIGKILL),
 *127 when not found tap_tool measure FILE SECONDS COMMAND... the same; FILE gets its milliseconds
 *and the most memory that it took, in KB tap_tool same [FILE FILE]... status 0 when the files of
 *each pair are equal tap_tool has TEXT FILE status 0 when FILE holds TEXT tap_tool json FILE
 *PATH... values of each line of FILE (tests/lib/tap_json.h) tap_tool listens PID PATH tap_tool
 *exists PID PATH waits until a unix socket takes connections, or until a file is there and not
 *empty: for ten seconds, and no longer than the process lives tap_tool stopped PID waits until each
 *thread of a process has stopped
 */
#include "tap_json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	TIMED_OUT = 124,
	CANNOT_RUN = 126,
	NOT_FOUND = 127,
	MISUSED = 99
};

static const int kill_after_seconds = 5;

static int die(const char *what)
{
	perror(what);
	return MISUSED;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void doze(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

/* run, measure */

/* Waits for the child, passing on the signals that would end this process; returns whether it had
 * to be ended. The child is not reaped. */
static bool wait_for_child(pid_t child, const sigset_t *awaited, double seconds)
{
	double end = now() + seconds;
	bool ended = false;
	siginfo_t info;

	for (;;) {
		double left = end - now();
		struct timespec wait = {0};
		int sig;

		/* A stopped child sends SIGCHLD, too. */
		info.si_pid = 0;
		if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
		    info.si_pid == child)
			return ended;
		if (left > 0) {
			wait.tv_sec = (time_t)left;
			wait.tv_nsec = (long)((left - (double)wait.tv_sec) * 1e9);
		}
		sig = sigtimedwait(awaited, NULL, &wait);
		if (sig > 0 && sig != SIGCHLD) {
			kill(child, sig);
		} else if (sig < 0 && errno == EAGAIN) {
			/* The group: what the command has started ends with it. */
			kill(child, ended ? SIGKILL : SIGTERM);
			kill(-getpid(), SIGTERM);
			kill(child, SIGCONT);
			ended = true;
			end = now() + kill_after_seconds;
		}
	}
}

/* As the child ended: its status, or by its signal. */
static int end_like(int status)
{
	if (WIFSIGNALED(status)) {
		int sig = WTERMSIG(status);
		sigset_t one;

		setrlimit(RLIMIT_CORE, &(struct rlimit){0});
		signal(sig, SIG_DFL);
		sigemptyset(&one);
		sigaddset(&one, sig);
		raise(sig);
		sigprocmask(SIG_UNBLOCK, &one, NULL);
	}
	return WEXITSTATUS(status);
}

static void keep_quarantine_small(void)
{
	const char *options = getenv("ASAN_OPTIONS");
	char longer[1024];

	snprintf(longer, sizeof(longer), "quarantine_size_mb=1:%s", options != NULL ? options : "");
	setenv("ASAN_OPTIONS", longer, 1);
}

static int run(const char *file, const char *seconds, char **command)
{
	const int awaited[] = {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	double start = now();
	sigset_t blocked, before;
	struct rusage usage;
	bool ended;
	pid_t child;
	int status;

	/* A group of its own, as of timeout(1). Its leader, as which setpgid fails, has one. */
	setpgid(0, 0);
	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(awaited) / sizeof(*awaited); i++)
		sigaddset(&blocked, awaited[i]);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	child = fork();
	if (child < 0)
		return die("fork");
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		signal(SIGTTIN, SIG_DFL);
		signal(SIGTTOU, SIG_DFL);
		if (file != NULL)
			keep_quarantine_small();
		execvp(command[0], command);
		status = errno == ENOENT ? NOT_FOUND : CANNOT_RUN;
		die(command[0]);
		_exit(status);
	}
	ended = wait_for_child(child, &blocked, atof(seconds));
	if (wait4(child, &status, 0, &usage) < 0)
		return die("wait4");
	if (file != NULL) {
		FILE *f = fopen(file, "w");

		if (f == NULL)
			return die(file);
		fprintf(f, "%.0f %ld\n", (now() - start) * 1000, usage.ru_maxrss);
		if (fclose(f) != 0)
			return die(file);
	}
	return ended ? TIMED_OUT : end_like(status);
}

/* same, has, json */

/* The whole file, standard input for "-"; the caller frees. NULL when it cannot be read. */
static char *read_file(const char *path, size_t *len)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 65536, used = 0;
	char *bytes = malloc(size);
	ssize_t n = -1;

	while (fd >= 0 && bytes != NULL && (n = read(fd, bytes + used, size - used)) > 0) {
		used += (size_t)n;
		if (used == size && (bytes = realloc(bytes, size *= 2)) == NULL)
			abort();
	}
	if (fd >= 0)
		close(fd);
	if (n != 0) {
		fprintf(stderr, "tap_tool: %s cannot be read\n", path);
		free(bytes);
		return NULL;
	}
	*len = used;
	return bytes;
}

static bool same(const char *path, const char *other_path)
{
	size_t len = 0, other_len = 0;
	char *bytes = read_file(path, &len), *other = read_file(other_path, &other_len);
	bool equal = bytes != NULL && other != NULL && len == other_len &&
	             memcmp(bytes, other, len) == 0;

	free(bytes);
	free(other);
	return equal;
}

static bool has(const char *text, const char *path)
{
	size_t len = 0;
	char *bytes = read_file(path, &len);
	bool found = bytes != NULL && memmem(bytes, len, text, strlen(text)) != NULL;

	free(bytes);
	return found;
}

static bool json(const char *path, char **paths)
{
	size_t len = 0;
	char *bytes = read_file(path, &len);
	bool printed = bytes != NULL && tap_json(bytes, len, paths);

	free(bytes);
	return printed;
}

/* listens, exists, stopped */

static bool listens(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool taken;

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return false;
	strcpy(address.sun_path, path);
	taken = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return taken;
}

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0;
}

/* Each thread of a process stops when it is scheduled, not when the signal is sent. */
static bool stopped(const char *pid)
{
	char path[600], line[512];
	struct dirent *entry;
	bool all = true;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	tasks = opendir(path);
	if (tasks == NULL)
		return false;
	while (all && (entry = readdir(tasks)) != NULL) {
		const char *state;
		FILE *f;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/task/%s/stat", pid, entry->d_name);
		f = fopen(path, "r");
		if (f == NULL)
			continue;
		state = fgets(line, sizeof(line), f) != NULL ? strrchr(line, ')') : NULL;
		all = state == NULL || state[2] == 't' || state[2] == 'T';
		fclose(f);
	}
	closedir(tasks);
	return all;
}

/* Ten seconds, and no longer than the process lives; PATH may be NULL. */
static int await(bool (*reached)(const char *), const char *pid, const char *path)
{
	double end = now() + 10;

	do {
		if (reached(path != NULL ? path : pid))
			return 0;
		doze();
	} while (now() < end && kill((pid_t)atol(pid), 0) == 0);
	return 1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "run") == 0 && argc > 3)
		return run(NULL, argv[2], argv + 3);
	if (strcmp(what, "measure") == 0 && argc > 4)
		return run(argv[2], argv[3], argv + 4);
	if (strcmp(what, "same") == 0 && argc % 2 == 0) {
		for (int i = 2; i < argc; i += 2)
			if (!same(argv[i], argv[i + 1]))
				return 1;
		return 0;
	}
	if (strcmp(what, "has") == 0 && argc == 4)
		return has(argv[2], argv[3]) ? 0 : 1;
	if (strcmp(what, "json") == 0 && argc > 3)
		return json(argv[2], argv + 3) ? 0 : 1;
	if (strcmp(what, "listens") == 0 && argc == 4)
		return await(listens, argv[2], argv[3]);
	if (strcmp(what, "exists") == 0 && argc == 4)
		return await(exists, argv[2], argv[3]);
	if (strcmp(what, "stopped") == 0 && argc == 3)
		return await(stopped, argv[2], NULL);
	fprintf(stderr, "tap_tool: what is \"%s\"? See the head of tests/lib/tap_tool.c\n", what);
	return MISUSED;
}
