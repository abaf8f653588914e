/*
 * A hostile server. It plays many sessions with mcsh, each of which follows from a seed: it starts
 * mcsh with a script, answers what mcsh asks as memcached would, and changes some of the answers:
 * cut, sent twice, left out, in another order, with lines that nobody asked for, other keys, wrong
 * lengths, control bytes, silence, no end at all. See enum mutation_kind.
 *
 *	hostile [--seed N] [--exchanges N] [--show] MCSH
 *
 * plays sessions from seed N on until so many requests have been answered, and prints one line of
 * figures. Of each session:
 *
 *	- mcsh ends by itself, with a documented status, and is never silent for a minute
 *	- it takes no more than 100 MB
 *	- no value, flags or cas number is shown under a key that is not its own: all of them follow
 *	  from the key, so that an answer says whose it is
 *	- where nothing was changed, the status is right and nothing is on standard error
 *	- where an answer was missing or was sent twice, the status is 4
 *
 * What fails is named with its seed; `hostile --seed N --exchanges 1 --show MCSH` plays that
 *session alone and shows script and answers. The exit status is 1 then.
 */
#include "attack/attack.h"

#include "base/deadline.h"
#include "base/number.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMORY_MAX_KB (100 * 1024)

/* After so many failures the rest is of no interest. */
#define FAILURES_MAX 20

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEASURES_MEMORY false
#else
#define MEASURES_MEMORY true
#endif

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(99);
}

struct place {
	char dir[64], socket[80], load[80];
	int listener;
};

static void make_place(struct place *p)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};
	snprintf(p->dir, sizeof(p->dir), "/tmp/mcsh-hostile.XXXXXX");
	if (!mkdtemp(p->dir))
		die("mkdtemp");
	snprintf(p->socket, sizeof(p->socket), "%s/socket", p->dir);
	snprintf(p->load, sizeof(p->load), "%s/items", p->dir);
	FILE *f = fopen(p->load, "w");
	if (!f)
		die(p->load);
	fprintf(f, "{\"mcsh_items\":1}\n");
	for (int i = 0; i < 40; i++)
		fprintf(f, "{\"key\":\"item%d\",\"flags\":%d,\"exptime\":0,\"value\":\"v%d\"}\n", i,
		        i, i);
	fclose(f);
	snprintf(where.sun_path, sizeof(where.sun_path), "%s", p->socket);
	p->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bind(p->listener, (const struct sockaddr *)&where, sizeof(where)) != 0 ||
	    listen(p->listener, 64) != 0)
		die("listen");
}

static void remove_place(const struct place *p)
{
	close(p->listener);
	unlink(p->socket);
	unlink(p->load);
	rmdir(p->dir);
}

static int make_file(struct slice content)
{
	int fd = memfd_create("attack", MFD_CLOEXEC);
	if (fd < 0 || write(fd, content.data ? content.data : "", content.len) < 0 ||
	    lseek(fd, 0, SEEK_SET) != 0)
		die("memfd");
	return fd;
}

static pid_t start(const char *mcsh, const struct place *place, const struct session *s,
                   const int files[3])
{
	const char *argv[12] = {mcsh, "--no-rc", "--profile=none", s->format, s->timeout};
	size_t n = 5;
	if (s->form == FORM_EXPECT)
		argv[n++] = "--expect";
	if (s->form == FORM_TRACED)
		argv[n++] = "--trace-file=/dev/null";
	argv[n++] = place->socket;
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	for (int i = 0; i < 3; i++)
		dup2(files[i], i);
	execv(mcsh, (char *const *)argv);
	_exit(98);
}

static void read_file(int fd, struct buf *out)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *room = buf_reserve(out, (size_t)size + 1);
	ssize_t n = pread(fd, room, (size_t)size, 0);
	out->len = n > 0 ? (size_t)n : 0;
	close(fd);
}

static int exit_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void show_session(const struct session *s, struct slice printed, struct slice errors)
{
	printf("# %s %s, protocol %s\n", s->format, s->timeout, s->protocol);
	for (size_t i = 0; i < s->mutation_count; i++) {
		const struct mutation *m = &s->mutations[i];
		printf("# mutation: %s at exchange %llu, %s%s\n", mutation_names[m->kind],
		       (unsigned long long)m->at, m->done ? m->request : "not reached",
		       m->no_effect ? ", without effect" : "");
	}
	printf("--- script\n%.*s--- printed\n%.*s--- errors\n%.*s", (int)s->script.len,
	       s->script.data, (int)printed.len, printed.data ? printed.data : "", (int)errors.len,
	       errors.data ? errors.data : "");
}

