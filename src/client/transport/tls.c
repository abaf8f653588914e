#include "client/transport/tls.h"

#include "client/transport/tls_private.h"

#include "base/quote.h"

#include <ctype.h>
#include <errno.h>

enum next {
	NEXT_WAIT,
	NEXT_CLOSED, /* by the server, in order or not */
	NEXT_FAILED,
};

/* What follows on a call of OpenSSL that returned RESULT; on NEXT_WAIT, EVENTS are waited for. A
 * failure of an open connection is put into t->error at once: no second call reports it again. */
static enum next what_next(struct transport *t, int result, short *events)
{
	struct tls *tls = t->state;
	int code = errno;
	switch (tls->lib.SSL_get_error(tls->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		*events = POLLIN;
		return NEXT_WAIT;
	case SSL_ERROR_WANT_WRITE:
		*events = POLLOUT;
		return NEXT_WAIT;
	case SSL_ERROR_ZERO_RETURN:
		return NEXT_CLOSED;
	case SSL_ERROR_SYSCALL:
		tls->failed = true;
		tls->code = code;
		tls->cut = code == 0 || code == ECONNRESET || code == EPIPE;
		break;
	default:
		tls->failed = true;
		tls->cut = ERR_GET_REASON(tls->lib.ERR_peek_error()) ==
		           SSL_R_UNEXPECTED_EOF_WHILE_READING;
		break;
	}
	if (tls->open)
		tls_stream_error(t, &t->error);
	return tls->cut ? NEXT_CLOSED : NEXT_FAILED;
}

/* Before each call of OpenSSL: errors of before would be taken for its own. */
static void begin(const struct tls *tls)
{
	tls->lib.ERR_clear_error();
	errno = 0;
}

static enum transport_result handshake(struct transport *t, struct error *error)
{
	if (!t->state)
		t->state = tls_new(t, error);
	struct tls *tls = t->state;
	if (!tls)
		return TRANSPORT_FAILED;
	begin(tls);
	int result = tls->lib.SSL_connect(tls->ssl);
	if (result != 1) {
		if (what_next(t, result, &t->read_on) == NEXT_WAIT)
			return TRANSPORT_WAIT;
		tls_handshake_error(t, error);
		return TRANSPORT_FAILED;
	}
	tls->open = true;
	t->read_on = POLLIN;
	return TRANSPORT_OPEN;
}

/* No bytes came, RESULT says why: as recv(2). */
static ssize_t read_nothing(struct transport *t, int result)
{
	struct tls *tls = t->state;
	enum next next = tls->cut      ? NEXT_CLOSED
	                 : tls->failed ? NEXT_FAILED
	                               : what_next(t, result, &t->read_on);
	t->more = false;
	errno = next == NEXT_WAIT ? EAGAIN : EPROTO;
	return next == NEXT_CLOSED ? 0 : -1;
}

/* OpenSSL keeps the rest of a record that did not fit, and poll(2) does not see it. It is all that
 * is read then; so there is an end to it, however fast the server is. */
static ssize_t tls_read(struct transport *t, char *data, size_t space)
{
	struct tls *tls = t->state;
	size_t kept = (size_t)tls->lib.SSL_pending(tls->ssl), total = 0, n;
	int result = tls->failed ? 0 : 1;
	if (kept > 0 && kept < space)
		space = kept;
	t->read_on = POLLIN;
	while (total < space && result == 1) {
		begin(tls);
		result = tls->lib.SSL_read_ex(tls->ssl, data + total, space - total, &n);
		total += result == 1 ? n : 0;
	}
	if (total == 0)
		return read_nothing(t, result);
	/* An end is met again by the next call, which reports it. */
	t->more = tls->lib.SSL_pending(tls->ssl) > 0 ||
	          (result != 1 && what_next(t, result, &t->read_on) != NEXT_WAIT);
	return (ssize_t)total;
}

static ssize_t tls_peek(struct transport *t, char *data, size_t space)
{
	struct tls *tls = t->state;
	size_t n;
	begin(tls);
	int result = tls->failed ? 0 : tls->lib.SSL_peek_ex(tls->ssl, data, space, &n);
	if (result != 1)
		return read_nothing(t, result);
	t->more = true;
	return (ssize_t)n;
}

static ssize_t tls_write(struct transport *t, const char *data, size_t len)
{
	struct tls *tls = t->state;
	size_t n;
	errno = EPIPE;
	if (tls->failed || tls->deaf)
		return -1;
	begin(tls);
	int result = tls->lib.SSL_write_ex(tls->ssl, data, len, &n);
	t->write_on = POLLOUT;
	if (result == 1)
		return (ssize_t)n;
	/* The server may have said why it does not read any more: reading shows it. */
	tls->deaf = tls->lib.SSL_get_error(tls->ssl, result) == SSL_ERROR_SYSCALL;
	bool waits = !tls->deaf && what_next(t, result, &t->write_on) == NEXT_WAIT;
	errno = waits ? EAGAIN : EPIPE;
	return -1;
}

static bool tls_overdue(const struct transport *t, struct error *error)
{
	const struct tls *tls = t->state;
	if (!tls || tls->open)
		return false;
	error_set(
	    error,
	    "is it a TLS port? a memcached without -Z stays silent: leave out --tls or tls://",
	    "cannot connect to %s: no answer to the TLS handshake in time", t->address->label);
	return true;
}

/* "TLS 1.3, AES-256-GCM, CN=cache.example.org" */
static void tls_describe(const struct transport *t, struct buf *out)
{
	const struct tls *tls = t->state;
	const struct openssl *o = &tls->lib;
	const char *version = o->SSL_get_version(tls->ssl);
	const SSL_CIPHER *cipher = o->SSL_get_current_cipher(tls->ssl);
	const char *name = cipher ? o->OBJ_nid2ln(o->SSL_CIPHER_get_cipher_nid(cipher)) : NULL;
	X509 *certificate = o->SSL_get1_peer_certificate(tls->ssl);
	char common[80] = "";
	buf_addf(out, "TLS %s", strncmp(version, "TLSv", 4) == 0 ? version + 4 : version);
	buf_add_str(out, name ? ", " : "");
	for (; name && *name; name++)
		buf_add_char(out, (char)toupper((unsigned char)*name));
	if (certificate)
		tls_common_name(o, o->X509_get_subject_name(certificate), common, sizeof(common));
	o->X509_free(certificate);
	if (common[0]) {
		buf_add_str(out, ", CN=");
		escape_add_field(out, slice_str(common));
	}
	if (t->options->tls.insecure)
		buf_add_str(out, ", not checked");
}

static void tls_close(struct transport *t)
{
	struct tls *tls = t->state;
	if (tls->open && !tls->failed && !tls->deaf) {
		tls->lib.ERR_clear_error();
		tls->lib.SSL_shutdown(tls->ssl);
	}
	tls_free(tls);
}

const struct transport_row transport_tls = {
    .name = "TLS",
    /* memcached waits for the socket, and not for what its OpenSSL has decrypted: the rest of a
     * record, of which it read the end of a value, lies there until more comes. A record that
     * begins with a command and ends with it is read whole, and comes after all others. */
    .last_alone = true,
    .handshake = handshake,
    .read = tls_read,
    .peek = tls_peek,
    .write = tls_write,
    .overdue = tls_overdue,
    .describe = tls_describe,
    .close = tls_close,
};
