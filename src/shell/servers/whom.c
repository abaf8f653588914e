#include "shell/servers/whom.h"

#include "base/xalloc.h"
#include "shell/rc.h"

#include <stdlib.h>

/* The cluster of LABEL, which mcshrc may have. */
static const struct cluster *find_cluster(struct session *s, struct slice label,
                                          struct error *error)
{
	struct error unread;
	error_clear(&unread);
	const struct cluster *c = cluster_find(&s->clusters, label);
	if (!c && s->clusters.from_rc) {
		rc_read_clusters(s, &unread);
		c = cluster_find(&s->clusters, label);
	}
	if (c)
		return c;
	if (unread.what[0]) {
		*error = unread;
		return NULL;
	}
	error_set(error, NULL, "unknown cluster \"%.*s\"", SLICE_ARGS(slice_skip(label, 1), 80));
	error_hint(error, ".cluster NAME = SERVER... in mcshrc defines one%s",
	           s->clusters.from_rc ? "; .cluster lists them" : ", which is not read here");
	return NULL;
}

bool whom_connect(struct session *s, const struct slice *specs, size_t count,
                  const struct cluster **cluster, struct error *error)
{
	*cluster = NULL;
	for (size_t i = 0; i < count && count > 1; i++) {
		if (cluster_is_label(specs[i]))
			return error_set(error, "give it alone",
			                 "%.*s is a cluster, and has its servers",
			                 SLICE_ARGS(specs[i], 80));
	}
	if (count != 1 || !cluster_is_label(specs[0]))
		return servers_connect(&s->servers, specs, count, error);
	const struct cluster *c = find_cluster(s, specs[0], error);
	if (!c)
		return false;
	struct slice *own = xcalloc(c->server_count, sizeof(*own));
	for (size_t i = 0; i < c->server_count; i++)
		own[i] = slice_str(c->servers[i]);
	bool ok = servers_connect(&s->servers, own, c->server_count, error);
	free(own);
	if (ok)
		*cluster = c;
	return ok;
}
