#include "view/misses.h"

#include "base/xalloc.h"
#include "view/format/format.h"

#include <stdlib.h>

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

bool view_was_seen(const struct view *v, size_t key_index)
{
	if (v->question.request->key_count == 1)
		return v->values > 0;
	return key_index < v->seen.len && v->seen.data[key_index] != 0;
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
