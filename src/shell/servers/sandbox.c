#include "shell/servers/sandbox.h"

#include "base/deadline.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "client/transport/dial.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* How long a server may take until it accepts connections. */
#define READY_MS 10000

/* mcsh has no descriptors above this at its start, which is when it makes a sandbox. */
#define FDS_MAX 1024

/* Between two attempts to connect to a server that is starting. */
#define RETRY_MS 2

/* What the directories are called, and the file in each that is locked while it is in use. */
#define PREFIX "mcsh-"
#define LOCK   "lock"

/* The most names of a place that are looked at for directories that were left. */
#define NAMES_MAX 20000

struct sandbox {
	unsigned count;
	char *dir;
	char **paths;
	pid_t keeper;
	int lock; /* of the directory, held by mcsh and the keeper as long as one of them lives */
	int life; /* the keeper lives as long as this end of its pipe is open */
};

/* What the keeper reports before the servers are ready: a server's errno, or that it ended. */
struct report {
	int code; /* errno of what failed; 0: it ended by itself */
};

/* In the server's process: become memcached. */
static _Noreturn void run_memcached(const char *path, pid_t keeper, int reports)
{
	/* Root has to name a user; a private server stays with its own. */
	const char *user = geteuid() == 0 ? "root" : NULL;
	const char *argv[] = {"memcached",        "-A", "-s", path, "-a", "0700", "-U", "0",
	                      user ? "-u" : NULL, user, NULL};
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != keeper)
		_exit(1);
#else
	(void)keeper;
#endif
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	execvp("memcached", (char *const *)argv);
	struct report report = {errno};
	ssize_t ignored = write(reports, &report, sizeof(report));
	(void)ignored;
	_exit(1);
}

static void sweep(const struct sandbox *s)
{
	char path[PATH_MAX];
	for (unsigned i = 0; i < s->count; i++)
		unlink(s->paths[i]);
	snprintf(path, sizeof(path), "%s/" LOCK, s->dir);
	unlink(path);
	rmdir(s->dir);
}

/* The keeper: starts the servers, waits for the end of mcsh, ends them and sweeps. */
static _Noreturn void keep(const struct sandbox *s, int life, int reports)
{
	xalloc_at_end(NULL, NULL); /* what mcsh has to write and to remove is its own */
	pid_t *servers = xcalloc(s->count, sizeof(*servers));
	pid_t self = getpid();
	char byte;

	/* What else is open here is mcsh's; another sandbox's `life` among it would outlive it. */
	for (int fd = STDERR_FILENO + 1; fd < FDS_MAX; fd++) {
		if (fd != life && fd != reports && fd != s->lock)
			close(fd);
	}
	setsid(); /* Ctrl-C at the prompt is not for the servers */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	int null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < 3 && null >= 0; fd++)
		dup2(null, fd);
	for (unsigned i = 0; i < s->count; i++) {
		servers[i] = fork();
		if (servers[i] == 0)
			run_memcached(s->paths[i], self, reports);
	}
	/* Only the servers' copies of `reports` are left open: it ends when they run or are gone.
	 */
	close(reports);
	while (read(life, &byte, 1) < 0 && errno == EINTR)
		;
	for (unsigned i = 0; i < s->count; i++) {
		if (servers[i] > 0) {
			kill(servers[i], SIGKILL);
			waitpid(servers[i], NULL, 0);
		}
	}
	sweep(s);
	_exit(0);
}

/* Takes the lock of the directory. False when it is taken, or is gone by now. */
static bool lock_directory(int dir, int how, int *lock)
{
	struct stat st;
	*lock = openat(dir, LOCK, O_RDWR | O_NOFOLLOW | O_CLOEXEC | how, 0600);
	if (*lock >= 0 && flock(*lock, LOCK_EX | LOCK_NB) == 0 && fstat(*lock, &st) == 0 &&
	    st.st_nlink > 0)
		return true;
	file_close(lock);
	return false;
}

/* Removes what DIR of PLACE holds, and DIR, if it is ours and no process has its lock: its mcsh and
 * its keeper were killed. */
static void sweep_left(int place, const char *name)
{
	struct stat st;
	int lock, dir = openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return;
	if (fstat(dir, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 07777) == 0700 &&
	    lock_directory(dir, 0, &lock)) {
		char socket[16];
		for (unsigned i = 1; i <= SANDBOX_MAX; i++) {
			snprintf(socket, sizeof(socket), "%u.sock", i);
			unlinkat(dir, socket, 0);
		}
		unlinkat(dir, LOCK, 0);
		unlinkat(place, name, AT_REMOVEDIR); /* fails when there is more in it */
		close(lock);
	}
	close(dir);
}

/* Sweeps what sandboxes left in PLACE. */
static void sweep_place(const char *path)
{
	DIR *place = opendir(path);
	const struct dirent *entry;
	for (size_t i = 0; place && i < NAMES_MAX && (entry = readdir(place)); i++) {
		if (strncmp(entry->d_name, PREFIX, sizeof(PREFIX) - 1) == 0)
			sweep_left(dirfd(place), entry->d_name);
	}
	if (place)
		closedir(place);
}

/* Makes PATH, a template for mkdtemp, and takes its lock. Another mcsh that sweeps may take it for
 * one that was left until then: then there is another. */
