#include "shell/servers/cluster.h"

#include "base/xalloc.h"
#include "shell/session.h"

#include <stdlib.h>

static const char *const setting_names[CLUSTER_SETTINGS] = {"distribution", "profile",
                                                            "key_prefix"};
static const char *const option_names[CLUSTER_SETTINGS] = {"--distribution", "--profile",
                                                           "--key-prefix"};

const struct setting *cluster_setting(size_t i)
{
	struct error ignored;
	return i < CLUSTER_SETTINGS ? setting_find(slice_str(setting_names[i]), &ignored) : NULL;
}

static void release_content(struct cluster *c)
{
	for (size_t i = 0; i < c->server_count; i++)
		free(c->servers[i]);
	free(c->servers);
	for (size_t i = 0; i < CLUSTER_SETTINGS; i++)
		free(c->values[i]);
}

static bool check_name(struct slice name, struct error *error)
{
	bool ok = name.len > 0 && name.len <= CLUSTER_NAME_MAX;
	for (size_t i = 0; ok && i < name.len; i++) {
		char c = name.data[i];
		ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		     (c != '\0' && strchr("_.-", c) && i > 0);
	}
	return ok ||
	       error_set(error,
	                 "a name has letters, digits, and after the first - _ and .; 63 at most",
	                 "a cluster cannot be called \"%.*s\"", SLICE_ARGS(name, 80));
}

static bool check_servers(const struct slice *specs, size_t count, struct error *error)
{
	if (count > SERVERS_MAX)
		return error_set(error, "leave some out",
		                 "%zu servers are named, and mcsh takes %d at most", count,
		                 SERVERS_MAX);
	for (size_t i = 0; i < count; i++) {
		struct address address;
		if (cluster_is_label(specs[i]))
			return error_set(error, "name its servers",
			                 "a cluster holds no other: %.*s",
			                 SLICE_ARGS(specs[i], 80));
		if (!servers_parse(specs, i, &address, error))
			return false;
		address_release(&address);
	}
	return true;
}

/* Whether each setting takes the value that ARGS have for it: it is tried. */
static bool check_values(struct session *s, const struct args *args, struct error *error)
{
	struct settings before = s->settings;
	bool ok = true;
	for (size_t i = 0; ok && i < CLUSTER_SETTINGS; i++) {
		struct slice value;
		ok = !args_option(args, option_names[i], &value) ||
		     setting_change(s, cluster_setting(i), value, error);
	}
	s->settings = before;
	return ok;
}

static struct cluster *find(const struct clusters *clusters, struct slice name)
{
	for (struct cluster *c = clusters->first; c; c = c->next) {
		if (slice_eq_str(name, cluster_name(c)))
			return c;
	}
	return NULL;
}

/* A new one, without content, after those that there are. */
static struct cluster *append(struct clusters *clusters, struct slice name)
{
	struct cluster *c = xcalloc(1, sizeof(*c)), **at = &clusters->first;
	struct buf label = BUF_INIT;
	buf_add_char(&label, '@');
	buf_add_slice(&label, name);
	c->label = xmemdup0(label.data, label.len);
	buf_release(&label);
	while (*at)
		at = &(*at)->next;
	*at = c;
	return c;
}

bool cluster_define(struct session *s, const struct args *args, struct error *error)
{
	const struct slice *words = args->operands;
	if (args->count < 3 || !slice_eq_str(words[1], "="))
		return error_set(error, ".cluster NAME = SERVER..., with blanks around the =",
		                 ".cluster: a name, = and the servers are wanted");
	const struct slice *specs = words + 2;
	size_t count = args->count - 2;
	if (!check_name(words[0], error) || !check_servers(specs, count, error) ||
	    !check_values(s, args, error))
		return false;
	struct cluster *c = find(&s->clusters, words[0]);
	if (c)
		release_content(c);
	else
		c = append(&s->clusters, words[0]);
	*c = (struct cluster){.label = c->label, .server_count = count, .next = c->next};
	c->production = args_option(args, "--production", NULL);
	c->readonly = args_option(args, "--readonly", NULL);
	c->servers = xcalloc(count, sizeof(*c->servers));
	for (size_t i = 0; i < count; i++)
		c->servers[i] = xmemdup0(specs[i].data, specs[i].len);
	for (size_t i = 0; i < CLUSTER_SETTINGS; i++) {
		struct slice value;
		if (args_option(args, option_names[i], &value))
			c->values[i] = xmemdup0(value.data, value.len);
	}
	return true;
}

const struct cluster *cluster_find(const struct clusters *clusters, struct slice label)
{
	return cluster_is_label(label) ? find(clusters, slice_skip(label, 1)) : NULL;
}

/* Their values were taken before, or come from the settings themselves. */
static void change(struct session *s, size_t i, const char *value)
{
	struct error ignored;
	setting_change(s, cluster_setting(i), slice_str(value), &ignored);
}

void cluster_lift_settings(struct session *s)
{
	struct clusters *all = &s->clusters;
	for (size_t i = 0; i < CLUSTER_SETTINGS; i++) {
		if (all->saved[i])
			change(s, i, all->own[i]);
		all->saved[i] = false;
	}
}

void cluster_lay_settings(struct session *s)
{
	struct clusters *all = &s->clusters;
	const struct cluster *c = s->servers.cluster;
	for (size_t i = 0; c && i < CLUSTER_SETTINGS; i++) {
		if (!c->values[i] || all->kept[i])
			continue;
		struct buf value = BUF_INIT;
		setting_show(s, cluster_setting(i), &value);
		memcpy(all->own[i], buf_cstr(&value), value.len + 1);
		buf_release(&value);
		all->saved[i] = true;
		change(s, i, c->values[i]);
	}
}

/* The mark of the cluster that was left goes, that of C comes; --readonly outlasts both. */
static void mark_readonly(struct session *s, const struct cluster *c)
{
	bool *readonly = &s->servers.options.readonly;
	enum readonly_by *by = &s->settings.readonly_by;
	if (*readonly && *by == READONLY_BY_CLUSTER) {
		*readonly = s->clusters.own_readonly;
		*by = READONLY_BY_USER;
	}
	if (!c || !c->readonly || (*readonly && *by == READONLY_BY_START))
		return;
	s->clusters.own_readonly = *readonly;
	*readonly = true;
	*by = READONLY_BY_CLUSTER;
}

void cluster_enter(struct session *s, const struct cluster *c)
{
	cluster_lift_settings(s);
	s->servers.cluster = c;
	mark_readonly(s, c);
	cluster_lay_settings(s);
}

void clusters_release(struct clusters *clusters)
{
	while (clusters->first) {
		struct cluster *c = clusters->first;
		clusters->first = c->next;
		release_content(c);
		free(c->label);
		free(c);
	}
}
