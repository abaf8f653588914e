#include "command/slab_classes.h"

#include "base/xalloc.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/report.h"
#include "view/stats/slab_table.h"

#include <stdlib.h>

/* One server's answers. */
struct look {
	const struct request *asked;
	bool optional; /* some servers refuse it, and the rest says enough */
	struct slabs slabs;
	struct failure failure;
};

static void on_stat(void *ctx, const struct reply *reply)
{
	struct look *l = ctx;
	if (reply->kind == REPLY_STAT) {
		slabs_take(&l->slabs, reply->key, reply->value);
	} else if (reply->kind == REPLY_LOST || (l->failure.status == STATUS_OK && !l->optional)) {
		failure_take(&l->failure, l->asked, reply);
	}
}

/* Reports what did not come, and hands the rest to the view. */
static enum status show(struct session *s, struct look *looks, size_t first, size_t count)
{
	struct slabs_of *list = xcalloc(count, sizeof(*list));
	enum status status = STATUS_OK;
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		slabs_sort(&looks[i].slabs);
		list[i].slabs = looks[i].slabs;
		if (looks[i].failure.status == STATUS_OK) {
			list[i].server = servers_label(&s->servers, first + i);
			any = true;
		} else {
			status = status_max(status, failure_report(s, &looks[i].failure));
		}
	}
	if (any)
		slab_table_show(&s->output.results, &s->style, list, count);
	free(list);
	return status;
}

bool slab_classes_runs(const struct args *args)
{
	return args->count == 0;
}

enum status slab_classes_run(struct session *s, struct args *args)
{
	static const struct request asked[] = {
	    {.verb = VERB_STATS, .own = true, .text = SLICE_INIT("slabs")},
	    {.verb = VERB_STATS, .own = true, .text = SLICE_INIT("items")},
	    {.verb = VERB_STATS, .own = true, .text = SLICE_INIT("settings")},
	};
	struct error error;
	size_t first, end;
	if (!execute_servers(s, args, &first, &end, &error))
		return report_error(s, STATUS_USAGE, &error);
	size_t count = end - first;
	struct look *looks = xcalloc(count, sizeof(*looks));
	bool whole = true;
	for (size_t i = 0; i < 3 && whole; i++) {
		for (size_t n = 0; n < count; n++) {
			looks[n].asked = &asked[i];
			looks[n].optional = i == 2;
		}
		whole = ask_servers(s, &asked[i], first, end, on_stat, looks, sizeof(*looks));
	}
	enum status status = whole
	                         ? show(s, looks, first, count)
	                         : report_errorf(s, STATUS_LOST, "nothing is shown", "interrupted");
	for (size_t i = 0; i < count; i++)
		slabs_release(&looks[i].slabs);
	free(looks);
	return status;
}
