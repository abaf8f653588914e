#include "client/transport/transport.h"

#include "base/file.h"

#include "client/transport/dial.h"
#include "client/transport/tls.h"
#include "client/transport/udp.h"
#include "proto/dialect.h"

#include <unistd.h>

static const struct transport_row tcp = {.name = "TCP", .gathers = true};
static const struct transport_row unix_socket = {.name = "unix"};

const struct transport_row *transport_row(const struct address *address,
                                          const struct client_options *options)
{
	if (address->path)
		return &unix_socket;
	if (address->scheme == ADDRESS_UDP)
		return &transport_udp;
	return address->scheme == ADDRESS_TLS || options->tls.on ? &transport_tls : &tcp;
}

bool transport_check(const struct address *address, const struct client_options *options,
                     const struct request *request, struct error *error)
{
	const struct transport_row *row = transport_row(address, options);
	return !row->carries || row->carries(request) ||
	       error_set(error,
	                 dialect_of(request)->packets
	                     ? ".set protocol auto, or name the server without udp://"
	                     : "name the server without udp://",
	                 "%s: %s", address->label, row->refusal);
}

void transport_init(struct transport *t)
{
	*t = (struct transport){.fd = -1};
}

/* The socket is connected: what is to be done on it before it carries bytes. */
static enum transport_result shake_hands(struct transport *t, struct error *error)
{
	return t->row->handshake ? t->row->handshake(t, error) : TRANSPORT_OPEN;
}

enum transport_result transport_open(struct transport *t, const struct address *address,
                                     const struct client_options *options, struct error *error)
{
	*t = (struct transport){.row = transport_row(address, options),
	                        .address = address,
	                        .options = options,
	                        .fd = -1,
	                        .read_on = POLLIN,
	                        .write_on = POLLOUT};
	t->dial = dial_new(address, error);
	return t->dial ? transport_step(t, error) : TRANSPORT_FAILED;
}

enum transport_result transport_step(struct transport *t, struct error *error)
{
	if (t->dial) {
		switch (dial_step(t->dial, &t->fd, error)) {
		case DIAL_WAIT:
			return TRANSPORT_WAIT;
		case DIAL_FAILED:
			return TRANSPORT_FAILED;
		case DIAL_OPEN:
			break;
		}
		dial_free(t->dial);
		t->dial = NULL;
	}
	return shake_hands(t, error);
}

struct pollfd transport_pollfd(const struct transport *t)
{
	return t->dial ? dial_pollfd(t->dial) : (struct pollfd){.fd = t->fd, .events = t->read_on};
}

void transport_close(struct transport *t)
{
	if (t->state)
		t->row->close(t);
	dial_free(t->dial);
	file_close(&t->fd);
	transport_init(t);
}

bool transport_describe(const struct transport *t, struct buf *out)
{
	if (t->row->describe)
		t->row->describe(t, out);
	else
		buf_add_str(out, t->row->name);
	return t->row->describe;
}
