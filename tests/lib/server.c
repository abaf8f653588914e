#include "lib/server.h"

#include "base/deadline.h"
#include "lib/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_SECONDS 10

/* In the child: become memcached. */
static _Noreturn void run(const char *path, pid_t parent)
{
	/* Root has to name a user. */
	const char *user = geteuid() == 0 ? "-u" : NULL;
	const char *argv[] = {"memcached", "-s", path, "-a", "0700", user, "root", NULL};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	int null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	execvp(argv[0], (char *const *)argv);
	_exit(1);
}

/* Whether it answers. The answer also says that it has counted this connection: one that is only
 * accepted may be counted later. */
static bool answers(const char *path)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct pollfd polled = {.fd = fd, .events = POLLIN};
	char byte;
	snprintf(where.sun_path, sizeof(where.sun_path), "%s", path);
	bool ok = connect(fd, (const struct sockaddr *)&where, sizeof(where)) == 0 &&
	          send(fd, "version\r\n", 9, MSG_NOSIGNAL) == 9 &&
	          poll(&polled, 1, READY_SECONDS * 1000) == 1 && recv(fd, &byte, 1, 0) == 1;
	close(fd);
	return ok;
}

void server_restart(struct server *s)
{
	int64_t deadline = clock_now() + (int64_t)READY_SECONDS * NSEC_PER_SEC;
	pid_t self = getpid();
	s->pid = fork();
	if (s->pid == 0)
		run(s->path, self);
	if (s->pid < 0)
		fail_msg("cannot start a process");
	while (!answers(s->path)) {
		if (waitpid(s->pid, NULL, WNOHANG) == s->pid) {
			s->pid = 0;
			fail_msg("memcached ended");
		}
		if (clock_now() > deadline)
			fail_msg("memcached does not answer");
		poll(NULL, 0, 2);
	}
}

void server_start(struct server *s)
{
	const char *tmp = getenv("TMPDIR");
	*s = (struct server){0};
	/* The path of a unix socket has to be short. */
	if (!tmp || strlen(tmp) > 40)
		tmp = "/tmp";
	snprintf(s->dir, sizeof(s->dir), "%s/mcsh-test.XXXXXX", tmp);
	if (!mkdtemp(s->dir))
		fail_msg("cannot make a directory in %s", tmp);
	snprintf(s->path, sizeof(s->path), "%s/socket", s->dir);
	s->address = (struct address){.path = s->path, .label = s->path, .weight = 1};
	server_restart(s);
}

void server_kill(struct server *s)
{
	if (s->pid > 0) {
		kill(s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	s->pid = 0;
}

void server_stop(struct server *s)
{
	server_kill(s);
	unlink(s->path);
	rmdir(s->dir);
}

/* The state of the thread whose directory is NAME; 'T' for one that has gone. */
static char thread_state(pid_t pid, const char *name)
{
	char path[300], text[512];
	snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", (int)pid, name);
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	if (f)
		fclose(f);
	text[n] = '\0';
	const char *end = strrchr(text, ')');
	return end && end[1] ? end[2] : 'T';
}

static bool stands(pid_t pid)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	DIR *d = opendir(path);
	bool all = true;
	for (struct dirent *e; d && (e = readdir(d));) {
		char state = e->d_name[0] == '.' ? 'T' : thread_state(pid, e->d_name);
		all = all && (state == 'T' || state == 't');
	}
	if (d)
		closedir(d);
	return all;
}

void server_freeze(const struct server *s)
{
	kill(s->pid, SIGSTOP);
	for (int i = 0; i < 10000 && !stands(s->pid); i++)
		usleep(1000);
}
