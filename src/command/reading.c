#include "command/reading.h"

#include "shell/io/interrupt.h"
#include "shell/items/walking.h"
#include "shell/report.h"
#include "shell/tracing.h"

static bool wants(void *ctx, const struct crawled *item)
{
	const struct reading *r = ctx;
	return !r->enough && walk_lets_pass(r->s, &r->filter, r->own_prefix, r->server, item);
}

static int full(void *ctx)
{
	struct reading *r = ctx;
	int fd = bulk_out_full(&r->out);
	return fd >= 0 ? fd : tracing_write_some(&r->s->tracing);
}

static void guard(void *ctx, int fd)
{
	(void)ctx;
	interrupt_guard_stop(0, fd, conn_cut);
}

static void add_counts(struct dump_counts *to, const struct dump_counts *more)
{
	to->looked_at += more->looked_at;
	to->listed += more->listed;
	to->items += more->items;
	to->bytes += more->bytes;
	to->expired += more->expired;
	to->gone += more->gone;
	to->refused += more->refused;
	to->tokens += more->tokens;
}

static void tick(void *ctx, const struct dump_counts *counts)
{
	struct reading *r = ctx;
	struct dump_counts all = r->total;
	add_counts(&all, counts);
	progress_items(&r->progress, all.items, r->expected, all.bytes, all.items, r->expected);
	tracing_write_some(&r->s->tracing);
	output_tick(&r->s->output);
}

bool reading_server(struct reading *r, struct dump_plan *plan, const char *what_now,
                    enum status *status)
{
	struct dump_result result;
	plan->address = conn_address(client_server(r->s->servers.client, r->server));
	plan->options = &r->s->servers.options;
	plan->ctx = r;
	plan->wants = wants;
	plan->guard = guard;
	plan->full = full;
	plan->tick = tick;
	r->s->tracing.holding = true;
	dump_run(plan, &result);
	r->s->tracing.holding = false;
	add_counts(&r->total, &result.counts);
	if (result.interrupted)
		*status = STATUS_LOST;
	if (result.interrupted || result.stopped || r->enough || r->out.failed)
		return false;
	if (interrupt_was_cut() && result.status == STATUS_LOST)
		error_set(&result.error, what_now,
		          "stopped while %s listed its keys: the list was closed, because a server "
		          "stands still with one that is not read",
		          plan->address->label);
	if (result.status != STATUS_OK) {
		progress_clear(&r->progress);
		*status = status_max(*status, report_error(r->s, result.status, &result.error));
	}
	return true;
}
