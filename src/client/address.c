#include "client/address.h"

#include "base/number.h"
#include "base/xalloc.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#define FORMS                                                                                      \
	"write host, host:port, host:port:weight, [ipv6]:port, tls://host:port, udp://host:port "  \
	"or /path/to/socket"

/* TEXT from its last @ on, or NULL: what is before it may be a login. */
static const char *after_login(struct slice text)
{
	return memrchr(text.data ? text.data : "", '@', text.len);
}

static bool refuse(struct error *error, struct slice text, const char *why)
{
	const char *at = after_login(text);
	if (at)
		text = slice_skip(text, (size_t)(at - text.data));
	return error_set(error, FORMS, "server address \"%s%.*s\" %s", at ? "***" : "",
	                 SLICE_ARGS(text, 200), why);
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

static bool parse(struct slice text, struct address *out, struct error *error)
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
	if (slice_starts(text, SLICE("\xe2\x80\x93")) || slice_starts(text, SLICE("\xe2\x80\x94")))
		return refuse(error, text, "begins with a typographic dash; options begin with --");
	for (size_t i = 0; i < host.len; i++) {
		if (host.data[i] == '/')
			return refuse(
			    error, text,
			    "has a slash, and does not begin with /, ./ or ../ as paths do");
		if ((unsigned char)host.data[i] <= ' ' || host.data[i] == 0x7f ||
		    host.data[i] == '@')
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

static bool is_ipv6(struct slice text)
{
	char name[64], address[sizeof(struct in6_addr)];
	text = slice_before(text, '%');
	if (text.len >= sizeof(name))
		return false;
	memcpy(name, text.data, text.len);
	name[text.len] = '\0';
	return inet_pton(AF_INET6, name, address) == 1;
}

/* Adds TEXT, the brackets of an IPv6 address around it if they are missing: true. */
static bool add_bracketed(struct buf *out, struct slice text)
{
	const char *port = memrchr(text.data, ':', text.len);
	struct slice host = port ? slice_first(text, (size_t)(port - text.data)) : text;
	if (is_ipv6(text)) {
		host = text;
		port = NULL;
	} else if (!is_ipv6(host)) {
		buf_add_slice(out, text);
		return false;
	}
	buf_addf(out, "[%.*s]", (int)host.len, host.data);
	buf_add_slice(out, slice_skip(text, host.len));
	return true;
}

/* What people write for an address: adds the one that was meant, and returns what is wrong with
 * TEXT. NULL: nothing that is known. */
static const char *mistake(struct slice text, struct buf *meant)
{
	const char *why = NULL;
	struct slice body = slice_trim(text);
	if (body.len < text.len)
		why = "has a blank or a line end at one of its ends";
	const char *scheme = slice_find(body, SLICE("://"));
	if (scheme) {
		struct slice name = slice_first(body, (size_t)(scheme - body.data));
		body = slice_skip(body, name.len + 3);
		if (slice_is_among(name, "tls udp"))
			buf_addf(meant, "%.*s://", (int)name.len, name.data);
		else
			why = "is a URL, of which mcsh knows tls:// and udp:// alone";
		if (!slice_starts(body, SLICE("/")))
			body = slice_before(body, '/');
	}
	const char *at = body.len > 0 ? after_login(body) : NULL;
	if (at) {
		why = "has a login in it, which goes into --user NAME or .auth USER";
		body = slice_skip(body, (size_t)(at - body.data) + 1);
	}
	if (body.len > 0 && add_bracketed(meant, body))
		why = "is an IPv6 address, which stands in brackets";
	return why;
}

bool address_parse(struct slice text, struct address *out, struct error *error)
{
	if (parse(text, out, error))
		return true;
	struct buf meant = BUF_INIT;
	struct address better = {0};
	struct error ignored;
	const char *why = mistake(text, &meant);
	if (why && parse(buf_slice(&meant), &better, &ignored)) {
		refuse(error, text, why);
		error_hint(error, "write %s", buf_cstr(&meant));
	} else if (text.len > 0 && memchr(text.data, ',', text.len)) {
		refuse(error, text, "has a comma");
		error_hint(error, "write servers with a blank between them");
	}
	address_release(&better);
	buf_release(&meant);
	return false;
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