static bool make_locked(struct sandbox *s, char *path)
{
	char template[PATH_MAX];
	snprintf(template, sizeof(template), "%s", path);
	for (int i = 0; i < 10; i++) {
		snprintf(path, PATH_MAX, "%s", template);
		if (!mkdtemp(path))
			return false;
		int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		bool ok = dir >= 0 && lock_directory(dir, O_CREAT | O_EXCL, &s->lock);
		int code = errno;
		file_close(&dir);
		if (ok)
			return true;
		rmdir(path);
		errno = code;
	}
	return false;
}

/* A directory of our own for the sockets, whose paths have to stay short. */
static bool make_directory(struct sandbox *s, struct error *error)
{
	const char *places[] = {getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp"};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char path[PATH_MAX];
		if (!places[i] || places[i][0] != '/' || strlen(places[i]) > 70)
			continue;
		snprintf(path, sizeof(path), "%s/" PREFIX "XXXXXX", places[i]);
		if (make_locked(s, path)) {
			s->dir = xstrdup(path);
			sweep_place(places[i]);
			return true;
		}
	}
	return error_set(error, "set TMPDIR to a directory that can be written",
	                 "cannot make a directory for the sandbox: %s", strerror(errno));
}

static void name_sockets(struct sandbox *s)
{
	s->paths = xcalloc(s->count, sizeof(*s->paths));
	for (unsigned i = 0; i < s->count; i++) {
		size_t size = strlen(s->dir) + 16;
		s->paths[i] = xmalloc(size);
		snprintf(s->paths[i], size, "%s/%u.sock", s->dir, i + 1);
	}
}

/* Starts the keeper. Returns the end of the pipe that it reports on, or -1. */
static int start_keeper(struct sandbox *s, struct error *error)
{
	int life[2] = {-1, -1}, reports[2] = {-1, -1};
	if (pipe2(life, O_CLOEXEC) == 0 && pipe2(reports, O_CLOEXEC) == 0)
		s->keeper = fork();
	if (s->keeper == 0 && reports[1] >= 0) {
		close(life[1]);
		close(reports[0]);
		keep(s, life[0], reports[1]);
	}
	if (s->keeper < 0 || reports[0] < 0)
		error_set(error, "try again with fewer programs running",
		          "cannot start the sandbox: %s", strerror(errno));
	file_close(&life[0]);
	file_close(&reports[1]);
	s->life = life[1];
	return s->keeper > 0 ? reports[0] : -1;
}

/* Whether PATH accepts a connection now. */
static bool accepts(const char *path)
{
	struct address address = {.path = (char *)path, .label = (char *)(size_t)path};
	struct error ignored;
	int fd = -1;
	struct dial *d = dial_new(&address, &ignored);
	bool ok = d && dial_step(d, &fd, &ignored) == DIAL_OPEN;
	dial_free(d);
	file_close(&fd);
	return ok;
}

/* Waits until every server accepts, or one of them could not start. */
static bool wait_ready(const struct sandbox *s, int reports, struct error *error)
{
	int64_t deadline = deadline_in(READY_MS);
	struct report report;
	ssize_t n = read(reports, &report, sizeof(report));
	if (n == (ssize_t)sizeof(report))
		return error_set(error,
		                 report.code == ENOENT
		                     ? "install the package memcached (apt-get install memcached), "
		                       "or name a server: mcsh host:port"
		                     : "check that the program can be run",
		                 "cannot start memcached: %s",
		                 report.code == ENOENT ? "it is not installed"
		                                       : strerror(report.code));
	for (unsigned i = 0; i < s->count; i++) {
		while (!accepts(s->paths[i])) {
			if (clock_now() > deadline)
				return error_set(error, "run memcached by hand to see what it says",
				                 "the sandbox's memcached did not start");
			poll(NULL, 0, RETRY_MS);
		}
	}
	return true;
}

struct sandbox *sandbox_new(unsigned n, struct error *error)
{
	if (n == 0 || n > SANDBOX_MAX) {
		error_set(error, "--sandbox=N takes 1 to 64", "a sandbox cannot have %u servers",
		          n);
		return NULL;
	}
	struct sandbox *s = xcalloc(1, sizeof(*s));
	s->count = n;
	s->keeper = s->lock = s->life = -1;
	if (!make_directory(s, error)) {
		free(s);
		return NULL;
	}
	name_sockets(s);
	int reports = start_keeper(s, error);
	bool ok = reports >= 0 && wait_ready(s, reports, error);
	file_close(&reports);
	if (!ok) {
		sandbox_free(s);
		return NULL;
	}
	return s;
}

void sandbox_free(struct sandbox *s)
{
	if (!s)
		return;
	file_close(&s->life);
	if (s->keeper > 0) {
		while (waitpid(s->keeper, NULL, 0) < 0 && errno == EINTR)
			;
	}
	sweep(s); /* unless the keeper did it */
	file_close(&s->lock);
	for (unsigned i = 0; i < s->count; i++)
		free(s->paths[i]);
	free(s->paths);
	free(s->dir);
	free(s);
}

unsigned sandbox_count(const struct sandbox *s)
{
	return s->count;
}

const char *sandbox_path(const struct sandbox *s, unsigned i)
{
	return s->paths[i];
}
