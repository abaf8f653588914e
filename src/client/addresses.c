#include "client/addresses.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "client/resolve.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>

/* Waits for the answer; false when it does not come in time, or Ctrl-C does. */
static bool wait_for(const struct resolver *r, const struct client_options *options)
{
	int64_t end = options->connect_timeout_ms ? deadline_in(options->connect_timeout_ms)
	                                          : DEADLINE_NEVER;
	struct pollfd fds[2] = {{.fd = resolver_fd(r), .events = POLLIN},
	                        {.fd = options->wake_fd, .events = POLLIN}};
	if (fds[0].fd < 0)
		return true;
	while (end == DEADLINE_NEVER || clock_now() < end) {
		int n = poll(fds, 2, deadline_poll_ms(end));
		if (n > 0 && fds[1].revents)
			return false;
		if (n > 0)
			return true;
	}
	return false;
}

static const void *bytes_of(const struct addrinfo *a, size_t *size)
{
	*size = a->ai_family == AF_INET ? 4 : 16;
	return a->ai_family == AF_INET
	           ? (const void *)&((const struct sockaddr_in *)(const void *)a->ai_addr)->sin_addr
	           : (const void *)&((const struct sockaddr_in6 *)(const void *)a->ai_addr)
	                 ->sin6_addr;
}

static int compare(const void *a, const void *b)
{
	const struct addrinfo *x = *(const struct addrinfo *const *)a;
	const struct addrinfo *y = *(const struct addrinfo *const *)b;
	size_t size;
	if (x->ai_family != y->ai_family)
		return x->ai_family == AF_INET ? -1 : 1;
	const void *other = bytes_of(y, &size);
	return memcmp(bytes_of(x, &size), other, size);
}

/* The server at one address of NAME. */
static struct address at(const struct addrinfo *a, const struct address *name)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct buf spec = BUF_INIT;
	struct address out = {0};
	struct error ignored;
	size_t size;
	inet_ntop(a->ai_family, bytes_of(a, &size), text, sizeof(text));
	buf_addf(&spec, a->ai_family == AF_INET6 ? "[%s]:%u:%u" : "%s:%u:%u", text, name->port,
	         name->weight);
	address_parse(buf_slice(&spec), &out, &ignored);
	buf_release(&spec);
	return out;
}

size_t addresses_of(const struct address *name, const struct client_options *options,
                    struct address **out)
{
	struct error ignored;
	struct resolver *r = resolver_new(name->host, name->port, &ignored);
	const struct addrinfo **found = NULL, *list = NULL;
	size_t count = 0, cap = 0, used = 0;
	if (r && wait_for(r, options))
		list = resolver_result(r, &ignored);
	for (; list; list = list->ai_next) {
		if (list->ai_family != AF_INET && list->ai_family != AF_INET6)
			continue;
		found = xgrow(found, &cap, count + 1, sizeof(*found));
		found[count++] = list;
	}
	if (count > 0)
		qsort(found, count, sizeof(*found), compare);
	*out = xcalloc(count + 1, sizeof(**out));
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || compare(&found[i - 1], &found[i]) != 0)
			(*out)[used++] = at(found[i], name);
	}
	free(found);
	resolver_free(r);
	return used;
}
