/*
 * Servers that are not memcached, distinguished by the first bytes that they send.
 */
#ifndef PROTO_STRANGER_H
#define PROTO_STRANGER_H

#include "base/status.h"

/* What BYTES, the beginning of an unexpected answer, say of their sender: "a web server".
 * NULL: nothing is known. */
const char *stranger_name(struct slice bytes);

/* The same as an error, "LABEL is a web server", and what to do. False: nothing is known, and ERROR
 * is as it was. */
bool stranger_is(struct error *error, const char *label, struct slice bytes);

#endif
