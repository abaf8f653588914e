#include "shell/flow/route.h"

/* More keys than this are divided into lines even for one server. */
#define LINE_KEYS 1000

/* Several keys are divided over the servers that hold them. Lines of gat may not be long. */
static bool is_divided(const struct client *client, const struct ask *ask)
{
	const struct request *r = ask->request;
	return ask->target.kind == TARGET_KEYS && request_expects(r) == EXPECT_VALUES &&
	       r->key_count > 1 &&
	       (client_server_count(client) > 1 || r->key_count > LINE_KEYS ||
	        r->verb == VERB_GAT || r->verb == VERB_GATS);
}

struct destination route(const struct client *client, const struct ask *ask, struct slice first)
{
	struct destination to = {.kind = TO_ONE};
	if (ask->target.kind == TARGET_ALL && client_server_count(client) > 1)
		to.kind = TO_EACH;
	else if (is_divided(client, ask))
		to.kind = TO_SHARES;
	if (to.kind != TO_ONE)
		return to;
	if (ask->target.kind == TARGET_SERVER) {
		to.route.kind = ROUTE_SERVER;
		to.server = ask->target.server;
	} else if (ask->target.kind == TARGET_HASH) {
		to.route = (struct route){.kind = ROUTE_HASH, .hash = ask->target.hash};
		to.server = client_route(client, first, &to.route);
	} else {
		to.route.kind = ROUTE_KEY;
		if (ask->request->key_count > 0)
			to.server = client_route(client, first, &to.route);
	}
	return to;
}
