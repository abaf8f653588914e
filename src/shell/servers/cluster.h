/*
 * Clusters: servers that have a name, with the settings that go with them. `.cluster NAME = ...`
 * defines one, mostly in mcshrc, and @NAME stands for its servers wherever all of them are named.
 */
#ifndef SHELL_SERVERS_CLUSTER_H
#define SHELL_SERVERS_CLUSTER_H

#include "shell/lang/args.h"
#include "shell/settings.h"

/* The settings that a cluster can have a value of its own for: distribution, profile, key_prefix.
 */
#define CLUSTER_SETTINGS 3

/* The longest name of a cluster, in bytes. */
#define CLUSTER_NAME_MAX 63

struct cluster {
	char *label;    /* "@prod" */
	char **servers; /* as they were typed, see client/address.h */
	size_t server_count;
	char *values[CLUSTER_SETTINGS]; /* of cluster_setting's settings; NULL: the session's */
	bool production;                /* many feel what is done there */
	bool readonly;                  /* nothing is changed there */
	struct cluster *next;
};

/* All that are known, and what the session's own settings are while those of a cluster are in
 * force. */
struct clusters {
	struct cluster *first;
	bool from_rc;                 /* mcshrc may be read for those that are not known */
	bool kept[CLUSTER_SETTINGS];  /* given on the command line, which comes first */
	bool saved[CLUSTER_SETTINGS]; /* the session's own is in `own` */
	char own[CLUSTER_SETTINGS][SETTING_TEXT];
	bool own_readonly; /* with readonly_by READONLY_BY_CLUSTER */
};

/* "prod" of "@prod" */
static inline const char *cluster_name(const struct cluster *c)
{
	return c->label + 1;
}

/* Whether SPEC, in a server's place, stands for a cluster. */
static inline bool cluster_is_label(struct slice spec)
{
	return spec.len > 0 && spec.data[0] == '@';
}

/* The setting at place I; NULL after the last. */
const struct setting *cluster_setting(size_t i);

/* Defines what ARGS, of .cluster, say: NAME = SERVER... and options. One of the same name is
 * replaced where it stands. On false ERROR says what is wrong, and nothing has changed. */
bool cluster_define(struct session *s, const struct args *args, struct error *error);

/* The one with this LABEL ("@prod"), or NULL. */
const struct cluster *cluster_find(const struct clusters *clusters, struct slice label);

/* Gives the session the settings of C from now on, where it has its own; NULL: its own again. Its
 * servers are then those of C (servers.h). */
void cluster_enter(struct session *s, const struct cluster *c);

/* Between these two the session has its own settings, and what changes them changes these. */
void cluster_lift_settings(struct session *s);
void cluster_lay_settings(struct session *s);

void clusters_release(struct clusters *clusters);

#endif
