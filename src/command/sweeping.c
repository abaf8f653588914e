#include "command/sweeping.h"

#include "command/arguments.h"
#include "shell/answer.h"
#include "shell/execute.h"
#include "shell/report.h"
#include "view/text/wrap.h"

/* The most items a second that --rate asks for. */
#define RATE_MAX 10000000

static bool read_plan(struct session *s, const struct args *args, struct keyfilter *filter,
                      struct sweep_plan *plan, struct error *error)
{
	struct slice rate;
	plan->command = args->command->name;
	plan->filter = filter;
	if (!keyfilter_read(filter, args, args->count > 0 ? &args->operands[0] : NULL, error))
		return false;
	if (!filter->has_glob && !keyfilter_picks(filter))
		return error_set(error, "give a GLOB or --prefix P; \"*\" is all of them",
		                 "%s: which items?", plan->command);
	if (args_option(args, "--yes", NULL) && args_option(args, "--dry-run", NULL))
		return error_set(error, "leave one of them out",
		                 "--yes and --dry-run exclude each other");
	if (args_option(args, "--rate", &rate)) {
		if (!argument_number(rate, "--rate", RATE_MAX, &plan->rate, error))
			return false;
		if (plan->rate == 0)
			return error_set(error, "write a number from 1 on",
			                 "--rate 0 would never end");
	}
	return execute_servers(s, args, &plan->first, &plan->end, error);
}

/* What would be done, and SAMPLES for it. */
static void fill_report(struct sweep *w, struct sweep_report *r, struct slice *samples)
{
	for (size_t i = 0; i < w->sample_count; i++)
		samples[i] = slice_of(w->samples[i].key, w->samples[i].len);
	r->dry_run = true;
	r->counts.done = w->found.found;
	r->counts.bytes = w->found.bytes;
	r->looked_at = w->found.looked_at;
	r->samples = samples;
	r->sample_count = w->sample_count;
	if (r->counts.done > 0)
		r->counts.elapsed = sweep_estimate(w);
}

static enum status ask(struct session *s, const struct sweep_report *r, const char *after)
{
	struct buf lines = BUF_INIT;
	struct style eyes = s->style;
	eyes.format = FORMAT_PRETTY;
	sweep_add(&lines, &eyes, r);
	wrap_add(&lines, slice_str(after), 0, 0, s->style.columns);
	enum status status = execute_confirm(s, r->command, slice_trim(buf_slice(&lines)));
	buf_release(&lines);
	return status;
}

static void show(struct session *s, const struct sweep_report *r)
{
	sweep_add(&s->output.results, &s->style, r);
	answer_given(&s->run.answer);
}

static enum status apply(struct sweep *w, struct sweep_report *r)
{
	r->status = sweep_apply(w, &r->counts);
	r->dry_run = false;
	show(w->s, r);
	return r->status;
}

/* The walk is over and has gathered all of them. */
static enum status go_on(struct sweep *w, const struct args *args, struct sweep_report *r,
                         const char *after)
{
	struct session *s = w->s;
	struct slice samples[SWEEP_SAMPLES];
	bool yes = args_option(args, "--yes", NULL);
	fill_report(w, r, samples);
	if (r->counts.done > 0 && !args_option(args, "--dry-run", NULL)) {
		bool asks = execute_asks(s) && (!yes || servers_are_production(&s->servers));
		enum status status = asks ? ask(s, r, after) : STATUS_OK;
		if (status != STATUS_OK)
			return status;
		if (asks || yes || s->mode.interactive)
			return apply(w, r);
	}
	/* What was to be done has been, where there is nothing to do. */
	r->dry_run = r->counts.done > 0 || !yes;
	show(s, r);
	if (r->counts.done > 0 && !s->mode.interactive && !args_option(args, "--dry-run", NULL))
		report_errorf(s, STATUS_OK, "--yes does it", "note: a dry run, nothing was %s",
		              r->done);
	return STATUS_OK;
}

enum status sweeping_run(struct session *s, const struct args *args, struct sweep_plan *plan,
                         const char *verb, const char *done, const char *after)
{
	struct keyfilter filter = keyfilter_all;
	struct sweep w = {0};
	struct sweep_report report = {.command = args->command->name, .verb = verb, .done = done};
	struct error error;
	enum status status;
	if (read_plan(s, args, &filter, plan, &error)) {
		status = sweep_gather(&w, s, plan);
		if (status == STATUS_OK)
			status = go_on(&w, args, &report, after);
		sweep_release(&w);
	} else {
		status = report_error(s, STATUS_USAGE, &error);
	}
	keyfilter_release(&filter);
	return status;
}
