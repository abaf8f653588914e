/*
 * UDP, as memcached -U has it: for get, gets, version and stats. A request goes when the answer of
 * the one before has come whole; no datagram is sent again, so that one that is lost is an answer
 * that does not come in time.
 */
#ifndef CLIENT_TRANSPORT_UDP_H
#define CLIENT_TRANSPORT_UDP_H

#include "client/transport/transport.h"

extern const struct transport_row transport_udp;

#endif
