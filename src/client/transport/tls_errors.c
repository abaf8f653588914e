#include "client/transport/tls_private.h"

#include "base/quote.h"
#include "proto/stranger.h"

#include <arpa/inet.h>
#include <time.h>

#define NO_TLS  "is it a TLS port? leave out --tls or tls:// for one that is not"
#define DATES   "is the clock of this machine right? It is %s here"
#define TRUSTED "--tls-ca FILE names the certificate of the authority that signed it"

void tls_common_name(const struct openssl *o, const X509_NAME *subject, char *out, size_t size)
{
	int len = o->X509_NAME_get_text_by_NID(subject, NID_commonName, out, (int)size);
	out[len < 0 ? 0 : (size_t)len < size ? (size_t)len : size - 1] = '\0';
}

/* "2026-11-26 14:20:58 UTC" */
static void add_time(struct buf *out, const struct tm *tm)
{
	char text[40];
	buf_add(out, text, strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", tm));
}

static void add_asn1_time(const struct openssl *o, const ASN1_TIME *time, struct buf *out)
{
	struct tm tm;
	if (o->ASN1_TIME_to_tm(time, &tm) == 1)
		add_time(out, &tm);
	else
		buf_add_str(out, "a time that cannot be read");
}

static void hint_clock(struct error *error)
{
	struct buf now = BUF_INIT;
	struct tm tm;
	time_t seconds = time(NULL);
	add_time(&now, gmtime_r(&seconds, &tm));
	error_hint(error, DATES, buf_cstr(&now));
	buf_release(&now);
}

/* Whom CERTIFICATE is for: "a.example.org, 10.0.0.1", its common name where it has no list. */
static void add_names(const struct openssl *o, const X509 *certificate, struct buf *out)
{
	GENERAL_NAMES *names = o->X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	int count = names ? o->OPENSSL_sk_num((const OPENSSL_STACK *)names) : 0;
	char common[80];
	for (int i = 0; i < count && out->len < 160; i++) {
		const GENERAL_NAME *name = o->OPENSSL_sk_value((const OPENSSL_STACK *)names, i);
		char text[INET6_ADDRSTRLEN] = "";
		const ASN1_STRING *string = name->d.ia5;
		struct slice value = {0};
		if (name->type == GEN_DNS || name->type == GEN_IPADD)
			value = slice_of((const char *)o->ASN1_STRING_get0_data(string),
			                 (size_t)o->ASN1_STRING_length(string));
		if (name->type == GEN_IPADD) {
			inet_ntop(value.len == 4 ? AF_INET : AF_INET6, value.data, text,
			          value.len == 4 || value.len == 16 ? sizeof(text) : 0);
			value = slice_str(text);
		}
		if (value.len == 0)
			continue;
		buf_add_str(out, out->len > 0 ? ", " : "");
		escape_add_field(out, slice_first(value, 100));
	}
	o->GENERAL_NAMES_free(names);
	tls_common_name(o, o->X509_get_subject_name(certificate), common, sizeof(common));
	if (out->len == 0)
		escape_add_field(out, slice_str(common[0] ? common : "nobody by name"));
}

/* Of a chain that was refused, the first certificate that is out of date; else the server's own,
 * which comes first. NULL: none is known. */
static const X509 *refused_certificate(const struct tls *tls)
{
	const struct openssl *o = &tls->lib;
	const OPENSSL_STACK *chain = (const OPENSSL_STACK *)o->SSL_get0_verified_chain(tls->ssl);
	int count = chain ? o->OPENSSL_sk_num(chain) : 0;
	for (int i = 0; i < count; i++) {
		const X509 *certificate = o->OPENSSL_sk_value(chain, i);
		if (o->X509_cmp_current_time(o->X509_get0_notAfter(certificate)) < 0 ||
		    o->X509_cmp_current_time(o->X509_get0_notBefore(certificate)) > 0)
			return certificate;
	}
	return count > 0 ? o->OPENSSL_sk_value(chain, 0) : NULL;
}

/* The certificate of SUBJECT expired on DATE, or is not valid before it, as HOW says. */
static void refuse_date(const struct transport *t, const char *subject, const char *how,
                        const ASN1_TIME *date, struct error *error)
{
	const struct tls *tls = t->state;
	struct buf text = BUF_INIT;
	add_asn1_time(&tls->lib, date, &text);
	error_set(error, NULL, "cannot connect to %s: the certificate of \"%s\" %s %s",
	          t->address->label, subject, how, buf_cstr(&text));
	hint_clock(error);
	buf_release(&text);
}

/* What is wrong with CERTIFICATE, by the CODE of OpenSSL. */
static void refuse_certificate(const struct transport *t, long code, const X509 *certificate,
                               struct error *error)
{
	const struct tls *tls = t->state;
	const struct openssl *o = &tls->lib;
	const char *label = t->address->label;
	char subject[80] = "", issuer[80] = "";
	struct buf text = BUF_INIT;
	if (certificate) {
		tls_common_name(o, o->X509_get_subject_name(certificate), subject, sizeof(subject));
		tls_common_name(o, o->X509_get_issuer_name(certificate), issuer, sizeof(issuer));
	} else if (code != X509_V_OK) {
		code = X509_V_ERR_UNSPECIFIED;
	}
	switch (code) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		refuse_date(t, subject, "expired on", o->X509_get0_notAfter(certificate), error);
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		refuse_date(t, subject, "is not valid before", o->X509_get0_notBefore(certificate),
		            error);
		break;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		error_set(error, "--tls-ca FILE trusts it, where FILE is that certificate",
		          "cannot connect to %s: the certificate of \"%s\" is self-signed", label,
		          subject);
		break;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		error_set(error, TRUSTED,
		          "cannot connect to %s: the certificate of \"%s\" is signed by \"%s\", "
		          "which is not trusted%s%s",
		          label, subject, issuer, t->options->tls.ca[0] ? " by " : "",
		          t->options->tls.ca);
		break;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		add_names(o, certificate, &text);
		error_set(error, "connect by a name that it has, or give that by --tls-name",
		          "cannot connect to %s: its certificate is for %s, not for %s", label,
		          buf_cstr(&text), tls_server_name(t));
		break;
	default:
		error_set(error, "the server needs another certificate",
		          "cannot connect to %s: its certificate is refused: %s", label,
		          o->X509_verify_cert_error_string(code));
	}
	buf_release(&text);
}

