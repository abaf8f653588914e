#include "client/address.h"

#include "base/number.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <sys/un.h>

#define FORMS                                                                                      \
	"write host, host:port, host:port:weight, [ipv6]:port, tls://host:port, udp://host:port "  \
	"or /path/to/socket"

static bool refuse(struct error *error, struct slice text, const char *why)
{
	return error_set(error, FORMS, "server address \"%.*s\" %s", SLICE_ARGS(text, 200), why);
}

static bool parse_path(struct slice text, struct slice path, struct address *out,
                       struct error *error)
{
	if (path.len == 0 || path.len >= sizeof(((struct sockaddr_un *)0)->sun_path) ||
	    memchr(path.data, '\0', path.len))
		return refuse(error, text,
		              path.len ? "is too long for a unix socket" : "has no path");
	*out = (struct address){.weight = 1};
	out->path = xmemdup0(path.data, path.len);
	out->label = xstrdup(out->path);
	return true;
}

/* ":port" and ":weight" after a host; REST is empty or begins with a colon. */
static bool parse_numbers(struct slice rest, unsigned *port, unsigned *weight)
{
	uint64_t numbers[2] = {DEFAULT_PORT, 1};
	for (size_t i = 0; rest.len > 0; i++) {
		struct slice digits = slice_before(slice_skip(rest, 1), ':');
		if (i == 2 || rest.data[0] != ':' ||
		    number_parse_u64(digits, &numbers[i]) != NUMBER_OK)
			return false;
		rest = slice_skip(rest, 1 + digits.len);
	}
	if (numbers[0] == 0 || numbers[0] > 65535 || numbers[1] > 1000)
		return false;
	*port = (unsigned)numbers[0];
	*weight = (unsigned)numbers[1];
	return true;
}

/* Splits TEXT into its host and what follows it. */
static bool split_host(struct slice text, struct slice *host, struct slice *rest)
{
	if (text.len > 0 && text.data[0] == '[') {
		const char *end = memchr(text.data, ']', text.len);
		if (!end)
			return false;
		*host = slice_of(text.data + 1, (size_t)(end - text.data) - 1);
	} else {
		*host = slice_before(text, ':');
	}
	*rest = slice_skip(text, host->len + (text.len > 0 && text.data[0] == '[' ? 2 : 0));
	return host->len > 0 && host->len < 256;
}

bool address_parse(struct slice text, struct address *out, struct error *error)
{
	struct slice host, rest, body = text;
	unsigned port, weight;

	if (slice_starts(text, SLICE("unix:")))
		return parse_path(text, slice_skip(text, 5), out, error);
	if (slice_starts(text, SLICE("/")) || slice_starts(text, SLICE("./")) ||
	    slice_starts(text, SLICE("../")))
		return parse_path(text, text, out, error);
	enum address_scheme scheme = ADDRESS_ANY;
	if (slice_starts(text, SLICE("tls://")) || slice_starts(text, SLICE("udp://"))) {
		scheme = text.data[0] == 't' ? ADDRESS_TLS : ADDRESS_UDP;
		body = slice_skip(text, 6);
	} else if (slice_starts(text, SLICE("inet:")))
		body = slice_skip(text, 5);
	else if (slice_starts(text, SLICE("inet6:")))
		body = slice_skip(text, 6);
	if (body.len == 0)
		return refuse(error, text, "is empty");
	if (!split_host(body, &host, &rest))
		return refuse(error, text, "has no host");
	for (size_t i = 0; i < host.len; i++) {
		if (host.data[i] == '/')
			return refuse(
			    error, text,
			    "has a slash, and does not begin with /, ./ or ../ as paths do");
		if ((unsigned char)host.data[i] <= ' ' || host.data[i] == 0x7f)
			return refuse(error, text, "has a byte that no host name holds");
	}
	bool v6 = memchr(host.data, ':', host.len) != NULL;
	if (!parse_numbers(rest, &port, &weight))
		return refuse(error, text,
		              "has a port (1 to 65535) or weight (0 to 1000) that is none");
	*out = (struct address){.scheme = scheme, .port = port, .weight = weight};
	out->host = xmemdup0(host.data, host.len);
	struct buf label = BUF_INIT;
	if (scheme != ADDRESS_ANY)
		buf_add(&label, text.data, 6);
	buf_addf(&label, v6 ? "[%s]:%u" : "%s:%u", out->host, port);
	out->label = xmemdup0(label.data, label.len);
	buf_release(&label);
	return true;
}

struct distribution_server address_server(const struct address *a)
{
	return (struct distribution_server){
	    .host = a->path ? a->path : a->host, .port = a->port, .weight = a->weight};
}

void address_release(struct address *a)
{
	free(a->host);
	free(a->path);
	free(a->label);
	*a = (struct address){0};
}

struct address address_copy(const struct address *a)
{
	struct address copy = *a;
	copy.host = a->host ? xstrdup(a->host) : NULL;
	copy.path = a->path ? xstrdup(a->path) : NULL;
	copy.label = xstrdup(a->label);
	return copy;
}
