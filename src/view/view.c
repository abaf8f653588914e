#include "view/view.h"

#include "base/xalloc.h"
#include "view/format/formats.h"

#include <stdlib.h>

void view_init(struct view *v, const struct style *style, struct buf *out)
{
	*v = (struct view){.style = style, .out = out};
}

void view_release(struct view *v)
{
	buf_release(&v->arena);
	json_stats_release(&v->stats);
	buf_release(&v->seen);
	buf_release(&v->shared);
}

static void mark_seen(struct view *v, const struct reply *reply)
{
	size_t count = v->question.request->key_count;
	v->values++;
	v->in_order &= reply->key_index >= v->next_key;
	v->next_key = reply->key_index + 1;
	if (count < 2)
		return;
	if (v->seen.len != count) {
		buf_clear(&v->seen);
		buf_add_repeat(&v->seen, 0, count);
	}
	if (reply->key_index < v->seen.len)
		v->seen.data[reply->key_index] = 1;
}

static int compare_keys(const void *a, const void *b, void *keys)
{
	const struct slice *x = (const struct slice *)keys + *(const size_t *)a,
			   *y = (const struct slice *)keys + *(const size_t *)b;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->len ? memcmp(x->data, y->data, x->len) : 0;
}

/* Of a key that was asked several times one value may have come: it answers all of them. Only where
 * something is missing is that worth the sorting. */
static void spread_seen(struct view *v)
{
	const struct request *r = v->question.request;
	size_t count = r->key_count;
	if (!view_asks_values(v) || v->seen.len != count || (v->in_order && v->values == count))
		return;
	size_t *order = xreallocarray(NULL, count, sizeof(*order));
	for (size_t i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof(*order), compare_keys, (void *)(uintptr_t)r->keys);
	for (size_t from = 0, to; from < count; from = to) {
		char seen = 0;
		for (to = from; to < count && slice_eq(r->keys[order[to]], r->keys[order[from]]);
		     to++)
			seen |= v->seen.data[order[to]];
		while (from < to)
			v->seen.data[order[from++]] = seen;
	}
	free(order);
}

void view_count(struct view *v, const struct reply *reply)
{
	if (reply->kind == REPLY_VALUE)
		mark_seen(v, reply);
	else if (reply->kind == REPLY_LINE)
		v->lines++;
	else if (reply->kind == REPLY_END)
		spread_seen(v);
}

size_t view_misses(const struct view *v)
{
	size_t asked = v->question.request->key_count, missed = 0;
	if (v->values == 0)
		return asked;
	if (asked == 1 || v->seen.len != asked || (v->in_order && v->values == asked))
		return 0;
	for (size_t i = 0; i < asked; i++)
		missed += v->seen.data[i] == 0;
	return missed;
}

void view_begin(struct view *v, const struct question *question)
{
	v->question = *question;
	v->values = 0;
	v->in_order = true;
	v->next_key = 0;
	v->lines = 0;
	v->kept = 0;
	v->overflow = false;
	v->streams = false;
	v->tail_open = false;
	v->key_width = 0;
	buf_clear(&v->arena);
	json_stats_clear(&v->stats);
	buf_clear(&v->seen);
	if (v->shared.len > 0 && (!question->label || question->part == 0))
		buf_clear(&v->shared);
	v->format = format_choose(v);
	if (v->format->begin)
		v->format->begin(v);
}

void view_reply(struct view *v, const struct reply *reply)
{
	bool line = reply->kind == REPLY_STAT || reply->kind == REPLY_LINE;
	if (line && v->overflow)
		return;
	view_count(v, reply);
	v->arena.max = v->shared.max = line ? v->style->gather_max : 0;
	v->format->reply(v, reply);
	if (line && (v->arena.full || v->shared.full ||
	             json_stats_exceed(&v->stats, v->style->gather_max))) {
		v->overflow = true;
		json_stats_clear(&v->stats);
		v->kept = v->lines = 0;
		buf_clear(&v->arena);
		buf_clear(&v->shared);
	}
}

void view_end_parts(struct view *v, enum status status)
{
	if (v->format->end_parts)
		v->format->end_parts(v, status);
}
