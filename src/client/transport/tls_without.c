#include "client/transport/tls.h"

/* mcsh was configured without OpenSSL. */
static enum transport_result refuse(struct transport *t, struct error *error)
{
	error_set(error, "build it with OpenSSL, whose headers libssl-dev has",
	          "cannot connect to %s: this mcsh was built without TLS", t->address->label);
	return TRANSPORT_FAILED;
}

const struct transport_row transport_tls = {.name = "TLS", .handshake = refuse};
