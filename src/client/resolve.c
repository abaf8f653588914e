#include "client/resolve.h"

#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct resolver {
	atomic_int owners; /* the caller and, while it runs, the thread; the last one frees */
	int pipe[2];       /* the thread writes a byte when the answer is there */
	int code;          /* getaddrinfo's */
	struct addrinfo *list;
	char port[8];
	char host[256];
};

/* HOST NULL: the loopback addresses. */
static int look_up(struct resolver *r, const char *host, int flags)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
	return getaddrinfo(host, r->port, &hints, &r->list);
}

static void let_go(struct resolver *r)
{
	if (atomic_fetch_sub(&r->owners, 1) > 1)
		return;
	if (r->list)
		freeaddrinfo(r->list);
	if (r->pipe[0] >= 0) {
		close(r->pipe[0]);
		close(r->pipe[1]);
	}
	free(r);
}

static void *thread_main(void *arg)
{
	struct resolver *r = arg;
	bool local = strcasecmp(r->host, "localhost") == 0;
	/* RFC 6761 has this name for the loopback addresses, and no name server to be asked for it;
	 * one that does not answer costs five seconds. A container may lack the file. */
	if (local && access(_PATH_HOSTS, R_OK) != 0)
		r->code = look_up(r, NULL, 0);
	else
		r->code = look_up(r, r->host, AI_ADDRCONFIG);
	if (r->code == EAI_NONAME || r->code == EAI_ADDRFAMILY) {
		/* AI_ADDRCONFIG hides loopback addresses on a machine that has no others. */
		r->code = look_up(r, r->host, 0);
	}
	if (r->code != 0 && local)
		r->code = look_up(r, NULL, 0);
	while (write(r->pipe[1], "", 1) < 0 && errno == EINTR)
		;
	let_go(r);
	return NULL;
}

static bool start_thread(struct resolver *r)
{
	pthread_t thread;
	pthread_attr_t attr;
	sigset_t all, before;

	if (pipe2(r->pipe, O_CLOEXEC) != 0) {
		r->pipe[0] = r->pipe[1] = -1;
		return false;
	}
	/* Signals are the caller's business: the thread starts with all of them blocked. */
	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	atomic_store(&r->owners, 2);
	int code = pthread_create(&thread, &attr, thread_main, r);
	bool ok = code == 0;
	errno = code;
	if (!ok)
		atomic_store(&r->owners, 1);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return ok;
}

struct resolver *resolver_new(const char *host, unsigned port, struct error *error)
{
	struct resolver *r = xcalloc(1, sizeof(*r));
	r->pipe[0] = r->pipe[1] = -1;
	atomic_init(&r->owners, 1);
	snprintf(r->host, sizeof(r->host), "%s", host);
	snprintf(r->port, sizeof(r->port), "%u", port);
	r->code = look_up(r, r->host, AI_NUMERICHOST);
	if (r->code != EAI_NONAME || start_thread(r))
		return r;
	error_set(error, "give the address in numbers", "cannot look up \"%s\": %s", host,
	          strerror(errno));
	let_go(r);
	return NULL;
}

int resolver_fd(const struct resolver *r)
{
	return r->pipe[0];
}

const struct addrinfo *resolver_result(struct resolver *r, struct error *error)
{
	char byte;
	bool ready = r->pipe[0] < 0 || read(r->pipe[0], &byte, 1) == 1;
	if (!ready || r->code != 0) {
		bool file = access(r->host, F_OK) == 0;
		error_set(error,
		          file ? "a file has this name: if it is the socket, write ./ before it"
		               : "check the spelling, or give the address in numbers",
		          "cannot find the host \"%s\": %s", r->host,
		          ready ? gai_strerror(r->code) : strerror(errno));
		return NULL;
	}
	return r->list;
}

void resolver_free(struct resolver *r)
{
	if (r)
		let_go(r);
}
