#include "lib/cluster.h"
#include "lib/unit.h"

#include <stdio.h>

void cluster_servers(struct distribution_server *servers, size_t count)
{
	static const char *const hosts[CLUSTER_MAX] = {
	    "cache1.example", "cache2.example",  "cache3.example",  "cache4.example",
	    "cache5.example", "cache6.example",  "cache7.example",  "cache8.example",
	    "cache9.example", "cache10.example", "cache11.example", "cache12.example"};
	for (size_t i = 0; i < count; i++)
		servers[i] = (struct distribution_server){hosts[i], 11211, 1, NULL};
}

struct slice cluster_key(char room[static CLUSTER_KEY_ROOM], size_t number)
{
	return slice_of(room, (size_t)snprintf(room, CLUSTER_KEY_ROOM, "user:%zu:name", number));
}

struct distribution *cluster_build(const char *setup, const struct distribution_server *servers,
                                   size_t count)
{
	const struct distribution_setup *found = distribution_find(slice_str(setup));
	if (!found)
		fail_msg("there is no set-up %s", setup);
	return distribution_new(found, servers, count);
}

void cluster_count(const struct distribution *d, size_t *counts, size_t count)
{
	memset(counts, 0, count * sizeof(*counts));
	for (size_t number = 0; number < CLUSTER_KEYS; number++) {
		char room[CLUSTER_KEY_ROOM];
		size_t server = distribution_pick(d, cluster_key(room, number), 0);
		assert_in_range(server, 0, count - 1);
		counts[server]++;
	}
}
