#include "shell/items/walk.h"

#include "base/deadline.h"
#include "base/number.h"
#include "base/quote.h"
#include "shell/flow/ask.h"
#include "shell/items/walk_lists.h"
#include "shell/items/walk_names.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/text/paint.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

#include <stdlib.h>

static void on_stat(void *ctx, const struct reply *reply)
{
	uint64_t *stored = ctx, n;
	if (reply->kind == REPLY_STAT && slice_eq(reply->key, SLICE("total_items")) &&
	    number_parse_u64(reply->value, &n) == NUMBER_OK)
		*stored += n;
}

/* How many items were stored meanwhile, for a person to know. */
static void count_stored(struct walking *w)
{
	uint64_t stored = 0;
	if (w->plan->ask || !session_chats(w->s) || w->s->style.format != FORMAT_PRETTY ||
	    w->failed > 0 || w->stored == 0 || w->end->enough || w->end->interrupted ||
	    w->end->unread)
		return;
	ask_stats(w->s, "", w->plan->first, w->plan->end, on_stat, &stored, 0);
	w->end->stored = stored > w->stored ? stored - w->stored : 0;
}

static void report(struct walking *w)
{
	struct session *s = w->s;
	struct walk_end *end = w->end;
	for (size_t i = 0; i < w->failed && !end->unread; i++) {
		struct failure *f = &w->failures[i];
		if (f->status == STATUS_SERVER && w->plan->filter->takes_names &&
		    w->plan->filter->names.len == 0)
			error_hint_also(&f->error, "--keys-from FILE looks up keys that you name");
		end->status = status_max(end->status, failure_report(s, f));
	}
	if (end->interrupted)
		end->status = report_errorf(s, STATUS_LOST, "what was found by then was used",
		                            "interrupted after %s",
		                            count_text(end->found, " item", " items").s);
}

bool walk_can(const struct session *s, const struct keyfilter *filter, struct error *error)
{
	return !filter->misplaced || client_server_count(s->servers.client) > 1 ||
	       error_set(error, "name all of the cluster",
	                 "--misplaced: on a single server no item is");
}

/* A word without a wildcard is hardly meant as a whole key. */
static void note_whole_key(const struct walking *w)
{
	const struct keyfilter *filter = w->plan->filter;
	struct slice glob = filter->glob;
	if (!w->s->mode.interactive || !filter->has_glob || w->end->found > 0 ||
	    w->end->status != STATUS_OK || memchr(glob.data, '*', glob.len) ||
	    memchr(glob.data, '?', glob.len) || memchr(glob.data, '[', glob.len))
		return;
	struct buf key = BUF_INIT;
	quote_add_word(&key, slice_first(glob, 60));
	struct error error;
	error_set(&error, NULL, "note: %s stands for one whole key", buf_cstr(&key));
	error_hint(&error, "%s* fits all that begin so", buf_cstr(&key));
	report_error(w->s, STATUS_OK, &error);
	buf_release(&key);
}

enum status walk(struct session *s, const struct walk_plan *plan, struct walk_end *end)
{
	struct walking w = {.s = s, .plan = plan, .end = end};
	*end = (struct walk_end){.picks = keyfilter_picks(plan->filter)};
	struct error error;
	if (!walk_can(s, plan->filter, &error))
		return end->status = report_error(s, STATUS_USAGE, &error);
	if (!plan->foreign)
		w.own_prefix = slice_str(s->settings.key_prefix);
	end->picks |= w.own_prefix.len > 0;
	int64_t began = clock_now();
	progress_begin(&w.progress, s);
	w.progress.due = began + WALK_QUIET_NS;
	tracing_begin(&s->tracing);
	s->tracing.holding = plan->filter->names.len == 0;
	if (plan->filter->names.len > 0)
		walk_names(&w);
	else
		walk_lists(&w);
	s->tracing.holding = false;
	tracing_end(&s->tracing);
	progress_clear(&w.progress);
	end->elapsed = clock_now() - began;
	if (plan->out)
		bulk_out_close(plan->out, BULK_WHOLE);
	count_stored(&w);
	progress_finish(&w.progress);
	report(&w);
	note_whole_key(&w);
	free(w.failures);
	return end->status;
}

bool walk_listed(const struct walk_end *end)
{
	return end->status == STATUS_OK || end->looked_at > 0 || end->found > 0;
}

static void add_line(struct buf *out, const struct style *style, const char *before, uint64_t n,
                     const char *after)
{
	paint_on(out, style->color, PAINT_DIM);
	buf_add_str(out, before);
	if (n > 0)
		buf_add_str(out, grouped_text(n).s);
	buf_add_str(out, after);
	paint_off(out, style->color, PAINT_DIM);
	buf_add_char(out, '\n');
}

void walk_add_limits(struct buf *out, const struct style *style, const struct walk_end *end)
{
	if (style->format != FORMAT_PRETTY)
		return;
	if (end->enough)
		add_line(out, style, "the walk was ended there: there may be more", 0, "");
	if (end->stored > 0)
		add_line(out, style, "", end->stored,
		         end->stored == 1
		             ? " item was stored during the walk, which may have missed it"
		             : " items were stored during the walk, which may have missed them");
}

void walk_add_summary(struct buf *out, const struct style *style, const char *one, const char *many,
                      uint64_t shown, const struct walk_end *end)
{
	if (style->format != FORMAT_PRETTY)
		return;
	struct buf text = BUF_INIT;
	buf_add_char(&text, '(');
	if (shown < end->found) {
		buf_add_str(&text, grouped_text(shown).s);
		buf_add_str(&text, " shown; ");
	}
	buf_add_str(&text, count_text(end->found, one, many).s);
	if (end->picks) {
		buf_add_str(&text, " of ");
		buf_add_str(&text, grouped_text(end->looked_at).s);
		buf_add_str(&text, " looked at");
	}
	buf_add_str(&text, ", ");
	buf_add_str(&text, size_text(end->bytes).s);
	buf_add_str(&text, ", in ");
	buf_add_str(&text, time_text(end->elapsed).s);
	buf_add_char(&text, ')');
	wrap_add_painted(out, style, PAINT_DIM, buf_slice(&text), 0);
	buf_release(&text);
	walk_add_limits(out, style, end);
}
