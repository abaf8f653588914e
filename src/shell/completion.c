#include "shell/completion.h"

#include "shell/session.h"

static const char *server_at(const void *ctx, size_t i)
{
	const struct session *s = ctx;
	return i < client_server_count(s->servers.client) ? servers_label(&s->servers, i) : NULL;
}

static const char *setting_at(const void *ctx, size_t i)
{
	(void)ctx;
	return settings_table[i].name;
}

static const char *cluster_at(const void *ctx, size_t i)
{
	const struct session *s = ctx;
	const struct cluster *c = s->clusters.first;
	while (c && i-- > 0)
		c = c->next;
	return c ? c->label : NULL;
}

static bool add_values(const void *ctx, struct slice name, struct buf *out)
{
	struct error ignored;
	const struct setting *t = setting_find(name, &ignored);
	(void)ctx;
	if (!t)
		return false;
	setting_choices(t, out);
	return t->kind == SETTING_STRING;
}

struct sources completion_sources(const struct session *s)
{
	return (struct sources){.commands = s->commands,
	                        .keys = &s->run.keys,
	                        .ctx = s,
	                        .server = server_at,
	                        .setting = setting_at,
	                        .cluster = cluster_at,
	                        .values = add_values};
}
