#include "shell/flow/gather.h"

#include "base/xalloc.h"

#include <stdlib.h>

/* Bytes of a reply: where they begin after its first kept byte, and how many. */
struct part {
	size_t from, len;
};

/* A reply as small as may be: of a script there are thousands. What it points to is in the bytes:
 * its wire, and after that what the wire does not hold; the times of one that ends an answer. */
struct gathered {
	enum reply_kind kind : 8;
	bool has_cas, block, unsent, hung_up, closing;
	bool timed, failed;    /* it has times, an error */
	uint32_t order, error; /* when it came; of a failed one, its place among the errors */
	uint64_t flags, cas, number;
	size_t key_index;
	const char *server;
	const struct software *software;
	size_t at; /* its first byte, where times may stand */
	size_t wire_len;
	struct part key, value;
};

/* Keeps BYTES of ONE, of which WIRE has been kept, and most often holds them. */
static struct part keep(struct gather *g, const struct gathered *one, struct slice wire,
                        struct slice bytes)
{
	uintptr_t from = (uintptr_t)bytes.data - (uintptr_t)wire.data;
	if (from <= wire.len && bytes.len <= wire.len - from)
		return (struct part){from + (one->timed ? sizeof(struct timing) : 0), bytes.len};
	from = g->bytes.len - one->at;
	buf_add_slice(&g->bytes, bytes);
	return (struct part){from, bytes.len};
}

/* Keeps the bytes of REPLY, which is to be ONE: its times, its wire, and the rest. */
static void keep_bytes(struct gather *g, struct gathered *one, const struct reply *reply)
{
	size_t pad = -g->bytes.len & (_Alignof(struct timing) - 1),
	       times = one->timed ? sizeof(struct timing) : 0;
	char *space = buf_reserve(&g->bytes, pad + times + reply->wire.len) + pad;
	one->at = g->bytes.len + pad;
	one->wire_len = reply->wire.len;
	if (times > 0)
		memcpy(space, reply->timing, sizeof(*reply->timing));
	if (reply->wire.len > 0)
		memcpy(space + times, reply->wire.data, reply->wire.len);
	g->bytes.len += pad + times + reply->wire.len;
	if (reply->key.len > 0)
		one->key = keep(g, one, reply->wire, reply->key);
	if (reply->value.len > 0)
		one->value = keep(g, one, reply->wire, reply->value);
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
	if (g->count == g->cap) {
		g->list = xgrow(g->list, &g->cap, g->count + 1, sizeof(*g->list));
		g->bytes.max = SIZE_MAX; /* who keeps replies counts them: nothing is refused */
	}
	struct gathered *one = &g->list[g->count];
	*one = (struct gathered){.kind = reply->kind,
	                         .has_cas = reply->has_cas,
	                         .block = reply->block,
	                         .unsent = reply->unsent,
	                         .hung_up = reply->hung_up,
	                         .closing = reply->closing,
	                         .timed = reply->timing,
	                         .failed = reply->error,
	                         .order = (uint32_t)g->count++,
	                         .flags = reply->flags,
	                         .cas = reply->cas,
	                         .number = reply->number,
	                         .key_index = reply->key_index,
	                         .server = reply->server,
	                         .software = reply->software};
	keep_bytes(g, one, reply);
	if (one->failed)
		one->error = (uint32_t)keep_error(g, reply->error);
}

static int by_key(const void *a, const void *b)
{
	const struct gathered *x = a, *y = b;
	bool x_value = x->kind == REPLY_VALUE, y_value = y->kind == REPLY_VALUE;
	if (x_value != y_value)
		return x_value ? -1 : 1;
	size_t i = x_value ? x->key_index : x->order, j = x_value ? y->key_index : y->order;
	return (i > j) - (i < j);
}

void gather_sort(struct gather *g)
{
	size_t sorted = 1; /* most servers answer in the order asked */
	while (sorted < g->count && by_key(&g->list[sorted - 1], &g->list[sorted]) <= 0)
		sorted++;
	if (sorted < g->count)
		qsort(g->list, g->count, sizeof(*g->list), by_key);
}

static struct slice part_at(const char *bytes, struct part part)
{
	return slice_of(bytes ? bytes + part.from : NULL, part.len);
}

size_t gather_key(const struct gather *g, size_t i)
{
	return g->list[i].key_index;
}

struct reply gather_at(const struct gather *g, size_t i)
{
	const struct gathered *one = &g->list[i];
	const char *bytes = g->bytes.data ? g->bytes.data + one->at : NULL;
	size_t wire = one->timed ? sizeof(struct timing) : 0;
	return (struct reply){.kind = one->kind,
	                      .has_cas = one->has_cas,
	                      .block = one->block,
	                      .unsent = one->unsent,
	                      .hung_up = one->hung_up,
	                      .closing = one->closing,
	                      .flags = one->flags,
	                      .cas = one->cas,
	                      .number = one->number,
	                      .key_index = one->key_index,
	                      .key = part_at(bytes, one->key),
	                      .value = part_at(bytes, one->value),
	                      .wire = part_at(bytes, (struct part){wire, one->wire_len}),
	                      .server = one->server,
	                      .software = one->software,
	                      .timing = one->timed ? (const void *)bytes : NULL,
	                      .error = one->failed ? &g->errors[one->error] : NULL};
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
	size_t bytes = g->list[n].at;
	g->count -= n;
	memmove(g->list, g->list + n, g->count * sizeof(*g->list));
	buf_drop(&g->bytes, bytes);
	for (size_t i = 0; i < g->count; i++)
		g->list[i].at -= bytes;
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
