#include "command/stats_since.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/report.h"
#include "view/stats/since.h"

#include <stdlib.h>

static const struct request stats = {.verb = VERB_STATS};

/* One server's answer. */
struct coming {
	struct sample sample;
	struct failure failure;
};

static void on_stat(void *ctx, const struct reply *reply)
{
	struct coming *c = ctx;
	if (reply->kind == REPLY_STAT)
		sample_add(&c->sample, reply->key, reply->value);
	else if (!failure_take(&c->failure, &stats, reply))
		c->sample.at = clock_now();
}

/* Compares what came with what was seen before; from now on that has been seen. */
static enum status show(struct session *s, struct coming *coming, size_t first, size_t count)
{
	struct since_of *list = xcalloc(count, sizeof(*list));
	enum status status = STATUS_OK;
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		const char *server = servers_label(&s->servers, first + i);
		if (coming[i].failure.status != STATUS_OK) {
			status = status_max(status, failure_report(s, &coming[i].failure));
			continue;
		}
		list[i].server = server;
		interval_of(&list[i].interval, looks_of(&s->run.looks, server), &coming[i].sample);
		any = true;
	}
	if (any)
		since_show(&s->output.results, &s->style, list, count);
	for (size_t i = 0; i < count; i++) {
		interval_release(&list[i].interval);
		if (list[i].server)
			looks_put(&s->run.looks, list[i].server, &coming[i].sample);
	}
	free(list);
	return status;
}

bool stats_since_runs(const struct args *args)
{
	return args_option(args, "--since", NULL);
}

enum status stats_since_run(struct session *s, struct args *args)
{
	struct error error;
	size_t first, end;
	if (args->count > 0) {
		error_set(&error, "type stats --since",
		          "--since is of the general counters, and not of stats %.*s",
		          SLICE_ARGS(args->operands[0], 100));
		return report_error(s, STATUS_USAGE, &error);
	}
	if (!execute_servers(s, args, &first, &end, &error))
		return report_error(s, STATUS_USAGE, &error);
	struct coming *coming = xcalloc(end - first, sizeof(*coming));
	enum status status = STATUS_LOST;
	if (ask_servers(s, &stats, first, end, on_stat, coming, sizeof(*coming)))
		status = show(s, coming, first, end - first);
	else
		report_errorf(s, STATUS_LOST, "nothing is shown", "interrupted");
	for (size_t i = 0; i < end - first; i++)
		sample_release(&coming[i].sample);
	free(coming);
	return status;
}
