/*
 * What the files of TLS share: client/transport/tls.c moves bytes, client/transport/tls_setup.c
 * makes what a handshake needs, client/transport/tls_errors.c has the words for what can go wrong.
 */
#ifndef CLIENT_TRANSPORT_TLS_PRIVATE_H
#define CLIENT_TRANSPORT_TLS_PRIVATE_H

#include "client/transport/openssl.h"
#include "client/transport/transport.h"

struct tls {
	struct openssl lib;
	SSL_CTX *context;
	SSL *ssl;
	char first[SSL3_RT_HEADER_LENGTH]; /* what the server sent first */
	size_t first_len;
	bool open;   /* the handshake is done */
	bool failed; /* OpenSSL gave up: neither reads nor writes */
	bool deaf;   /* nothing can be sent; there may be something to read */
	bool cut;    /* the connection ended without the end that TLS has (close_notify) */
	int code;    /* errno of the socket's failure; 0: none */
};

/* A state for T, whose socket is connected; the handshake has not begun. NULL: ERROR says why. */
struct tls *tls_new(const struct transport *t, struct error *error);
void tls_free(struct tls *tls);

/* The name that the server's certificate must have. */
const char *tls_server_name(const struct transport *t);

/* The common name of SUBJECT, "" where there is none; at most SIZE - 1 bytes and a NUL. */
void tls_common_name(const struct openssl *o, const X509_NAME *subject, char *out, size_t size);

/* Why the handshake on T failed, from what OpenSSL knows of it. */
void tls_handshake_error(const struct transport *t, struct error *error);
/* Why reading or writing on T failed. */
void tls_stream_error(const struct transport *t, struct error *error);

#endif
