#include "shell/servers/cluster.h"
#include "command/rows.h"
#include "shell/report.h"
#include "shell/session.h"
#include "view/text/table.h"

static const struct command_option cluster_options[] = {
    {"--distribution", "NAME", "whose way of placing keys is followed there", NULL},
    {"--profile", "CLIENT", "whose flags are believed there", NULL},
    {"--key-prefix", "P", "what is put before every key there", NULL},
    {"--readonly", NULL, "nothing is changed there", NULL},
    {"--production", NULL, "marked in the prompt; what destroys asks for its name", NULL},
    {0},
};

/* What a column has for a mark: a word for eyes and pipes. */
static const char *yes(bool mark)
{
	return mark ? "yes" : "";
}

static enum status list_clusters(struct session *s, const struct cluster *only)
{
	static const struct table_column columns[] = {
	    {"cluster", false},    {"distribution", false}, {"profile", false},
	    {"key_prefix", false}, {"production", false},   {"readonly", false},
	    {"in_use", false},     {"servers", false}};
	struct table t;
	struct buf servers = BUF_INIT;
	table_begin(&t, &s->style, &s->output.results, ".cluster", columns,
	            sizeof(columns) / sizeof(columns[0]));
	for (const struct cluster *c = s->clusters.first; c; c = c->next) {
		if (only && c != only)
			continue;
		buf_clear(&servers);
		for (size_t i = 0; i < c->server_count; i++)
			buf_addf(&servers, "%s%s", i ? " " : "", c->servers[i]);
		table_cell_str(&t, c->production ? PAINT_BAD : PAINT_KEY, cluster_name(c));
		for (size_t i = 0; i < CLUSTER_SETTINGS; i++)
			table_cell_str(&t, PAINT_NONE, c->values[i] ? c->values[i] : "");
		table_cell_str(&t, PAINT_NONE, yes(c->production));
		table_cell_str(&t, PAINT_NONE, yes(c->readonly));
		table_cell_str(&t, PAINT_NONE, yes(c == s->servers.cluster));
		table_cell(&t, PAINT_NONE, buf_slice(&servers));
	}
	table_end(&t);
	if (!s->clusters.first && session_chats(s))
		buf_add_str(&s->output.results,
		            "no cluster is named: .cluster NAME = SERVER... names one\n");
	buf_release(&servers);
	return STATUS_OK;
}

/* One row, of a name that was typed without more. */
static enum status show_cluster(struct session *s, struct slice name)
{
	for (const struct cluster *c = s->clusters.first; c; c = c->next) {
		if (slice_eq_str(name, cluster_name(c)))
			return list_clusters(s, c);
	}
	return report_errorf(s, STATUS_USAGE,
	                     ".cluster NAME = SERVER... defines one; .cluster lists them",
	                     "unknown cluster \"%.*s\"", SLICE_ARGS(name, 80));
}

static enum status run_cluster(struct session *s, struct args *args)
{
	struct error error;
	if (args->count == 0 && !args->any_given)
		return list_clusters(s, NULL);
	if (args->count == 1 && !args->any_given)
		return show_cluster(s, args->operands[0]);
	if (!cluster_define(s, args, &error))
		return report_error(s, STATUS_USAGE, &error);
	return STATUS_OK;
}

const struct command command_dot_cluster = {
    .name = ".cluster",
    .group = GROUP_CONNECT,
    .flags = COMMAND_MIXED,
    .operands = "[NAME] [=] [SERVER...]",
    .options = cluster_options,
    .summary = "give servers a name, or list those that have one",
    .about = "Names SERVERs: .connect @NAME, or mcsh @NAME, talks to them then. In mcshrc it is "
	     "known to each session. The settings that "
	     "it has go with it: they are in force as long as its servers are talked to, but for "
	     "those that the command line gave. The prompt shows its name; of one that is "
	     "--production in red, or with that word where there are no colours, and there a "
	     "command that destroys is carried out only when the name of the cluster is typed, "
	     "whatever .set confirm says; of one that is --readonly nothing is changed, whatever "
	     ".set readonly says. Alone it lists all clusters, with a NAME that one.",
    .example = "> .cluster prod = cache1 cache2:11212:2 --distribution ketama --production\n"
	       "> .cluster | cut -f 1,2,5,8\nprod\tketama\tyes\tcache1 cache2:11212:2\n",
    .effect = EFFECT_READS,
    .run = run_cluster,
};
