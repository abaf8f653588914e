/*
 * Servers that are not memcached, distinguished by the first bytes that they send.
 */
#ifndef PROTO_STRANGER_H
#define PROTO_STRANGER_H

#include "base/slice.h"

/* The name of one that begins with a TLS alert. */
#define STRANGER_TLS "a TLS port"

/* What BYTES, the beginning of an unexpected answer, say of their sender: "a web server".
 * NULL: nothing is known. */
const char *stranger_name(struct slice bytes);

#endif