/* What answered, by its first five bytes, was not TLS: true when it can be said what it was. */
static bool answered_plain(const struct transport *t, struct error *error)
{
	const struct tls *tls = t->state;
	struct slice first = slice_of(tls->first, tls->first_len);
	const char *stranger = stranger_name(first);
	/* The types of TLS records are 20 to 23, and the versions 3.x. */
	if (first.len == 0 ||
	    (first.data[0] >= 20 && first.data[0] <= 23 && (first.len == 1 || first.data[1] == 3)))
		return false;
	if (slice_eq(first, SLICE("ERROR")) || slice_eq(first, SLICE("CLIEN"))) {
		error_set(error, "leave out --tls or tls:// for it",
		          "cannot connect to %s: that is memcached without TLS", t->address->label);
		return true;
	}
	if (stranger)
		error_set(error, NO_TLS, "cannot connect to %s: that is %s", t->address->label,
		          stranger);
	else
		error_set(error, NO_TLS, "cannot connect to %s: it answers something else than TLS",
		          t->address->label);
	return true;
}

/* What an alert or a failure of the handshake means, and what helps. */
static const struct {
	int reason;
	const char *what, *hint;
} reasons[] = {
    {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, "it wants a client's certificate",
     "give one by --tls-cert FILE and --tls-key FILE"},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA, "it does not trust who signed the client's certificate",
     "--tls-cert takes one that the server's authority signed"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "the client's certificate has expired",
     "--tls-cert takes a new one"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, "the client's certificate is revoked",
     "--tls-cert takes another"},
    {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, "it refuses the client's certificate",
     "--tls-cert takes one that the server accepts"},
    {SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, "it refuses the client's certificate",
     "--tls-cert takes one that is meant for clients"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, "it refuses the client's certificate",
     "--tls-cert takes one that the server accepts"},
    {SSL_R_TLSV1_ALERT_ACCESS_DENIED, "it denies access to the client's certificate",
     "--tls-cert takes one that the server accepts"},
    {SSL_R_TLSV1_UNRECOGNIZED_NAME, "it has no server of that name",
     "--tls-name gives the name that is asked for"},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, "it speaks neither TLS 1.2 nor 1.3",
     "older versions are not safe: the server must be brought up to date"},
    {SSL_R_UNSUPPORTED_PROTOCOL, "it speaks neither TLS 1.2 nor 1.3",
     "older versions are not safe: the server must be brought up to date"},
    {SSL_R_NO_PROTOCOLS_AVAILABLE, "the system's settings allow neither TLS 1.2 nor 1.3",
     "look into openssl.cnf"},
    {SSL_R_NO_RENEGOTIATION, "it asked to renegotiate TLS, which is refused",
     "that is not safe: the server must not ask for it"},
    {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, "the two have no way of encryption in common",
     "look at the server's ciphers (ssl_ciphers) and versions of TLS"},
};

