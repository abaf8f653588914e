/*
 * The options of a client and its connections. Plain data, read at each use: a change
 * takes effect with the next command.
 */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include "base/slice.h"
#include "proto/request.h"

#include <stdint.h>

/* What a trace must know of bytes. */
enum {
	CLIENT_TRACE_SECRET = 1, /* they are not to be seen */
	CLIENT_TRACE_OWN = 2,    /* sent for the program's own ends: a fence, a login, a question */
	CLIENT_TRACE_QUESTION = 4, /* the last of these: a request that nobody typed */
	CLIENT_TRACE_PACKETS = 8,  /* they are of the binary protocol */
};

/* Every byte that crosses a connection passes here, as the socket took or gave it. */
typedef void client_trace_fn(void *ctx, const char *server, bool sent, struct slice bytes,
                             unsigned marks);

/* The space of a text. */
#define OPTION_TEXT 256

/* TLS, read when a connection is opened. Files are PEM; a text of "" is not given. */
struct tls_options {
	bool on;                /* for each TCP address that names no transport itself */
	bool insecure;          /* the server's certificate is not checked */
	char ca[OPTION_TEXT];   /* whom to trust in place of the system's trust store */
	char cert[OPTION_TEXT]; /* the client's certificate, and those after it in the chain */
	char key[OPTION_TEXT];  /* its key; "": in the same file */
	char name[OPTION_TEXT]; /* the name that the server's certificate must have in place of the
	                         * address's */
};

struct request;
struct reply;
struct fields;

/* A message and where its fields lie: BYTES of REQUEST when it is queued (REPLY is NULL), of REPLY
 * when it was read. OWN: nobody typed the request. All is borrowed for the call. */
typedef void client_message_fn(void *ctx, const char *server, const struct request *request,
                               const struct reply *reply, struct slice bytes,
                               const struct fields *fields, bool own);

/* Fields of a message that are noted at the most. */
#define CLIENT_FIELDS 256

struct client_options {
	/* For one command, its connect included; 0: for ever. Time that passes between two steps of
	 * the client, in values' handlers, or that client_spent names is not counted. */
	uint64_t timeout_ms;
	uint64_t connect_timeout_ms; /* for connecting alone; 0: as long as the command may take */
	/* Of several servers, one that is down is passed over for this long; 0: never, and what its
	 * keys ask for is lost. */
	uint64_t dead_retry_ms;
	size_t value_max; /* the largest value accepted from a server, in bytes */
	/* What requests go out in: DIALECT_BINARY, or, with DIALECT_CLASSIC, each as it says
	 * itself. A connection keeps to the first that it spoke: disconnect before it is changed.
	 */
	enum dialect_id dialect;
	client_trace_fn *trace;     /* may be NULL */
	client_message_fn *message; /* may be NULL */
	void *trace_ctx;            /* of both */
	struct tls_options tls;
	/* Who logs in, first on every new connection; an empty user: no login. The dialect gives
	 * them their form; the trace masks them. A login that was refused is not tried again until
	 * the connection is closed. */
	struct slice user, password;
	bool readonly; /* requests that change anything are refused (proto/effect.h) */
	int wake_fd;   /* when it becomes readable the running commands are cancelled; -1: none */
	/* Called before each wait for a server, when what can be sent has been: the time to write
	 * what has gathered of the answers. Returns when it wants to be called again if the wait
	 * is still on, by clock_now(); DEADLINE_NEVER: not. May be NULL. */
	int64_t (*live)(void *ctx);
	void *live_ctx;
	/* Where what reads the answers is at the other end: when it has gone (POLLERR) the running
	 * commands are cancelled. 0: nobody to miss. */
	int reader_fd;
};

/* Those of a connection that lasts as long as it has to, and is text whatever the session speaks:
 * lists of keys and events come in no other dialect. */
static inline struct client_options client_options_text(const struct client_options *options)
{
	struct client_options text = *options;
	text.dialect = DIALECT_CLASSIC;
	text.timeout_ms = 0;
	return text;
}

#endif
