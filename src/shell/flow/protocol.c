#include "shell/flow/protocol.h"

#include "client/transport/transport.h"
#include "proto/dialect.h"
#include "proto/meta.h"

/* Commands that are pipelined before a server is asked what it speaks: a short script is not worth
 * the question. */
#define ASK_AFTER 256

/* In PROTOCOL_AUTO, to a server that is known for memcached, gets share lines and the rest goes out
 * in the meta form where that does the same. */
static struct form choose(struct servers *servers, const struct request *wire, size_t server)
{
	struct form form = {0};
	if (wire->verb == VERB_GET || wire->verb == VERB_GETS)
		form.shares_line = wire->key_count == 1;
	else if (meta_does_the_same(wire))
		form.dialect = DIALECT_META;
	else
		return form;
	return client_speaks(servers->client, server, DIALECT_META) ? form : (struct form){0};
}

/* Whether WIRE's meta form reaches its servers: UDP carries none. */
static bool can_be_meta(const struct servers *servers, const struct request *wire, size_t server)
{
	struct client *client = servers->client;
	size_t end = client_server_count(client);
	struct request meta = *wire;
	struct error ignored;
	meta.dialect = DIALECT_META;
	if (!dialects[DIALECT_META].has_form(wire))
		return false;
	for (size_t i = wire->key_count > 1 ? 0 : server; i < end; i++) {
		if (!transport_carries(conn_address(client_server(client, i)), &servers->options,
		                       &meta, &ignored))
			return false;
		if (wire->key_count <= 1)
			break;
	}
	return true;
}

struct form protocol_choose(struct session *s, const struct request *wire, size_t server,
                            size_t pipelined)
{
	switch (s->settings.protocol) {
	case PROTOCOL_CLASSIC:
		break;
	case PROTOCOL_META:
		if (can_be_meta(&s->servers, wire, server))
			return (struct form){.dialect = DIALECT_META};
		break;
	case PROTOCOL_BINARY:
		return (struct form){.dialect = DIALECT_BINARY};
	case PROTOCOL_AUTO:
		if (!dialects[DIALECT_CLASSIC].has_form(wire) &&
		    dialects[DIALECT_META].has_form(wire))
			return (struct form){.dialect = DIALECT_META};
		if (pipelined >= ASK_AFTER && s->settings.format != FORMAT_WIRE)
			return choose(&s->servers, wire, server);
		break;
	}
	return (struct form){0};
}
