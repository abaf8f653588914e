#include "shell/servers.h"

const char *servers_label(const struct servers *servers, size_t server)
{
	return server < client_server_count(servers->client)
	           ? conn_address(client_server(servers->client, server))->label
	           : "";
}