static void fail(const struct session *s, const char *why)
{
	printf("# seed %llu: %s (%s, %s", (unsigned long long)s->seed, why, s->format + 9,
	       s->protocol);
	for (size_t i = 0; i < s->mutation_count; i++) {
		if (s->mutations[i].done && !s->mutations[i].no_effect)
			printf(", %s", mutation_names[s->mutations[i].kind]);
	}
	printf(")\n");
	fflush(stdout);
}

/* True when all was right. */
static bool play(const char *mcsh, const struct place *place, struct session *s, bool show,
                 long *memory)
{
	struct buf printed = BUF_INIT, errors = BUF_INIT, why = BUF_INIT;
	struct rusage usage;
	int status;
	session_plan(s, place->load);
	int files[3] = {make_file(buf_slice(&s->script)), make_file(SLICE("")),
	                make_file(SLICE(""))};
	pid_t pid = start(mcsh, place, s, files);
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		die("pidfd_open");
	bool ended = serve(s, place->listener, pidfd);
	if (!ended)
		kill(pid, SIGKILL);
	wait4(pid, &status, 0, &usage);
	close(pidfd);
	close(files[0]);
	read_file(files[1], &printed);
	read_file(files[2], &errors);
	bool right = ended &&
	             check(s, buf_slice(&printed), buf_slice(&errors), exit_status(status), &why);
	if (!ended)
		buf_add_str(&why, "did not end");
	if (usage.ru_maxrss > *memory)
		*memory = usage.ru_maxrss;
	if (MEASURES_MEMORY && right && usage.ru_maxrss > MEMORY_MAX_KB) {
		right = false;
		buf_addf(&why, "took %ld MB", usage.ru_maxrss / 1024);
	}
	if (!right)
		fail(s, buf_cstr(&why));
	if (show)
		show_session(s, buf_slice(&printed), buf_slice(&errors));
	buf_release(&printed);
	buf_release(&errors);
	buf_release(&why);
	return right;
}

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: hostile [--seed N] [--exchanges N] [--show] MCSH\n");
	exit(2);
}

static uint64_t number_option(char **argv, int i)
{
	uint64_t n;
	if (!argv[i] || number_parse_u64(slice_str(argv[i]), &n) != NUMBER_OK)
		usage();
	return n;
}

int main(int argc, char **argv)
{
	uint64_t seed = 1, most = 10000, exchanges = 0, sessions = 0, failures = 0;
	bool show = false;
	long memory = 0;
	int i = 1;
	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--show") == 0)
			show = true;
		else if (strcmp(argv[i], "--seed") == 0)
			seed = number_option(argv, ++i);
		else if (strcmp(argv[i], "--exchanges") == 0)
			most = number_option(argv, ++i);
		else
			usage();
	}
	if (i + 1 != argc)
		usage();
	struct place place;
	uint64_t hits[MUTATE_KINDS] = {0};
	int64_t began = clock_now();
	make_place(&place);
	do {
		struct session s = {.seed = seed + sessions};
		failures += !play(argv[i], &place, &s, show, &memory);
		exchanges += s.exchanges;
		sessions++;
		for (size_t k = 0; k < s.mutation_count; k++)
			hits[s.mutations[k].kind] += s.mutations[k].done;
		session_release(&s);
	} while (exchanges < most && failures < FAILURES_MAX);
	remove_place(&place);
	printf("# %llu exchanges in %llu sessions from seed %llu, %llu failed, %.0f s, at most %ld "
	       "MB\n# hits:",
	       (unsigned long long)exchanges, (unsigned long long)sessions,
	       (unsigned long long)seed, (unsigned long long)failures,
	       (double)(clock_now() - began) / (double)NSEC_PER_SEC, memory / 1024);
	for (size_t k = 0; k < MUTATE_KINDS; k++)
		printf(" %s %llu", mutation_names[k], (unsigned long long)hits[k]);
	printf("\n");
	return failures ? 1 : 0;
}
