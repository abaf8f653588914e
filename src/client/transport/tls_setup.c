#include "client/transport/tls_private.h"

#include "base/xalloc.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <strings.h>

/* Nobody is asked for the password of a key. */
static int refuse_password(char *out, int size, int writing, void *asked)
{
	(void)out;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

/* Why FILE of OPTION could not be used. */
static bool refuse_file(const struct openssl *o, const char *option, const char *file,
                        const char *what, struct error *error)
{
	const char *reason = o->ERR_reason_error_string(o->ERR_peek_last_error());
	unsigned long first = o->ERR_peek_error();
	if (ERR_SYSTEM_ERROR(first))
		reason = strerror(ERR_GET_REASON(first));
	error_set(error, NULL, "cannot read %s in \"%s\": %s", what, file,
	          reason ? reason : "it is not PEM");
	error_hint(error, "%s takes a file in PEM format", option);
	return false;
}

static bool trust(struct tls *tls, const struct tls_options *options, struct error *error)
{
	const struct openssl *o = &tls->lib;
	if (options->insecure)
		return true;
	if (!options->ca[0]) {
		o->SSL_CTX_set_default_verify_paths(tls->context);
		return true;
	}
	return o->SSL_CTX_load_verify_file(tls->context, options->ca) == 1 ||
	       refuse_file(o, "--tls-ca", options->ca, "the authorities' certificates", error);
}

/* The client's certificate and its key, which may be in the same file. */
static bool identify(struct tls *tls, const struct tls_options *options, struct error *error)
{
	const struct openssl *o = &tls->lib;
	const char *key = options->key[0] ? options->key : options->cert;
	bool asked = false;
	if (!options->cert[0] && !options->key[0])
		return true;
	if (!options->cert[0]) {
		error_set(error, "give its certificate, too: --tls-cert FILE",
		          "the key \"%s\" has no certificate", options->key);
		return false;
	}
	if (o->SSL_CTX_use_certificate_chain_file(tls->context, options->cert) != 1)
		return refuse_file(o, "--tls-cert", options->cert, "the client's certificate",
		                   error);
	o->SSL_CTX_set_default_passwd_cb(tls->context, refuse_password);
	o->SSL_CTX_set_default_passwd_cb_userdata(tls->context, &asked);
	bool read = o->SSL_CTX_use_PrivateKey_file(tls->context, key, SSL_FILETYPE_PEM) == 1;
	o->SSL_CTX_set_default_passwd_cb_userdata(tls->context, NULL);
	if (asked) {
		error_set(error, "openssl pkey -in FILE -out PLAIN decrypts it; keep PLAIN private",
		          "the key in \"%s\" is encrypted", key);
		return false;
	}
	if (ERR_GET_REASON(o->ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ||
	    (read && o->SSL_CTX_check_private_key(tls->context) != 1)) {
		error_set(error, "name the two files that belong together",
		          "the key in \"%s\" is not that of the certificate in \"%s\"", key,
		          options->cert);
		return false;
	}
	return read || refuse_file(o, "--tls-key", key, "the client's key", error);
}

const char *tls_server_name(const struct transport *t)
{
	return t->options->tls.name[0] ? t->options->tls.name : t->address->host;
}

/* Whose certificate it must be. */
static bool expect_name(struct tls *tls, const char *name)
{
	const struct openssl *o = &tls->lib;
	X509_VERIFY_PARAM *param = o->SSL_get0_param(tls->ssl);
	char ignored[sizeof(struct in6_addr)];
	/* A server's own certificate may be the one that is trusted. */
	o->X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	if (inet_pton(AF_INET, name, ignored) == 1 || inet_pton(AF_INET6, name, ignored) == 1)
		return o->X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1;
	o->SSL_set_hostflags(tls->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return o->SSL_set1_host(tls->ssl, name) == 1 &&
	       o->SSL_ctrl(tls->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
	                   (void *)(uintptr_t)name) == 1;
}

/* OpenSSL shows what it sends and receives, the header of a record by itself. */
static void on_record(int sent, int version, int type, const void *bytes, size_t len, SSL *ssl,
                      void *ctx)
{
	struct tls *tls = ctx;
	(void)version;
	(void)ssl;
	if (sent || type != SSL3_RT_HEADER || tls->first_len > 0)
		return;
	tls->first_len = len < sizeof(tls->first) ? len : sizeof(tls->first);
	memcpy(tls->first, bytes, tls->first_len);
}

static bool set_up(struct tls *tls, const struct transport *t, struct error *error)
{
	const struct tls_options *options = &t->options->tls;
	const struct openssl *o = &tls->lib;
	if (!openssl_load(&tls->lib, error))
		return false;
	o->ERR_clear_error();
	tls->context = o->SSL_CTX_new(o->TLS_client_method());
	error_set(error, "is memory short, or openssl.cnf not right?", "cannot set up TLS for %s",
	          t->address->label);
	if (!tls->context)
		return false;
	o->SSL_CTX_ctrl(tls->context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, NULL);
	/* What is sent stays in a buffer that grows meanwhile. */
	o->SSL_CTX_ctrl(tls->context, SSL_CTRL_MODE,
	                SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER, NULL);
	o->SSL_CTX_set_options(tls->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	o->SSL_CTX_set_verify(tls->context, options->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER,
	                      NULL);
	if (!trust(tls, options, error) || !identify(tls, options, error))
		return false;
	tls->ssl = o->SSL_new(tls->context);
	if (!tls->ssl)
		return false;
	o->SSL_set_msg_callback(tls->ssl, on_record);
	o->SSL_ctrl(tls->ssl, SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, tls);
	return o->SSL_set_fd(tls->ssl, t->fd) == 1 && expect_name(tls, tls_server_name(t));
}

struct tls *tls_new(const struct transport *t, struct error *error)
{
	struct tls *tls = xcalloc(1, sizeof(*tls));
	if (set_up(tls, t, error))
		return tls;
	tls_free(tls);
	return NULL;
}

void tls_free(struct tls *tls)
{
	if (tls->ssl)
		tls->lib.SSL_free(tls->ssl);
	if (tls->context)
		tls->lib.SSL_CTX_free(tls->context);
	free(tls);
}
