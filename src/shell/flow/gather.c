#include "shell/flow/gather.h"

#include "base/xalloc.h"

#include <stdlib.h>

struct gathered {
	struct reply reply;      /* its slices' addresses are not used: */
	size_t key, value, wire; /* these are their places in the bytes */
	struct timing timing;
	size_t order; /* when it came */
	size_t error; /* of a lost one, its place among the errors */
};

static size_t keep(struct gather *g, struct slice bytes)
{
	size_t at = g->bytes.len;
	buf_add_slice(&g->bytes, bytes);
	return at;
}

static size_t keep_error(struct gather *g, const struct error *error)
{
	size_t last = g->error_count;
	if (last > 0 && strcmp(g->errors[last - 1].what, error->what) == 0 &&
	    strcmp(g->errors[last - 1].hint, error->hint) == 0)
		return last - 1;
	g->errors = xgrow(g->errors, &g->error_cap, last + 1, sizeof(*g->errors));
	g->errors[g->error_count++] = *error;
	return last;
}

void gather_add(struct gather *g, const struct reply *reply)
{
	g->list = xgrow(g->list, &g->cap, g->count + 1, sizeof(*g->list));
	struct gathered *one = &g->list[g->count];
	*one = (struct gathered){.reply = *reply, .order = g->count++};
	one->key = keep(g, reply->key);
	one->value = keep(g, reply->value);
	one->wire = keep(g, reply->wire);
	if (reply->timing)
		one->timing = *reply->timing;
	if (reply->error)
		one->error = keep_error(g, reply->error);
}

static int by_key(const void *a, const void *b)
{
	const struct gathered *x = a, *y = b;
	bool x_value = x->reply.kind == REPLY_VALUE, y_value = y->reply.kind == REPLY_VALUE;
	if (x_value != y_value)
		return x_value ? -1 : 1;
	size_t i = x_value ? x->reply.key_index : x->order,
	       j = x_value ? y->reply.key_index : y->order;
	return (i > j) - (i < j);
}

void gather_sort(struct gather *g)
{
	if (g->count > 1)
		qsort(g->list, g->count, sizeof(*g->list), by_key);
}

struct reply gather_at(const struct gather *g, size_t i)
{
	const struct gathered *one = &g->list[i];
	struct reply reply = one->reply;
	reply.key.data = g->bytes.data ? g->bytes.data + one->key : NULL;
	reply.value.data = g->bytes.data ? g->bytes.data + one->value : NULL;
	reply.wire.data = g->bytes.data ? g->bytes.data + one->wire : NULL;
	reply.timing = reply.timing ? &one->timing : NULL;
	reply.error = reply.error ? &g->errors[one->error] : NULL;
	return reply;
}

size_t gather_size(const struct gather *g)
{
	return g->count * sizeof(*g->list) + g->bytes.len;
}

void gather_drop(struct gather *g, size_t n)
{
	if (n >= g->count) {
		gather_clear(g);
		return;
	}
	size_t bytes = g->list[n].key;
	g->count -= n;
	memmove(g->list, g->list + n, g->count * sizeof(*g->list));
	buf_drop(&g->bytes, bytes);
	for (size_t i = 0; i < g->count; i++) {
		struct gathered *one = &g->list[i];
		one->key -= bytes;
		one->value -= bytes;
		one->wire -= bytes;
	}
}

void gather_clear(struct gather *g)
{
	g->count = 0;
	g->error_count = 0;
	buf_clear(&g->bytes);
}

void gather_release(struct gather *g)
{
	free(g->list);
	free(g->errors);
	buf_release(&g->bytes);
	*g = (struct gather){0};
}
