#include "view/stats/slabs.h"

#include "base/number.h"
#include "base/xalloc.h"
#include "view/stats/classes.h"

#include <stdlib.h>

static const struct field {
	const char *name;
	size_t offset; /* of the number in struct slab_class */
} fields[] = {
    {"chunk_size", offsetof(struct slab_class, chunk_size)},
    {"chunks_per_page", offsetof(struct slab_class, chunks_per_page)},
    {"total_pages", offsetof(struct slab_class, pages)},
    {"free_chunks", offsetof(struct slab_class, free_chunks)},
    {"number", offsetof(struct slab_class, items)},
    {"mem_requested", offsetof(struct slab_class, requested)},
    {"age", offsetof(struct slab_class, age)},
    {"evicted", offsetof(struct slab_class, evicted)},
    {"evicted_unfetched", offsetof(struct slab_class, evicted_unfetched)},
    {"evicted_time", offsetof(struct slab_class, evicted_time)},
    {"reclaimed", offsetof(struct slab_class, reclaimed)},
    {"outofmemory", offsetof(struct slab_class, outofmemory)},
};

void slabs_release(struct slabs *s)
{
	free(s->classes);
	*s = (struct slabs){0};
}

/* The class ID, found or new; NULL when there are too many. */
static struct slab_class *class_of(struct slabs *s, uint64_t id)
{
	/* The counters of a class come together. */
	for (size_t i = s->count; i > 0; i--) {
		if (s->classes[i - 1].id == id)
			return &s->classes[i - 1];
	}
	if (s->count == SLABS_MAX) {
		s->cut++;
		return NULL;
	}
	s->classes = xgrow(s->classes, &s->cap, s->count + 1, sizeof(*s->classes));
	s->classes[s->count] = (struct slab_class){.id = id};
	return &s->classes[s->count++];
}

/* It is shown as it is. */
static bool is_decimal(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] != '.' && (text.data[i] < '0' || text.data[i] > '9'))
			return false;
	}
	return text.len > 0;
}

static void take_setting(struct slabs *s, struct slice name, struct slice value)
{
	if (slice_eq_str(name, "slab_automove"))
		s->automove_known = number_parse_u64(value, &s->automove) == NUMBER_OK;
	else if (slice_eq_str(name, "slab_reassign"))
		s->never_moves = slice_eq_str(value, "no");
	else if (slice_eq_str(name, "evictions"))
		s->never_evicts = slice_eq_str(value, "off");
	else if (slice_eq_str(name, "growth_factor") && value.len < sizeof(s->factor) &&
	         is_decimal(value))
		memcpy(s->factor, value.data, value.len);
}

void slabs_take(struct slabs *s, struct slice name, struct slice value)
{
	uint64_t id, n;
	struct slice field;
	if (!stats_split(name, &id, &field)) {
		take_setting(s, name, value);
		return;
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!slice_eq_str(field, fields[i].name))
			continue;
		struct slab_class *c = number_parse_u64(value, &n) == NUMBER_OK ? class_of(s, id)
		                                                                : NULL;
		if (c)
			memcpy((char *)c + fields[i].offset, &n, sizeof(n));
		return;
	}
}

static int by_id(const void *a, const void *b)
{
	const struct slab_class *x = a, *y = b;
	return x->id < y->id ? -1 : x->id > y->id;
}

void slabs_sort(struct slabs *s)
{
	if (s->count > 1)
		qsort(s->classes, s->count, sizeof(*s->classes), by_id);
}

bool slab_wasted(const struct slab_class *c, uint64_t *wasted)
{
	*wasted = 0;
	if (c->items == 0)
		return true;
	if (c->requested == 0 || c->chunk_size == 0 || c->items > UINT64_MAX / c->chunk_size ||
	    c->requested > c->items * c->chunk_size)
		return false;
	*wasted = c->items * c->chunk_size - c->requested;
	return true;
}
