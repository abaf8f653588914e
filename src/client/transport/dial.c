#include "client/transport/dial.h"

#include "base/file.h"

#include "base/xalloc.h"
#include "client/resolve.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct dial {
	const struct address *address;
	struct resolver *resolver;   /* NULL for a unix socket */
	const struct addrinfo *next; /* the address to try next */
	int fd;                      /* the attempt under way; -1: none */
	int last_errno;              /* why the attempt before it failed */
};

struct dial *dial_new(const struct address *address, struct error *error)
{
	struct dial *d = xcalloc(1, sizeof(*d));
	d->address = address;
	d->fd = -1;
	if (!address->path) {
		d->resolver = resolver_new(address->host, address->port, error);
		if (!d->resolver) {
			free(d);
			return NULL;
		}
	}
	return d;
}

void dial_free(struct dial *d)
{
	if (!d)
		return;
	file_close(&d->fd);
	resolver_free(d->resolver);
	free(d);
}

static enum dial_result failed(const struct dial *d, struct error *error)
{
	bool absent = d->last_errno == ECONNREFUSED || d->last_errno == ENOENT;
	struct stat st;
	if (d->address->path && stat(d->address->path, &st) == 0 && !S_ISSOCK(st.st_mode)) {
		error_set(error, "write the path of the socket, as memcached -s has it",
		          "cannot connect to %s: it is %s", d->address->label,
		          S_ISDIR(st.st_mode) ? "a directory" : "not a socket");
		return DIAL_FAILED;
	}
	bool shut = d->address->path && d->last_errno == EACCES;
	error_set(error,
	          shut     ? "its rights, or those of a directory above it, keep this user out: "
	                     "memcached -a sets them"
	          : absent ? "is memcached running there? mcsh --sandbox brings a private one"
	                   : "check the address",
	          "cannot connect to %s: %s", d->address->label, strerror(d->last_errno));
	return DIAL_FAILED;
}

/* Begins to connect. DIAL_FAILED here means: this address does not work. */
static enum dial_result attempt(struct dial *d, int family, const struct sockaddr *to,
                                socklen_t len)
{
	int type = d->address->scheme == ADDRESS_UDP ? SOCK_DGRAM : SOCK_STREAM;
	d->fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (d->fd >= 0 && family != AF_UNIX && type == SOCK_STREAM)
		(void)setsockopt(d->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	if (d->fd >= 0 && connect(d->fd, to, len) == 0)
		return DIAL_OPEN;
	if (d->fd >= 0 && (errno == EINPROGRESS || errno == EINTR))
		return DIAL_WAIT;
	d->last_errno = errno;
	file_close(&d->fd);
	return DIAL_FAILED;
}

static enum dial_result attempt_path(struct dial *d)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	memcpy(to.sun_path, d->address->path, strlen(d->address->path));
	return attempt(d, AF_UNIX, (struct sockaddr *)&to, sizeof(to));
}

/* What became of the attempt under way. */
static enum dial_result finish_attempt(struct dial *d)
{
	struct pollfd p = {.fd = d->fd, .events = POLLOUT};
	if (poll(&p, 1, 0) == 0)
		return DIAL_WAIT;
	int code = 0;
	socklen_t len = sizeof(code);
	if (getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &code, &len) == 0 && code == 0)
		return DIAL_OPEN;
	d->last_errno = code ? code : errno;
	close(d->fd);
	d->fd = -1;
	return DIAL_FAILED;
}

/* Address after address until one is connected or under way. */
static enum dial_result attempt_next(struct dial *d)
{
	while (d->next) {
		const struct addrinfo *a = d->next;
		d->next = a->ai_next;
		enum dial_result result = attempt(d, a->ai_family, a->ai_addr, a->ai_addrlen);
		if (result != DIAL_FAILED)
			return result;
	}
	return DIAL_FAILED;
}

enum dial_result dial_step(struct dial *d, int *fd, struct error *error)
{
	enum dial_result result = DIAL_FAILED;
	if (d->fd >= 0) {
		result = finish_attempt(d);
		if (result == DIAL_FAILED)
			result = attempt_next(d);
	} else if (d->address->path) {
		result = attempt_path(d);
	} else {
		struct pollfd p = {.fd = resolver_fd(d->resolver), .events = POLLIN};
		if (p.fd >= 0 && poll(&p, 1, 0) == 0)
			return DIAL_WAIT;
		d->next = resolver_result(d->resolver, error);
		if (!d->next)
			return DIAL_FAILED;
		result = attempt_next(d);
	}
	if (result == DIAL_FAILED)
		return failed(d, error);
	if (result == DIAL_OPEN) {
		*fd = d->fd;
		d->fd = -1;
	}
	return result;
}

struct pollfd dial_pollfd(const struct dial *d)
{
	if (d->fd >= 0)
		return (struct pollfd){.fd = d->fd, .events = POLLOUT};
	return (struct pollfd){.fd = d->resolver ? resolver_fd(d->resolver) : -1, .events = POLLIN};
}
