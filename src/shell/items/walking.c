#include "shell/items/walking.h"

#include "base/xalloc.h"
#include "shell/tracing.h"

void walk_hand_over(struct walking *w, size_t server, const struct crawled *item)
{
	struct crawled shown = *item;
	shown.key = slice_skip(item->key, w->own_prefix.len);
	w->end->found++;
	w->end->bytes += item->size;
	w->gave = true;
	w->end->enough = !w->plan->item(w->plan->ctx, server, &shown);
}

void walk_hand_over_line(struct walking *w, size_t server, struct slice line)
{
	w->end->found++;
	w->gave = true;
	w->end->enough = !w->plan->line(w->plan->ctx, server, line);
}

bool walk_lets_pass(const struct session *s, const struct keyfilter *filter,
                    struct slice own_prefix, size_t server, const struct crawled *item)
{
	struct crawled own = *item;
	if (!slice_starts(item->key, own_prefix))
		return false;
	own.key = slice_skip(item->key, own_prefix.len);
	return keyfilter_match(filter, &own) &&
	       (!filter->misplaced || client_home(s->servers.client, item->key) != server);
}

bool walk_passes(const struct walking *w, size_t server, const struct crawled *item)
{
	return walk_lets_pass(w->s, w->plan->filter, w->own_prefix, server, item);
}

bool walk_is_full(const struct walking *w)
{
	return w->plan->out && bulk_out_full(w->plan->out) >= 0;
}

struct failure *walk_fail(struct walking *w)
{
	w->failures = xgrow(w->failures, &w->failed_cap, w->failed + 1, sizeof(*w->failures));
	return &w->failures[w->failed++];
}

/* The line of the progress is gone before anything is written where it stands. */
void walk_show(struct walking *w, uint64_t looked_at, uint64_t expected, int64_t now)
{
	struct bulk_out *out = w->plan->out;
	if (w->gave && out) {
		progress_clear(&w->progress);
		w->progress.due = now + WALK_QUIET_NS;
	}
	if (out) {
		bulk_out_show(out);
		w->end->unread = out->failed != 0;
	}
	if (!out || out->text.len == 0)
		progress_items(&w->progress, w->end->found, 0, w->end->bytes, looked_at, expected);
	w->gave = false;
	tracing_write_some(&w->s->tracing);
}
