#include "view/live/top.h"

#include <math.h>

/* How a sum is made: of counters that rise, or of one that goes up and down. */
static const struct source {
	const char *names[4];
	bool gauge;
} sources[TOP_SUMS] = {
    [TOP_GETS] = {{"cmd_get"}, false},
    [TOP_SETS] = {{"cmd_set"}, false},
    [TOP_DELETES] = {{"delete_hits", "delete_misses"}, false},
    [TOP_COUNTS] = {{"incr_hits", "incr_misses", "decr_hits", "decr_misses"}, false},
    [TOP_TOUCHES] = {{"cmd_touch"}, false},
    [TOP_METAS] = {{"cmd_meta"}, false},
    [TOP_HITS] = {{"get_hits"}, false},
    [TOP_MISSES] = {{"get_misses"}, false},
    [TOP_EVICTIONS] = {{"evictions"}, false},
    [TOP_IN] = {{"bytes_read"}, false},
    [TOP_OUT] = {{"bytes_written"}, false},
    [TOP_CONNECTIONS] = {{"curr_connections"}, true},
    [TOP_CONNECTIONS_MAX] = {{"max_connections"}, true},
    [TOP_ITEMS] = {{"curr_items"}, true},
    [TOP_MEMORY] = {{"bytes"}, true},
    [TOP_MEMORY_MAX] = {{"limit_maxbytes"}, true},
};

static double now_of(const struct interval *v, const char *name)
{
	for (size_t i = 0; i < v->count; i++) {
		if (slice_eq_str(v->changes[i].name, name))
			return (double)v->changes[i].now;
	}
	return NAN;
}

static double rate_of(const struct interval *v, const char *const *names)
{
	double total = 0;
	uint64_t rise;
	if (v->since != SINCE_LOOK || v->seconds <= 0)
		return NAN;
	for (size_t i = 0; i < 4 && names[i]; i++) {
		if (!interval_rise(v, names[i], &rise))
			return NAN;
		total += (double)rise;
	}
	return total / v->seconds;
}

void top_look_of(struct top_look *look, const struct interval *v)
{
	for (size_t i = 0; i < TOP_SUMS; i++)
		look->sums[i] = sources[i].gauge ? now_of(v, sources[i].names[0])
		                                 : rate_of(v, sources[i].names);
}

void top_look_unknown(struct top_look *look)
{
	for (size_t i = 0; i < TOP_SUMS; i++)
		look->sums[i] = NAN;
}

void top_look_add(struct top_look *total, const struct top_look *look)
{
	for (size_t i = 0; i < TOP_SUMS; i++) {
		if (!isnan(look->sums[i]))
			total->sums[i] = isnan(total->sums[i]) ? look->sums[i]
			                                       : total->sums[i] + look->sums[i];
	}
}

void top_history_add(struct top_history *h, const struct top_look *look)
{
	h->looks[h->count++ % TOP_LOOKS] = *look;
}

/* What is shown, in this order. */
static const struct figure {
	const char *name; /* for programs */
	char key;         /* sorts by it; 0: none */
	int part, whole;  /* sums; WHOLE -1: the part alone */
	int also;         /* added to the whole; -1: none */
} figures[TOP_FIGURES] = {
    {"gets", 'g', TOP_GETS, -1, -1},
    {"sets", 's', TOP_SETS, -1, -1},
    {"deletes", 0, TOP_DELETES, -1, -1},
    {"counts", 0, TOP_COUNTS, -1, -1},
    {"touches", 0, TOP_TOUCHES, -1, -1},
    {"metas", 0, TOP_METAS, -1, -1},
    {"hit_ratio", 'h', TOP_HITS, TOP_HITS, TOP_MISSES},
    {"evictions", 'e', TOP_EVICTIONS, -1, -1},
    {"bytes_in", 'i', TOP_IN, -1, -1},
    {"bytes_out", 'o', TOP_OUT, -1, -1},
    {"connections", 'c', TOP_CONNECTIONS, -1, -1},
    {"items", 0, TOP_ITEMS, -1, -1},
    {"memory", 'm', TOP_MEMORY, TOP_MEMORY_MAX, -1},
};

double top_value(const struct top_look *look, size_t figure)
{
	const struct figure *f = &figures[figure];
	double part = look->sums[f->part];
	if (f->whole < 0)
		return part;
	double whole = look->sums[f->whole] + (f->also >= 0 ? look->sums[f->also] : 0);
	return whole > 0 ? part / whole * 100 : NAN;
}

const char *top_name(size_t figure)
{
	return figures[figure].name;
}

bool top_is_count(size_t figure)
{
	return figures[figure].whole < 0 && sources[figures[figure].part].gauge;
}

int top_sort_of(char key)
{
	if (key == 'n')
		return TOP_FIGURES;
	for (size_t i = 0; i < TOP_FIGURES; i++) {
		if (figures[i].key && figures[i].key == key)
			return (int)i;
	}
	return -1;
}