/* By OpenSSL's REASON: true when there are better words for it than its own. */
static bool explain(const struct transport *t, int reason, const char *doing, struct error *error)
{
	const struct tls *tls = t->state;
	const unsigned char *types;
	/* TLS 1.2 has one alert for all that the server does not like. */
	if (reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE && !t->options->tls.cert[0] &&
	    tls->lib.SSL_ctrl(tls->ssl, SSL_CTRL_GET_CLIENT_CERT_TYPES, 0, &types) > 0)
		reason = SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].reason == reason) {
			error_set(error, reasons[i].hint, "%s %s: %s", doing, t->address->label,
			          reasons[i].what);
			return true;
		}
	}
	return false;
}

void tls_handshake_error(const struct transport *t, struct error *error)
{
	const struct tls *tls = t->state;
	const struct openssl *o = &tls->lib;
	unsigned long code = o->ERR_peek_error();
	const char *words = code ? o->ERR_reason_error_string(code) : NULL;
	if (answered_plain(t, error))
		return;
	if (ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
		refuse_certificate(t, o->SSL_get_verify_result(tls->ssl), refused_certificate(tls),
		                   error);
		return;
	}
	if (tls->cut) {
		error_set(error, NO_TLS,
		          "cannot connect to %s: it closed the connection in the TLS handshake",
		          t->address->label);
		return;
	}
	if (explain(t, ERR_GET_REASON(code), "cannot connect to", error))
		return;
	error_set(error, "the server's log may say more",
	          "cannot connect to %s: the TLS handshake failed: %s", t->address->label,
	          tls->code ? strerror(tls->code)
	          : words   ? words
	                    : "for no reason given");
}

void tls_stream_error(const struct transport *t, struct error *error)
{
	const struct tls *tls = t->state;
	unsigned long code = tls->lib.ERR_peek_error();
	const char *words = code ? tls->lib.ERR_reason_error_string(code) : NULL;
	int reason = ERR_GET_REASON(code);
	/* The only handshake that can fail after the first. */
	if (reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE)
		reason = SSL_R_NO_RENEGOTIATION;
	if (tls->cut)
		error_set(error,
		          "the server died, or the connection was cut on the way; the next command "
		          "connects again",
		          "%s closed the connection without TLS's own end (close_notify)",
		          t->address->label);
	else if (!explain(t, reason, "lost", error))
		error_set(error, CONNECTS_AGAIN, "%s broke TLS: %s", t->address->label,
		          tls->code ? strerror(tls->code)
		          : words   ? words
		                    : "for no reason given");
}
