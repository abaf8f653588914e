/*
 * What carries a connection's bytes: TCP, a unix socket, and what is put on top of them. A row is a
 * kind; a struct transport is one such way to one server, which never blocks. client/conn.c asks it
 * for bytes and what to wait for, and knows of none of the kinds.
 */
#ifndef CLIENT_TRANSPORT_TRANSPORT_H
#define CLIENT_TRANSPORT_TRANSPORT_H

#include "client/address.h"
#include "client/options.h"
#include "proto/request.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>

struct transport;

/* What to do, by an error's hint, once the connection of a command was lost. */
#define CONNECTS_AGAIN                                                                             \
	"the next command connects again; whether this one was carried out is unknown"

enum transport_result {
	TRANSPORT_WAIT,
	TRANSPORT_OPEN,
	TRANSPORT_FAILED
};

/* A kind. Where a function is NULL the socket is read and written as it is. */
struct transport_row {
	const char *name; /* what .servers shows: "TCP" */
	bool gathers;     /* the kernel may gather bytes (client/transport/lowat.h) */
	/* The last of the commands that are to be sent is written by itself. */
	bool last_alone;

	/* Whether it can carry REQUEST, and what is said where it cannot. NULL: it carries all. */
	bool (*carries)(const struct request *request);
	const char *refusal;
	/* On the connected socket t->fd: as far as it goes without waiting, see transport_step. */
	enum transport_result (*handshake)(struct transport *t, struct error *error);
	/* As recv(2), recv with MSG_PEEK, and send(2): -1 with errno, EAGAIN where it would wait.
	 * Where errno does not say enough, t->error does. */
	ssize_t (*read)(struct transport *t, char *data, size_t space);
	ssize_t (*peek)(struct transport *t, char *data, size_t space);
	ssize_t (*write)(struct transport *t, const char *data, size_t len);
	/* An answer is overdue: true when there is more to say of it than that. */
	bool (*overdue)(const struct transport *t, struct error *error);
	/* More than the name. */
	void (*describe)(const struct transport *t, struct buf *out);
	/* Frees t->state; the socket is closed afterwards. */
	void (*close)(struct transport *t);
};

struct transport {
	const struct transport_row *row;
	const struct address *address;
	const struct client_options *options;
	int fd;            /* -1: not connected */
	struct dial *dial; /* while the socket is not connected */
	/* The events of poll(2) at which reading or writing can go on. */
	short read_on, write_on;
	bool more;          /* bytes lie here that poll(2) does not see: read on */
	struct error error; /* why reading or writing failed; empty: as errno says */
	void *state;        /* the row's own; NULL: none */
};

/* The row for ADDRESS, by itself or by OPTIONS. */
const struct transport_row *transport_row(const struct address *address,
                                          const struct client_options *options);

/* Whether REQUEST can go to ADDRESS; else ERROR says why not. */
bool transport_check(const struct address *address, const struct client_options *options,
                     const struct request *request, struct error *error);
static inline bool transport_carries(const struct address *address,
                                     const struct client_options *options,
                                     const struct request *request, struct error *error)
{
	return address->scheme == ADDRESS_ANY || transport_check(address, options, request, error);
}

/* Nothing is open yet, and transport_close may be called. */
void transport_init(struct transport *t);

/* Begins to connect to ADDRESS, and goes on as transport_step does. The pointers are borrowed until
 * transport_close. */
enum transport_result transport_open(struct transport *t, const struct address *address,
                                     const struct client_options *options, struct error *error);

/* Connects as far as it goes without waiting. On TRANSPORT_WAIT poll transport_pollfd and call
 * again; on TRANSPORT_FAILED ERROR says why. */
enum transport_result transport_step(struct transport *t, struct error *error);

/* While it is being opened. */
struct pollfd transport_pollfd(const struct transport *t);

/* Closes, also what is not open. */
void transport_close(struct transport *t);

/* One line: "TCP", "TLS 1.3, AES-256-GCM, CN=cache.example.org". True when that is more than the
 * name of the kind. */
bool transport_describe(const struct transport *t, struct buf *out);

static inline ssize_t transport_read(struct transport *t, char *data, size_t space)
{
	return t->row->read ? t->row->read(t, data, space) : recv(t->fd, data, space, 0);
}

static inline ssize_t transport_write(struct transport *t, const char *data, size_t len)
{
	return t->row->write ? t->row->write(t, data, len) : send(t->fd, data, len, MSG_NOSIGNAL);
}

/* Looks at what comes next, which transport_read then reads. */
static inline ssize_t transport_peek(struct transport *t, char *data, size_t space)
{
	return t->row->peek ? t->row->peek(t, data, space)
	                    : recv(t->fd, data, space, MSG_PEEK | MSG_DONTWAIT);
}

#endif
