/*
 * OpenSSL 3, loaded when TLS is first used: to link it would cost every start more than half of
 * what a start takes. Its headers are used when mcsh is built, so that each function has its own
 * type; its libraries are looked up by the name that these headers give them.
 *
 * Macros of OpenSSL that call a function, such as SSL_CTX_set_min_proto_version, cannot be used:
 * call what they call through the table.
 */
#ifndef CLIENT_TRANSPORT_OPENSSL_H
#define CLIENT_TRANSPORT_OPENSSL_H

#include "base/status.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define OPENSSL_FUNCTIONS(X)                                                                       \
	X(ASN1_STRING_get0_data)                                                                   \
	X(ASN1_STRING_length)                                                                      \
	X(ASN1_TIME_to_tm)                                                                         \
	X(ERR_clear_error)                                                                         \
	X(ERR_peek_error)                                                                          \
	X(ERR_peek_last_error)                                                                     \
	X(ERR_reason_error_string)                                                                 \
	X(GENERAL_NAMES_free)                                                                      \
	X(OBJ_nid2ln)                                                                              \
	X(OPENSSL_sk_num)                                                                          \
	X(OPENSSL_sk_value)                                                                        \
	X(SSL_CIPHER_get_cipher_nid)                                                               \
	X(SSL_connect)                                                                             \
	X(SSL_ctrl)                                                                                \
	X(SSL_CTX_check_private_key)                                                               \
	X(SSL_CTX_ctrl)                                                                            \
	X(SSL_CTX_free)                                                                            \
	X(SSL_CTX_load_verify_file)                                                                \
	X(SSL_CTX_new)                                                                             \
	X(SSL_CTX_set_default_passwd_cb)                                                           \
	X(SSL_CTX_set_default_passwd_cb_userdata)                                                  \
	X(SSL_CTX_set_default_verify_paths)                                                        \
	X(SSL_CTX_set_options)                                                                     \
	X(SSL_CTX_set_verify)                                                                      \
	X(SSL_CTX_use_certificate_chain_file)                                                      \
	X(SSL_CTX_use_PrivateKey_file)                                                             \
	X(SSL_free)                                                                                \
	X(SSL_get0_param)                                                                          \
	X(SSL_get0_verified_chain)                                                                 \
	X(SSL_get1_peer_certificate)                                                               \
	X(SSL_get_current_cipher)                                                                  \
	X(SSL_get_error)                                                                           \
	X(SSL_get_verify_result)                                                                   \
	X(SSL_get_version)                                                                         \
	X(SSL_new)                                                                                 \
	X(SSL_peek_ex)                                                                             \
	X(SSL_pending)                                                                             \
	X(SSL_read_ex)                                                                             \
	X(SSL_set1_host)                                                                           \
	X(SSL_set_fd)                                                                              \
	X(SSL_set_hostflags)                                                                       \
	X(SSL_set_msg_callback)                                                                    \
	X(SSL_shutdown)                                                                            \
	X(SSL_write_ex)                                                                            \
	X(TLS_client_method)                                                                       \
	X(X509_cmp_current_time)                                                                   \
	X(X509_free)                                                                               \
	X(X509_get0_notAfter)                                                                      \
	X(X509_get0_notBefore)                                                                     \
	X(X509_get_ext_d2i)                                                                        \
	X(X509_get_issuer_name)                                                                    \
	X(X509_get_subject_name)                                                                   \
	X(X509_NAME_get_text_by_NID)                                                               \
	X(X509_verify_cert_error_string)                                                           \
	X(X509_VERIFY_PARAM_set1_ip_asc)                                                           \
	X(X509_VERIFY_PARAM_set_flags)

struct openssl {
#define OPENSSL_MEMBER(name) __typeof__(&name) name;
	OPENSSL_FUNCTIONS(OPENSSL_MEMBER)
#undef OPENSSL_MEMBER
};

/* Fills O. The library stays loaded; to do so again costs a look at each name. On false ERROR says
 * what is missing. */
bool openssl_load(struct openssl *o, struct error *error);

#endif
