/*
 * TLS on top of a TCP connection, by OpenSSL: version 1.2 at the least, the server's certificate
 * checked for its issuer (options->tls.ca, else the system's trust store), its dates and its name.
 * The options are read at each connection; each begins with a handshake of its own. Renegotiation
 * is refused. OpenSSL writes by write(2): SIGPIPE must be ignored.
 */
#ifndef CLIENT_TRANSPORT_TLS_H
#define CLIENT_TRANSPORT_TLS_H

#include "client/transport/transport.h"

extern const struct transport_row transport_tls;

#endif
